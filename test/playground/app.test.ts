import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ButtonStyle,
  ComponentType,
  InteractionContextType,
} from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import type { ComponentCall } from "../../src/discord/call.ts";
import { type Command, defineCommand, defineMessageCommand } from "../../src/discord/command.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import type { CommandResult, Visibility } from "../../src/discord/reply.ts";
import { createPlaygroundApp } from "../../src/playground/app.ts";
import { TOKEN_HEADER } from "../../src/playground/guard.ts";
import { createPlaygroundMarkets } from "../../src/playground/markets.ts";
import { createIds, createPlaygroundMessages } from "../../src/playground/messages.ts";
import type { PageEvent, PageFacts, PageMessage } from "../../src/playground/page/protocol.ts";
import { playgroundResponder } from "../../src/playground/responder.ts";
import { silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import { handClock } from "../support/hand-clock.ts";

const ORIGIN = "http://127.0.0.1:3000";
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000004b000000276", "hex");
const NOW = new Date("2026-11-24T12:00:00Z");

const button = (id: string) => [
  {
    type: ComponentType.ActionRow as const,
    components: [
      {
        type: ComponentType.Button as const,
        style: ButtonStyle.Secondary as const,
        label: "Again",
        custom_id: `ask:${id}`,
      },
    ],
  },
];
const saying = (content: string): CommandResult => ({
  kind: "reply",
  reply: { content, components: button("again") },
});

/** A playground with one command; the test decides its answer, speed and visibility. */
async function playground(
  options: {
    answer?: () => Promise<CommandResult>;
    press?: (call: ComponentCall) => Promise<CommandResult>;
    pressVisibility?: Visibility;
    host?: string;
    /** The demo market's answer; by default the same as the real one's. */
    demoAnswer?: () => Promise<CommandResult>;
    example?: boolean;
  } = {},
) {
  const commandWith = (answer: typeof options.answer): Command =>
    defineCommand({
      name: "ask",
      description: "Asks",
      integrationTypes: [ApplicationIntegrationType.GuildInstall],
      contexts: [InteractionContextType.Guild],
      options: {
        text: {
          type: ApplicationCommandOptionType.String,
          description: "Text",
          autocomplete: true,
        },
        private: { type: ApplicationCommandOptionType.Boolean, description: "Private" },
      },
      visibility: ({ options: given }) => (given.private ? "private" : "public"),
      run:
        answer ??
        (async ({ options: given, locale, memberPermissions }) =>
          saying(`${given.text} ${locale} ${memberPermissions}`)),
      suggest: async ({ focused }) => [{ name: `${focused.text}!`, value: focused.text }],
      components: {
        again: {
          visibility: () => options.pressVisibility ?? "edit",
          run:
            options.press ??
            (async ({ userId, askerId }) => saying(userId === askerId ? "asker" : "another")),
        },
      },
    });
  const time = handClock();
  const now = () => NOW;
  // The command of these tests uses no other service.
  const services = { log: silentLog, now } as Services;
  const command = commandWith(options.answer);
  const echo = defineMessageCommand({
    target: "message",
    name: "Echo",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    visibility: () => "private",
    run: async ({ target }) => saying(`heard ${target.content}`),
  });
  const dispatchOf = (commands: readonly Command[]) =>
    createDispatch({ commands, services, log: silentLog, clock: time.clock });
  const messages = createPlaygroundMessages({ now, nextId: createIds(now) });
  const markets = createPlaygroundMarkets({
    real: {
      dispatch: dispatchOf([command, echo]),
      market: { health: () => [], probe: async () => [] },
      plan: () => "test",
    },
    demo: () => dispatchOf([commandWith(options.demoAnswer ?? options.answer)]),
    isDemoOnly: false,
  });
  const app = createPlaygroundApp({
    commands: [command, echo],
    markets,
    messages,
    nextId: createIds(now),
    assets: [{ name: "main.js", contentType: "text/javascript", text: "export {};" }],
    ...(options.example === true && { example: { name: "ask", options: { text: "doge" } } }),
    host: options.host ?? "127.0.0.1",
    log: silentLog,
  });
  const get = (path: string, headers: Record<string, string> = {}, origin = ORIGIN) =>
    app.request(`${origin}${path}`, { headers: { host: new URL(origin).host, ...headers } });
  const html = await (await get("/")).text();
  const json = /<script type="application\/json" id="facts">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
  const facts = JSON.parse(json) as PageFacts;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(`${ORIGIN}${path}`, {
      method: "POST",
      headers: {
        host: "127.0.0.1:3000",
        origin: ORIGIN,
        "sec-fetch-site": "same-origin",
        "content-type": "application/json",
        [TOKEN_HEADER]: facts.token,
        ...headers,
      },
      body: JSON.stringify(body),
    });
  const [owner, guest] = facts.members;
  const [channel] = facts.channels;
  const sent = (type: number, data: unknown, more: object = {}) => ({
    type,
    channel_id: channel?.id,
    user_id: owner?.id,
    locale: "de-AT",
    data,
    ...more,
  });
  const ask = (given: { text?: string; private?: boolean } = {}, more: object = {}) =>
    post(
      "/interactions",
      sent(
        2,
        {
          type: 1,
          name: "ask",
          options: Object.entries(given).map(([name, value]) => ({ name, value })),
        },
        more,
      ),
    );
  const press = (message: PageMessage, more: object = {}) =>
    post(
      "/interactions",
      sent(
        3,
        { component_type: 2, custom_id: "ask:again", values: [] },
        { message_id: message.id, ...more },
      ),
    );
  return { ...time, app, get, post, ask, press, sent, facts, html, messages, markets, guest };
}

const only = (messages: readonly PageMessage[]): PageMessage => {
  const [message] = messages;
  if (message === undefined || messages.length > 1)
    throw new Error(`Expected one message, got ${messages.length}.`);
  return message;
};

describe("every response", () => {
  it.each(["/", "/assets/main.js", "/events", "/nothing"])(
    "of %s forbids loading from other sites and framing",
    async (path) => {
      const { get } = await playground();
      const response = await get(path);
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/default-src 'none';.*script-src 'self';.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      await response.body?.cancel();
    },
  );

  it("keeps the page's facts from becoming markup", async () => {
    const { html } = await playground();
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});

describe("a client that is not the page", () => {
  it.each([
    ["a name of another site that points here", {}, "http://evil.example:3000"],
    ["another site's script", { "sec-fetch-site": "cross-site" }, ORIGIN],
    [
      "another port's script",
      { "sec-fetch-site": "same-site", origin: "http://127.0.0.1:8080" },
      ORIGIN,
    ],
    [
      "a frame of another site",
      { "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe" },
      ORIGIN,
    ],
  ])("is refused: %s", async (_who, headers: Record<string, string>, origin) => {
    const { get } = await playground();
    for (const path of ["/", "/events", "/assets/main.js"])
      expect((await get(path, headers, origin)).status).toBe(403);
  });

  it.each([
    ["without the token", { [TOKEN_HEADER]: "" }],
    ["with the token of another start", { [TOKEN_HEADER]: "x".repeat(32) }],
    ["from another origin", { origin: "http://localhost:3000" }],
    ["from a document without an origin", { origin: "null" }],
    ["from another site", { "sec-fetch-site": "cross-site" }],
  ])("cannot send a command %s", async (_how, headers: Record<string, string>) => {
    const { post, sent, messages } = await playground();
    const command = sent(2, { type: 1, name: "ask", options: [] });
    expect((await post("/interactions", command, headers)).status).toBe(403);
    expect((await post("/market", { market: "demo" }, headers)).status).toBe(403);
    expect(messages.all()).toEqual([]);
  });

  it("may open the page through a link on another site", async () => {
    const { get } = await playground();
    expect(
      (await get("/", { "sec-fetch-site": "cross-site", "sec-fetch-dest": "document" })).status,
    ).toBe(200);
  });

  it("reaches an open playground by its address, but by no name except the configured one", async () => {
    const { get } = await playground({ host: "0.0.0.0" });
    expect((await get("/", {}, "http://192.168.1.5:3000")).status).toBe(200);
    expect((await get("/", {}, "http://evil.example:3000")).status).toBe(403);
    const named = await playground({ host: "lambo.lan" });
    expect((await named.get("/", {}, "http://lambo.lan:3000")).status).toBe(200);
  });

  it("reaches a playground on this computer by no other address", async () => {
    const { get } = await playground();
    expect((await get("/", {}, "http://192.168.1.5:3000")).status).toBe(403);
    expect((await get("/", {}, "http://localhost:3000")).status).toBe(200);
  });
});

describe("a command", () => {
  it("runs with the member's rights in Discord's nearest language, and its answer is in the channel", async () => {
    const { ask, messages, facts } = await playground();
    const response = await ask({ text: "<b>hi</b>" });
    expect(await response.json()).toMatchObject({ type: 4 });
    const message = only(messages.all());
    expect(message.content).toBe(`<b>hi</b> de ${facts.members[0]?.permissions}`);
    expect(message).toMatchObject({
      flags: 0,
      author: { bot: true },
      interaction_metadata: { name: "ask", user: { name: "Alex" } },
    });
  });

  it("shows that the bot is thinking when it is slow, and then the answer in the same place", async () => {
    let answer: (answer: CommandResult) => void = () => {};
    const { ask, messages, advance, settle } = await playground({
      answer: () => new Promise((resolve) => (answer = resolve)),
    });
    const asked = ask();
    await settle();
    await advance(1_500);
    expect(await (await asked).json()).toMatchObject({ type: 5 });
    const thinking = only(messages.all());
    expect(thinking.flags).toBe(128);
    answer(saying("done"));
    await settle();
    await settle();
    expect(only(messages.all())).toMatchObject({
      id: thinking.id,
      content: "done",
      flags: 0,
      edited_timestamp: null,
    });
  });

  it("leaves only a private message when it is refused after a public deferral", async () => {
    let answer: (answer: CommandResult) => void = () => {};
    const { ask, messages, advance, settle } = await playground({
      answer: () => new Promise((resolve) => (answer = resolve)),
    });
    const asked = ask();
    await settle();
    await advance(1_500);
    await asked;
    answer({ kind: "refusal", reply: { content: "no" } });
    for (let round = 0; round < 5; round += 1) await settle();
    expect(only(messages.all())).toMatchObject({ content: "no", flags: 64 });
  });

  it("gets suggestions while its option is being typed", async () => {
    const { post, sent, messages } = await playground();
    const typing = sent(4, {
      type: 1,
      name: "ask",
      options: [{ name: "text", value: "do", focused: true }],
    });
    expect(await (await post("/interactions", typing)).json()).toEqual({
      type: 8,
      data: { choices: [{ name: "do!", value: "do" }] },
    });
    expect(messages.all()).toEqual([]);
  });

  it.each([
    ["no JSON", "nonsense"],
    [
      "of a user who is nobody here",
      { type: 2, channel_id: "100000000000000021", user_id: "1", locale: "de", data: {} },
    ],
    [
      "of a channel that is not here",
      { type: 2, channel_id: "1", user_id: "100000000000000011", locale: "de", data: {} },
    ],
    [
      "without its data",
      { type: 2, channel_id: "100000000000000021", user_id: "100000000000000011", locale: "de" },
    ],
  ])("is refused when it is malformed: %s", async (_what, body) => {
    const { post } = await playground();
    expect((await post("/interactions", body)).status).toBe(400);
  });
});

describe("a button", () => {
  it("changes the message for the asker, and knows when somebody else pressed it", async () => {
    const { ask, press, messages, guest } = await playground();
    await ask({ text: "x" });
    const message = only(messages.all());
    expect(await (await press(message)).json()).toMatchObject({ type: 7 });
    expect(only(messages.all())).toMatchObject({
      id: message.id,
      content: "asker",
      edited_timestamp: NOW.toISOString(),
    });
    await press(message, { user_id: guest?.id });
    expect(only(messages.all()).content).toBe("another");
  });

  it("names the message that it answers with a new one", async () => {
    const { ask, press, messages } = await playground({ pressVisibility: "private" });
    await ask();
    const [card] = messages.all();
    if (card === undefined) throw new Error("The card is missing.");
    await press(card);
    expect(messages.all()[1]).toMatchObject({
      flags: 64,
      message_reference: { message_id: card.id },
    });
  });

  it("is refused when its message is gone", async () => {
    const { ask, press, messages } = await playground();
    await ask();
    const message = only(messages.all());
    messages.remove(message.id);
    expect((await press(message)).status).toBe(404);
  });
});

describe("a picture", () => {
  const card: CommandResult = {
    kind: "reply",
    reply: {
      embeds: [{ image: { url: "attachment://card.png" } }],
      files: [{ name: "card.png", data: PNG, description: "Two cars" }],
    },
  };

  it("is served by the playground, with its alt text and size", async () => {
    const { ask, get, messages } = await playground({ answer: async () => card });
    await ask();
    const [attachment] = only(messages.all()).attachments;
    expect(attachment).toMatchObject({
      filename: "card.png",
      description: "Two cars",
      width: 1200,
      height: 630,
    });
    const response = await get(attachment?.url ?? "");
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG);
    expect((await get("/attachments/1/2/card.png")).status).toBe(404);
  });

  it("is dropped with its message, so that a long session does not fill the memory", async () => {
    const { ask, get, messages } = await playground({ answer: async () => card });
    await ask();
    const url = only(messages.all()).attachments[0]?.url ?? "";
    expect((await get(url)).status).toBe(200);
    for (let asked = 0; asked < 100; asked += 1) await ask();
    expect(messages.all()).toHaveLength(100);
    expect((await get(url)).status).toBe(404);
  });
});

describe("a text that a visitor writes", () => {
  it("is in the channel under the member's name, and refused where Discord would refuse it", async () => {
    const { post, sent, messages, facts } = await playground();
    const { type: _, data: __, locale: ___, ...place } = sent(0, null);
    expect((await post("/messages", { ...place, content: " $DOGE " })).status).toBe(204);
    expect(only(messages.all())).toMatchObject({
      content: "$DOGE",
      author: { id: facts.members[0]?.id, name: facts.members[0]?.name },
    });
    for (const wrong of [{ content: " " }, { content: "x".repeat(2_001) }, { channel_id: "1" }])
      expect((await post("/messages", { ...place, content: "x", ...wrong })).status).toBe(400);
    expect(messages.all()).toHaveLength(1);
  });

  it("is sent along with a command on it, unless it is gone", async () => {
    const { post, sent, messages, get } = await playground();
    const { type: _, data: __, locale: ___, ...place } = sent(0, null);
    await post("/messages", { ...place, content: "$DOGE" });
    const { id } = only(messages.all());
    const on = (target: string) =>
      post("/interactions", sent(2, { type: 3, name: "Echo" }, { target_id: target }));
    expect((await on(id)).status).toBe(200);
    expect(messages.all().at(-1)).toMatchObject({
      content: "heard $DOGE",
      interaction_metadata: { name: "Echo", command_type: 3 },
      message_reference: { message_id: id },
    });
    expect((await on("1")).status).toBe(404);
    expect((await get("/")).status).toBe(200);
  });
});

describe("a private message", () => {
  it("can be dismissed; a public one cannot", async () => {
    const { ask, post, messages } = await playground();
    await ask({ private: true });
    const secret = only(messages.all());
    expect((await post(`/dismiss/${secret.id}`, {})).status).toBe(204);
    expect(messages.all()).toEqual([]);
    await ask();
    expect((await post(`/dismiss/${only(messages.all()).id}`, {})).status).toBe(404);
    expect(messages.all()).toHaveLength(1);
  });
});

describe("an open page", () => {
  it("receives the whole state, then every change as it happens", async () => {
    const { get, ask, messages, post } = await playground();
    await ask({ text: "before" });
    const response = await get("/events");
    const events = eventsOf(response);
    expect(await events.next()).toMatchObject({
      kind: "snapshot",
      messages: [{ content: expect.stringContaining("before") }],
    });
    await ask({ text: "after" });
    expect(await events.next()).toMatchObject({
      kind: "message",
      message: { content: expect.stringContaining("after") },
    });
    const [first] = messages.all();
    messages.remove(first?.id ?? "");
    expect(await events.next()).toEqual({ kind: "gone", id: first?.id });
    await post("/market", { market: "demo" });
    expect(await events.next()).toMatchObject({ kind: "market", state: { market: "demo" } });
    await events.end();
  });
});

describe("the example", () => {
  const visit = async ({ get, settle }: Awaited<ReturnType<typeof playground>>) => {
    const response = await get("/events");
    for (let round = 0; round < 10; round += 1) await settle();
    await response.body?.cancel();
  };

  it("is answered once, for another member, and not where there are messages already", async () => {
    const fresh = await playground({ example: true });
    expect(fresh.messages.all()).toEqual([]);
    await visit(fresh);
    await visit(fresh);
    expect(only(fresh.messages.all())).toMatchObject({
      content: expect.stringContaining("doge"),
      flags: 0,
      edited_timestamp: null,
      interaction_metadata: { name: "ask", user: { name: "Robin" } },
    });
    const used = await playground({ example: true });
    await used.ask();
    await visit(used);
    expect(used.messages.all()).toHaveLength(1);
  });

  it("comes from the demo market when the real one has no answer", async () => {
    const open = await playground({
      example: true,
      answer: async () => ({ kind: "refusal", reply: { content: "no prices" } }),
      demoAnswer: async () => saying("invented"),
    });
    await visit(open);
    expect(only(open.messages.all())).toMatchObject({ content: "invented", flags: 0 });
    expect(open.markets.chosen()).toBe("real");
  });

  it("is not asked for again when no market has an answer", async () => {
    let asked = 0;
    const refuse = async (): Promise<CommandResult> => {
      asked += 1;
      return { kind: "refusal", reply: { content: "no prices" } };
    };
    const open = await playground({ example: true, answer: refuse });
    await visit(open);
    await visit(open);
    expect(open.messages.all()).toEqual([]);
    expect(asked).toBe(2);
  });
});

describe("the page's language", () => {
  const factsIn = (html: string) =>
    JSON.parse(/id="facts">(.*?)<\/script>/s.exec(html)?.[1] ?? "") as PageFacts;

  it("is the browser's, or the one chosen in the address, and only that one is sent", async () => {
    const { get } = await playground();
    const html = await (await get("/", { "accept-language": "de-CH, en;q=0.5" })).text();
    expect(html).toMatch(/<html lang="de" dir="ltr"/);
    expect(html).toContain('<option value="de" lang="de" selected>Deutsch</option>');
    const { commands, members, texts, locale } = factsIn(html);
    expect(locale).toBe("de");
    expect(commands[0]).toMatchObject({
      name: "ask",
      options: [{ name: "text" }, { name: "private", name_localized: "privat" }],
    });
    expect(members[0]?.title).toBe("Du, Serverbesitzer");
    expect(texts["playground.submit"]).toBe("Absenden");
    expect(html).not.toMatch(/_localizations|Nova mensagem|Submit/);
    const chosen = await get("/?lang=pt-BR", { "accept-language": "de" });
    expect(await chosen.text()).toMatch(/<html lang="pt-BR"/);
  });

  it("may be one that the bot does not speak, as a member's may: English, with its numbers", async () => {
    const { get } = await playground();
    const html = await (await get("/?lang=nl")).text();
    expect(html).toMatch(/<html lang="en"/);
    expect(factsIn(html)).toMatchObject({ locale: "nl", texts: { "playground.submit": "Submit" } });
    for (const lang of ["xx", "", "en-US-u-nu-thai", "de".repeat(2_000)])
      expect(factsIn(await (await get(`/?lang=${lang}`)).text()).locale).toBe("en-US");
  });

  it("is that of what the program says when it refuses, and of the market's state", async () => {
    const { post, get } = await playground();
    const german = { "accept-language": "de" };
    const refused = await post("/interactions", { nonsense: true }, german);
    expect(await refused.text()).toContain("das Discord nicht schicken würde");
    const outdated = await post("/market", {}, { ...german, [TOKEN_HEADER]: "old" });
    expect(await outdated.text()).toContain("vor dem Neustart");
    expect(await (await get("/nothing", german)).text()).toBe("Hier ist nichts");
  });

  it("is the locale of the visitor's call, beside the server's", async () => {
    const { post, sent, messages } = await playground({
      press: async ({ locale, guildLocale }) => saying(`${locale} ${guildLocale}`),
    });
    await post("/interactions", sent(2, { type: 1, name: "ask", options: [] }));
    const [card] = messages.all();
    const data = { component_type: 2, custom_id: "ask:again", values: [] };
    const more = { message_id: card?.id, locale: "ja", guild_locale: "fr" };
    await post("/interactions", sent(3, data, more));
    expect(messages.all()[0]?.content).toBe("ja fr");
  });
});

describe("what the page sent", () => {
  it("is recognized in the reply by its nonce", async () => {
    const { ask, press, messages } = await playground({ pressVisibility: "private" });
    await ask({}, { nonce: "7" });
    const [card] = messages.all();
    if (card === undefined) throw new Error("The card is missing.");
    await press(card, { nonce: "8" });
    expect(messages.all()).toMatchObject([
      { nonce: "7" },
      { nonce: "8", interaction_metadata: { name: "ask" } },
    ]);
  });

  it("gets no reply that Discord would have refused as too late", async () => {
    const { messages } = await playground();
    const frame = { channel_id: "1", author: { id: "2", name: "Bot" }, flags: 0 };
    const responder = playgroundResponder(messages, { frame, isTooLate: () => true }, () => {});
    await expect(responder.reply({ content: "late" }, "public")).rejects.toThrow("expired");
    await expect(responder.followUpPrivately({ content: "late" })).rejects.toThrow("expired");
    expect(messages.all()).toEqual([]);
  });
});

/** The events of a response, one at a time. */
function eventsOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";
  return {
    async next(): Promise<PageEvent> {
      while (!buffered.includes("\n\n")) buffered += (await reader?.read())?.value ?? "";
      const [event = "", ...rest] = buffered.split("\n\n");
      buffered = rest.join("\n\n");
      return JSON.parse(event.replace(/^data: /, "")) as PageEvent;
    },
    end: () => reader?.cancel(),
  };
}
