import { describe, expect, it } from "vitest";
import {
  actionFor,
  createDueTimes,
  type DigestPlan,
  type KnownEntry,
  nextSlots,
  openSlots,
} from "../../src/digest/due.ts";
import { storedReason } from "../../src/digest/reason.ts";
import { EVERY_DAY, rhythmOf } from "../../src/digest/rhythm.ts";
import { zoneData } from "../../src/digest/zone-data.ts";
import type { DigestTrouble } from "../../src/storage/digest-ledger.ts";
import { describeEveryZone } from "./every-zone.contract.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number): string => new Date(ms).toISOString().replace(":00.000Z", "Z");

function planOf(zone: string, time: string, since?: string): DigestPlan {
  return {
    guildId: "1",
    channelId: "2",
    zone,
    time,
    rhythm: EVERY_DAY,
    sinceMs: since === undefined ? null : at(since),
  };
}

/** When the digest of a local date is due, by walking up to it. */
function dueOf(zone: string, time: string, localOn: string): string | undefined {
  const slots = nextSlots(
    createDueTimes(),
    planOf(zone, time),
    at(`${localOn}T00:00Z`) - 50 * HOUR_MS,
    5,
  );
  const slot = slots.find((one) => one.localOn === localOn);
  return slot === undefined ? undefined : iso(slot.dueAtMs);
}

describe("when a digest is due", () => {
  it.each([
    {
      zone: "UTC",
      time: "09:00",
      localOn: "2026-11-24",
      due: "2026-11-24T09:00Z",
      why: "an ordinary day",
    },
    {
      zone: "Asia/Kathmandu",
      time: "09:00",
      localOn: "2026-11-24",
      due: "2026-11-24T03:15Z",
      why: "a zone of three quarters of an hour",
    },
    {
      zone: "Europe/Berlin",
      time: "02:30",
      localOn: "2026-03-29",
      due: "2026-03-29T01:00Z",
      why: "clocks jump over it: when they jump",
    },
    {
      zone: "Europe/Berlin",
      time: "02:30",
      localOn: "2026-10-25",
      due: "2026-10-25T00:30Z",
      why: "clocks show it twice: the first time",
    },
    {
      zone: "Australia/Lord_Howe",
      time: "02:15",
      localOn: "2026-10-04",
      due: "2026-10-03T15:30Z",
      why: "a jump of half an hour",
    },
    {
      zone: "Australia/Lord_Howe",
      time: "01:45",
      localOn: "2026-04-05",
      due: "2026-04-04T14:45Z",
      why: "half an hour shown twice",
    },
    {
      zone: "Africa/Cairo",
      time: "00:30",
      localOn: "2026-04-24",
      due: "2026-04-23T22:00Z",
      why: "clocks jump over midnight",
    },
    {
      zone: "America/Havana",
      time: "00:00",
      localOn: "2026-03-08",
      due: "2026-03-08T05:00Z",
      why: "the day begins at one",
    },
    {
      zone: "Pacific/Apia",
      time: "09:00",
      localOn: "2011-12-29",
      due: "2011-12-29T19:00Z",
      why: "the day before the missing one",
    },
    {
      zone: "Pacific/Apia",
      time: "09:00",
      localOn: "2011-12-31",
      due: "2011-12-30T19:00Z",
      why: "the day after the missing one",
    },
    {
      zone: "US/Eastern",
      time: "09:00",
      localOn: "2026-07-01",
      due: "2026-07-01T13:00Z",
      why: "an alias",
    },
    {
      zone: "Etc/GMT+12",
      time: "23:59",
      localOn: "2026-07-01",
      due: "2026-07-02T11:59Z",
      why: "an offset zone",
    },
  ])("is $due for $localOn $time in $zone ($why)", ({ zone, time, localOn, due }) => {
    expect(dueOf(zone, time, localOn)).toBe(due);
  });

  it("is never for a date that a zone's calendar does not have", () => {
    for (const time of ["00:00", "00:30", "02:30", "09:00", "23:59"]) {
      expect(dueOf("Pacific/Apia", time, "2011-12-30")).toBeUndefined();
      expect(dueOf("Pacific/Fakaofo", time, "2011-12-30")).toBeUndefined();
      expect(dueOf("Pacific/Kwajalein", time, "1993-08-21")).toBeUndefined();
      expect(dueOf("Pacific/Kwajalein", time, "1993-08-22")).toBeDefined();
    }
  });

  it.each([
    {
      zone: "Europe/Berlin",
      every: "mon",
      from: "2026-10-20",
      due: ["2026-10-26T08:00Z", "2026-11-02T08:00Z"],
      why: "after the clocks go back",
    },
    {
      zone: "Europe/Berlin",
      every: "sun",
      from: "2026-03-23",
      due: ["2026-03-29T07:00Z", "2026-04-05T07:00Z"],
      why: "on the day the clocks go forward",
    },
    {
      zone: "Pacific/Apia",
      every: "fri",
      from: "2011-12-24",
      due: ["2012-01-05T19:00Z", "2012-01-12T19:00Z"],
      why: "a Friday that Samoa did not have",
    },
    {
      zone: "Pacific/Kwajalein",
      every: "sat",
      from: "1993-08-16",
      due: ["1993-08-27T21:00Z", "1993-09-03T21:00Z"],
      why: "a Saturday that Kwajalein did not have",
    },
    {
      zone: "Pacific/Auckland",
      every: "mon",
      from: "2026-11-24",
      due: ["2026-11-29T20:00Z", "2026-12-06T20:00Z"],
      why: "Monday there, Sunday in UTC",
    },
    {
      zone: "Asia/Kolkata",
      every: "weekdays",
      from: "2026-11-27",
      due: ["2026-11-27T03:30Z", "2026-11-30T03:30Z"],
      why: "over a weekend",
    },
    {
      zone: "Australia/Lord_Howe",
      every: "wed,sun",
      from: "2026-10-01",
      due: ["2026-10-03T22:00Z", "2026-10-06T22:00Z"],
      why: "a jump of half an hour",
    },
  ])(
    "comes on the days of the week that $zone has: $every ($why)",
    ({ zone, every, from, due }) => {
      const plan = { zone, time: "09:00", rhythm: rhythmOf(every) };
      const slots = nextSlots(createDueTimes(), plan, at(`${from}T00:00Z`), 2);
      expect(slots.map(({ dueAtMs }) => iso(dueAtMs))).toEqual(due);
    },
  );

  it("is undefined for an unknown zone", () => {
    const times = createDueTimes();
    expect(times.knowsZone("Europe/Atlantis")).toBe(false);
    expect(times.knowsZone("Europe/Berlin")).toBe(true);
    expect(openSlots(times, planOf("Europe/Atlantis", "09:00"), at("2026-11-24T12:00Z"))).toEqual(
      [],
    );
    expect(
      nextSlots(times, planOf("Europe/Atlantis", "09:00"), at("2026-11-24T12:00Z"), 3),
    ).toEqual([]);
  });

  it("answers alike whatever was asked before, and however far the clock jumps", () => {
    const asked = createDueTimes();
    const plan = planOf("Europe/Berlin", "02:30");
    const moments = [
      "2026-11-24T12:00Z",
      "2031-01-01T00:00Z",
      "2026-11-24T12:01Z",
      "1999-12-31T23:59Z",
      "2026-03-29T00:59Z",
      "2026-03-29T01:00Z",
    ];
    for (const moment of moments) {
      expect(openSlots(asked, plan, at(moment))).toEqual(
        openSlots(createDueTimes(), plan, at(moment)),
      );
      expect(nextSlots(asked, plan, at(moment), 3)).toEqual(
        nextSlots(createDueTimes(), plan, at(moment), 3),
      );
    }
  });
});

describe("what is done about a digest", () => {
  const times = createDueTimes();
  const due = at("2026-11-24T08:00Z");
  const berlin = planOf("Europe/Berlin", "09:00");
  const calm = { channelId: "2", trouble: undefined };
  const rowIn = (state: KnownEntry["state"], leaseUntil: string | null = null): KnownEntry => ({
    state,
    channelId: "2",
    leaseUntil,
    mayBePosted: state === "sending" || state === "sent",
    updatedAt: new Date(due).toISOString(),
  });
  const slot = { localOn: "2026-11-24", dueAtMs: due };

  it("is posted when the bot returns within six hours, and recorded as missed after that", () => {
    expect(actionFor(slot, undefined, { ...calm, nowMs: due })).toBe("post");
    expect(actionFor(slot, undefined, { ...calm, nowMs: due + 6 * HOUR_MS })).toBe("post");
    expect(actionFor(slot, undefined, { ...calm, nowMs: due + 6 * HOUR_MS + 1 })).toBe("miss");
  });

  it("is nothing once it was sent, missed or without news, or is with Discord", () => {
    for (const state of ["sent", "sending", "quiet"] as const) {
      for (const nowMs of [due, due + 7 * HOUR_MS])
        expect(actionFor(slot, rowIn(state), { ...calm, nowMs })).toBeUndefined();
    }
    expect(actionFor(slot, rowIn("missed"), { ...calm, nowMs: due + 7 * HOUR_MS })).toBeUndefined();
  });

  it("is posted after all when it was missed only by a clock that was ahead, and certainly not posted", () => {
    expect(actionFor(slot, rowIn("missed"), { ...calm, nowMs: due + HOUR_MS })).toBe("post");
    expect(
      actionFor(slot, { ...rowIn("missed"), mayBePosted: true }, { ...calm, nowMs: due + HOUR_MS }),
    ).toBeUndefined();
  });

  it("is left to the worker that holds it, and taken over when its lease has ended", () => {
    const held = rowIn("claimed", "2026-11-24T08:02:00.000Z");
    expect(actionFor(slot, held, { ...calm, nowMs: due + 2 * MINUTE_MS - 1 })).toBeUndefined();
    expect(actionFor(slot, held, { ...calm, nowMs: due + 2 * MINUTE_MS })).toBe("post");
    expect(actionFor(slot, held, { ...calm, nowMs: due + 7 * HOUR_MS })).toBe("miss");
  });

  const troubled = (reason: string, since = new Date(due).toISOString()): DigestTrouble => ({
    ...{ guildId: "1", channelId: "2", reason, since, toldAt: since, triedAt: since },
  });
  const FORBIDDEN = "In <#2> the bot lacks: Send Messages.";

  it("goes on from a pause when nothing troubles the server any more, or the channel is another one", () => {
    const [paused, trouble] = [rowIn("paused"), troubled(FORBIDDEN)];
    const soon = due + MINUTE_MS;
    expect(actionFor(slot, paused, { channelId: "2", trouble, nowMs: soon })).toBeUndefined();
    expect(actionFor(slot, paused, { channelId: "2", trouble: undefined, nowMs: soon })).toBe(
      "post",
    );
    expect(actionFor(slot, paused, { channelId: "3", trouble, nowMs: soon })).toBe("post");
    expect(
      actionFor(slot, paused, { channelId: "3", trouble: undefined, nowMs: due + 7 * HOUR_MS }),
    ).toBeUndefined();
  });

  /** Minutes after the pause at which it is looked again, when each look finds the same. */
  function looksAfter(trouble: DigestTrouble): readonly number[] {
    const minutes: number[] = [];
    let updatedAt = new Date(due).toISOString();
    for (let nowMs = due; nowMs <= due + 7 * HOUR_MS; nowMs += MINUTE_MS) {
      if (
        actionFor(slot, { ...rowIn("paused"), updatedAt }, { channelId: "2", trouble, nowMs }) !==
        "post"
      )
        continue;
      minutes.push((nowMs - due) / MINUTE_MS);
      updatedAt = new Date(nowMs).toISOString();
    }
    return minutes;
  }

  it("is looked at again 2, 4 and 8 minutes after a pause and then every ten, for six hours", () => {
    const looks = looksAfter(troubled(FORBIDDEN));
    expect(looks.slice(0, 7)).toEqual([2, 4, 8, 18, 28, 38, 48]);
    expect(looks.at(-1)).toBe(358);
    expect(looks).toHaveLength(38);
    expect(looksAfter(troubled(FORBIDDEN, "2026-11-20T08:00:00.000Z"))).toEqual(looks);
    // The refusal itself takes some seconds.
    expect(looksAfter(troubled(FORBIDDEN, "2026-11-24T08:00:05.000Z"))).toEqual(looks);
  });

  it("is tried again twice when Discord refuses the message itself, and not at all when the channel is gone", () => {
    const refused = { why: "message-refused", code: "50035", incident: "BCDFGH" } as const;
    expect(looksAfter(troubled(storedReason(refused)))).toEqual([30, 120]);
    expect(looksAfter(troubled(storedReason({ why: "unknown-channel" })))).toEqual([]);
    // Stored by an earlier version.
    const earlier =
      "Discord refused the message (code 50035): a fault of the bot, known to whoever runs it as incident BCDFGH.";
    expect(looksAfter(troubled(earlier))).toEqual([30, 120]);
    expect(looksAfter(troubled("The digest's channel no longer exists."))).toEqual([]);
  });

  it("does not concern slots that were past when the digest was enabled or moved", () => {
    const open = (since: string) =>
      openSlots(times, { ...berlin, sinceMs: at(since) }, at("2026-11-24T12:00Z")).map(
        ({ localOn }) => localOn,
      );
    expect(open("2026-11-24T08:00:30Z")).toEqual([]);
    expect(open("2026-11-24T07:59:30Z")).toEqual(["2026-11-24"]);
    expect(open("2026-11-22T09:00Z")).toEqual(["2026-11-24", "2026-11-23"]);
  });

  it("of a Monday is posted late, or recorded as missed, as of any other day", () => {
    const since = "2026-11-20T12:00Z";
    const mondays = { ...planOf("Europe/Berlin", "09:00", since), rhythm: rhythmOf("mon") };
    const open = (iso: string) => openSlots(times, mondays, at(iso)).map(({ localOn }) => localOn);
    expect(open("2026-11-23T07:59Z")).toEqual([]);
    for (const later of ["2026-11-23T08:00Z", "2026-11-24T12:00Z", "2026-11-29T12:00Z"])
      expect(open(later)).toEqual(["2026-11-23"]);
    expect(open("2026-11-30T08:00Z")).toEqual(["2026-11-30", "2026-11-23"]);
    const slot = { localOn: "2026-11-23", dueAtMs: at("2026-11-23T08:00Z") };
    const action = (iso: string) => actionFor(slot, undefined, { ...calm, nowMs: at(iso) });
    expect(action("2026-11-23T14:00Z")).toBe("post");
    expect(action("2026-11-23T14:01Z")).toBe("miss");
  });

  it("looks a week back at most for days that were missed", () => {
    expect(openSlots(times, berlin, at("2026-11-24T12:00Z")).map(({ localOn }) => localOn)).toEqual(
      ["24", "23", "22", "21", "20", "19", "18"].map((day) => `2026-11-${day}`),
    );
  });

  it("never makes two digests of one local date, however zone, time and days are moved around", () => {
    const posted = new Map<string, KnownEntry>();
    const zones = [
      "Pacific/Apia",
      "Pacific/Honolulu",
      "Europe/Berlin",
      "Pacific/Kiritimati",
      "Etc/GMT+12",
    ];
    let posts = 0;
    for (let hour = 0; hour < 24 * 20; hour += 1) {
      const nowMs = at("2026-11-01T00:00Z") + hour * HOUR_MS;
      // Every seven hours the admins change their minds.
      const moves = Math.floor(hour / 7);
      const plan = {
        ...planOf(
          zones[moves % zones.length] ?? "UTC",
          `${String((moves * 5) % 24).padStart(2, "0")}:00`,
        ),
        rhythm: rhythmOf(["day", "weekdays", "sun,mon", "news"][moves % 4] ?? null),
        sinceMs: at("2026-11-01T00:00Z") + moves * 7 * HOUR_MS,
      };
      for (const slot of openSlots(times, plan, nowMs)) {
        if (actionFor(slot, posted.get(slot.localOn), { ...calm, nowMs }) !== "post") continue;
        expect(posted.has(slot.localOn)).toBe(false);
        expect(slot.dueAtMs).toBeGreaterThanOrEqual(plan.sinceMs);
        posted.set(slot.localOn, rowIn("sent"));
        posts += 1;
      }
    }
    expect(posts).toBeGreaterThan(5);
  });
});

// The years up to 2030 are swept by test/load/due.load.ts.
describeEveryZone(2026, 2027);

describe("a minute tick over 10,000 servers", () => {
  it("is worked out once for each zone and time until the next is due, so that no question waits", () => {
    const zones = Intl.supportedValuesOf("timeZone").slice(0, 100);
    const read: string[] = [];
    const data = zoneData();
    const times = createDueTimes({
      ...data,
      spans(zone, ...range) {
        read.push(zone);
        return data.spans(zone, ...range);
      },
    });
    const plans = Array.from({ length: 10_000 }, (_, index) =>
      planOf(
        zones[index % zones.length] ?? "UTC",
        `${String(index % 24).padStart(2, "0")}:${String((index * 7) % 60).padStart(2, "0")}`,
      ),
    );
    const recentAt = (nowMs: number) =>
      plans.map(({ zone, time }) => times.recent(zone, time, nowMs));
    const noonMs = at("2026-11-24T12:00:00Z");
    const worked = recentAt(noonMs);
    expect(worked.flat().length).toBeGreaterThanOrEqual(70_000);
    // Digests are due on whole minutes.
    const again = recentAt(noonMs + MINUTE_MS - 1);
    expect(again.filter((slots, index) => slots !== worked[index])).toEqual([]);
    expect(read.sort()).toEqual([...new Set(zones)].sort());
  });
});
