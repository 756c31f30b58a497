import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelPosts } from "../../src/discord/bot/channel-posts.ts";
import type { DigestLedger } from "../../src/storage/digest-ledger.ts";
import { Permission } from "../support/fake-discord/world.ts";
import {
  type DigestsUnderTest,
  DUE,
  HOUR_MS,
  MINUTE_MS,
  plainWriter,
  type ReplacedParts,
  startDigests,
  TODAY,
} from "./digest-under-test.ts";

/**
 * A moment at which a process dies: right before or right after one step took effect, whose result
 * is never read.
 */
type CrashPoint = {
  readonly step: "claim" | "write" | "beginSending" | "post" | "record";
  readonly when: "before" | "after";
};

const CRASH_POINTS: readonly CrashPoint[] = (
  ["claim", "write", "beginSending", "post", "record"] as const
).flatMap((step) => [
  { step, when: "before" },
  { step, when: "after" },
]);

const isPosted = ({ step, when }: CrashPoint): boolean =>
  step === "record" || (step === "post" && when === "after");
/** Dead after its row said `sending`: from then on only Discord knows. */
const isInDoubt = ({ step, when }: CrashPoint): boolean =>
  step === "post" || step === "record" || (step === "beginSending" && when === "after");
const isRecorded = ({ step, when }: CrashPoint): boolean => step === "record" && when === "after";

const RHYTHMS = ["day", "weekdays", "mon,tue,wed"];

let digests: DigestsUnderTest;

/**
 * Parts of a process that never comes back from its crash point, and the moment when it is there.
 */
function doomed({ step, when }: CrashPoint): { parts: ReplacedParts; died: Promise<void> } {
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  function dying<Arguments extends unknown[], Result>(
    work: (...all: Arguments) => Promise<Result>,
  ): (...all: Arguments) => Promise<Result> {
    return async (...all) => {
      if (when === "after") await work(...all);
      die();
      return new Promise<never>(() => {});
    };
  }
  const ledgerSteps = { claim: "claim", beginSending: "beginSending", record: "end" } as const;
  const writer = plainWriter();
  const parts: ReplacedParts = {
    ...(step === "write" && { writer: { ...writer, write: dying(writer.write) } }),
    ...(step === "post" && {
      posts: (posts: ChannelPosts) => ({ ...posts, post: dying(posts.post) }),
    }),
    ...(step !== "write" &&
      step !== "post" && {
        ledger: (ledger: DigestLedger): DigestLedger => {
          switch (ledgerSteps[step]) {
            case "claim":
              return { ...ledger, claim: dying(ledger.claim) };
            case "beginSending":
              return { ...ledger, beginSending: dying(ledger.beginSending) };
            case "end":
              return { ...ledger, end: dying(ledger.end) };
          }
        },
      }),
  };
  return { parts, died };
}

async function crash(point: CrashPoint): Promise<void> {
  const { parts, died } = doomed(point);
  const process = await digests.process(parts);
  await process.look();
  await died;
}

/**
 * What may happen between the crash and the end of the day, and how many posts of the day there
 * have to be then.
 */
const AFTERWARDS: readonly {
  readonly what: string;
  /** Minutes after which the next process starts. */
  readonly downForMinutes: number;
  readonly before?: () => void;
  readonly onReturn?: () => void;
  readonly posts: (point: CrashPoint) => number;
}[] = [
  { what: "is started again at once", downForMinutes: 0, posts: () => 1 },
  { what: "is started again after five minutes", downForMinutes: 5, posts: () => 1 },
  { what: "is started again after five hours", downForMinutes: 300, posts: () => 1 },
  {
    what: "is started again after seven hours",
    downForMinutes: 420,
    posts: (point) => (isPosted(point) ? 1 : 0),
  },
  {
    what: "finds the clock an hour ahead",
    downForMinutes: 1,
    onReturn: () => digests.jump(HOUR_MS),
    posts: () => 1,
  },
  {
    what: "finds the clock a day ahead",
    downForMinutes: 1,
    onReturn: () => digests.jump(24 * HOUR_MS),
    posts: (point) => (isPosted(point) ? 1 : 0),
  },
  {
    what: "finds the clock an hour behind",
    downForMinutes: 1,
    onReturn: () => digests.jump(-HOUR_MS),
    posts: () => 1,
  },
  {
    what: "finds the clock a day behind",
    downForMinutes: 1,
    onReturn: () => digests.jump(-24 * HOUR_MS),
    posts: () => 1,
  },
  // The clock was wrong before the crash, and was set right after it.
  {
    what: "had its clock an hour ahead",
    downForMinutes: 1,
    before: () => digests.jump(HOUR_MS),
    onReturn: () => digests.jump(-HOUR_MS),
    posts: () => 1,
  },
  {
    what: "had its clock a day ahead",
    downForMinutes: 1,
    before: () => digests.jump(24 * HOUR_MS),
    onReturn: () => digests.jump(-24 * HOUR_MS),
    posts: () => 1,
  },
  {
    what: "had its clock a day behind",
    downForMinutes: 1,
    before: () => digests.jump(-24 * HOUR_MS),
    onReturn: () => digests.jump(24 * HOUR_MS),
    posts: () => 1,
  },
];

/** Sweeps crash points and what may come after them: those pairs, by index, that are chosen. */
export function describeCrashes(isSwept: (point: number, afterwards: number) => boolean): void {
  beforeEach(async () => {
    digests = await startDigests({ checkSpec: false });
  });
  afterEach(() => digests.close());

  describe.each(CRASH_POINTS)("a bot that dies $when $step", (point) => {
    const pointIndex = CRASH_POINTS.indexOf(point);

    it.each(AFTERWARDS.filter((_, index) => isSwept(pointIndex, index)))(
      "and $what posts no date twice, and this one when it can be known",
      async ({ downForMinutes, before, onReturn, posts, what }) => {
        // The same holds however often it comes; a Tuesday is a day of each of these.
        const every = RHYTHMS[AFTERWARDS.findIndex((other) => other.what === what) % 3];
        const server = await digests.server({
          since: "2026-11-20T12:00:00Z",
          ...(every !== undefined && { every }),
        });
        // Every day before was posted, so that only these days count.
        const steady = await digests.process();
        for (const day of ["20", "21", "22", "23"]) {
          digests.setNow(`2026-11-${day}T09:00:00Z`);
          await steady.tick();
        }
        digests.setNow(DUE);
        before?.();
        const crashedOn = digests.now().toISOString().slice(0, 10);
        // A clock that is a day behind comes to a date that was posted already: nothing is there to
        // crash at.
        if (!(await wasPosted(crashedOn))) await crash(point);

        digests.pass(downForMinutes * MINUTE_MS);
        onReturn?.();
        // Two days of minutes would be long: the first ten count, then every hour.
        const restarted = await digests.process();
        for (let minute = 0; minute < 10; minute += 1) {
          await restarted.tick();
          digests.pass(MINUTE_MS);
        }
        for (let hour = 0; hour < 54; hour += 1) {
          await restarted.tick();
          digests.pass(HOUR_MS);
        }

        const posted = digests.digestsIn(server.channel);
        expect(posted.filter((on, index) => posted.indexOf(on) !== index)).toEqual([]);
        expect(posted.filter((on) => on === TODAY)).toHaveLength(posts(point));
        expect((await digests.entry(server))?.state).toBe(posts(point) === 1 ? "sent" : "missed");

        async function wasPosted(localOn: string): Promise<boolean> {
          return (await digests.entry(server, localOn))?.state === "sent";
        }
      },
    );

    it("and finds the channel's history closed skips the day only when it cannot know", async () => {
      const server = await digests.server();
      digests.setNow(DUE);
      await crash(point);
      server.channel.permission_overwrites = [
        {
          id: digests.fake.botUser.id,
          type: 1,
          allow: "0",
          deny: String(Permission.ReadMessageHistory),
        },
      ];
      const restarted = await digests.process();
      for (let minute = 0; minute < 10; minute += 1) {
        await restarted.tick();
        digests.pass(MINUTE_MS);
      }
      const isKnown = !isInDoubt(point) || isPosted(point);
      expect(digests.digestsIn(server.channel)).toEqual(isKnown ? [TODAY] : []);
      expect((await digests.entry(server))?.state).toBe(
        isInDoubt(point) && !isRecorded(point) ? "missed" : "sent",
      );
    });
  });
}
