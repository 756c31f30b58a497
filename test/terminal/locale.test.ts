import { describe, expect, it } from "vitest";
import { terminalLocale } from "../../src/terminal/locale.ts";

describe("the terminal's locale", () => {
  const inEnvironment = (environment: Readonly<Record<string, string>>, argv: string[] = []) =>
    terminalLocale(argv, environment).locale;

  it("is the environment's, in the order of POSIX, and English where that names none", () => {
    expect(inEnvironment({ LANG: "de_DE.UTF-8" })).toBe("de");
    expect(inEnvironment({ LANG: "de_DE.UTF-8", LC_MESSAGES: "pt_BR" })).toBe("pt-BR");
    expect(inEnvironment({ LANG: "de", LC_MESSAGES: "fr_FR@euro", LC_ALL: "ja_JP" })).toBe("ja");
    expect(inEnvironment({ LC_ALL: "", LANG: "ko_KR.UTF-8" })).toBe("ko");
    expect(inEnvironment({ LC_ALL: "C", LANG: "de_DE" })).toBe("en-US");
    const broken = [
      "C",
      "C.UTF-8",
      "POSIX",
      "",
      "_",
      ".UTF-8",
      "xx_XX",
      "🦆",
      "de;DE",
      "a".repeat(99),
    ];
    for (const LANG of broken) expect([LANG, inEnvironment({ LANG })]).toEqual([LANG, "en-US"]);
    expect(inEnvironment({})).toBe("en-US");
  });

  it("is that of --locale, however it is spelt, the last one where there are several", () => {
    const named = (...argv: string[]) => inEnvironment({ LANG: "fr_FR" }, ["doge", ...argv]);
    expect(named("--locale", "de")).toBe("de");
    expect(named("--locale=japanese")).toBe("ja");
    expect(named("--locale", "pl_PL.UTF-8")).toBe("pl-PL");
    expect(named("--locale", "de", "--locale", "tr")).toBe("tr");
    expect(named("--locale", "nl")).toBe("nl");
    expect(named("--", "--locale", "de")).toBe("fr");
    // What is missing is said by those who read the options.
    expect(named("--locale")).toBe("fr");
    expect(named("--locale", "--json")).toBe("fr");
  });

  it("is refused, in the environment's language, where --locale names no language", () => {
    for (const typed of ["xx", "klingon", "", "12"]) {
      const refused = terminalLocale(["--locale", typed], { LANG: "en_US" });
      expect(refused).toMatchObject({ ok: false, why: expect.stringContaining(`“${typed}”`) });
    }
  });
});
