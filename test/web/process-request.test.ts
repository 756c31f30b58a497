import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import Database from "sqlite3/driver.cjs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { silentLog } from "../../src/process/log.ts";
import { listen } from "../../src/web/listen.ts";
import { startSite } from "../../src/web/site.ts";
import { sharedApi, startApi } from "../support/api-under-test.ts";
import type { MarketUnderTest } from "../support/market-under-test.ts";

/** The keys of all rows in the cache file. */
function keptKeys({ dataDir }: MarketUnderTest): string[] {
  const file = new Database(join(dataDir, "answers.sqlite"), { readonly: true });
  try {
    return file
      .prepare<[], { key: string }>("SELECT key FROM keyv")
      .all()
      .map(({ key }) => key);
  } finally {
    file.close();
  }
}

const Body = z.record(z.string(), z.unknown());
const bodyOf = async (response: Promise<Response>) => Body.parse(await (await response).json());

/** The paths of the original's versions, and what clients of each expect of a bad investment. */
const ORIGINAL = [
  ["/api/v1/process_request", 400, "failure"],
  ["/api/v1/project/core/process_request", 400, "Server Failure"],
  ["/api/process_request", 200, "Invalid investment amount"],
  ["/process_request", 400, "Invalid investment amount"],
] as const;

describe("the original web version's answer", () => {
  const api = sharedApi();

  it("is the same over a connection, and HEAD gets its headers alone", async () => {
    const { app, get } = api();
    const path = "/api/v1/process_request/?symbol=DOGE&investment=1000";
    const expected = await get(path);
    const server = await listen(app, { host: "127.0.0.1", port: 0 });
    try {
      const response = await fetch(server.url + path);
      const text = await expected.text();
      expect(await response.text()).toBe(text);
      const told = Object.fromEntries(response.headers);
      const { ratelimit, ...headers } = Object.fromEntries(expected.headers);
      expect(told).toMatchObject({ ...headers, "content-length": String(Buffer.byteLength(text)) });
      expect(told["ratelimit"]).toMatch(/^"address";r=\d+;t=\d+$/);
      const head = await fetch(server.url + path, { method: "HEAD" });
      expect(head.headers.get("cache-control")).toBe(told["cache-control"]);
      expect(await head.text()).toBe("");
    } finally {
      await server.close();
    }
  });

  it("is in the original's form, with the same arithmetic as everywhere and weekly closes", async () => {
    const { market, get } = api();
    const response = await get("/api/v1/process_request/?symbol=DOGE&investment=1000");
    const body = await bodyOf(Promise.resolve(response));
    const outcome = await market.ask("dogecoin");
    if (!outcome.ok) throw new Error(outcome.refusal.reason);
    const { coins, profitUsd, growthFactor, lambos } = outcome.answer.valuation;
    expect(body["message"]).toEqual({
      NUMBERCOINS: coins,
      PROFIT: Math.round(profitUsd * 100) / 100,
      GROWTHFACTOR: Math.round(growthFactor * 100) / 100,
      LAMBOS: Math.round(lambos * 100) / 100,
      INVESTMENT: 1_000,
      SYMBOL: "DOGE",
      GENERATIONDATE: market.now().toISOString(),
    });
    expect(body["result"]).toEqual(body["message"]);
    expect(Object.keys(body)).toEqual(["message", "result", "graph_data"]);
    const graph: { x: string; y: number }[] = JSON.parse(String(body["graph_data"]));
    const firstUsd = outcome.answer.history.points[0]?.priceUsd;
    expect(graph[0]).toEqual({ x: "2013-12-15", y: firstUsd });
    // Every Sunday from then on; the week of Monday, 23 November is not over.
    expect(graph.map(({ x }) => new Date(x).getUTCDay()).every((day) => day === 0)).toBe(true);
    expect(graph.at(-1)?.x).toBe("2026-11-22");
    expect(graph).toHaveLength(676);
    expect(response.headers.get("link")).toContain("Data provided by CoinGecko");
  });

  it("is at every path of its versions, with or without a last slash", async () => {
    const { get } = api();
    const bodies = await Promise.all(
      ORIGINAL.flatMap(([path]) => [path, `${path}/`]).map(async (path) =>
        (await get(`${path}?symbol=DOGE&investment=5`)).text(),
      ),
    );
    expect(bodies).toHaveLength(8);
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ message: { INVESTMENT: 5 } });
  });

  // Each path is asked from an address of its own, because one may ask only 60 times a minute.
  const visitor = (path: string) => ({
    "x-forwarded-for": `203.0.113.${ORIGINAL.findIndex(([known]) => known === path)}`,
  });

  it.each(ORIGINAL)("at %s says 200 and that a symbol doesn't exist", async (path) => {
    const { get } = api();
    const says = "Symbol doesn't exist";
    for (const symbol of ["symbol=NOSUCH&", "symbol=DOGECION&", "symbol=&", "", "symbol=NEW&"]) {
      const response = await get(`${path}?${symbol}investment=1000`, visitor(path));
      expect({ symbol, status: response.status, body: await response.json() }).toEqual({
        symbol,
        status: 200,
        body: { message: says, result: says, graph_data: says },
      });
    }
  });

  it.each(ORIGINAL)("at %s says %i and %j of a bad investment", async (path, status, says) => {
    const { get } = api();
    const bad = ["", "&investment=", ...["abc", "NaN", "-5", "0", "1e400", "Infinity", "1,000"]];
    for (const investment of [...bad, "&investment=1e13", "&investment=1__0"]) {
      const given = /^(&|$)/.test(investment) ? investment : `&investment=${investment}`;
      const response = await get(`${path}?symbol=DOGE${given}`, visitor(path));
      expect({ given, status: response.status, body: await response.json() }).toEqual({
        given,
        status,
        body: { message: says, result: says, graph_data: says },
      });
    }
  });

  it("reads the investment in every spelling of a programming language", async () => {
    const { get } = api();
    const spelled = ["1000", "1e3", "1.0E3", "1000.", "+1000", "1_000", " 1000 ", "0x3e8"];
    for (const investment of [...spelled, "1000.00", "10000e-1", "001000"]) {
      const asked = `symbol=DOGE&investment=${encodeURIComponent(investment)}`;
      const body = await bodyOf(get(`/process_request?${asked}`));
      expect({ investment, message: body["message"] }).toMatchObject({
        investment,
        message: { INVESTMENT: 1_000 },
      });
    }
    const half = await bodyOf(get("/process_request?symbol=DOGE&investment=.5"));
    expect(half["message"]).toMatchObject({ INVESTMENT: 0.5 });
  });

  it("repeats the symbol as it was asked for, in capitals or not, by Kraken's name too", async () => {
    const { get } = api();
    const coinsOf = async (symbol: string) => {
      const body = await bodyOf(get(`/process_request?symbol=${symbol}&investment=10`));
      return body["message"];
    };
    const doge = await coinsOf("DOGE");
    for (const symbol of ["doge", "Doge", "XDG", "xdg"])
      expect(await coinsOf(symbol)).toEqual({ ...Object(doge), SYMBOL: symbol });
    expect(await coinsOf("%20DOGE%20")).toEqual(doge);
  });

  it("is dated anew each time, and holds until the coin's next close", async () => {
    const { market, get } = await startApi();
    const ask = async (at: string) => {
      market.setNow(at);
      const response = await get("/process_request?symbol=DOGE&investment=1000");
      const body = z.object({ message: z.record(z.string(), z.unknown()) });
      const { GENERATIONDATE, ...figures } = body.parse(await response.json()).message;
      expect(GENERATIONDATE).toBe(new Date(at).toISOString());
      return { figures, maxAge: Number(response.headers.get("cache-control")?.split("=")[1]) };
    };
    const noon = await ask("2026-11-24T12:00:00Z");
    const evening = await ask("2026-11-24T18:00:00Z");
    expect(evening).toEqual({ figures: noon.figures, maxAge: noon.maxAge - 6 * 3_600 });
    const next = await ask("2026-11-25T12:00:00Z");
    const outcome = await market.ask("dogecoin");
    if (!outcome.ok) throw new Error(outcome.refusal.reason);
    const { lambos, profitUsd } = outcome.answer.valuation;
    const inCents = (value: number) => Math.round(value * 100) / 100;
    expect(next.figures).toMatchObject({ LAMBOS: inCents(lambos), PROFIT: inCents(profitUsd) });
    expect(next.figures["PROFIT"]).not.toBe(noon.figures["PROFIT"]);
  });

  it("is the same in every byte and header, whether it is known or not", async () => {
    const path = "/api/v1/process_request/?symbol=DOGE&investment=1000";
    const asked = [
      ["GET", path],
      ["GET", path],
      ["HEAD", path],
      ["POST", path],
      ["GET", path.replace("/?", "?")],
      ["GET", "/process_request?symbol=DOGE&investment=1e3"],
      ["GET", "/process_request?symbol=DOGE&investment=1e3"],
      ["GET", "/process_request?symbol=NOSUCH&investment=1000"],
      // One more than the limit of an address.
      ...Array.from({ length: 55 }, () => ["GET", path] as const),
    ] as const;
    const roads = await Promise.all(
      [true, false].map(async (isQuick) => {
        const { market, api } = await startApi();
        const counted: unknown[] = [];
        let recalled = 0;
        const site = await startSite({
          host: "127.0.0.1",
          port: 0,
          parts: [api.routes],
          log: silentLog,
          metrics: { webAnswered: ({ route, status }) => counted.push({ route, status }) },
          directRoutes: isQuick
            ? [
                (...exchange) => {
                  const answered = api.recall?.(...exchange);
                  if (answered !== undefined) recalled += 1;
                  return answered;
                },
              ]
            : [],
        });
        const seen: unknown[] = [];
        const ask = async (method: string, asking: string) => {
          const url = new URL(asking, site.url);
          const response = await new Promise<IncomingMessage>((resolve, reject) =>
            request(url, { method }, resolve).on("error", reject).end(),
          );
          const { statusCode, rawHeaders } = response;
          const headers = rawHeaders.flatMap((name, at) =>
            at % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[at + 1]}`] : [],
          );
          // The seconds that are left of a window depend on how fast this machine is.
          const told = headers
            .sort()
            .map((text) => text.replace(/;t=\d+|(?<=^retry-after: )\d+|(?<=^date: ).*/, ""));
          const body = (await buffer(response)).toString().replace(/in \d+ s\./, "");
          seen.push({ statusCode, told, body });
        };
        try {
          for (const [method, asking] of asked) await ask(method, asking);
          market.setNow("2026-11-25T12:00:00Z");
          await ask("GET", path);
        } finally {
          await site.close();
        }
        return { seen, counted, recalled };
      }),
    );
    const [quick, slow] = roads;
    expect(quick?.seen).toEqual(slow?.seen);
    expect(quick?.counted).toEqual(slow?.counted);
    expect(quick?.recalled).toBe(57);
    expect(slow?.recalled).toBe(0);
  });

  it("is not known any more once the coin has another close", async () => {
    const { market, api } = await startApi();
    const site = await startSite({
      host: "127.0.0.1",
      port: 0,
      parts: [api.routes],
      log: silentLog,
      directRoutes: api.recall === undefined ? [] : [api.recall],
    });
    try {
      const profit = async () => {
        const response = await fetch(`${site.url}/process_request?symbol=DOGE&investment=1000`);
        const body = z.object({ message: z.object({ PROFIT: z.number() }) });
        return body.parse(await response.json()).message.PROFIT;
      };
      const before = await profit();
      expect(await profit()).toBe(before);
      market.setNow("2026-11-25T12:00:00Z");
      expect(await profit()).not.toBe(before);
    } finally {
      await site.close();
    }
  });

  it("takes the best known coin where several share a symbol", async () => {
    const { get } = api();
    expect(
      (await bodyOf(get("/api/v1/process_request/?symbol=TWIN&investment=1")))["message"],
    ).toMatchObject({ SYMBOL: "TWIN" });
  });

  it("is refused at every path while there are no prices, with when to ask again", async () => {
    const { market, get } = await startApi();
    await market.market().coins.refresh();
    for (const provider of ["coingecko", "defillama", "kraken"] as const)
      market.fake.fail(provider, { kind: "blocked" });
    for (const [path] of ORIGINAL) {
      const response = await get(`${path}?symbol=DOGE&investment=1000`);
      const body = await bodyOf(Promise.resolve(response));
      const says = path.includes("/core/") ? "Server Failure" : "failure";
      expect({ path, status: response.status, body }).toEqual({
        path,
        status: 503,
        body: { message: says, result: says, graph_data: says },
      });
      expect(response.headers.get("retry-after")).toBe("60");
    }
  });

  it("fetches and caches a new symbol once, however many ask for it at the same time", async () => {
    const { market, get } = await startApi();
    await market.market().coins.refresh();
    const asked = await Promise.all(
      Array.from({ length: 10 }, () => get("/api/v1/process_request/?symbol=DOGE&investment=1000")),
    );
    const bodies = await Promise.all(asked.map((response) => response.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ message: { SYMBOL: "DOGE" } });
    const callsOfTen = market.fake.count({ path: /market_chart|\/chart|\/prices/ });
    // The days that CoinGecko's plan reaches, and the opening that DefiLlama knows.
    const rows = keptKeys(market).flatMap((key) => /closes:.*:dogecoin$/.exec(key)?.[0] ?? []);
    expect(rows.sort()).toEqual(["closes:coingecko:dogecoin", "closes:defillama:dogecoin"]);

    const alone = await startApi();
    await alone.get("/api/v1/process_request/?symbol=DOGE&investment=1000");
    expect(callsOfTen).toBe(alone.market.fake.count({ path: /market_chart|\/chart|\/prices/ }));
    expect(
      (await bodyOf(get("/api/v1/process_request/?symbol=DOGE&investment=1000")))["message"],
    ).toMatchObject({ SYMBOL: "DOGE" });
  });
});

describe("the original's page", () => {
  const api = sharedApi({ corsOrigins: ["*"] });
  const ORIGIN = "http://localhost:3000";
  const headers = { accept: "application/json, text/plain, */*", origin: ORIGIN };
  const key = { "x-api-key": "436236939443955C11494D448451F" };

  /** What a button of the page does: the browser's preflight, the request, what the page reads. */
  async function press(path: string, sent: Readonly<Record<string, string>>, params: object) {
    const { app, get } = api();
    const custom = Object.keys(sent);
    if (custom.length > 0) {
      const preflight = await app.request(path, {
        method: "OPTIONS",
        headers: {
          origin: ORIGIN,
          "access-control-request-method": "GET",
          "access-control-request-headers": custom.join(","),
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
      expect(preflight.headers.get("access-control-allow-headers")).toBe("x-api-key");
    }
    const query = new URLSearchParams(Object.entries(params));
    const response = await get(`${path}?${query}`, { ...headers, ...sent });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    // A status of an error is the page's alert that the symbol doesn't exist.
    if (!response.ok) return "alert";
    const { message } = await bodyOf(Promise.resolve(response));
    if (message === "Symbol doesn't exist") return "alert";
    const { NUMBERCOINS, PROFIT, GROWTHFACTOR, LAMBOS } = Shown.parse(message);
    return { coins: Number(NUMBERCOINS.toFixed(5)), PROFIT, GROWTHFACTOR, LAMBOS };
  }

  const Shown = z.object({
    NUMBERCOINS: z.number(),
    PROFIT: z.number(),
    GROWTHFACTOR: z.number(),
    LAMBOS: z.number(),
  });

  it.each([
    ["Flask", "/api/v1/project/core/process_request", key],
    ["FastAPI", "/process_request", key],
    ["Django", "/api/v1/process_request/", {}],
  ])("gets what it shows from its %s button", async (_, path, sent) => {
    const outcome = await api().market.ask("dogecoin");
    if (!outcome.ok) throw new Error(outcome.refusal.reason);
    const { valuation } = outcome.answer;
    expect(await press(path, sent, { symbol: "DOGE", investment: "1000" })).toEqual({
      coins: Number(valuation.coins.toFixed(5)),
      PROFIT: Number(valuation.profitUsd.toFixed(2)),
      GROWTHFACTOR: Number(valuation.growthFactor.toFixed(2)),
      LAMBOS: Number(valuation.lambos.toFixed(2)),
    });
    expect(await press(path, sent, { symbol: "DUHHH", investment: "1000" })).toBe("alert");
    expect(await press(path, sent, { symbol: "DOGE", investment: "1e99" })).toBe("alert");
  });
});
