import { describe, expect, it } from "vitest";
import type { PageOption } from "../../src/playground/page/protocol.ts";
import { isBlank } from "../../src/playground/page/script/blank-text.ts";
import {
  entriesOf,
  matching,
  typedEntry,
  typedOptions,
} from "../../src/playground/page/script/command-entries.ts";
import { linkTarget } from "../../src/playground/page/script/link-target.ts";

describe("a text in the message box", () => {
  it.each(["", " ", "\u00a0\t", "\u200b", "\u2060\ufeff\u200d", "\u2800"])(
    "is blank when it shows nothing: %j",
    (text) => {
      expect(isBlank(text)).toBe(true);
      expect(isBlank(`${text}doge`)).toBe(false);
    },
  );

  const entries = entriesOf([
    { name: "lambo", description: "Asks" },
    { name: "config", description: "Sets", options: [{ type: 1, name: "set", description: "" }] },
  ]);

  it.each([
    ["/lambo doge", "lambo", "doge"],
    ["  /LAMBO   doge coin ", "lambo", "doge coin"],
    ["／lambo doge", "lambo", "doge"],
    ["/ lambo ", "lambo", ""],
    ["lambo doge", "lambo", "doge"],
    ["/config  set currency:EUR", "config set", "currency:EUR"],
  ])("%j begins a command", (text, name, rest) => {
    const typed = typedEntry(entries, text);
    expect(typed).toMatchObject({ entry: { name }, rest });
  });

  it.each(["/lambo", "/lamborghini doge", "/config ", "hello lambo "])(
    "%j begins none yet",
    (text) => {
      expect(typedEntry(entries, text)).toBeUndefined();
    },
  );
});

describe("a command in the visitor's language", () => {
  const options: PageOption[] = [
    { type: 3, name: "amount", name_localized: "betrag", description: "" },
    { type: 3, name: "car", name_localized: "auto", description: "" },
  ];
  const set = { type: 1, name: "set", name_localized: "ändern", description: "", options } as const;
  const german = entriesOf([
    { name: "config", name_localized: "einstellungen", description: "", options: [set] },
  ]);
  const [entry] = german;

  it.each([
    "/einstellungen ändern betrag:5",
    "/EINSTELLUNGEN Ändern betrag:5",
    "/config set betrag:5",
  ])("is known by that name and the English one: %j", (text) => {
    expect(typedEntry(german, text)).toMatchObject({
      entry: { name: "config set", shownName: "einstellungen ändern" },
      rest: "betrag:5",
    });
  });

  it("takes options by both names, and sends them by the English one", () => {
    expect(typedOptions("betrag:5 car:urus", entry?.options ?? [])).toEqual({
      values: [
        ["amount", "5"],
        ["car", "urus"],
      ],
      rest: "",
    });
  });

  it("is found by a part of either name", () => {
    for (const typed of ["einst", "conf", "änd"]) expect(matching(german, typed)).toEqual(german);
    expect(matching(german, "lambo")).toEqual([]);
  });
});

describe("a link in a message", () => {
  const madeUp = { guildId: "100000000000000001", applicationId: "100000000000000002" };

  it("is real unless it names the made-up server or application", () => {
    expect(linkTarget("https://www.coingecko.com?utm_source=x", madeUp)).toEqual({ kind: "real" });
    expect(linkTarget("https://discord.com/channels/5/6/7", madeUp)).toEqual({ kind: "real" });
  });

  it("to a message of the made-up server leads to it on the page", () => {
    expect(linkTarget("https://discord.com/channels/100000000000000001/21/7", madeUp)).toEqual({
      kind: "here",
      channelId: "21",
      messageId: "7",
    });
  });

  it.each([
    "https://discord.com/oauth2/authorize?client_id=100000000000000002&scope=bot",
    "https://discord.com/application-directory/100000000000000002",
    "https://discord.com/channels/100000000000000001",
    "not even an address: 100000000000000002",
  ])("leads nowhere when what it names does not exist: %s", (url) => {
    expect(linkTarget(url, madeUp).kind).toBe("made-up");
  });
});
