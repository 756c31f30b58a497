import { readFileSync, writeFileSync } from "node:fs";

/** A stretch in which the event loop stood still. */
export type Stall = { readonly endedAtMs: number; readonly cpuMs: number; readonly wallMs: number };

/** Shorter stretches are not noted. */
const NOTED_FROM_MS = 3;

// To be imported before a program: notes how long its event loop stands still, in time on the
// clock and in processor time of the main thread. Beside other work only the latter is its own.
const file = process.env["LOOP_WATCH_FILE"];
if (file !== undefined) {
  const stalls: Stall[] = [];
  let cpuMs = mainThreadCpuMs();
  let atMs = performance.now();
  setInterval(() => {
    const current = { cpuMs: mainThreadCpuMs(), atMs: performance.now() };
    if (current.cpuMs - cpuMs >= NOTED_FROM_MS)
      stalls.push({
        endedAtMs: Date.now(),
        cpuMs: current.cpuMs - cpuMs,
        wallMs: current.atMs - atMs,
      });
    ({ cpuMs, atMs } = current);
  }, 1).unref();
  process.once("exit", () => writeFileSync(file, JSON.stringify(stalls)));
}

/** The first of three numbers is the thread's time on a processor in nanoseconds (proc(5)). */
function mainThreadCpuMs(): number {
  return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
}
