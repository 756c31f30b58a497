import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, inject, it } from "vitest";
import { busiestSecond } from "../support/fake-discord/rest.ts";
import { createTestDatabase, postgresMissing } from "../support/postgres.ts";
import { doomedScript } from "../support/program.ts";
import {
  type DigestsUnderTest,
  DUE,
  MINUTE_MS,
  type Server,
  startDigests,
  TODAY,
} from "./digest-under-test.ts";

const POSTER = doomedScript("poster");

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(options: Parameters<typeof startDigests>[0] = {}): Promise<DigestsUnderTest> {
  // Where Discord's seconds count, the OpenAPI check would be the slowest part.
  const digests = await startDigests({ checkSpec: false, ...options });
  open.push(() => digests.close());
  return digests;
}

const servers = (digests: DigestsUnderTest, count: number): Promise<Server[]> =>
  Promise.all(Array.from({ length: count }, () => digests.server()));

const postsOf = (digests: DigestsUnderTest, all: readonly Server[]): (readonly string[])[] =>
  all.map(({ channel }) => digests.digestsIn(channel));

describe("150 servers that are due in the same minute", () => {
  it("each get one digest, at Discord's pace and without one refused request", async () => {
    const digests = await start();
    const all = await servers(digests, 150);
    const bot = await digests.process();
    digests.setNow(DUE);
    await bot.tick();
    await bot.tick();
    expect(postsOf(digests, all)).toEqual(all.map(() => [TODAY]));
    expect(digests.fake.counts.rateLimited).toBe(0);
    expect(busiestSecond(digests.fake.counts)).toBeLessThanOrEqual(50);
  });
});

describe("several processes on one database", () => {
  for (const { engine, missing } of [
    { engine: "SQLite", missing: undefined },
    { engine: "PostgreSQL", missing: postgresMissing() },
  ]) {
    const title = `post each digest once between them (${engine}${missing === undefined ? "" : `, skipped: ${missing}`})`;
    it.skipIf(missing !== undefined)(title, async () => {
      const database =
        engine === "SQLite" ? undefined : await createTestDatabase(inject("runFolder"));
      if (database !== undefined) open.push(() => database.drop());
      const digests = await start({
        rateLimits: false,
        ...(database !== undefined && { databaseUrl: database.url }),
      });
      const all = await servers(digests, 40);
      const bots = await Promise.all([digests.process(), digests.process(), digests.process()]);
      digests.setNow(DUE);
      for (let minute = 0; minute < 3; minute += 1) {
        await Promise.all(bots.map((bot) => bot.tick()));
        digests.pass(MINUTE_MS);
      }
      expect(postsOf(digests, all)).toEqual(all.map(() => [TODAY]));
      expect(bots.flatMap(({ events }) => events).filter((event) => event === "sent")).toHaveLength(
        40,
      );
    });
  }
});

describe("processes that are killed", () => {
  it("by kill -9 in the middle of a wave, again and again, leave every server with one digest", async () => {
    const digests = await start({
      rateLimits: false,
      now: new Date(Date.now() - 1000).toISOString(),
    });
    // The processes' clocks run, so the day of this test is the real one.
    const due = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
    const time = due.toISOString().slice(11, 16);
    const all = await Promise.all(
      Array.from({ length: 30 }, () =>
        digests.server({ time, since: new Date(due.getTime() - 3_600_000).toISOString() }),
      ),
    );
    const posted = () =>
      digests.fake.counts.byRoute.get("POST /channels/:channel_id/messages") ?? 0;
    for (const [round, posts] of [1, 6, 11, 17].entries()) {
      const child = poster(digests, new Date(due.getTime() + round * 4 * MINUTE_MS));
      await digests.fake.until(`${posts} posts were asked for`, () => posted() >= posts);
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    // The last ones were left in doubt; their leases end.
    for (const round of [4, 5]) {
      const child = poster(digests, new Date(due.getTime() + round * 4 * MINUTE_MS));
      await once(child.stdout ?? child, "data");
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    const localOn = due.toISOString().slice(0, 10);
    expect(postsOf(digests, all)).toEqual(all.map(() => [localOn]));
    for (const server of all)
      expect(await digests.entry(server, localOn)).toMatchObject({ state: "sent" });
    // Six processes have to start for this, one after the other.
  }, 90_000);

  it("with its request on the way to Discord post it again only if it never arrived", async () => {
    const digests = await start({
      rateLimits: false,
      now: new Date(Date.now() - 1000).toISOString(),
    });
    const due = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
    const options = {
      time: due.toISOString().slice(11, 16),
      since: new Date(due.getTime() - 3_600_000).toISOString(),
    };
    const [arrived, lost] = [await digests.server(options), await digests.server(options)];
    digests.fake.fault({
      kind: "hang",
      afterEffect: true,
      method: "POST",
      path: `${arrived.channel.id}/messages`,
      times: 1,
    });
    digests.fake.fault({
      kind: "hang",
      method: "POST",
      path: `${lost.channel.id}/messages`,
      times: 1,
    });
    const asked = () =>
      digests.fake.requests.filter(
        ({ method, path }) => method === "POST" && path.endsWith("/messages"),
      ).length;
    const child = poster(digests, due);
    await digests.fake.until("both requests came", () => asked() === 2);
    child.kill("SIGKILL");
    await once(child, "exit");
    const next = poster(digests, new Date(due.getTime() + 4 * MINUTE_MS));
    await once(next.stdout ?? next, "data");
    const localOn = due.toISOString().slice(0, 10);
    expect(postsOf(digests, [arrived, lost])).toEqual([[localOn], [localOn]]);
    expect(asked()).toBe(3);
  });

  function poster(digests: DigestsUnderTest, at: Date): ChildProcess {
    const args = [
      POSTER,
      digests.dataDir,
      "",
      digests.fake.apiUrl,
      digests.fake.token,
      at.toISOString(),
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    open.push(async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    });
    return child;
  }
});
