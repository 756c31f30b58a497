import { beforeEach, expect } from "vitest";
import { createDueTimes } from "../../src/digest/due.ts";
import { createServerDigests } from "../../src/digest/server-digest.ts";
import { createBotRest } from "../../src/discord/bot/bot-rest.ts";
import { createChannelPosts } from "../../src/discord/bot/channel-posts.ts";
import { createGuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import type { Services } from "../../src/services.ts";
import type { DigestEnding, DigestLedger } from "../../src/storage/digest-ledger.ts";
import type { GuildSettings } from "../../src/storage/guild-settings.ts";
import { StorageError } from "../../src/storage/storage-error.ts";
import {
  type CommandHarness,
  type CommandOptions,
  type TypedOptions,
  textOf,
  useCommands,
} from "../support/command-harness.ts";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import {
  type FakeChannel,
  type FakeGuild,
  type FakeUser,
  ordinaryPermissions,
  Permission,
} from "../support/fake-discord/world.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { syntheticSeries } from "../support/price-series.ts";

/** The instant at which every test begins. */
export const NOON = "2026-11-24T12:00:00Z";

const series = syntheticSeries({
  firstOn: "2023-06-01",
  lastOn: "2026-11-23",
  startUsd: 0.001,
  dailyGrowth: 0.005,
});
const COINS: FakeCoin[] = [
  { coinId: "bitcoin", symbol: "BTC", name: "Bitcoin", rank: 1, series, krakenPair: "XBTUSD" },
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 9, series },
  { coinId: "uniswap", symbol: "UNI", name: "Uniswap", rank: 30, series },
  { coinId: "unicorn-token", symbol: "UNI", name: "UNICORN Token", rank: 900, series },
  { coinId: "sly", symbol: "SLY", name: "**@everyone** [x](https://x.example)", rank: 50, series },
  ...Array.from({ length: 12 }, (_, index) => ({
    coinId: `coin-${index}`,
    symbol: `C${index}`,
    name: `Coin ${index}`,
    rank: 100 + index,
    series,
  })),
];

type Ending = Extract<DigestEnding, { kind: "sent" | "paused" | "missed" }>;
type Scene = {
  user?: FakeUser;
  unchecked?: boolean;
  locale?: string;
  isBeforeAppPermissions?: boolean;
};

/** A bot that posts digests, and a server of each test's own whose admin uses `/config`. */
export class ConfigUnderTest {
  readonly bot: CommandHarness;
  /** True while the record of digests cannot be read. */
  isRecordGone = false;
  #admin: FakeUser | undefined;

  constructor() {
    this.bot = useCommands({
      coins: COINS,
      plan: "analyst",
      now: NOON,
      replace: (plain, stage) => this.#posting(plain, stage),
    });
    beforeEach(async () => {
      this.isRecordGone = false;
      this.bot.market.setNow(NOON);
      this.#admin = this.manager();
      const ask = { priority: "interactive" } as const;
      await this.bot.services.coins.resolve("bitcoin", ask);
      await this.bot.services.rates.perUsd("EUR", ask);
    });
  }

  /** The admin of this test's server. */
  get admin(): FakeUser {
    if (this.#admin === undefined) throw new Error("there is an admin within a test only");
    return this.#admin;
  }

  /** The first channel of this test's server. */
  get general(): FakeChannel {
    return channelOf(this.bot.guild);
  }

  /** A new member of the server who may manage it. */
  manager(): FakeUser {
    const { discord, guild } = this.bot;
    const user = discord.user();
    const permissions = ordinaryPermissions | Permission.ManageGuild;
    guild.memberRoleIds.set(user.id, [discord.addRole(guild, { permissions }).id]);
    return user;
  }

  /** Sends a subcommand of `/config`, as the admin by default. */
  send(subcommand: string, options: TypedOptions = {}, scene: Scene = {}): InteractionHandle {
    return this.bot.send(`config ${subcommand}`, options, { user: this.admin, ...scene });
  }

  /** The same; resolves to what the admin reads, which nobody else may see. */
  async config(subcommand: string, options: TypedOptions = {}, scene: Scene = {}): Promise<string> {
    const asked = this.send(subcommand, options, scene);
    const answer = await asked.answer();
    expect(asked.messages().public).toEqual([]);
    return textOf(answer);
  }

  /** The settings of the server as they are stored, without the locale that calls bring along. */
  stored(): GuildSettings {
    return { ...this.bot.services.settings.read(this.bot.guild.id), preferredLocale: null };
  }

  suggestions(
    subcommand: string,
    focused: string,
    options: TypedOptions,
    locale = "en-US",
  ): ReturnType<InteractionHandle["suggestions"]> {
    const { discord, guild } = this.bot;
    const name = `config ${subcommand}`;
    return discord.type({ user: this.admin, guild, name, focused, options, locale }).suggestions();
  }

  /** Runs some work with a service replaced. */
  async withService<Name extends keyof Services>(
    name: Name,
    value: Services[Name],
    work: () => Promise<void>,
  ): Promise<void> {
    const restore = this.bot.replace({ [name]: value });
    try {
      await work();
    } finally {
      restore();
    }
  }

  /** The admin as the author of a change, some seconds after now. */
  author(seconds = 0): { readonly userId: string; readonly at: Date } {
    const at = new Date(this.bot.market.now().getTime() + seconds * 1_000);
    return { userId: this.admin.id, at };
  }

  ledger(): DigestLedger {
    return this.bot.market.storage().ledger;
  }

  /** Records the outcome of an earlier day's digest as the program does. */
  async recordDigest(
    localOn: string,
    ending: Ending,
    atIso = `${localOn}T09:00:05Z`,
  ): Promise<void> {
    const at = new Date(atIso);
    const channelId = this.general.id;
    const dueAt = `${localOn}T09:00:00.000Z`;
    const slot = { guildId: this.bot.guild.id, localOn, channelId, dueAt };
    const claims = await this.ledger().claim([slot], at);
    const sending =
      ending.kind === "sent"
        ? await this.ledger().beginSending(
            claims.map((claim) => ({ claim, channelId, storyCoinId: null, closesTo: null })),
            at,
          )
        : claims;
    await this.ledger().end(
      sending.map((claim) => ({ claim, ending })),
      at,
    );
  }

  /** Pauses the digest since yesterday. */
  async pauseDigest(reason: string): Promise<void> {
    const channelId = this.stored().digestChannelId ?? "";
    await this.ledger().setTrouble(
      { guildId: this.bot.guild.id, channelId, reason },
      new Date("2026-11-23T09:00:00Z"),
    );
  }

  troubles(): ReturnType<DigestLedger["troubles"]> {
    return this.ledger().troubles([this.bot.guild.id]);
  }

  /** What a bot with a token has besides: digests and a directory, as it wires them. */
  #posting(
    plain: Services,
    { discord, market }: Parameters<NonNullable<CommandOptions["replace"]>>[1],
  ): Pick<Services, "digests" | "directory"> {
    const rest = createBotRest({ token: discord.token, apiUrl: discord.apiUrl });
    const directory = createGuildDirectory({ rest, now: market.now, keepMs: 0 });
    const { ledger, settings } = market.storage();
    const gone = () => Promise.reject(new StorageError("gone", { where: "here" }));
    const digests = createServerDigests({
      settings,
      ledger: {
        ...ledger,
        latest: (...asked) => (this.isRecordGone ? gone() : ledger.latest(...asked)),
        entries: (...asked) => (this.isRecordGone ? gone() : ledger.entries(...asked)),
      },
      preview: plain.previewDigest,
      times: createDueTimes(),
      posts: createChannelPosts({ rest, directory }),
      directory,
      log: plain.log,
      now: market.now,
    });
    return { digests, directory };
  }
}

/** The first channel of a server. */
export function channelOf(guild: FakeGuild): FakeChannel {
  const [channel] = guild.channels.values();
  if (channel === undefined) throw new Error("a server begins with a channel");
  return channel;
}
