import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addDays } from "../src/valuation/calendar.ts";
import type { FakeCoin } from "./support/fake-market/fake-coin.ts";
import { type FakeMarket, refusedUrl, startFakeMarket } from "./support/fake-market/fake-market.ts";
import {
  type RecordedSeries,
  recordedPrices,
  recordedSeries,
  shiftedToEnd,
  syntheticSeries,
} from "./support/price-series.ts";
import { emptyFolder, type Finished, runManyTimes, runProgram } from "./support/program.ts";

const TODAY = new Date().toISOString().slice(0, 10);
const YESTERDAY = addDays(TODAY, -1);

const KEYS = [
  "coinId",
  "name",
  "symbol",
  "takenFor",
  "firstRecordedOn",
  "boughtOn",
  "boughtAskedOn",
  "ambiguousBought",
  "openingPriceUsd",
  "closingPriceUsd",
  "stakeUsd",
  "ambiguousAmount",
  "coins",
  "proceedsUsd",
  "profitUsd",
  "growthFactor",
  "carPriceUsd",
  "lambos",
  "verdict",
  "bestDay",
  "peak",
  "firstLamboOn",
  "stakeForOneLamboUsd",
  "flags",
  "oddCloses",
  "sources",
  "asOf",
];

const CALM: FakeCoin = {
  coinId: "calm",
  symbol: "CALM",
  name: "Calm",
  rank: 3,
  series: syntheticSeries({
    firstOn: addDays(TODAY, -900),
    lastOn: YESTERDAY,
    startUsd: 2,
    dailyGrowth: 0.01,
  }),
};
const NEWBORN: FakeCoin = {
  coinId: "newborn",
  symbol: "NEW",
  name: "Newborn",
  rank: null,
  series: [{ on: YESTERDAY, priceUsd: 1 }],
};

const EUR_PER_USD = 0.8;

let market: FakeMarket;
let folder: Awaited<ReturnType<typeof emptyFolder>>;

function recordedCoin(
  coinId: RecordedSeries,
  symbol: string,
  krakenPair: string,
  rank: number,
): FakeCoin {
  return {
    coinId,
    symbol,
    name: coinId,
    rank,
    krakenPair,
    series: shiftedToEnd(recordedSeries(coinId), YESTERDAY),
  };
}

beforeAll(async () => {
  const recorded = recordedPrices.available
    ? [
        recordedCoin("bitcoin", "BTC", "XBTUSD", 1),
        recordedCoin("ethereum", "ETH", "ETHUSD", 2),
        recordedCoin("dogecoin", "DOGE", "XDGUSD", 9),
      ]
    : [];
  market = await startFakeMarket({
    coins: [...recorded, CALM, NEWBORN],
    ratesPerUsd: { eur: EUR_PER_USD },
    now: () => new Date(),
  });
});
beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(async () => {
  market.heal();
  await folder.remove();
});
afterAll(() => market.close());

function lambo(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return runProgram(
    "terminal",
    args,
    { ...market.environment("demo"), ...environment },
    folder.path,
  );
}

/** {@link lambo} once for each list of arguments, all in one process. */
function lamboEach(
  argumentLists: readonly (readonly string[])[],
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly Finished[]> {
  return runManyTimes(
    "terminal",
    argumentLists,
    { ...market.environment("demo"), ...environment },
    folder.path,
  );
}

function object({ stdout = "" }: Partial<Finished> = {}) {
  return JSON.parse(stdout) as Record<string, never>;
}

describe.skipIf(!recordedPrices.available)(`the golden numbers ${recordedPrices.note}`, () => {
  it("are those of the recorded series", async () => {
    const golden = [
      ["bitcoin", 119.802534921, 45877.391201786, 1.909708701],
      ["eth", 1.264903926, 1696.199531607, 6.699855192],
      ["DOGE", 0.000417407, 0.178050936, 2.127820454],
    ] as const;
    const finished = await lamboEach(golden.map(([coin]) => [coin, "--json"]));
    for (const [index, [coin, openingUsd, closingUsd, lambos]] of golden.entries()) {
      const answer = object(finished[index]);
      expect(answer["openingPriceUsd"], coin).toBeCloseTo(openingUsd, 8);
      expect(answer["closingPriceUsd"], coin).toBeCloseTo(closingUsd, 8);
      expect(answer["lambos"], coin).toBeCloseTo(lambos, 8);
    }
  });

  it.each(["coingecko", "kraken"] as const)("are the same with %s down", async (provider) => {
    market.fail(provider, { kind: "reset" });
    const answer = object(await lambo(["dogecoin", "--json"]));
    expect(answer["lambos"]).toBeCloseTo(2.127820454, 8);
    expect(answer["symbol"]).toBe("DOGE");
  });

  it("come from Kraken's weekly closes, and say so, with DefiLlama down", async () => {
    market.fail("defillama", { kind: "reset" });
    const answer = object(await lambo(["bitcoin", "--json"]));
    expect(answer["flags"]).toEqual(["exchange-listing-only"]);
    expect(answer["closingPriceUsd"]).toBeCloseTo(45877.391201786, 8);
  });
});

describe("what scripts rely on", () => {
  it("--json prints one object with exactly these keys, or a reason and a sentence", async () => {
    const [finished, refused] = await lamboEach([
      ["calm", "250", "--car", "revuelto", "--json"],
      ["newborn", "--json"],
    ]);
    expect(finished?.exitCode).toBe(0);
    expect(finished?.stderr).toBe("");
    const answer = object(finished);
    expect(Object.keys(answer)).toEqual(KEYS);
    expect(answer).toMatchObject({
      coinId: "calm",
      stakeUsd: 250,
      carPriceUsd: 608_358,
      verdict: expect.stringMatching(/^(yes|no)$/),
    });
    expect(Object.keys(answer["peak"] ?? {})).toEqual(["on", "priceUsd", "lambos"]);
    expect(object(refused)).toEqual({
      reason: "too-new",
      message: expect.stringContaining("Ask again on"),
    });
  });

  it("exits with a code that says what happened", async () => {
    const cases = [
      ["an answer", ["calm"], 0],
      ["no coin", [], 2],
      ["an option that does not exist", ["calm", "--fast"], 2],
      ["a car that is not in the showroom", ["calm", "--car", "fiat"], 2],
      ["a day that is none", ["calm", "--bought", "31 Feb"], 2],
      ["a third argument", ["calm", "1", "2"], 2],
      ["an unknown coin", ["nosuchcoin"], 3],
      ["a coin that is too new", ["newborn"], 3],
    ] as const;
    const finished = await lamboEach(cases.map(([, args]) => args));
    for (const [index, [why, , exitCode]] of cases.entries()) {
      expect(finished[index]?.exitCode, why).toBe(exitCode);
      expect(exitCode === 0 ? finished[index]?.stdout : finished[index]?.stderr, why).not.toBe("");
    }
  });

  it("compare values several coins, exits as their refusals do, and leaves a coin of its name alone", async () => {
    const [demo, refused, five, alone, foreign] = await lamboEach([
      ["compare", "doge", "vs", "btc", "--from", "youngest", "--amount", "250", "--json", "--demo"],
      ["compare", "calm", "newborn", "--json"],
      ["compare", "a", "b", "c", "d", "e"],
      ["compare", "250"],
      ["calm", "--from", "youngest"],
    ]);
    expect(demo?.exitCode).toBe(0);
    expect(object(demo)).toMatchObject({
      from: "youngest",
      coins: [
        { coinId: "dogecoin", stakeUsd: 250 },
        { coinId: "bitcoin", boughtOn: "2013-12-15" },
      ],
    });
    expect([refused, five, alone, foreign].map((finished) => finished?.exitCode)).toEqual([
      3, 2, 3, 2,
    ]);
    expect(object(refused)).toEqual({
      reason: "too-few-coins",
      message: expect.stringMatching(/^That leaves only Calm, .* Ask again on /),
    });
    expect(alone?.stderr).toContain("“compare”");
    expect(foreign?.stderr).toContain("“--from” does not go with this question.");
  });

  it("refuses every amount that cannot be read or spent, and says what can", async () => {
    const amounts = ["0", "-5", "-.5", "NaN", "1e308", "Infinity", "5 btc", "$5€", "0x10", ""];
    const finished = await lamboEach(amounts.map((amount) => ["calm", amount, "--json"]));
    for (const [index, amount] of amounts.entries()) {
      expect(finished[index]?.exitCode, amount).toBe(2);
      expect(object(finished[index]), amount).toEqual({
        reason: "invalid-amount",
        message: expect.stringMatching(/\$|USD/),
      });
    }
  });

  it("with no network at all it exits 4, soon, with a sentence", async () => {
    const nowhere = await refusedUrl();
    const finished = await lambo(["calm"], {
      COINGECKO_BASE_URL: nowhere,
      DEFILLAMA_BASE_URL: nowhere,
      KRAKEN_BASE_URL: nowhere,
      FRANKFURTER_BASE_URL: nowhere,
    });
    expect(finished.exitCode).toBe(4);
    expect(finished.stderr).toContain("Try again in a few minutes.");
  });

  it("says what to do where compiled modules cannot be loaded", async () => {
    const finished = await lambo(["calm"], { NODE_OPTIONS: "--no-addons" });
    expect(finished).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/^The program cannot start: .* Run npm ci .*\n$/),
    });
  });

  it("answers where its data folder cannot be created, and does not keep trying", async () => {
    const finished = await lambo(["calm", "--json"], { DATA_DIR: "/proc/nowhere/data" });
    expect(finished.exitCode).toBe(0);
    expect(object(finished)["coinId"]).toBe("calm");
  });

  it("names everything that is wrong with its configuration at once", async () => {
    const finished = await lambo(["calm"], {
      COINGECKO_PLAN: "gold",
      DEFILLAMA_BASE_URL: "nowhere",
    });
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).toMatch(/COINGECKO_PLAN.*\n.*DEFILLAMA_BASE_URL/);
  });
});

describe("what people see", () => {
  it("--png writes a picture; one that cannot be written is a sentence, not a stack", async () => {
    const file = join(folder.path, "calm.png");
    const nowhere = join(folder.path, "no", "such", "folder.png");
    const [written, unwritten] = await lamboEach([
      ["calm", "--png", file],
      ["calm", "--png", nowhere],
    ]);
    expect(written?.exitCode).toBe(0);
    expect((await readFile(file)).subarray(0, 8)).toEqual(
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    );
    expect(unwritten).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^The picture cannot be written to .*\n$/),
    });
  });

  it.each([["--demo"], ["DEMO=1"]])("%s needs no network and says what it is", async (how) => {
    const nowhere = await refusedUrl();
    const environment = {
      COINGECKO_BASE_URL: nowhere,
      DEFILLAMA_BASE_URL: nowhere,
      ...(how === "DEMO=1" && { DEMO: "1" }),
    };
    const args = how === "DEMO=1" ? [] : [how];
    const [text, json] = await lamboEach(
      [
        ["bitcoin", ...args],
        ["bitcoin", "--json", ...args],
      ],
      environment,
    );
    expect(text?.exitCode).toBe(0);
    expect(text?.stdout).toContain("Demo market, invented prices");
    expect(json?.stdout).toContain("Demo market, invented prices");
  });

  it("demo prices are never used unless asked for", async () => {
    market.fail("coingecko", { kind: "reset" });
    market.fail("defillama", { kind: "reset" });
    const [demo, real] = await lamboEach([["dogecoin", "--demo"], ["litecoin"]]);
    expect(demo?.exitCode).toBe(0);
    expect(real?.exitCode).toBe(4);
  });

  it("a .env file counts, and the environment wins over it", async () => {
    await writeFile(join(folder.path, ".env"), "DEMO=1\nCOINGECKO_PLAN=gold\n");
    const { COINGECKO_PLAN = "", ...rest } = market.environment("demo");
    const plain = await runProgram("terminal", ["bitcoin"], rest, folder.path);
    expect(plain.stderr).toContain("COINGECKO_PLAN must be one of");
    const won = await runProgram("terminal", ["bitcoin"], { ...rest, COINGECKO_PLAN }, folder.path);
    expect(won.stdout).toContain("Demo market, invented prices");
  });
});

describe("LOG_LEVEL", () => {
  it("makes every line on standard error JSON, and a refusal is one of them", async () => {
    const environment = { ...market.environment("demo"), LOG_LEVEL: "info" };
    const { exitCode, stderr } = await runProgram(
      "terminal",
      ["no such coin"],
      environment,
      folder.path,
    );
    expect(exitCode).toBe(3);
    const lines = stderr
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ level: 50, msg: expect.stringContaining("No coin") });
  });
});

describe("an amount", () => {
  it("is read as people write it, in the currency that it names", async () => {
    const [thousand, euros, either] = await lamboEach([
      ["calm", "$1k", "--json"],
      ["calm", "500 €", "--json"],
      ["calm", "1.000"],
    ]);
    expect(object(thousand)).toMatchObject({ stakeUsd: 1_000, ambiguousAmount: null });
    expect(Number(object(euros)["stakeUsd"])).toBeCloseTo(500 / EUR_PER_USD, 6);
    expect(either?.stdout).toContain("“1.000” was read as $1, not as $1,000.");
  });

  it("that names another currency than --currency is refused", async () => {
    const [both] = await lamboEach([["calm", "500€", "--currency", "GBP"]]);
    expect(both?.exitCode).toBe(2);
    expect(both?.stderr).toContain(
      "“500€” is in EUR, but the currency chosen beside it is GBP. Leave one of the two out.",
    );
  });
});

describe("--currency", () => {
  it("is what the amount is in; the text counts in it, and JSON in US dollars", async () => {
    const [euros, json] = await lamboEach([
      ["calm", "1000", "--currency", "eur"],
      ["calm", "1000", "--currency", "EUR", "--json"],
    ]);
    expect(euros).toMatchObject({ exitCode: 0, stderr: "" });
    expect(euros?.stdout).toContain("€1,000 into Calm");
    expect(Number(object(json)["stakeUsd"])).toBeCloseTo(1_000 / EUR_PER_USD, 6);
  });

  it("that does not exist is bad usage, a bad amount too, and one without a rate is refused", async () => {
    const [nonsense, bad, withoutRate] = await lamboEach([
      ["calm", "1000", "--currency", "nonsense"],
      ["calm", "lots", "--currency", "EUR", "--json"],
      ["calm", "1000", "--currency", "ISK", "--json"],
    ]);
    expect(nonsense?.exitCode).toBe(2);
    expect(nonsense?.stderr).toContain(
      "“nonsense” is not a currency: give an ISO 4217 code, such as EUR.",
    );
    expect(bad?.exitCode).toBe(2);
    expect(object(bad)).toMatchObject({
      reason: "invalid-amount",
      message: expect.stringContaining("€"),
    });
    // Never taken for dollars.
    expect(withoutRate?.exitCode).toBe(4);
    expect(object(withoutRate)).toMatchObject({ reason: "no-rate" });
  });
});

describe("the language of the terminal", () => {
  it("is the environment's, or that of --locale, in words, numbers and what is read", async () => {
    const [german, french, dutch, help] = await lamboEach(
      [
        ["calm", "1.000"],
        ["calm", "1000", "--locale", "fr"],
        ["calm", "1000", "--locale=nl"],
        ["--help"],
      ],
      { LANG: "de_DE.UTF-8" },
    );
    expect(german?.stdout).toContain("Hättest du");
    expect(german?.stdout).toContain("1.000\u00a0$");
    expect(french?.stdout).toContain("1\u202f000\u00a0$");
    expect(french?.stdout).toContain("Si tu avais");
    expect(dutch?.stdout).toContain("Had you put");
    expect(dutch?.stdout).toContain("1.000");
    expect(help?.stdout).toContain("Aufruf");
  });

  it("is that of refusals too, and JSON stays English whatever it is", async () => {
    const [locale, option, noValue, value, plain, chosen, refused] = await lamboEach(
      [
        ["calm", "--locale", "xx"],
        ["calm", "--nope"],
        ["calm", "--currency"],
        ["calm", "--json=1"],
        ["calm", "1.000", "--json"],
        ["calm", "1.000", "--json", "--locale", "de"],
        ["newborn", "--json", "--locale", "de"],
      ],
      { LC_ALL: "de_AT" },
    );
    for (const [finished, named] of [
      [locale, "xx"],
      [option, "--nope"],
      [noValue, "--currency"],
      [value, "--json"],
    ] as const) {
      expect(finished?.exitCode).toBe(2);
      expect(finished?.stderr.split("\n")[0]).toContain(named);
      expect(finished?.stderr).toContain("Aufruf");
    }
    expect(object(plain)).toMatchObject({ stakeUsd: 1 });
    expect(object(chosen)).toMatchObject({ stakeUsd: 1_000 });
    expect(object(refused)["message"]).toContain("was first priced on");
  });
});
