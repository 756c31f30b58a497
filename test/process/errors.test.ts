import { DiscordAPIError } from "@discordjs/rest";
import { describe, expect, it } from "vitest";
import { errorText, serializeError } from "../../src/process/errors.ts";
import { createLog } from "../../src/process/log.ts";

describe("an error in one line", () => {
  it("names its causes after it", () => {
    const error = new Error("outer", { cause: new TypeError("inner", { cause: "core" }) });
    expect(errorText(error)).toBe("outer: inner: core");
  });

  it("names every address of a host that was tried", () => {
    const error = new AggregateError([new Error("no ::1"), new Error("no 127.0.0.1")]);
    expect(errorText(new Error("fetch failed", { cause: error }))).toBe(
      "fetch failed: no ::1; no 127.0.0.1",
    );
  });

  it("falls back to its name when it has no message", () => {
    expect(errorText(new RangeError(""))).toBe("RangeError");
  });

  it("is the thrown value where that is no error", () => {
    expect(errorText("a word")).toBe("a word");
    expect(errorText(undefined)).toBe("undefined");
  });

  it("ends even when an error is its own cause", () => {
    const error = new Error("round");
    error.cause = error;
    expect(errorText(error)).toMatch(/^round(: round){10}$/);
  });
});

describe("an error in the log", () => {
  const logged = (error: unknown): unknown => {
    const lines: string[] = [];
    createLog({ level: "error", secrets: [], write: (line) => lines.push(line) }).error(
      { err: error },
      "It failed",
    );
    return JSON.parse(lines[0] ?? "");
  };

  it("keeps its causes, with their stacks, and its code", () => {
    const cause = Object.assign(new TypeError("inner"), { code: "ECONNREFUSED" });
    expect(logged(Object.assign(new Error("outer", { cause }), { code: 50_013 }))).toMatchObject({
      msg: "It failed",
      err: {
        type: "Error",
        message: "outer: inner",
        code: 50_013,
        stack: expect.stringMatching(/^Error: outer\n[\s\S]*\ncaused by: TypeError: inner\n/),
      },
    });
  });

  it("contains nothing of the request that a REST error carries", () => {
    const body = { body: { content: "what the bot answered" }, files: [] };
    const error = new DiscordAPIError(
      { code: 10_062, message: "Unknown interaction" },
      10_062,
      404,
      "POST",
      "https://discord.com/api/v10/webhooks/1/token",
      body,
    );
    expect(Object.keys(serializeError(error)).sort()).toEqual(["code", "message", "stack", "type"]);
    expect(JSON.stringify(logged(error))).not.toContain("what the bot answered");
  });

  it("is the thrown value where that is no error", () => {
    expect(logged("a word")).toMatchObject({ err: { type: "string", message: "a word" } });
  });
});
