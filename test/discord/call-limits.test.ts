import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import type { Call } from "../../src/discord/call.ts";
import { createCallLimits, GUILD_LIMIT, USER_LIMIT } from "../../src/discord/call-limits.ts";
import { defineCommand } from "../../src/discord/command.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import type { Reply, Visibility } from "../../src/discord/reply.ts";
import type { Responder } from "../../src/discord/responder.ts";
import { type Log, silentLog } from "../../src/process/log.ts";
import { connectRedis } from "../../src/process/redis.ts";
import type { Services } from "../../src/services.ts";
import { redisMissing, startRedis } from "../support/redis.ts";

type Told = { readonly reply: Reply; readonly visibility: Visibility };

/** A bot with one command, limited as the real one, and what it told whom. */
function startBot(limits = createCallLimits()) {
  let ran = 0;
  const lambo = defineCommand({
    name: "lambo",
    description: "Would it buy a Lambo?",
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild],
    options: {
      coin: { type: ApplicationCommandOptionType.String, description: "Coin", autocomplete: true },
    },
    visibility: () => "public",
    async run() {
      ran += 1;
      return { kind: "reply", reply: { content: "To the moon" } };
    },
    suggest: async () => [{ name: "Dogecoin", value: "dogecoin" }],
    components: {
      again: {
        visibility: () => "edit",
        async run() {
          ran += 1;
          return { kind: "reply", reply: { content: "Again" } };
        },
      },
    },
  });
  const outcomes: unknown[] = [];
  const log: Log = {
    debug() {},
    warn() {},
    error() {},
    info: (fields) => void ("outcome" in fields && outcomes.push(fields.outcome)),
  };
  // The command above draws on no service.
  const dispatch = createDispatch({ commands: [lambo], services: {} as Services, log, limits });
  const told: Told[] = [];
  let suggested = 0;
  const responder: Responder = {
    reply: async (reply, visibility) => void told.push({ reply, visibility }),
    async suggest(choices) {
      suggested += choices.length;
    },
    defer: async () => {},
    editReply: async () => {},
    deleteReply: async () => {},
    followUpPrivately: async () => {},
    openModal: async () => {},
  };
  const origin = {
    interactionId: "1",
    applicationId: "2",
    locale: "en-US",
    attachmentLimitBytes: 1_000,
  };
  const from = (userId: string, guildId?: string) => ({
    ...origin,
    userId,
    ...(guildId !== undefined && { guildId }),
  });
  const handle = (call: Call) => dispatch.handle(call, responder);
  return {
    told,
    outcomes,
    ran: () => ran,
    suggested: () => suggested,
    ask: (userId: string, guildId?: string) =>
      handle({ ...from(userId, guildId), kind: "command", commandName: "lambo", options: {} }),
    press: (userId: string, guildId?: string) =>
      handle({
        ...from(userId, guildId),
        kind: "component",
        customId: "lambo:again",
        values: [],
        isPrivate: false,
      }),
    type: (userId: string) =>
      handle({
        ...from(userId),
        kind: "autocomplete",
        commandName: "lambo",
        focused: { name: "coin", text: "d" },
        options: {},
      }),
  };
}

const times = async (count: number, work: (at: number) => Promise<unknown>) => {
  for (let at = 0; at < count; at += 1) await work(at);
};

describe("somebody who asks too often", () => {
  it("is told so privately, with the time to wait, before any work starts", async () => {
    const bot = startBot();
    await times(USER_LIMIT.calls, () => bot.ask("7"));
    await bot.ask("7");
    expect(bot.ran()).toBe(USER_LIMIT.calls);
    expect(bot.told.at(-1)).toEqual({
      reply: { content: expect.stringMatching(/Ask again in (a second|\d+ seconds)\.$/) },
      visibility: "private",
    });
    expect(bot.outcomes.at(-1)).toBe("limited");
    await bot.ask("8");
    expect(bot.told.at(-1)?.reply.content).toBe("To the moon");
  });

  it("does not lose a card to that sentence when its buttons are pressed too often", async () => {
    const bot = startBot();
    await times(USER_LIMIT.calls + 1, () => bot.press("7"));
    expect(bot.told.at(-2)).toMatchObject({ visibility: "edit" });
    expect(bot.told.at(-1)).toMatchObject({
      visibility: "private",
      reply: { content: expect.stringContaining("Ask again") },
    });
  });

  it("still gets suggestions while typing", async () => {
    const bot = startBot();
    await times(USER_LIMIT.calls + 1, () => bot.ask("7"));
    await times(5 * USER_LIMIT.calls, () => bot.type("7"));
    expect(bot.suggested()).toBe(5 * USER_LIMIT.calls);
  });
});

describe("a server in which very many ask at once", () => {
  it("has to wait a little, and no other server does", async () => {
    const bot = startBot();
    await times(GUILD_LIMIT.calls, (at) => bot.ask(`user ${at}`, "busy"));
    await bot.ask("latecomer", "busy");
    expect(bot.told.at(-1)).toMatchObject({
      visibility: "private",
      reply: { content: expect.stringContaining("this server") },
    });
    expect(bot.ran()).toBe(GUILD_LIMIT.calls);
    await bot.ask("latecomer", "calm");
    await bot.ask("latecomer");
    expect(bot.ran()).toBe(GUILD_LIMIT.calls + 2);
  });
});

const missing = redisMissing();

describe.skipIf(missing !== undefined)(
  `limits that processes share${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    const open: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const close of open.splice(0).reverse()) await close();
    });

    it("count what somebody asks of all of them, and of each while Redis does not answer", async () => {
      const server = await startRedis();
      open.push(() => server.remove());
      const processOf = async (name = "bot") => {
        const redis = await connectRedis({ url: server.url, log: silentLog });
        open.push(() => redis.close());
        return startBot(createCallLimits({ redis, name }));
      };
      const [one, other, another] = [
        await processOf(),
        await processOf(),
        await processOf("another bot"),
      ];
      await times(USER_LIMIT.calls, (at) => (at % 2 === 0 ? one : other).ask("7"));
      await one.ask("7");
      await other.ask("7");
      expect(one.ran() + other.ran()).toBe(USER_LIMIT.calls);
      expect(one.outcomes.at(-1)).toBe("limited");
      expect(other.outcomes.at(-1)).toBe("limited");
      await another.ask("7");
      expect(another.ran()).toBe(1);

      server.freeze();
      await times(USER_LIMIT.calls + 1, () => one.ask("8"));
      expect(one.ran() + other.ran()).toBe(2 * USER_LIMIT.calls);
      expect(one.outcomes.at(-1)).toBe("limited");
    });
  },
);
