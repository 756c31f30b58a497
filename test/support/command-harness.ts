import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { commands } from "../../commands/index.ts";
import { localizedCommands } from "../../src/discord/command-localizations.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import { type Log, silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";
import { checkMarketRequest } from "../contract/market-spec.ts";
import { UNLIMITED } from "../support/quick-timing.ts";
import { connectGateway } from "./connected-gateway.ts";
import { type FakeDiscord, startFakeDiscord } from "./fake-discord/fake-discord.ts";
import type { InteractionHandle } from "./fake-discord/interaction-handle.ts";
import type { CommandScene } from "./fake-discord/scene.ts";
import type { SeenMessage } from "./fake-discord/seen-message.ts";
import type { FakeGuild, FakeUser } from "./fake-discord/world.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "./market-under-test.ts";
import { servicesUnderTest } from "./services.ts";

/** The real discord.js client and every command on a fake Discord and a fake market. */
export type RunningCommands = {
  readonly discord: FakeDiscord;
  readonly market: MarketUnderTest;
  /** The services of the commands; replacing a part changes the running bot. */
  readonly services: Services;
  close(): Promise<void>;
};

/** Options of {@link startCommands}. */
export type CommandOptions = Omit<MarketUnderTestOptions, "log"> & {
  /** Parts of the services to replace from the start. */
  readonly replace?: (
    services: Services,
    stage: Pick<RunningCommands, "discord" | "market">,
  ) => Partial<Services>;
  readonly log?: Log;
  /** After how long dispatch shows "thinking…". */
  readonly deferAfterMs?: number;
};

/** Options of a command as somebody types them. */
export type TypedOptions = Readonly<Record<string, string | number | boolean>>;

/** A bot shared by the tests of a file; each test has a server and a member of its own. */
export type CommandHarness = Omit<RunningCommands, "close"> & {
  /** The server of this test. */
  readonly guild: FakeGuild;
  /** The member of it who sends the commands. */
  readonly member: FakeUser;
  /** Sends a command as that member, in that server unless the scene says otherwise. */
  send(name: string, options?: TypedOptions, scene?: Partial<CommandScene>): InteractionHandle;
  /** The same, and waits for the reply. */
  ask(name: string, options?: TypedOptions, scene?: Partial<CommandScene>): Promise<SeenMessage>;
  /** What is suggested under `focused` while the options are typed. */
  suggestions(
    name: string,
    focused: string,
    options: TypedOptions,
  ): ReturnType<InteractionHandle["suggestions"]>;
  /** Replaces services until the test ends, or the function that it returns is called. */
  replace(parts: Partial<Services>): () => void;
};

const START_TIMEOUT_MS = 60_000;

/** Starts a bot with every command. The caller closes it. */
export async function startCommands({
  replace,
  log = silentLog,
  deferAfterMs,
  ...marketOptions
}: CommandOptions): Promise<RunningCommands> {
  const market = await startMarketUnderTest({ budget: UNLIMITED, ...marketOptions });
  const discord = await startFakeDiscord({ rateLimits: false });
  const plain = servicesUnderTest(market, { log });
  const services = { ...plain, ...replace?.(plain, { discord, market }) };
  const dispatch = createDispatch({
    commands,
    services,
    log,
    ...(deferAfterMs !== undefined && { deferAfterMs }),
  });
  const { token, apiUrl } = discord;
  const gateway = await connectGateway({ token, apiUrl, commands, dispatch, log });
  const { rest, applicationId } = gateway;
  const wanted = localizedCommands(commands).commands;
  await registerCommands({ rest, applicationId, wanted, log });
  return {
    discord,
    market,
    services,
    async close() {
      await gateway.stop();
      await discord.close();
      await market.close();
    },
  };
}

/**
 * Starts one bot for all tests of a file, and stops it after them. After each test, no
 * request may have broken the rules of Discord or of the price providers.
 */
export function useCommands(options: CommandOptions): CommandHarness {
  let running: RunningCommands;
  let guild: FakeGuild;
  let member: FakeUser;
  let original: Services;

  beforeAll(async () => {
    running = await startCommands(options);
    original = { ...running.services };
  }, START_TIMEOUT_MS);
  afterAll(() => running.close());
  beforeEach(() => {
    const { discord, market, services } = running;
    guild = discord.addGuild();
    member = discord.user();
    const lawfulSoFar = discord.violations.length;
    market.fake.forget();
    return () => {
      Object.assign(services, original);
      expect(discord.violations.slice(lawfulSoFar)).toEqual([]);
      expect(market.fake.violations()).toEqual([]);
      expect(market.fake.requests.flatMap(checkMarketRequest)).toEqual([]);
    };
  });

  const send: CommandHarness["send"] = (name, typed = {}, scene = {}) =>
    running.discord.command({ user: member, guild, name, options: typed, ...scene });
  return {
    get discord() {
      return running.discord;
    },
    get market() {
      return running.market;
    },
    get services() {
      return running.services;
    },
    get guild() {
      return guild;
    },
    get member() {
      return member;
    },
    send,
    ask: (...asked) => send(...asked).answer(),
    suggestions: (name, focused, typed) =>
      running.discord.type({ user: member, guild, name, focused, options: typed }).suggestions(),
    replace(parts) {
      const previous = { ...running.services };
      Object.assign(running.services, parts);
      return () => {
        Object.assign(running.services, previous);
      };
    },
  };
}

/** The custom id on a message that begins with `prefix`, such as `lambo:share:`. */
export function customIdOn(message: Pick<SeenMessage, "components">, prefix: string): string {
  const [id] = customIdsOn(message, prefix);
  if (id === undefined) throw new Error(`no ${prefix} on the message`);
  return id;
}

/** Every custom id on a message that begins with `prefix`, in order. */
export function customIdsOn(
  { components }: Pick<SeenMessage, "components">,
  prefix: string,
): readonly string[] {
  return [...JSON.stringify(components).matchAll(/"custom_id":"([^"]*)"/g)]
    .map(([, id = ""]) => id)
    .filter((id) => id.startsWith(prefix));
}

/** All text of a message except its buttons. */
export function textOf(message: SeenMessage): string {
  const embeds = message.embeds.flatMap(({ title, description, fields = [], footer }) => [
    title,
    description,
    ...fields.flatMap(({ name, value }) => [name, value]),
    footer?.text,
  ]);
  return [message.content, ...embeds]
    .filter((text) => text !== undefined && text !== "")
    .join("\n");
}
