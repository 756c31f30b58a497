import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GuildSettingsChange, NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { GUILD_TABLES } from "../../src/storage/tables.ts";
import type { EngineUnderTest } from "./storage-under-test.ts";

const GUILD = "1100000000000000001";
const OTHER = "1100000000000000002";
const ANNA = "2200000000000000001";
const BEN = "2200000000000000002";

/** Every field that can be chosen, none as its default. */
const EVERYTHING = {
  currency: "EUR",
  stake: 250.5,
  stakeCurrency: "JPY",
  carKey: "urus-se",
  carPrice: 199_999.99,
  carPriceCurrency: "GBP",
  replies: "private",
  language: "pt-BR",
  digestEnabled: true,
  digestChannelId: "3300000000000000001",
  digestTime: "09:30",
  digestZone: "America/Argentina/Buenos_Aires",
  digestEvery: "mon,thu",
  digestRiddle: true,
  digestRoleId: "4400000000000000001",
  digestCoins: ["dogecoin", "bitcoin", "pepe"],
  symbols: { UNI: "uniswap", $BTC: "bitcoin" },
} as const satisfies GuildSettingsChange;

const at = (iso: string) => new Date(iso);
const NOON = at("2026-11-24T12:00:00Z");
const byAnna = { userId: ANNA, at: NOON };

/** The rules of the database on every engine. */
export function storageContract(start: () => Promise<EngineUnderTest>): void {
  let engine: EngineUnderTest;
  let storage: Storage;

  beforeEach(async () => {
    engine = await start();
    storage = await engine.open();
  });
  afterEach(() => engine.close());

  /** Opens the same database as a process that starts later. */
  const restarted = () => engine.open();

  describe("settings", () => {
    it("are the defaults for a server that never chose anything, and nothing is stored about it", async () => {
      expect(storage.settings.read(GUILD)).toEqual(NO_SETTINGS);
      expect(await storage.forget(GUILD)).toEqual({
        settings: 0,
        symbols: 0,
        changes: 0,
        digests: 0,
      });
    });

    it("are exactly as chosen, at once and after a restart, with the coins in order", async () => {
      const { settings: chosen } = await storage.settings.change(GUILD, EVERYTHING, byAnna);
      expect(chosen).toEqual({ ...NO_SETTINGS, ...EVERYTHING, digestSince: NOON.toISOString() });
      expect(storage.settings.read(GUILD)).toEqual(chosen);
      expect((await restarted()).settings.read(GUILD)).toEqual(chosen);
    });

    it("change field by field: what is left out stays, null is the default again", async () => {
      await storage.settings.change(GUILD, EVERYTHING, byAnna);
      const { settings: chosen } = await storage.settings.change(
        GUILD,
        {
          currency: "JPY",
          digestCoins: null,
          digestRoleId: null,
          symbols: { UNI: null, PEPE: "pepe" },
        },
        byAnna,
      );
      const expected = {
        ...NO_SETTINGS,
        ...EVERYTHING,
        currency: "JPY",
        stakeCurrency: null,
        digestCoins: null,
        digestRoleId: null,
        symbols: { $BTC: "bitcoin", PEPE: "pepe" },
        digestSince: NOON.toISOString(),
      };
      expect(chosen).toEqual(expected);
      expect((await restarted()).settings.read(GUILD)).toEqual(expected);
    });

    it("keep an amount in the currency that it was typed in, however often the server's currency changes", async () => {
      const change = async (one: GuildSettingsChange) =>
        (await storage.settings.change(GUILD, one, byAnna)).settings;
      await change({ currency: "EUR", stake: 1_000, carPrice: 180_000 });
      expect(await change({ currency: "JPY" })).toMatchObject({
        stake: 1_000,
        stakeCurrency: "EUR",
        carPriceCurrency: "EUR",
      });
      expect(await change({ stake: 5_000 })).toMatchObject({
        stake: 5_000,
        stakeCurrency: null,
        carPriceCurrency: "EUR",
      });
      expect(await change({ currency: null })).toMatchObject({
        stake: 5_000,
        stakeCurrency: "JPY",
      });
      expect((await restarted()).settings.read(GUILD)).toMatchObject({
        stakeCurrency: "JPY",
        carPrice: 180_000,
        carPriceCurrency: "EUR",
      });
      expect(await change({ currency: "EUR", carPrice: null })).toMatchObject({
        stakeCurrency: "JPY",
        carPriceCurrency: null,
      });
      expect(await change({ stake: null })).toMatchObject({ stake: null, stakeCurrency: null });
    });

    it("record an amount whose currency changed, but not one that merely has another server currency now", async () => {
      const change = (one: GuildSettingsChange) => storage.settings.change(GUILD, one, byAnna);
      await change({ currency: "EUR", stake: 1_000 });
      await change({ currency: "JPY" });
      await change({ stake: 1_000 });
      await change({ stake: 2_000 });
      const history = await storage.settings.history(GUILD, 10);
      expect(history.map(({ what, old, new: current }) => [what, old, current]).reverse()).toEqual([
        ["currency", null, "EUR"],
        ["stake", null, "1000"],
        ["currency", "EUR", "JPY"],
        ["stake", "1000 EUR", "1000 JPY"],
        ["stake", "1000", "2000"],
      ]);
    });

    it("of one server do not affect another", async () => {
      await storage.settings.change(GUILD, EVERYTHING, byAnna);
      await storage.settings.change(OTHER, { currency: "CHF" }, byAnna);
      expect(storage.settings.read(OTHER)).toEqual({ ...NO_SETTINGS, currency: "CHF" });
      expect((await restarted()).settings.read(OTHER)).toEqual({ ...NO_SETTINGS, currency: "CHF" });
    });

    it("hold names that look like code, and none of them is run", async () => {
      const odd = "'); DROP TABLE guild_settings; --";
      await storage.settings.change(
        GUILD,
        { digestZone: odd, symbols: { [odd]: "x", CONSTRUCTOR: "y" } },
        byAnna,
      );
      expect((await restarted()).settings.read(GUILD)).toMatchObject({
        digestZone: odd,
        symbols: { [odd]: "x", CONSTRUCTOR: "y" },
      });
    });

    it("of thousands of servers are each read back as they were", async () => {
      const guildIds = Array.from({ length: 2_300 }, (_, n) => `${9_000 + n}`);
      await storage.database.write(async (transaction) => {
        const all = guildIds.map((guild_id) => ({
          guild_id,
          currency: `C${guild_id}`,
          revision: 0,
        }));
        await transaction.insertInto("guild_settings").values(all).execute();
        const coins = guildIds.flatMap((guild_id) =>
          [1, 0].map((position) => ({ guild_id, position, coin_id: `${guild_id}-${position}` })),
        );
        await transaction.insertInto("guild_digest_coins").values(coins).execute();
        const symbols = guildIds.map((guild_id) => ({
          guild_id,
          symbol: `S${guild_id}`,
          coin_id: guild_id,
        }));
        await transaction.insertInto("guild_symbols").values(symbols).execute();
      });
      const { settings } = await restarted();
      for (const id of guildIds) {
        const expected = {
          ...NO_SETTINGS,
          currency: `C${id}`,
          digestCoins: [`${id}-0`, `${id}-1`],
          symbols: { [`S${id}`]: id },
        };
        expect(settings.read(id)).toEqual(expected);
      }
    });

    it("return to the defaults on a reset, and the history keeps the previous values", async () => {
      await storage.settings.change(
        GUILD,
        { currency: "EUR", symbols: { UNI: "uniswap" } },
        byAnna,
      );
      await storage.settings.reset(GUILD, { userId: BEN, at: NOON });
      expect(storage.settings.read(GUILD)).toEqual(NO_SETTINGS);
      expect((await restarted()).settings.read(GUILD)).toEqual(NO_SETTINGS);
      expect(
        (await storage.settings.history(GUILD, 10)).map(({ userId, what, old, new: now }) => [
          userId,
          what,
          old,
          now,
        ]),
      ).toEqual([
        [BEN, "reset", "currency EUR; symbol:UNI uniswap", null],
        [ANNA, "symbol:UNI", null, "uniswap"],
        [ANNA, "currency", null, "EUR"],
      ]);
    });
  });

  describe("the locale that a server has chosen in Discord", () => {
    const choose = (guildId: string) =>
      storage.settings.change(guildId, { currency: "EUR" }, byAnna);
    const remember = (...told: readonly (readonly [string, string])[]) =>
      storage.settings.rememberLocales(new Map(told));
    const localeIn = ({ settings }: Storage, guildId = GUILD) =>
      settings.read(guildId).preferredLocale;

    it("is remembered over restarts and by other processes, with every setting kept", async () => {
      const second = await engine.open();
      await choose(GUILD);
      await choose(OTHER);
      await remember([GUILD, "de"], [OTHER, "ja"]);
      await remember([GUILD, "es-419"]);
      expect(storage.settings.read(GUILD)).toEqual({
        ...NO_SETTINGS,
        currency: "EUR",
        preferredLocale: "es-419",
      });
      await expect.poll(() => localeIn(second)).toBe("es-419");
      const later = await restarted();
      expect([localeIn(later), localeIn(later, OTHER)]).toEqual(["es-419", "ja"]);
    });

    it("is not stored about a server that has no settings", async () => {
      await remember([GUILD, "de"]);
      await storage.settings.change(GUILD, { preferredLocale: "de" }, byAnna);
      expect(storage.settings.read(GUILD)).toEqual(NO_SETTINGS);
      expect(await storage.forget(GUILD)).toMatchObject({ settings: 0 });
    });

    it("comes with the first setting, is no change of its own, and outlasts a reset and an undo", async () => {
      await storage.settings.change(GUILD, { currency: "EUR", preferredLocale: "de" }, byAnna);
      await remember([GUILD, "fr"]);
      const { changeId } = await storage.settings.reset(GUILD, byAnna);
      expect(localeIn(storage)).toBe("fr");
      await storage.settings.undo(GUILD, changeId ?? -1, byAnna);
      expect(localeIn(await restarted())).toBe("fr");
      const history = await storage.settings.history(GUILD, 10);
      expect(history.map(({ what }) => what)).toEqual(["currency", "reset", "currency"]);
    });
  });

  describe("the history", () => {
    it("records who changed what, when, from what to what, newest first; an unchanged value is not recorded", async () => {
      await storage.settings.change(GUILD, { currency: "EUR", stake: 500 }, byAnna);
      await storage.settings.change(
        GUILD,
        { currency: "EUR", stake: 1_000, digestCoins: ["bitcoin", "pepe"], digestEnabled: false },
        { userId: BEN, at: at("2026-11-24T13:00:00Z") },
      );
      const history = await storage.settings.history(GUILD, 10);
      expect(history).toEqual([
        {
          at: at("2026-11-24T13:00:00Z"),
          userId: BEN,
          what: "digestCoins",
          old: null,
          new: "bitcoin, pepe",
        },
        {
          at: at("2026-11-24T13:00:00Z"),
          userId: BEN,
          what: "digestEnabled",
          old: null,
          new: "false",
        },
        { at: at("2026-11-24T13:00:00Z"), userId: BEN, what: "stake", old: "500", new: "1000" },
        { at: NOON, userId: ANNA, what: "stake", old: null, new: "500" },
        { at: NOON, userId: ANNA, what: "currency", old: null, new: "EUR" },
      ]);
      expect(await storage.settings.history(GUILD, 2)).toEqual(history.slice(0, 2));
      expect(await storage.settings.history(OTHER, 10)).toEqual([]);
    });
  });

  describe("a change", () => {
    const byBen = { userId: BEN, at: at("2026-11-24T13:00:00Z") };
    const chosen = () => ({ ...storage.settings.read(GUILD), digestSince: null });
    const change = async (one: GuildSettingsChange, author = byAnna) =>
      (await storage.settings.change(GUILD, one, author)).changeId ?? -1;

    it("is undone exactly, after a restart and by another admin, once, as a change that is recorded", async () => {
      await change(EVERYTHING);
      const changeId = await change({
        currency: "CHF",
        stake: 5,
        carKey: null,
        carPrice: null,
        replies: null,
        language: "de",
        digestEnabled: false,
        digestTime: "10:00",
        digestRoleId: null,
        digestCoins: null,
        symbols: { UNI: null, PEPE: "pepe" },
      });
      const later = await restarted();
      const outcome = await later.settings.undo(GUILD, changeId, byBen);
      expect(outcome.ok && { ...outcome.settings, digestSince: null }).toEqual({
        ...NO_SETTINGS,
        ...EVERYTHING,
        digestSince: null,
      });
      const recorded = await later.settings.history(GUILD, 12);
      expect(recorded).toHaveLength(12);
      expect(recorded.every(({ userId }) => userId === BEN)).toBe(true);
      expect(recorded).toContainEqual({ ...byBen, what: "digestTime", old: "10:00", new: "09:30" });
      expect(await storage.settings.undo(GUILD, changeId, byBen)).toEqual({
        ok: false,
        reason: "undone",
      });
    });

    it("can be done again by undoing its undoing", async () => {
      const changeId = await change({ stake: 500, symbols: { UNI: "uniswap" } });
      const undone = await storage.settings.undo(GUILD, changeId, byBen);
      expect(chosen()).toEqual(NO_SETTINGS);
      await storage.settings.undo(GUILD, (undone.ok && undone.changeId) || -1, byAnna);
      expect(chosen()).toEqual({ ...NO_SETTINGS, stake: 500, symbols: { UNI: "uniswap" } });
    });

    it("is not undone over a newer one of the same setting, which is named with its author", async () => {
      const changeId = await change({ digestTime: "10:00", replies: "private" });
      await change({ digestTime: "11:00" }, byBen);
      await change({ digestTime: "12:00", currency: "EUR" }, byBen);
      expect(await storage.settings.undo(GUILD, changeId, byAnna)).toEqual({
        ok: false,
        reason: "superseded",
        later: { ...byBen, what: "digestTime", old: "11:00", new: "12:00" },
      });
      expect(chosen()).toMatchObject({ digestTime: "12:00", replies: "private" });
    });

    it("of another setting, or of another server, stays when one is undone", async () => {
      const changeId = await change({ stake: 500 });
      await change({ currency: "EUR" }, byBen);
      await storage.settings.change(OTHER, { stake: 9 }, byBen);
      expect(await storage.settings.undo(GUILD, changeId, byAnna)).toMatchObject({ ok: true });
      expect(chosen()).toEqual({ ...NO_SETTINGS, currency: "EUR" });
      expect(storage.settings.read(OTHER).stake).toBe(9);
    });

    it("that brought an amount back has it in the currency that it was typed in", async () => {
      await change({ currency: "EUR", stake: 500 });
      const changeId = await change({ stake: 700 });
      await change({ currency: "JPY" }, byBen);
      await storage.settings.undo(GUILD, changeId, byAnna);
      expect(chosen()).toMatchObject({ currency: "JPY", stake: 500, stakeCurrency: "EUR" });
    });

    it("of everything at once, a reset, is undone too, and blocks what is older", async () => {
      const first = await change(EVERYTHING);
      const { changeId } = await storage.settings.reset(GUILD, byBen);
      expect(await storage.settings.undo(GUILD, first, byAnna)).toMatchObject({
        reason: "superseded",
        later: { userId: BEN, what: "reset" },
      });
      await storage.settings.undo(GUILD, changeId ?? -1, byAnna);
      expect(chosen()).toEqual({ ...NO_SETTINGS, ...EVERYTHING });
    });

    it("is unknown to other servers, and to its own once everything is forgotten", async () => {
      const changeId = await change({ stake: 500 });
      const unknown = { ok: false, reason: "unknown" };
      expect(await storage.settings.undo(OTHER, changeId, byBen)).toEqual(unknown);
      await storage.forget(GUILD);
      await change({ stake: 9 });
      expect(await storage.settings.undo(GUILD, changeId, byBen)).toEqual(unknown);
      expect(chosen().stake).toBe(9);
    });

    it("that altered nothing has nothing to undo", async () => {
      await change({ stake: 500 });
      expect((await storage.settings.change(GUILD, { stake: 500 }, byBen)).changeId).toBeNull();
    });
  });

  describe("two admins at once", () => {
    it("lose neither change, and the later one wins where both change a field", async () => {
      await Promise.all([
        storage.settings.change(GUILD, { currency: "EUR", stake: 1 }, { userId: ANNA, at: NOON }),
        storage.settings.change(GUILD, { carKey: "revuelto", stake: 2 }, { userId: BEN, at: NOON }),
      ]);
      expect((await restarted()).settings.read(GUILD)).toMatchObject({
        currency: "EUR",
        carKey: "revuelto",
        stake: 2,
      });
      expect((await storage.settings.history(GUILD, 1))[0]).toMatchObject({ what: "carKey" });
    });

    it("on two processes lose neither change, and both processes learn of both", async () => {
      const second = await engine.open();
      const changes = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? storage : second).settings.change(
          GUILD,
          { symbols: { [`S${n}`]: `coin-${n}` }, stake: n + 1 },
          byAnna,
        ),
      );
      await Promise.all(changes);
      const truth = (await restarted()).settings.read(GUILD);
      expect(Object.keys(truth.symbols)).toHaveLength(20);
      for (const process of [storage, second])
        await expect.poll(() => process.settings.read(GUILD)).toEqual(truth);
      const stakes = (await storage.settings.history(GUILD, 100))
        .filter(({ what }) => what === "stake")
        .reverse();
      expect(stakes.map(({ old }) => old)).toEqual([
        null,
        ...stakes.map((change) => change.new).slice(0, -1),
      ]);
    });
  });

  describe("another process", () => {
    it("sees a change, a reset and a server that was forgotten, without asking", async () => {
      const second = await engine.open();
      await storage.settings.change(GUILD, EVERYTHING, byAnna);
      await expect.poll(() => second.settings.read(GUILD)).toEqual(storage.settings.read(GUILD));
      await storage.settings.reset(GUILD, byAnna);
      await expect.poll(() => second.settings.read(GUILD)).toEqual(NO_SETTINGS);
      await second.settings.change(GUILD, { currency: "EUR" }, byAnna);
      await expect.poll(() => storage.settings.read(GUILD).currency).toBe("EUR");
      await second.forget(GUILD);
      await expect.poll(() => storage.settings.read(GUILD)).toEqual(NO_SETTINGS);
    });

    it("sees that the bot left a server and that it came back", async () => {
      const second = await engine.open();
      await storage.presence.removed(GUILD, NOON);
      await expect.poll(() => second.presence.hasLeft(GUILD)).toBe(true);
      await second.presence.seen(GUILD, at("2026-11-25T12:00:00Z"));
      await expect.poll(() => storage.presence.hasLeft(GUILD)).toBe(false);
    });
  });

  describe("the digest's first day", () => {
    const since = () => storage.settings.read(GUILD).digestSince;
    const change = (hour: number, what: GuildSettingsChange) =>
      storage.settings.change(GUILD, what, { userId: ANNA, at: at(`2026-11-24T${hour}:00:00Z`) });

    it("counts from when it was enabled, and from every change of time or zone, but of nothing else", async () => {
      await change(10, { digestChannelId: "1", digestTime: "09:00", digestEnabled: true });
      expect(since()).toBe("2026-11-24T10:00:00.000Z");
      await change(11, {
        digestCoins: ["bitcoin"],
        digestRoleId: "2",
        digestChannelId: "3",
        digestTime: "09:00",
        currency: "EUR",
      });
      expect(since()).toBe("2026-11-24T10:00:00.000Z");
      await change(12, { digestTime: "20:00" });
      expect(since()).toBe("2026-11-24T12:00:00.000Z");
      await change(13, { digestZone: "Europe/Berlin" });
      expect(since()).toBe("2026-11-24T13:00:00.000Z");
      await change(14, { digestEnabled: false });
      expect(since()).toBe("2026-11-24T13:00:00.000Z");
      await change(15, { digestEnabled: true });
      expect(since()).toBe("2026-11-24T15:00:00.000Z");
      expect((await restarted()).settings.read(GUILD).digestSince).toBe("2026-11-24T15:00:00.000Z");
    });

    it("counts from when an enabled digest got its channel", async () => {
      await change(10, { digestEnabled: true });
      await change(12, { digestChannelId: "1" });
      expect(since()).toBe("2026-11-24T12:00:00.000Z");
    });

    it("exists for servers that are enabled and have a channel, and for no others", async () => {
      await change(10, { digestEnabled: true, digestChannelId: "1" });
      await storage.settings.change(OTHER, { digestEnabled: true }, byAnna);
      await storage.settings.change("3", { digestChannelId: "1" }, byAnna);
      expect(storage.settings.digestGuildIds()).toEqual([GUILD]);
      expect((await restarted()).settings.digestGuildIds()).toEqual([GUILD]);
      await storage.settings.reset(GUILD, byAnna);
      expect(storage.settings.digestGuildIds()).toEqual([]);
    });
  });

  describe("forgetting a server", () => {
    it("deletes everything about it, counts what that was, and leaves the others alone", async () => {
      await storage.settings.change(GUILD, EVERYTHING, byAnna);
      await storage.settings.change(OTHER, EVERYTHING, byAnna);
      await storage.presence.removed(GUILD, NOON);
      expect(await storage.forget(GUILD)).toEqual({
        settings: 1,
        symbols: 2,
        changes: 16,
        digests: 0,
      });
      expect(storage.settings.read(GUILD)).toEqual(NO_SETTINGS);
      const later = await restarted();
      expect(later.settings.read(GUILD)).toEqual(NO_SETTINGS);
      expect(await later.settings.history(GUILD, 10)).toEqual([]);
      expect(later.presence.hasLeft(GUILD)).toBe(false);
      expect(later.settings.read(OTHER)).toMatchObject(EVERYTHING);
      expect(await later.settings.history(OTHER, 100)).toHaveLength(16);
    });

    it("also deletes what another process wrote about it at that very moment", async () => {
      await storage.settings.change(GUILD, EVERYTHING, byAnna);
      await storage.settings.change(OTHER, EVERYTHING, byAnna);
      await storage.forget(GUILD);
      for (const guildId of [GUILD, OTHER]) {
        await storage.ledger.setTrouble(
          { guildId, channelId: "3300000000000000001", reason: "The channel is gone." },
          NOON,
        );
      }
      await storage.presence.removed("3", NOON);
      expect(await storage.forgetLeft()).toEqual([]);
      expect((await storage.ledger.troubles([GUILD, OTHER])).map(({ guildId }) => guildId)).toEqual(
        [OTHER],
      );
      expect(storage.presence.hasLeft("3")).toBe(true);
    });

    it("covers every table with data about a server", async () => {
      const { database } = storage;
      const { rows } = await database.read((reading) =>
        database.engine === "sqlite"
          ? sql<{
              name: string;
            }>`select m.name from sqlite_master m, pragma_table_info(m.name) c where c.name = 'guild_id'`.execute(
              reading,
            )
          : sql<{
              name: string;
            }>`select table_name as name from information_schema.columns where column_name = 'guild_id'`.execute(
              reading,
            ),
      );
      expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(GUILD_TABLES).sort());
    });
  });

  describe("leaving", () => {
    const day = (n: number, hour = 12) => new Date(Date.UTC(2026, 10, 24 + n, hour));
    beforeEach(() => storage.settings.change(GUILD, { currency: "EUR" }, byAnna));

    it("is absence from two lists a day apart, not from one list or two of the same day", async () => {
      await storage.presence.reconciled([OTHER], day(0));
      await storage.presence.reconciled([OTHER], day(0, 23));
      expect(storage.presence.hasLeft(GUILD)).toBe(false);
      await storage.presence.reconciled([OTHER], day(1));
      expect(storage.presence.hasLeft(GUILD)).toBe(true);
      expect((await restarted()).presence.hasLeft(GUILD)).toBe(true);
    });

    it("is not an absence that the server's return interrupted", async () => {
      await storage.presence.reconciled([], day(0));
      await storage.presence.reconciled([GUILD], day(1));
      await storage.presence.reconciled([], day(2));
      expect(storage.presence.hasLeft(GUILD)).toBe(false);
      await storage.presence.seen(GUILD, day(2, 13));
      await storage.presence.reconciled([], day(4));
      expect(storage.presence.hasLeft(GUILD)).toBe(false);
    });

    it("happens at once on a removal, and older news does not undo it", async () => {
      await storage.presence.removed(GUILD, day(1));
      await storage.presence.seen(GUILD, day(0));
      await storage.presence.reconciled([GUILD], day(0));
      expect(storage.presence.hasLeft(GUILD)).toBe(true);
      await storage.presence.seen(GUILD, day(2));
      expect(storage.presence.hasLeft(GUILD)).toBe(false);
    });

    it("a server about which nothing is stored leaves no trace", async () => {
      await storage.presence.seen(OTHER, day(0));
      await storage.presence.reconciled([GUILD], day(0));
      await storage.presence.reconciled([GUILD], day(2));
      expect(storage.presence.hasLeft(OTHER)).toBe(false);
    });

    it("keeps everything for 30 days in case the server comes back, and then deletes it", async () => {
      let now = day(0);
      const bot = await engine.open({ now: () => now });
      await bot.settings.change(OTHER, { currency: "CHF" }, byAnna);
      await bot.presence.removed(GUILD, day(0));
      await bot.presence.removed(OTHER, day(0));
      now = new Date(day(30).getTime() - 1);
      expect(await bot.forgetLeft()).toEqual([]);
      await bot.presence.seen(OTHER, now);
      now = day(30);
      expect(await bot.presence.leftLongAgo(now, 30)).toEqual([GUILD]);
      expect(await bot.forgetLeft()).toEqual([GUILD]);
      expect(bot.settings.read(GUILD)).toEqual(NO_SETTINGS);
      const later = await restarted();
      expect(later.settings.read(GUILD)).toEqual(NO_SETTINGS);
      expect(later.settings.read(OTHER).currency).toBe("CHF");
      expect(await later.presence.leftLongAgo(day(400), 30)).toEqual([]);
    });

    it("is not believed when another process has seen the server since", async () => {
      const bot = await engine.open({ now: () => day(31) });
      await bot.presence.removed(GUILD, day(0));
      const web = await engine.open();
      await web.presence.seen(GUILD, day(31));
      // Whether this process has heard of it yet or not.
      expect(await bot.forgetLeft()).toEqual([]);
      expect((await restarted()).settings.read(GUILD).currency).toBe("EUR");
    });
  });
}
