// Loaded before a program (NODE_OPTIONS=--import): its own clock runs HURRY times as fast, so that minutes become seconds. What libraries take
// from node:timers keeps real time.
const hurry = Number(process.env.HURRY);
const { now } = performance;
performance.now = () => now.call(performance) * hurry;
const { setTimeout: realTimeout } = globalThis;
// Shorter ones are I/O's.
globalThis.setTimeout = Object.assign(
  (then, delayMs = 0, ...rest) => realTimeout(then, delayMs >= 500 ? delayMs / hurry : delayMs, ...rest),
  realTimeout,
);
