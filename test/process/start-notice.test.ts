import { describe, expect, it } from "vitest";
import { createStartNotice, nativeModuleTrouble } from "../../src/process/start-notice.ts";

function said(options: { isTerminal: boolean; logLevel?: string }): string {
  let text = "";
  const notice = createStartNotice({
    logLevel: undefined,
    ...options,
    write: (more) => (text += more),
  });
  notice.refuse(["No port."]);
  notice.refuse(["A is bad", "B is bad"], "The configuration has problems");
  notice.warn("C is odd.", { variable: "C" });
  return text;
}

describe("a notice before the log exists", () => {
  it("is plain for a person at a terminal", () => {
    const plain =
      "No port.\nThe configuration has problems:\n  - A is bad\n  - B is bad\nC is odd.\n";
    expect(said({ isTerminal: true })).toBe(plain);
    expect(said({ isTerminal: true, logLevel: "" })).toBe(plain);
  });

  it.each([{ isTerminal: false }, { isTerminal: true, logLevel: "silent" }])(
    "is JSON as the log is: %o",
    (options) => {
      const lines = said(options).trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({ level: 50, msg: "No port." }),
        expect.objectContaining({
          level: 50,
          problems: ["A is bad", "B is bad"],
          msg: "The configuration has problems: A is bad; B is bad",
        }),
        expect.objectContaining({ level: 40, msg: "C is odd.", variable: "C" }),
      ]);
    },
  );
});

describe("native code that cannot be loaded", () => {
  const loading = (message: string) =>
    Object.assign(new Error(message), { code: "ERR_DLOPEN_FAILED" });

  it("is recognized however deep in the causes it is", () => {
    expect(
      nativeModuleTrouble(new Error("opening", { cause: loading("… NODE_MODULE_VERSION 108 …") })),
    ).toContain("npm ci");
    expect(
      nativeModuleTrouble(new Error("Could not locate the bindings file. Tried: …")),
    ).toContain("npm ci");
    expect(
      nativeModuleTrouble(loading("/lib/libc.so.6: version `GLIBC_2.38' not found\nmore")),
    ).toContain("GLIBC_2.38' not found)");
    expect(nativeModuleTrouble(new Error("disk full"))).toBeUndefined();
  });
});
