import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { createLifetime } from "../../src/process/lifetime.ts";
import { createLog } from "../../src/process/log.ts";
import { handClock } from "../support/hand-clock.ts";

/** A process that writes down what it would have exited with, and when. */
function startProcess(options: { readonly isUnderNpm?: boolean } = {}) {
  const { clock, advance, settle } = handClock();
  const lines: string[] = [];
  const exits: { readonly code: number; readonly atMs: number }[] = [];
  const events = new EventEmitter();
  const process = Object.assign(events, {
    exit: (code: number) => exits.push({ code, atMs: clock.nowMs() }),
  });
  const log = createLog({ level: "info", secrets: [], write: (line) => lines.push(line) });
  const lifetime = createLifetime(log, { ...options, process, clock });
  return {
    lifetime,
    lines,
    advance,
    settle,
    exit: () => exits[0],
    signal: (name: string) => events.emit(name, name),
  };
}

const never = () => new Promise<void>(() => {});

describe("a process that is asked to stop", () => {
  it.each(["SIGTERM", "SIGINT"])(
    "closes in reverse order of opening and ends with 0 (%s)",
    async (signal) => {
      const program = startProcess();
      const closed: string[] = [];
      for (const what of ["database", "replies"])
        program.lifetime.atEnd(() => closed.push(what), what);
      program.signal(signal);
      expect(program.lifetime.isEnding).toBe(true);
      await program.advance(0);
      expect(closed).toEqual(["replies", "database"]);
      expect(program.exit()).toEqual({ code: 0, atMs: 0 });
    },
  );

  it("closes the rest when one thing fails to close, says so and ends with 1", async () => {
    const program = startProcess();
    const closed: string[] = [];
    program.lifetime.atEnd(() => closed.push("database"));
    program.lifetime.atEnd(() => Promise.reject(new Error("no such table")));
    program.signal("SIGTERM");
    await program.advance(0);
    expect(closed).toEqual(["database"]);
    expect(program.exit()?.code).toBe(1);
    expect(program.lines.join("")).toContain("no such table");
  });

  it("ends before a container runtime kills it, and names what it left open", async () => {
    const program = startProcess();
    program.lifetime.atEnd(() => {}, "the database");
    program.lifetime.atEnd(never, () => "2 replies");
    program.signal("SIGTERM");
    await program.advance(9_799);
    expect(program.exit()).toBeUndefined();
    await program.advance(1);
    expect(program.exit()).toEqual({ code: 1, atMs: 9_800 });
    expect(program.lines.at(-1)).toContain(
      "Ending without waiting any longer for 2 replies, the database",
    );
  });

  it.each([
    ["SIGTERM", "SIGTERM"],
    ["SIGINT", "SIGINT"],
    ["SIGTERM", "SIGINT"],
  ])(
    "twice ends within two seconds and names what it left open (%s, %s)",
    async (first, second) => {
      const program = startProcess();
      program.lifetime.atEnd(never, "the connection to Discord");
      program.signal(first);
      await program.advance(100);
      program.signal(second);
      expect(program.lines.at(-1)).toContain("asked again");
      await program.advance(1_499);
      expect(program.exit()).toBeUndefined();
      await program.advance(1);
      expect(program.exit()).toEqual({ code: 1, atMs: 1_600 });
      expect(program.lines.at(-1)).toContain('"left":["the connection to Discord"]');
    },
  );

  it("twice still ends with 0 when everything closes in that time", async () => {
    const program = startProcess();
    let close = () => {};
    program.lifetime.atEnd(() => new Promise<void>((resolve) => (close = resolve)));
    program.signal("SIGTERM");
    await program.advance(5_000);
    program.signal("SIGTERM");
    await program.advance(1_000);
    close();
    await program.settle();
    expect(program.exit()).toEqual({ code: 0, atMs: 6_000 });
  });

  it("under npm ignores npm's copy of a Ctrl+C, but not a later Ctrl+C", async () => {
    const program = startProcess({ isUnderNpm: true });
    program.lifetime.atEnd(never, "replies");
    program.signal("SIGINT");
    await program.advance(5);
    program.signal("SIGINT");
    await program.advance(3_000);
    expect(program.exit()).toBeUndefined();
    program.signal("SIGINT");
    await program.advance(1_500);
    expect(program.exit()).toEqual({ code: 1, atMs: 4_505 });
  });

  it("ends with the first exit code, and only once", async () => {
    const program = startProcess();
    program.lifetime.end("Discord ended the session", 3);
    program.lifetime.end("again", 4);
    await program.advance(0);
    expect(program.exit()?.code).toBe(3);
  });

  it.each(["uncaughtException", "unhandledRejection"])(
    "logs an uncaught error and ends with 1 (%s)",
    (event) => {
      const program = startProcess();
      program.signal(event);
      expect(program.exit()?.code).toBe(1);
      expect(program.lines.join("")).toContain("nothing caught");
    },
  );
});
