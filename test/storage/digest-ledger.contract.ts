import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DigestClaim,
  type DigestEnding,
  type DigestLedger,
  type DigestSlot,
  LEASE_MS,
  NEWEST_KEPT,
  SENDING_LEASE_MS,
} from "../../src/storage/digest-ledger.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import type { EngineUnderTest } from "./storage-under-test.ts";

const NOON = new Date("2026-11-24T12:00:00Z");
const later = (ms: number) => new Date(NOON.getTime() + ms);
const LEASE_OVER = later(LEASE_MS);
const GUILDS = Array.from(
  { length: 250 },
  (_, index) => `11000000000000${String(index).padStart(5, "0")}`,
);
const [GUILD = "", OTHER = ""] = GUILDS;

const slot = (guildId = GUILD, localOn = "2026-11-24"): DigestSlot => ({
  guildId,
  localOn,
  channelId: "3300000000000000001",
  dueAt: `${localOn}T12:00:00.000Z`,
});

/** The rules of the ledger on every engine. */
export function digestLedgerContract(start: () => Promise<EngineUnderTest>): void {
  let engine: EngineUnderTest;
  let ledger: DigestLedger;

  beforeEach(async () => {
    engine = await start();
    ledger = (await engine.open()).ledger;
  });
  afterEach(() => engine.close());

  async function claimed(wanted: DigestSlot = slot(), now = NOON): Promise<DigestClaim> {
    const [claim] = await ledger.claim([wanted], now);
    if (claim === undefined) throw new Error("nothing was claimed");
    return claim;
  }
  const sendingOf = (claim: DigestClaim) => ({
    claim,
    channelId: claim.channelId,
    storyCoinId: "dogecoin",
    closesTo: "2026-11-23",
  });
  async function sending(wanted: DigestSlot = slot()): Promise<DigestClaim> {
    const claim = await claimed(wanted);
    expect(await ledger.beginSending([sendingOf(claim)], NOON)).toEqual([claim]);
    return claim;
  }
  async function ended(ending: DigestEnding, wanted: DigestSlot = slot()): Promise<DigestClaim> {
    const claim = await sending(wanted);
    expect(await ledger.end([{ claim, ending }], NOON)).toEqual([claim]);
    return claim;
  }
  const stateOf = async (guildId = GUILD) => (await ledger.latest(guildId, 1))[0]?.state;

  describe("a claim", () => {
    it("goes to one worker, however many ask at once", async () => {
      const others = await Promise.all([engine.open(), engine.open()]);
      const slots = GUILDS.map((guildId) => slot(guildId));
      const taken = await Promise.all(
        [ledger, ...others.map((other) => other.ledger)].map((one) => one.claim(slots, NOON)),
      );
      expect(
        taken
          .flat()
          .map(({ guildId }) => guildId)
          .sort(),
      ).toEqual(GUILDS);
    });

    it("says what it is for, and until when", async () => {
      expect(await claimed()).toEqual({
        ...slot(),
        token: 1,
        leaseUntil: LEASE_OVER.toISOString(),
      });
    });

    it("cannot be taken by another worker until its lease ends; the next worker gets another token and channel", async () => {
      await claimed();
      expect(await ledger.claim([slot()], later(LEASE_MS - 1))).toEqual([]);
      const [taken] = await ledger.claim(
        [{ ...slot(), channelId: "3300000000000000002" }],
        LEASE_OVER,
      );
      expect(taken).toMatchObject({ token: 2, channelId: "3300000000000000002" });
    });

    it("is refused for a date whose request may be on its way, or that is finished", async () => {
      await sending(slot(GUILD));
      await ended({ kind: "sent", messageId: "5" }, slot(OTHER));
      await ended(
        { kind: "missed", reason: "Who knows?", mayBePosted: true },
        slot(OTHER, "2026-11-25"),
      );
      await ended({ kind: "quiet", closesTo: "2026-11-25" }, slot(OTHER, "2026-11-26"));
      const wanted = [
        slot(GUILD),
        ...["2026-11-24", "2026-11-25", "2026-11-26"].map((localOn) => slot(OTHER, localOn)),
      ];
      expect(await ledger.claim(wanted, later(100 * LEASE_MS))).toEqual([]);
    });

    it("can take a date that was missed by mistake, if nothing of it was posted", async () => {
      await ledger.miss([slot(GUILD)], "The bot was down.", NOON);
      await ended({ kind: "missed", reason: "It is too late.", mayBePosted: false }, slot(OTHER));
      expect(await ledger.claim([slot(GUILD), slot(OTHER)], later(1))).toHaveLength(2);
    });

    it("can take a paused date again at once", async () => {
      await ended({ kind: "paused", reason: "Not allowed." });
      expect(await ledger.claim([slot()], later(1))).toHaveLength(1);
      expect((await ledger.latest(GUILD, 1))[0]).toMatchObject({ state: "claimed", reason: null });
    });

    it("waits as long as its worker said; that instant and the reason are stored", async () => {
      await ended({ kind: "waiting", until: later(500_000), reason: "No prices yet." });
      expect((await ledger.latest(GUILD, 1))[0]).toMatchObject({
        state: "claimed",
        reason: "No prices yet.",
      });
      expect(await ledger.claim([slot()], later(499_999))).toEqual([]);
      expect(await ledger.claim([slot()], later(500_000))).toHaveLength(1);
    });
  });

  describe("a renewed claim", () => {
    it("lasts a full lease from then, in every state that its worker holds it in", async () => {
      const waiting = await claimed(slot(GUILD));
      const sent = await sending(slot(OTHER));
      expect(await ledger.renew([waiting, sent], later(LEASE_MS - 1))).toHaveLength(2);
      expect(await ledger.claim([slot(GUILD)], later(2 * LEASE_MS - 2))).toEqual([]);
      expect(await ledger.takeOver(10, later(2 * LEASE_MS - 2))).toEqual([]);
      expect(await ledger.beginSending([sendingOf(waiting)], later(LEASE_MS))).toEqual([waiting]);
    });

    it("is refused to a worker that lost its claim, and for a finished date", async () => {
      const lost = await claimed(slot(GUILD));
      await ledger.claim([slot(GUILD)], LEASE_OVER);
      const over = await ended({ kind: "sent", messageId: "5" }, slot(OTHER));
      expect(await ledger.renew([lost, over], LEASE_OVER)).toEqual([]);
    });
  });

  describe("sending", () => {
    it("begins only while enough of the lease is left for a request", async () => {
      const early = await claimed(slot(GUILD));
      const late = await claimed(slot(OTHER));
      expect(
        await ledger.beginSending([sendingOf(early)], later(LEASE_MS - SENDING_LEASE_MS)),
      ).toEqual([early]);
      expect(
        await ledger.beginSending([sendingOf(late)], later(LEASE_MS - SENDING_LEASE_MS + 1)),
      ).toEqual([]);
      expect(await stateOf(OTHER)).toBe("claimed");
    });

    it("is refused to a worker whose claim another one took, like every other write", async () => {
      const lost = await claimed();
      const [taken] = await ledger.claim([slot()], LEASE_OVER);
      expect(await ledger.beginSending([sendingOf(lost)], LEASE_OVER)).toEqual([]);
      expect(
        await ledger.end([{ claim: lost, ending: { kind: "sent", messageId: "5" } }], LEASE_OVER),
      ).toEqual([]);
      expect((await ledger.latest(GUILD, 1))[0]).toMatchObject({
        state: "claimed",
        token: taken?.token,
        messageId: null,
      });
    });

    it("is stored with its channel and content for the worker that recovers it", async () => {
      const claim = await claimed();
      await ledger.beginSending(
        [
          {
            ...sendingOf(claim),
            channelId: "3300000000000000002",
          },
        ],
        NOON,
      );
      const [left] = await ledger.takeOver(10, LEASE_OVER);
      expect(left).toMatchObject({ guildId: GUILD, channelId: "3300000000000000002", token: 2 });
      if (left === undefined) throw new Error("nothing was taken over");
      await ledger.end([{ claim: left, ending: { kind: "sent", messageId: "5" } }], LEASE_OVER);
      expect((await ledger.latest(GUILD, 1))[0]).toEqual({
        ...slot(),
        channelId: "3300000000000000002",
        state: "sent",
        token: 2,
        leaseUntil: null,
        messageId: "5",
        storyCoinId: "dogecoin",
        mayBePosted: true,
        reason: null,
        updatedAt: LEASE_OVER.toISOString(),
        closesTo: "2026-11-23",
      });
    });

    it("that was never finished is taken over by one worker once its lease or wait has ended, oldest first", async () => {
      for (const guildId of GUILDS.slice(0, 30)) await sending(slot(guildId));
      await ended({ kind: "unknown", until: later(LEASE_MS - 1) }, slot(GUILDS[40]));
      expect(await ledger.takeOver(10, later(LEASE_MS - 2))).toEqual([]);
      const other = (await engine.open()).ledger;
      const rounds = await Promise.all([
        ledger.takeOver(20, LEASE_OVER),
        other.takeOver(20, LEASE_OVER),
      ]);
      const again = await Promise.all([
        ledger.takeOver(20, LEASE_OVER),
        other.takeOver(20, LEASE_OVER),
      ]);
      const taken = [...rounds, ...again].flat().map(({ guildId }) => guildId);
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken).toHaveLength(31);
      expect(rounds.flat().map(({ guildId }) => guildId)).toContain(GUILDS[40]);
    });
  });

  describe("a missed date", () => {
    it("is recorded where there is no row or an abandoned one, and nowhere else", async () => {
      await claimed(slot(GUILD));
      await ended({ kind: "waiting", until: later(1), reason: "No prices yet." }, slot(OTHER));
      await sending(slot(GUILDS[2]));
      await ended({ kind: "sent", messageId: "5" }, slot(GUILDS[3]));
      const held = await claimed(slot(GUILDS[4]), LEASE_OVER);
      await ledger.miss(
        GUILDS.slice(0, 6).map((guildId) => slot(guildId)),
        "The bot was down.",
        LEASE_OVER,
      );
      const rows = await ledger.entries(GUILDS.slice(0, 6), "2026-11-24");
      expect(
        Object.fromEntries(
          rows.map(({ guildId, state, reason }) => [GUILDS.indexOf(guildId), [state, reason]]),
        ),
      ).toEqual({
        0: ["missed", "The bot was down."],
        1: ["missed", "No prices yet."],
        2: ["sending", null],
        3: ["sent", null],
        4: ["claimed", null],
        5: ["missed", "The bot was down."],
      });
      expect(await ledger.beginSending([sendingOf(held)], LEASE_OVER)).toEqual([held]);
    });

    it("is recorded for servers with abandoned claims once it is too late to post", async () => {
      await claimed(slot(GUILD, "2026-11-23"));
      await claimed(slot(OTHER));
      await ledger.missAbandoned(NOON, "It is too late.", later(LEASE_MS - 1));
      expect([await stateOf(GUILD), await stateOf(OTHER)]).toEqual(["claimed", "claimed"]);
      await ledger.missAbandoned(NOON, "It is too late.", LEASE_OVER);
      expect([await stateOf(GUILD), await stateOf(OTHER)]).toEqual(["missed", "claimed"]);
    });
  });

  describe("the record", () => {
    it("shows a server's latest dates first, and only its own", async () => {
      for (const day of ["22", "24", "23"])
        await ended({ kind: "sent", messageId: day }, slot(GUILD, `2026-11-${day}`));
      await ended({ kind: "sent", messageId: "9" }, slot(OTHER));
      expect((await ledger.latest(GUILD, 2)).map(({ localOn }) => localOn)).toEqual([
        "2026-11-24",
        "2026-11-23",
      ]);
      expect(
        (await ledger.entries([GUILD, OTHER], "2026-11-24"))
          .map(({ messageId }) => messageId)
          .sort(),
      ).toEqual(["24", "9"]);
      expect(await ledger.entries([], "2026-11-24")).toEqual([]);
    });

    it("lists what finished digests told and looked at, quiet ones too, newest first", async () => {
      for (const [day, storyCoinId] of [
        ["21", "bitcoin"],
        ["22", "dogecoin"],
        ["23", null],
        ["24", "pepe"],
      ] as const) {
        const claim = await claimed(slot(GUILD, `2026-11-${day}`));
        await ledger.beginSending(
          [{ claim, channelId: claim.channelId, storyCoinId, closesTo: `2026-11-${day}` }],
          NOON,
        );
        await ledger.end([{ claim, ending: { kind: "sent", messageId: day } }], NOON);
      }
      // Not told: it was never posted.
      await ended({ kind: "paused", reason: "Not allowed." }, slot(GUILD, "2026-11-25"));
      await ended({ kind: "quiet", closesTo: "2026-11-26" }, slot(GUILD, "2026-11-26"));
      const past = await ledger.pastDigests([GUILD, OTHER], "2026-11-22");
      expect(past).toEqual(
        new Map([
          [
            GUILD,
            [
              { localOn: "2026-11-26", storyCoinId: null, closesTo: "2026-11-26" },
              { localOn: "2026-11-24", storyCoinId: "pepe", closesTo: "2026-11-24" },
              { localOn: "2026-11-23", storyCoinId: null, closesTo: "2026-11-23" },
              { localOn: "2026-11-22", storyCoinId: "dogecoin", closesTo: "2026-11-22" },
            ],
          ],
        ]),
      );
    });

    it("keeps rows from a date on and deletes older ones, except a server's newest", async () => {
      const days = Array.from({ length: NEWEST_KEPT + 3 }, (_, index) =>
        addDays("2026-11-24", -index),
      );
      await ledger.miss(
        days.map((localOn) => slot(GUILD, localOn)),
        "The bot was not running.",
        NOON,
      );
      await ledger.miss([slot(OTHER, "2026-11-01")], "The bot was not running.", NOON);
      await ledger.forgetBefore(days[NEWEST_KEPT + 1] ?? "");
      expect((await ledger.latest(GUILD, 99)).map(({ localOn }) => localOn)).toEqual(
        days.slice(0, NEWEST_KEPT + 2),
      );
      await ledger.forgetBefore("2038-01-19");
      expect((await ledger.latest(GUILD, 99)).map(({ localOn }) => localOn)).toEqual(
        days.slice(0, NEWEST_KEPT),
      );
      expect(await ledger.latest(OTHER, 99)).toHaveLength(1);
    });

    it("is deleted with everything else about a server", async () => {
      const storage = await engine.open();
      await claimed(slot(GUILD));
      await claimed(slot(OTHER));
      await ledger.setTrouble({ guildId: GUILD, channelId: "3", reason: "Not allowed." }, NOON);
      expect(await storage.forget(GUILD)).toMatchObject({ digests: 1 });
      expect(await ledger.latest(GUILD, 1)).toEqual([]);
      expect(await ledger.troubles([GUILD])).toEqual([]);
      expect(await stateOf(OTHER)).toBe("claimed");
    });

    it("does not bring back a server that was forgotten while its digest was being posted", async () => {
      const claim = await sending();
      await (await engine.open()).forget(GUILD);
      await ledger.end([{ claim, ending: { kind: "sent", messageId: "5" } }], NOON);
      expect(await ledger.latest(GUILD, 1)).toEqual([]);
    });
  });

  describe("a trouble", () => {
    it("is dated from its first occurrence, reported once, and cleared", async () => {
      await ledger.setTrouble({ guildId: GUILD, channelId: "3", reason: "Not allowed." }, NOON);
      expect(await ledger.claimNotification(GUILD, later(1))).toBe(true);
      expect(await ledger.claimNotification(GUILD, later(2))).toBe(false);
      await ledger.setTrouble({ guildId: GUILD, channelId: "3", reason: "Gone." }, later(3));
      const trouble = {
        guildId: GUILD,
        channelId: "3",
        reason: "Gone.",
        since: NOON.toISOString(),
        toldAt: later(1).toISOString(),
        triedAt: later(3).toISOString(),
      };
      expect(await ledger.troubles([OTHER, GUILD])).toEqual([trouble]);
      expect(await ledger.troubles([OTHER])).toEqual([]);
      expect(await ledger.troubles([])).toEqual([]);
      await ledger.clearTrouble(GUILD);
      expect(await ledger.troubles([GUILD])).toEqual([]);
      expect(await ledger.claimNotification(GUILD, later(4))).toBe(false);
    });

    it("in another channel is a new trouble and is reported again", async () => {
      await ledger.setTrouble({ guildId: GUILD, channelId: "3", reason: "Not allowed." }, NOON);
      await ledger.claimNotification(GUILD, later(1));
      await ledger.setTrouble({ guildId: GUILD, channelId: "4", reason: "Gone." }, later(2));
      expect(await ledger.troubles([GUILD])).toMatchObject([
        { channelId: "4", since: later(2).toISOString(), toldAt: null },
      ]);
      expect(await ledger.claimNotification(GUILD, later(3))).toBe(true);
      expect(await ledger.claimNotification(GUILD, later(4))).toBe(false);
    });
  });
}
