import { describe, expect, it } from "vitest";
import { createLineWriter, createLog } from "../../src/process/log.ts";

describe("the log", () => {
  it("never prints a secret, wherever it appears", () => {
    let printed = "";
    const log = createLog({
      level: "debug",
      secrets: ["CG-secret", "", "token.of.discord"],
      write: (line) => (printed += line),
    });
    log.info(
      { url: "https://x.example/?key=CG-secret", nested: { list: ["token.of.discord"] } },
      "asked with CG-secret",
    );
    log.error({ err: new Error("refused token.of.discord") }, "failed");
    expect(printed).not.toMatch(/CG-secret|token\.of\.discord/);
    expect(printed.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it("never prints a secret in the spelling of JSON or of an address", () => {
    let printed = "";
    const secret = 'pa"ss\\w@rd';
    const log = createLog({
      level: "debug",
      secrets: [secret],
      write: (line) => (printed += line),
    });
    log.info(
      { plain: secret, address: `redis://:${encodeURIComponent(secret)}@cache` },
      "connected",
    );
    expect(JSON.parse(printed)).toMatchObject({
      plain: "[redacted]",
      address: "redis://:[redacted]@cache",
    });
  });

  it("replaces secrets only in text, so that a line stays JSON and keeps its keys and numbers", () => {
    let printed = "";
    const secrets = ["password", "12345678", "level", "30"];
    const log = createLog({ level: "debug", secrets, write: (line) => (printed += line) });
    log.info({ password: "my password", count: 12345678, list: ["12345678"] }, "level 30");
    expect(JSON.parse(printed)).toMatchObject({
      level: 30,
      password: "my [redacted]",
      count: 12345678,
      list: ["[redacted]"],
      // A text of fewer than eight characters is no secret.
      msg: "level 30",
    });
    expect(printed.endsWith("}\n")).toBe(true);
  });

  it("is one JSON object a line, of its level and above", () => {
    const lines: string[] = [];
    const log = createLog({ level: "warn", secrets: [], write: (line) => lines.push(line) });
    log.info({}, "not this");
    log.warn({ coinId: "bitcoin" }, "this");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 40, msg: "this", coinId: "bitcoin" }),
    ]);
  });
});

describe("the lines of the log", () => {
  it("are written together, in their order, and a warning takes the others along at once", () => {
    const writes: string[] = [];
    const lines = createLineWriter((text) => writes.push(text));
    lines.write("first\n", false);
    lines.write("second\n", false);
    expect(writes).toEqual([]);
    lines.write("warning\n", true);
    expect(writes).toEqual(["first\nsecond\nwarning\n"]);
  });

  it("that wait when the program ends are written then, and only once", () => {
    const writes: string[] = [];
    const lines = createLineWriter((text) => writes.push(text));
    lines.write("last\n", false);
    lines.flush();
    lines.flush();
    expect(writes).toEqual(["last\n"]);
  });
});
