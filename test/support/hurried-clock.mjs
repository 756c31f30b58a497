// Loaded before a program (NODE_OPTIONS=--import): its own clock runs HURRY times as fast, so that
// minutes become seconds, until it gets SIGUSR2. Libraries that import node:timers keep real
// time.
let hurry = Number(process.env.HURRY);
const { now } = performance;
let since = { realMs: now.call(performance), hurriedMs: now.call(performance) };
performance.now = () => since.hurriedMs + (now.call(performance) - since.realMs) * hurry;
const { setTimeout: realTimeout } = globalThis;
// Shorter timers belong to I/O.
globalThis.setTimeout = Object.assign(
  (then, delayMs = 0, ...rest) =>
    realTimeout(then, delayMs >= 500 ? delayMs / hurry : delayMs, ...rest),
  realTimeout,
);
process.on("SIGUSR2", () => {
  since = { realMs: now.call(performance), hurriedMs: performance.now() };
  hurry = 1;
});
