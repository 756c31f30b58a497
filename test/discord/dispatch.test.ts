import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import type {
  AutocompleteCall,
  Call,
  CommandCall,
  ComponentCall,
  OptionValue,
} from "../../src/discord/call.ts";
import { type Command, defineCommand, defineSubcommand } from "../../src/discord/command.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import {
  type CommandResult,
  type Modal,
  replied,
  type Suggestion,
  type Visibility,
} from "../../src/discord/reply.ts";
import {
  DeliveryError,
  type DeliveryFailure,
  type Responder,
} from "../../src/discord/responder.ts";
import type { Log } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import { handClock } from "../support/hand-clock.ts";

type Sent = readonly [keyof Responder, ...unknown[]];

const origin = {
  interactionId: "1",
  applicationId: "2",
  userId: "7",
  locale: "en-US",
  attachmentLimitBytes: 1_000,
};

const ask = (
  options: Readonly<Record<string, OptionValue>> = { coin: "doge" },
  commandName = "lambo",
): CommandCall<typeof options> => ({
  ...origin,
  kind: "command",
  commandName,
  options,
});
const config = (subcommandName?: string, options: Readonly<Record<string, OptionValue>> = {}) => ({
  ...ask(options, "config"),
  ...(subcommandName === undefined ? {} : { subcommandName }),
});
const press = (customId: string): ComponentCall => ({
  ...origin,
  kind: "component",
  customId,
  values: [],
  isPrivate: false,
});
const type = (text: string): AutocompleteCall => ({
  ...origin,
  kind: "autocomplete",
  commandName: "lambo",
  focused: { name: "coin", text },
  options: {},
});

const yes: CommandResult = { kind: "reply", reply: { content: "To the moon" } };
const no: CommandResult = { kind: "refusal", reply: { content: "No such coin" } };
const picture = (bytes: number): CommandResult => ({
  kind: "reply",
  reply: {
    embeds: [
      {
        title: "To the moon",
        image: { url: "attachment://card.png" },
        thumbnail: { url: "https://example.com/logo.png" },
      },
    ],
    files: [{ name: "card.png", data: new Uint8Array(bytes), description: "A price line" }],
  },
});

/** A promise that the test keeps or breaks when it likes. */
function promised<T>() {
  let keep: (value: T) => void = () => {};
  let breakIt: (error: unknown) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    keep = resolve;
    breakIt = reject;
  });
  return { promise, keep, breakIt };
}

function stage(
  run: (
    call: CommandCall<{ readonly coin: string; readonly private: boolean | undefined }>,
  ) => Promise<CommandResult>,
  more: {
    suggest?: (call: AutocompleteCall) => Promise<readonly Suggestion[]>;
    visibility?: (services: Services) => "public" | "private";
    press?: { visibility: Visibility; run: () => Promise<CommandResult> };
    modal?: () => Modal | undefined;
    fail?: Partial<Record<keyof Responder, readonly (DeliveryFailure | undefined)[]>>;
    suggestsAfter?: Promise<unknown>;
  } = {},
) {
  const command: Command = defineCommand({
    name: "lambo",
    description: "Would it buy a Lambo?",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    options: {
      coin: { type: ApplicationCommandOptionType.String, description: "Coin", required: true },
      private: { type: ApplicationCommandOptionType.Boolean, description: "Only you see it" },
    },
    visibility: ({ options }, services) =>
      more.visibility?.(services) ?? (options.private ? "private" : "public"),
    run,
    suggest: more.suggest ?? (() => Promise.resolve([])),
    components: {
      again: {
        visibility: (_, services) =>
          more.press?.visibility ?? more.visibility?.(services) ?? "public",
        run: more.press?.run ?? (() => Promise.resolve(yes)),
        ...(more.modal !== undefined && { modal: more.modal }),
      },
    },
    modals: {
      again: {
        visibility: () => "edit",
        run: async ({ fields }) => replied({ content: [...fields].join() }),
      },
    },
  });
  const told = (call: CommandCall<unknown>): Promise<CommandResult> =>
    Promise.resolve({
      kind: "reply",
      reply: { content: `${call.subcommandName}: ${JSON.stringify(call.options)}` },
    });
  const config: Command = defineCommand({
    name: "config",
    description: "How the bot behaves here",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    subcommands: {
      view: defineSubcommand({ description: "What is set", options: {}, run: told }),
      symbol: defineSubcommand({
        description: "What a symbol means",
        options: {
          symbol: {
            type: ApplicationCommandOptionType.String,
            description: "Symbol",
            required: true,
            autocomplete: true,
          },
        },
        run: told,
      }),
    },
    visibility: (call) => (call.subcommandName === "view" ? "private" : "public"),
    suggest: (call) =>
      Promise.resolve([{ name: `${call.subcommandName} ${call.focused.name}`, value: "x" }]),
  });
  const lines: { level: string; fields: object; message: string }[] = [];
  const write = (level: string) => (fields: object, message: string) =>
    lines.push({ level, fields, message });
  const log: Log = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  const sent: Sent[] = [];
  const failures = Object.fromEntries(
    Object.entries(more.fail ?? {}).map(([method, list]) => [method, [...list]]),
  );
  const take = async (...what: Sent) => {
    sent.push(what);
    const reason = failures[what[0]]?.shift();
    if (reason !== undefined) throw new DeliveryError(reason, { cause: new Error("said Discord") });
  };
  const responder: Responder = {
    reply: (reply, visibility) => take("reply", reply, visibility),
    defer: (visibility) => take("defer", visibility),
    editReply: (reply) => take("editReply", reply),
    deleteReply: () => take("deleteReply"),
    followUpPrivately: (reply) => take("followUpPrivately", reply),
    openModal: (modal) => take("openModal", modal),
    suggest: (choices) => take("suggest", choices),
  };
  const time = handClock();
  const serversHeardFrom: string[] = [];
  // None of these tests' commands draws on another service.
  const services = { log, now: () => new Date(0) } as Services;
  const dispatch = createDispatch({
    commands: [command, config],
    services,
    log,
    clock: time.clock,
    newIncidentId: () => "K7Q3XB",
    onServerCall: (guildId) => serversHeardFrom.push(guildId),
    ...(more.suggestsAfter !== undefined && { suggestsAfter: more.suggestsAfter }),
  });
  return {
    ...time,
    dispatch,
    serversHeardFrom,
    sent,
    lines,
    handle: (call: Call) => dispatch.handle(call, responder),
  };
}

const apology = { content: expect.stringContaining("K7Q3XB") };

describe("a call from a server", () => {
  it("shows that the bot is installed there, unless a member brought the bot along", async () => {
    const { handle, serversHeardFrom } = stage(() => Promise.resolve(yes));
    await handle({ ...ask(), guildId: "41", isServerInstall: true });
    await handle({ ...ask(), guildId: "42" });
    const { guildId: _, ...direct } = ask();
    await handle(direct);
    expect(serversHeardFrom).toEqual(["41"]);
  });
});

describe("an answer", () => {
  it("is sent at once when the command is quick, with the visibility that it chose", async () => {
    const { handle, sent, pending } = stage(() => Promise.resolve(yes));
    await handle(ask());
    await handle(ask({ coin: "doge", private: true }));
    expect(sent).toEqual([
      ["reply", yes.reply, "public"],
      ["reply", yes.reply, "private"],
    ]);
    expect(pending()).toBe(0);
  });

  it("is deferred after 1.5 seconds, not before, and then replaces the deferral", async () => {
    const slow = promised<CommandResult>();
    const { handle, sent, advance } = stage(() => slow.promise);
    const handled = handle(ask());
    await advance(1_499);
    expect(sent).toEqual([]);
    await advance(1);
    expect(sent).toEqual([["defer", "public"]]);
    slow.keep(yes);
    await handled;
    expect(sent.slice(1)).toEqual([["editReply", yes.reply]]);
  });

  it("does not overtake its own deferral", async () => {
    const slow = promised<CommandResult>();
    const { dispatch, advance, settle } = stage(() => slow.promise);
    const deferral = promised<void>();
    const order: string[] = [];
    const nothing = () => Promise.resolve();
    const handled = dispatch.handle(ask(), {
      reply: nothing,
      openModal: nothing,
      suggest: nothing,
      deleteReply: nothing,
      followUpPrivately: nothing,
      defer: () => deferral.promise.then(() => void order.push("deferred")),
      editReply: async () => void order.push("edited"),
    });
    await advance(1_500);
    slow.keep(yes);
    await settle();
    expect(order).toEqual([]);
    deferral.keep();
    await handled;
    expect(order).toEqual(["deferred", "edited"]);
  });

  it("is replaced by a sentence with an incident id when the command hangs", async () => {
    const { handle, sent, advance } = stage(() => new Promise(() => {}));
    const handled = handle(ask({ coin: "doge", private: true }));
    await advance(1_500);
    await advance(120_000);
    await handled;
    expect(sent).toEqual([
      ["defer", "private"],
      ["editReply", apology],
    ]);
  });
});

describe("a refusal", () => {
  it("is private although the answer would have been public", async () => {
    const { handle, sent } = stage(() => Promise.resolve(no));
    await handle(ask());
    expect(sent).toEqual([["reply", no.reply, "private"]]);
  });

  it("after a public deferral deletes it and then follows up privately", async () => {
    const slow = promised<CommandResult>();
    const { handle, sent, advance } = stage(() => slow.promise);
    const handled = handle(ask());
    await advance(1_500);
    slow.keep(no);
    await handled;
    expect(sent).toEqual([["defer", "public"], ["deleteReply"], ["followUpPrivately", no.reply]]);
  });

  it("is not shown at all rather than publicly when the public deferral cannot be deleted", async () => {
    const slow = promised<CommandResult>();
    const { handle, sent, advance } = stage(() => slow.promise, {
      fail: { deleteReply: ["unavailable"] },
    });
    const handled = handle(ask());
    await advance(1_500);
    slow.keep(no);
    await handled;
    expect(sent).toEqual([["defer", "public"], ["deleteReply"]]);
  });

  it("after a private deferral replaces it", async () => {
    const slow = promised<CommandResult>();
    const { handle, sent, advance } = stage(() => slow.promise);
    const handled = handle(ask({ coin: "doge", private: true }));
    await advance(1_500);
    slow.keep(no);
    await handled;
    expect(sent).toEqual([
      ["defer", "private"],
      ["editReply", no.reply],
    ]);
  });

  it("of a button that edits its message does not change the message", async () => {
    const quick = stage(() => Promise.resolve(yes), {
      press: { visibility: "edit", run: () => Promise.resolve(no) },
    });
    await quick.handle(press("lambo:again:1"));
    expect(quick.sent).toEqual([["reply", no.reply, "private"]]);

    const answer = promised<CommandResult>();
    const slow = stage(() => Promise.resolve(yes), {
      press: { visibility: "edit", run: () => answer.promise },
    });
    const handled = slow.handle(press("lambo:again:1"));
    await slow.advance(1_500);
    answer.keep(no);
    await handled;
    expect(slow.sent).toEqual([
      ["defer", "edit"],
      ["followUpPrivately", no.reply],
    ]);
  });
});

describe("a surprise", () => {
  it("is told privately with an incident id, and logged under it with its whole cause chain", async () => {
    const { handle, sent, lines } = stage(() =>
      Promise.reject(new Error("outer", { cause: new TypeError("inner", { cause: "core" }) })),
    );
    await handle(ask());
    expect(sent).toEqual([["reply", apology, "private"]]);
    const incident = lines.find((line) => line.level === "error");
    expect(incident?.fields).toMatchObject({
      incident: "K7Q3XB",
      command: "lambo",
      err: { message: "outer", cause: { name: "TypeError", message: "inner", cause: "core" } },
    });
  });

  it("that is thrown synchronously is caught as well", async () => {
    const { handle, sent } = stage(() => {
      throw new Error("at once");
    });
    await handle(ask());
    expect(sent).toEqual([["reply", apology, "private"]]);
  });

  it("that is its own cause is logged all the same", async () => {
    const loop = new Error("loop");
    loop.cause = loop;
    const { handle, sent } = stage(() => Promise.reject(loop));
    await handle(ask());
    expect(sent).toHaveLength(1);
  });
});

describe("when Discord does not take an answer", () => {
  it.each(["expired", "already-acknowledged", "unavailable"] as const)(
    "because it is %s, nothing is sent a second time",
    async (reason) => {
      const { handle, sent, lines } = stage(() => Promise.resolve(yes), {
        fail: { reply: [reason] },
      });
      await handle(ask());
      expect(sent).toHaveLength(1);
      expect(lines.find(({ message }) => message === "interaction")?.fields).toMatchObject({
        outcome: "undelivered",
        delivery: reason,
      });
    },
  );

  it("because of its picture, it is sent again without the picture", async () => {
    const { handle, sent } = stage(() => Promise.resolve(picture(10)), {
      fail: { reply: ["files-refused"] },
    });
    await handle(ask());
    expect(sent).toEqual([
      ["reply", picture(10).reply, "public"],
      [
        "reply",
        {
          embeds: [{ title: "To the moon", thumbnail: { url: "https://example.com/logo.png" } }],
          files: [],
        },
        "public",
      ],
    ]);
  });

  it("for another reason, the asker gets a sentence with an incident id", async () => {
    const { handle, sent, lines } = stage(() => Promise.resolve(picture(10)), {
      fail: { reply: ["refused"] },
    });
    await handle(ask());
    expect(sent).toEqual([
      ["reply", picture(10).reply, "public"],
      ["reply", apology, "private"],
    ]);
    expect(lines.find((line) => line.level === "error")?.fields).toMatchObject({
      err: { cause: { message: "said Discord" } },
    });
  });

  it("nor the apology, nothing more is sent", async () => {
    const { handle, sent } = stage(() => Promise.resolve(yes), {
      fail: { reply: ["refused", "refused"] },
    });
    await handle(ask());
    expect(sent).toHaveLength(2);
  });

  it.each(["expired", "already-acknowledged"] as const)(
    "a deferral that is %s ends the matter",
    async (reason) => {
      const slow = promised<CommandResult>();
      const { handle, sent, lines, advance } = stage(() => slow.promise, {
        fail: { defer: [reason] },
      });
      const handled = handle(ask());
      await advance(1_500);
      slow.keep(yes);
      await handled;
      expect(sent).toEqual([["defer", "public"]]);
      expect(lines.at(-1)?.fields).toMatchObject({
        outcome: "undelivered",
        deferred: true,
        delivery: reason,
      });
    },
  );

  it("a deferral that may have arrived is still replaced by the answer", async () => {
    const slow = promised<CommandResult>();
    const { handle, sent, advance } = stage(() => slow.promise, {
      fail: { defer: ["unavailable"] },
    });
    const handled = handle(ask());
    await advance(1_500);
    slow.keep(yes);
    await handled;
    expect(sent).toEqual([
      ["defer", "public"],
      ["editReply", yes.reply],
    ]);
  });
});

describe("a picture", () => {
  it("above the attachment limit is left out, and so is the embed's reference to it", async () => {
    const { handle, sent } = stage(() => Promise.resolve(picture(1_001)));
    await handle(ask());
    const [, reply] = sent[0] ?? [];
    expect(reply).toEqual({
      embeds: [{ title: "To the moon", thumbnail: { url: "https://example.com/logo.png" } }],
      files: [],
    });
  });

  it("of exactly the limit is sent", async () => {
    const { handle, sent } = stage(() => Promise.resolve(picture(1_000)));
    await handle(ask());
    expect(sent).toEqual([["reply", picture(1_000).reply, "public"]]);
  });
});

describe("a subcommand", () => {
  it("runs with its own options and the visibility of its command", async () => {
    const { handle, sent } = stage(() => Promise.resolve(yes));
    await handle(config("view"));
    await handle(config("symbol", { symbol: "UNI" }));
    expect(sent).toEqual([
      ["reply", { content: "view: {}" }, "private"],
      ["reply", { content: 'symbol: {"symbol":"UNI"}' }, "public"],
    ]);
  });

  it("is passed on when values for its options are suggested", async () => {
    const { handle, sent } = stage(() => Promise.resolve(yes));
    await handle({
      ...type("uni"),
      commandName: "config",
      subcommandName: "symbol",
      focused: { name: "symbol", text: "uni" },
    });
    await handle({ ...type("uni"), commandName: "config", subcommandName: "toString" });
    expect(sent).toEqual([
      ["suggest", [{ name: "symbol symbol", value: "x" }]],
      ["suggest", []],
    ]);
  });

  it("without a required option is named in the sentence, and an undeclared one is not repeated", async () => {
    const { handle, sent } = stage(() => Promise.resolve(yes));
    await handle(config("symbol"));
    await handle(config("my secret"));
    await handle(config());
    await handle({ ...ask(), subcommandName: "view" });
    expect(sent.map(([, reply]) => reply)).toEqual(
      ["/config symbol", "/config", "/config", "/lambo"].map((typed) => ({
        content: `Discord sent \`${typed}\` in an older form. Reload Discord and type it again.`,
      })),
    );
  });

  it("is named in the log beside its command", async () => {
    const { handle, lines } = stage(() => Promise.resolve(yes));
    await handle(config("view"));
    await handle({ ...type("uni"), commandName: "config", subcommandName: "symbol" });
    await handle(config("my secret"));
    expect(lines.map(({ fields }) => fields)).toMatchObject([
      { command: "config", subcommand: "view", outcome: "answered" },
      { command: "config", subcommand: "symbol", outcome: "suggested" },
      { command: "unknown", outcome: "outdated" },
    ]);
    expect(JSON.stringify(lines)).not.toContain("my secret");
  });
});

describe("visibility", () => {
  it("may depend on what services hold in memory, for commands and for buttons", async () => {
    const { handle, sent } = stage(() => Promise.resolve(yes), {
      visibility: ({ now }) => (now().getTime() === 0 ? "private" : "public"),
    });
    await handle(ask());
    await handle(press("lambo:again"));
    expect(sent).toEqual([
      ["reply", yes.reply, "private"],
      ["reply", yes.reply, "private"],
    ]);
  });
});

describe("suggestions", () => {
  const suggestionsFor = async (found: readonly Suggestion[]) => {
    const { handle, sent } = stage(() => Promise.resolve(yes), {
      suggest: () => Promise.resolve(found),
    });
    await handle(type("doge"));
    expect(sent).toHaveLength(1);
    return sent[0]?.[1];
  };

  it("are at most 25", async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      name: `Coin ${index}`,
      value: `c${index}`,
    }));
    expect(await suggestionsFor(many)).toEqual(many.slice(0, 25));
  });

  it("have names shortened to 100 whole characters, but never their values", async () => {
    const rocket = "🚀";
    expect(
      await suggestionsFor([
        { name: `${"x".repeat(98)}${rocket}${rocket}`, value: "a" },
        { name: "too long a value", value: "v".repeat(101) },
        { name: "", value: "nameless" },
      ]),
    ).toEqual([{ name: `${"x".repeat(98)}…`, value: "a" }]);
  });

  it("are empty, in time, when finding them takes too long", async () => {
    const { handle, sent, advance } = stage(() => Promise.resolve(yes), {
      suggest: () => new Promise(() => {}),
    });
    const handled = handle(type("doge"));
    await advance(2_500);
    await handled;
    expect(sent).toEqual([["suggest", []]]);
  });

  it("wait for what they are found in, while that is loaded", async () => {
    const loading = promised<void>();
    let found: readonly Suggestion[] = [];
    const { handle, sent, settle } = stage(() => Promise.resolve(yes), {
      suggestsAfter: loading.promise,
      suggest: () => Promise.resolve(found),
    });
    const handled = handle(type("doge"));
    await settle();
    expect(sent).toEqual([]);
    found = [{ name: "Dogecoin (DOGE)", value: "dogecoin" }];
    loading.keep();
    await handled;
    expect(sent).toEqual([["suggest", found]]);
  });

  it("are empty, in time, when that is loaded too late", async () => {
    const { handle, sent, advance } = stage(() => Promise.resolve(yes), {
      suggestsAfter: new Promise(() => {}),
    });
    const handled = handle(type("doge"));
    await advance(2_500);
    await handled;
    expect(sent).toEqual([["suggest", []]]);
  });

  it("are empty when finding them fails", async () => {
    const { handle, sent } = stage(() => Promise.resolve(yes), {
      suggest: () => {
        throw new Error("no index");
      },
    });
    await handle(type("doge"));
    expect(sent).toEqual([["suggest", []]]);
  });
});

describe("what is no longer here", () => {
  it.each([
    ["a command of an older version", ask({}, "coin")],
    ["a button of an older version", press("lambo:gone:1")],
    ["a button of a command of an older version", press("coin:again")],
    ["a tampered button", press("lambo:__proto__:1")],
    ["a button without any id", press("")],
    ["a command without an option that it must have", ask({})],
  ])("%s gets a private sentence", async (_, call) => {
    const { handle, sent } = stage(() => Promise.resolve(yes));
    await handle(call);
    expect(sent).toEqual([
      ["reply", { content: expect.stringMatching(/older|no longer/) }, "private"],
    ]);
  });
});

describe("the log", () => {
  it("has one line for each interaction, and nothing that the asker typed", async () => {
    const { handle, lines } = stage(({ options }) =>
      Promise.resolve(options.coin === "doge" ? yes : no),
    );
    await handle(ask({ coin: "doge" }));
    await handle(ask({ coin: "my secret" }));
    await handle(ask({ coin: "my secret" }, "my secret"));
    await handle(press("my secret:my secret"));
    await handle(type("my secret"));
    await handle(press("lambo:again:my secret"));
    expect(lines.map(({ fields }) => fields)).toMatchObject([
      { command: "lambo", outcome: "answered", ms: 0 },
      { command: "lambo", outcome: "refused" },
      { command: "unknown", outcome: "outdated" },
      { command: "unknown", outcome: "outdated" },
      { command: "lambo", outcome: "suggested" },
      { command: "lambo", component: "again", outcome: "answered" },
    ]);
    expect(JSON.stringify(lines)).not.toContain("my secret");
  });

  it("says how long an answer took", async () => {
    const slow = promised<CommandResult>();
    const { handle, lines, advance } = stage(() => slow.promise);
    await advance(60_000);
    const handled = handle(ask());
    await advance(4_200);
    slow.keep(yes);
    await handled;
    expect(lines[0]?.fields).toMatchObject({ deferred: true, ms: 4_200 });
  });
});

describe("shutting down", () => {
  it("waits for an answer in flight and refuses new questions", async () => {
    const slow = promised<CommandResult>();
    const { dispatch, handle, sent, settle } = stage(() => slow.promise);
    const handled = handle(ask());
    await settle();
    dispatch.stopIntake();
    await handle(ask());
    await handle(type("doge"));
    const drained = dispatch.drained(10_000);
    slow.keep(yes);
    expect(await drained).toBe(true);
    await handled;
    expect(sent).toEqual([
      ["reply", { content: expect.stringContaining("restarting") }, "private"],
      ["suggest", []],
      ["reply", yes.reply, "public"],
    ]);
  });

  it("does not wait longer than it is told", async () => {
    const { dispatch, handle, advance } = stage(() => new Promise(() => {}));
    void handle(ask());
    const drained = dispatch.drained(9_000);
    await advance(9_000);
    expect(await drained).toBe(false);
  });

  it("does not wait at all when nothing is in flight", async () => {
    const { dispatch, handle } = stage(() => Promise.resolve(yes));
    await handle(ask());
    expect(await dispatch.drained(10_000)).toBe(true);
  });
});

describe("a component that opens a modal", () => {
  const modal: Modal = {
    customId: "lambo:again:x",
    title: "Another",
    field: { name: "amount", label: "Amount", description: "In dollars", value: "5", maxLength: 9 },
  };

  it("opens it at once instead of running, and runs where there is none", async () => {
    const press_ = { visibility: "edit", run: async () => yes } as const;
    const opening = stage(async () => yes, { modal: () => modal, press: press_ });
    await opening.handle(press("lambo:again:x"));
    expect(opening.sent).toEqual([["openModal", modal]]);
    expect(opening.lines).toMatchObject([{ fields: { outcome: "modal-opened" } }]);
    const running = stage(async () => yes, { modal: () => undefined, press: press_ });
    await running.handle(press("lambo:again:x"));
    expect(running.sent).toEqual([["reply", yes.reply, "edit"]]);
  });

  it("is answered with an incident when the modal cannot be made, or Discord refuses it", async () => {
    const throwing = stage(async () => yes, {
      modal: () => {
        throw new Error("no title");
      },
    });
    await throwing.handle(press("lambo:again:x"));
    expect(throwing.sent).toEqual([["reply", apology, "private"]]);
    const refused = stage(async () => yes, {
      modal: () => modal,
      fail: { openModal: ["refused"] },
    });
    await refused.handle(press("lambo:again:x"));
    expect(refused.sent.at(-1)).toEqual(["reply", apology, "private"]);
    const late = stage(async () => yes, { modal: () => modal, fail: { openModal: ["expired"] } });
    await late.handle(press("lambo:again:x"));
    expect(late.sent).toHaveLength(1);
    expect(late.lines.at(-1)).toMatchObject({ fields: { outcome: "undelivered" } });
  });

  it("gets what was typed; an older one gets a sentence", async () => {
    const { handle, sent } = stage(async () => yes);
    const submit = (customId: string) => ({
      ...press(customId),
      kind: "modal" as const,
      fields: new Map([["amount", "1k"]]),
    });
    await handle(submit("lambo:again:x"));
    await handle(submit("lambo:gone"));
    expect(sent).toMatchObject([
      ["reply", { content: "amount,1k" }, "edit"],
      ["reply", { content: expect.stringContaining("older version") }, "private"],
    ]);
  });
});
