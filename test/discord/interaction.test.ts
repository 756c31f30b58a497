import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import { defineCommand, defineSubcommand } from "../../src/discord/command.ts";
import { readInteraction } from "../../src/discord/interaction.ts";

const lambo = defineCommand({
  name: "lambo",
  description: "Would it buy a Lambo?",
  integrationTypes: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  options: {
    coin: {
      type: ApplicationCommandOptionType.String,
      description: "Coin",
      required: true,
      autocomplete: true,
    },
    amount: { type: ApplicationCommandOptionType.Number, description: "Money", minValue: 1 },
    private: { type: ApplicationCommandOptionType.Boolean, description: "Only you" },
    stake: { type: ApplicationCommandOptionType.String, description: "Money", orNumber: true },
  },
  visibility: () => "public",
  run: () => Promise.resolve({ kind: "reply", reply: {} }),
});

const config = defineCommand({
  name: "config",
  description: "How the bot behaves here",
  integrationTypes: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  subcommands: {
    view: defineSubcommand({
      description: "What is set",
      options: {},
      run: () => Promise.resolve({ kind: "reply", reply: {} }),
    }),
    set: defineSubcommand({
      description: "Set it",
      options: {
        currency: {
          type: ApplicationCommandOptionType.String,
          description: "Currency",
          autocomplete: true,
        },
      },
      run: () => Promise.resolve({ kind: "reply", reply: {} }),
    }),
  },
  visibility: () => "private",
});

const inServer = {
  id: "11",
  application_id: "22",
  token: "t0ken",
  version: 1,
  guild_id: "33",
  channel_id: "44",
  member: { user: { id: "55" }, permissions: "2147483648" },
  locale: "de",
  guild_locale: "fr",
  app_permissions: "49152",
  attachment_size_limit: 26_214_400,
};
const typed = (options: object[]) => ({
  ...inServer,
  type: 2,
  data: { id: "66", type: 1, name: "lambo", options },
});
const typedConfig = (options: object[]) => ({
  ...inServer,
  type: 2,
  data: { id: "67", type: 1, name: "config", options },
});
const read = (payload: unknown) => readInteraction(payload, [lambo, config]);
const optionsOf = (options: object[]) => {
  const call = read(typed(options))?.call;
  return call?.kind === "command" ? call.options : undefined;
};

describe("what a command learns about its asker", () => {
  it("is the member, the place, the languages, the permissions and the file limit", () => {
    expect(read(typed([{ name: "coin", type: 3, value: "doge" }]))).toEqual({
      address: { interactionId: "11", applicationId: "22", token: "t0ken" },
      call: {
        kind: "command",
        interactionId: "11",
        applicationId: "22",
        userId: "55",
        guildId: "33",
        channelId: "44",
        locale: "de",
        guildLocale: "fr",
        memberPermissions: 2147483648n,
        appPermissions: 49152n,
        attachmentLimitBytes: 26_214_400,
        commandName: "lambo",
        options: { coin: "doge" },
      },
    });
  });

  it("is the user alone in a direct message, with files up to 10 MiB when Discord says nothing else", () => {
    const { member, guild_id, guild_locale, app_permissions, attachment_size_limit, ...direct } =
      inServer;
    expect(
      read({ ...direct, user: { id: "77" }, type: 2, data: { type: 1, name: "lambo" } })?.call,
    ).toEqual({
      kind: "command",
      interactionId: "11",
      applicationId: "22",
      userId: "77",
      channelId: "44",
      locale: "de",
      attachmentLimitBytes: 10_485_760,
      commandName: "lambo",
      options: {},
    });
  });
});

describe("options", () => {
  it("that the command does not declare never reach it, whatever their names", () => {
    const smuggled = [
      { name: "coin", type: 3, value: "doge" },
      { name: "colour", type: 3, value: "red" },
      { name: "toString", type: 3, value: "x" },
      { name: "__proto__", type: 3, value: "x" },
    ];
    expect(optionsOf(smuggled)).toEqual({ coin: "doge" });
  });

  it("of another type than declared are not misread", () => {
    const twisted = [
      { name: "coin", type: 10, value: 7 },
      { name: "amount", type: 3, value: "1000" },
      { name: "private", type: 3, value: "true" },
    ];
    expect(optionsOf(twisted)).toEqual({ coin: "7", amount: Number.NaN, private: true });
  });
});

it("distinguishes the option being typed from those already filled in", () => {
  const options = [
    { name: "amount", type: 10, value: 5 },
    { name: "coin", type: 3, value: "dog", focused: true },
  ];
  expect(read({ ...typed(options), type: 4 })?.call).toMatchObject({
    kind: "autocomplete",
    focused: { name: "coin", text: "dog" },
    options: { amount: 5 },
  });
});

describe("a subcommand", () => {
  const currency = { name: "currency", type: 3, value: "EUR" };

  it("is named, and gets only the options that it declares", () => {
    const stray = { name: "coin", type: 3, value: "doge" };
    expect(
      read(typedConfig([{ name: "set", type: 1, options: [currency, stray] }]))?.call,
    ).toMatchObject({
      kind: "command",
      commandName: "config",
      subcommandName: "set",
      options: { currency: "EUR" },
    });
    const view = read(typedConfig([{ name: "view", type: 1, options: [currency] }]))?.call;
    expect(view).toMatchObject({ subcommandName: "view", options: {} });
    expect(view).not.toHaveProperty("options.currency");
  });

  it("without options is passed on, and so is an undeclared one, with no options", () => {
    expect(read(typedConfig([{ name: "view", type: 1 }]))?.call).toMatchObject({
      subcommandName: "view",
      options: {},
    });
    const gone = read(typedConfig([{ name: "toString", type: 1, options: [currency] }]))?.call;
    expect(gone?.kind === "command" ? gone : undefined).toMatchObject({
      subcommandName: "toString",
    });
    expect(gone?.kind === "command" ? gone.options : undefined).toEqual({});
  });

  it("is passed on while one of its options is typed", () => {
    const typing = [
      { name: "set", type: 1, options: [{ ...currency, value: "eu", focused: true }] },
    ];
    expect(read({ ...typedConfig(typing), type: 4 })?.call).toMatchObject({
      kind: "autocomplete",
      subcommandName: "set",
      focused: { name: "currency", text: "eu" },
      options: {},
    });
  });
});

describe("a command on a message", () => {
  const chosen = (messages: object, targetId = "77") =>
    readInteraction(
      {
        ...inServer,
        type: 2,
        data: { name: "Check", type: 3, target_id: targetId, resolved: { messages } },
      },
      [],
    )?.call;

  it("comes with what the message, its embeds and the message that it forwards say", () => {
    const message = {
      content: "one",
      embeds: [{ title: "two", description: "three" }, { title: null }, "nonsense"],
      message_snapshots: [{ message: { content: "four", embeds: [{ description: "five" }] } }],
    };
    expect(chosen({ "77": message, "78": { content: "another" } })).toMatchObject({
      kind: "message-command",
      commandName: "Check",
      target: { content: "one", otherTexts: ["two", "three", "four", "five"] },
    });
  });

  it("comes with an empty text where Discord tells none, and not at all without its message", () => {
    expect(chosen({ "77": {} })).toMatchObject({ target: { content: "", otherTexts: [] } });
    expect(chosen({ "78": { content: "another" } })).toBeUndefined();
  });
});

describe("a button", () => {
  const pressed = (message?: object) =>
    read({ ...inServer, type: 3, data: { custom_id: "lambo:maths:1", component_type: 2 }, message })
      ?.call;

  it("comes with who asked for its message, and whether only they see it", () => {
    expect(pressed({ flags: 64, interaction_metadata: { user: { id: "99" } } })).toMatchObject({
      askerId: "99",
      isPrivate: true,
    });
    expect(pressed({ flags: 0, interaction_metadata: { user: { id: "99" } } })).toMatchObject({
      askerId: "99",
      isPrivate: false,
    });
  });

  it("on a message without an asker has none", () => {
    expect(pressed({ flags: 0 })).not.toHaveProperty("askerId");
    expect(pressed()).not.toHaveProperty("askerId");
  });

  it("has no values, a menu has those that were chosen", () => {
    expect(pressed()).toMatchObject({ customId: "lambo:maths:1", values: [] });
    const chosen = read({
      ...inServer,
      type: 3,
      data: { custom_id: "lambo:stake", component_type: 3, values: ["100"] },
    });
    expect(chosen?.call).toMatchObject({ values: ["100"] });
  });

  it.each([[[100]], [null], ["100"], [{}]])(
    "with %j for its choice has chosen nothing",
    (values) => {
      const data = { custom_id: "lambo:stake", component_type: 3, values };
      expect(read({ ...inServer, type: 3, data })?.call).toMatchObject({ values: [] });
    },
  );
});

it.each([
  ["nothing", undefined],
  ["a ping", { ...inServer, type: 1 }],
  ["a modal without fields", { ...inServer, type: 5, data: { custom_id: "x" } }],
  [
    "a command from a message's menu",
    { ...inServer, type: 2, data: { id: "66", type: 3, name: "lambo", target_id: "1" } },
  ],
  ["an interaction of nobody", { ...typed([]), member: undefined }],
  ["an interaction whose id is not one", { ...typed([]), id: "../../users/@me" }],
  [
    "options that are no list",
    { ...inServer, type: 2, data: { type: 1, name: "lambo", options: "coin" } },
  ],
])("%s is not taken for a question", (_, payload) => {
  expect(read(payload)).toBeUndefined();
});

describe("a channel or role that was chosen", () => {
  const choosing = (resolved: unknown) => {
    const call = read({
      ...inServer,
      type: 2,
      data: { id: "66", type: 1, name: "lambo", options: [], resolved },
    })?.call;
    return call?.kind === "command" ? call.resolved : undefined;
  };

  it("comes with what Discord sends along, including the bot's permissions where they are sent", () => {
    const resolved = choosing({
      channels: {
        "77": {
          id: "77",
          guild_id: "33",
          type: 5,
          name: "news",
          permissions: "8",
          app_permissions: "2048",
        },
        "78": { id: "78", type: 0 },
      },
      roles: { "88": { id: "88", name: "Drivers", mentionable: false, permissions: "0" } },
      users: { "99": {} },
    });
    expect([...(resolved?.channels ?? [])]).toEqual([
      ["77", { guildId: "33", name: "news", type: 5, appPermissions: 2_048n }],
      ["78", { name: "", type: 0 }],
    ]);
    expect([...(resolved?.roles ?? [])]).toEqual([["88", { name: "Drivers", mentionable: false }]]);
  });

  it("is asked for when what is sent along makes no sense: the command goes on", () => {
    expect(choosing({ channels: { "77": { type: "text" } } })).toBeUndefined();
    expect(choosing(undefined)).toBeUndefined();
    expect(
      read({ ...inServer, type: 2, data: { id: "66", type: 1, name: "lambo", resolved: 7 } })?.call
        .kind,
    ).toBe("command");
  });
});

describe("an option that was a number once", () => {
  it("arrives as the number or the text that the client sent", () => {
    const sent = (value: unknown) => read(typed([{ name: "stake", type: 3, value }]))?.call;
    expect(sent(1.234)).toMatchObject({ options: { stake: 1.234 } });
    expect(sent("1.234")).toMatchObject({ options: { stake: "1.234" } });
    expect(sent(true)).toMatchObject({ options: { stake: "true" } });
  });

  it("is known as a number while it is typed, too", () => {
    const typing = (value: unknown) =>
      read({ ...typed([{ name: "stake", type: 10, value, focused: true }]), type: 4 })?.call;
    expect(typing(1.234)).toMatchObject({ focused: { text: "1.234", number: 1.234 } });
    expect(typing("1.234")).toMatchObject({ focused: { text: "1.234" } });
  });
});

describe("a submitted modal", () => {
  const input = { type: 4, id: 2, custom_id: "amount", value: "1k" };
  it.each([
    ["a label", { type: 18, id: 1, component: input }],
    ["an action row", { type: 1, id: 1, components: [input] }],
  ])("is read with its text in %s", (_, part) => {
    const submitted = {
      ...inServer,
      type: 5,
      data: { custom_id: "lambo:stake:x", components: [{ type: 10, id: 9 }, part] },
      message: { flags: 64, interaction_metadata: { user: { id: "44" } } },
    };
    expect(read(submitted)?.call).toMatchObject({
      kind: "modal",
      customId: "lambo:stake:x",
      isPrivate: true,
      askerId: "44",
      fields: new Map([["amount", "1k"]]),
    });
  });
});
