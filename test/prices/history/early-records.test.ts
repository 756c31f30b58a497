import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sourceLink } from "../../../src/messages/wording.ts";
import { createEarlyRecords } from "../../../src/prices/history/early-records.ts";
import { type Log, silentLog } from "../../../src/process/log.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import { median } from "../../../src/valuation/price-window.ts";
import { recordedPrices, recordedSeries } from "../../support/price-series.ts";
import { compiledFile } from "../../support/program.ts";

const SHARED_RECORD = new URL("../../../../shared/data/early/bitcoin.csv", import.meta.url);
const OPENING_DAYS = 28;

function bitcoin() {
  const record = createEarlyRecords({ log: silentLog })("bitcoin");
  if (record === undefined) throw new Error("bitcoin has no early record");
  return record;
}

describe("bitcoin's early record", () => {
  it("is 1,034 days without a gap, each with a price", () => {
    const { points } = bitcoin();
    expect(points).toHaveLength(1_034);
    expect(points.map(({ on }) => on)).toEqual(points.map((_, day) => addDays("2010-07-17", day)));
    expect(points.every(({ priceUsd }) => priceUsd > 0)).toBe(true);
  });

  it("opens at 0.0638361 USD, the mean of 28 calendar days", () => {
    const opening = bitcoin().points.slice(0, OPENING_DAYS);
    expect(opening.at(-1)?.on).toBe("2010-08-13");
    expect(opening.reduce((sum, { priceUsd }) => sum + priceUsd, 0) / OPENING_DAYS).toBeCloseTo(
      0.0638361,
      7,
    );
  });

  it("knows how little was traded then: 1,000 USD would have been about a sixth of it", () => {
    expect(1_000 / (bitcoin().openingTradedUsd ?? 0)).toBeCloseTo(0.16, 2);
  });

  it("is credited by name, with a link to the file it was taken from", () => {
    expect(sourceLink(bitcoin())).toMatch(
      /^\[Mt\. Gox trades\]\(https:\/\/github\.com\/apsheronets\/divananalit\/blob\/cdda85f\w+\//,
    );
  });

  it("comes with the built program", async () => {
    const built: { createEarlyRecords: typeof createEarlyRecords } = await import(
      compiledFile("prices/history/early-records")
    );
    expect(built.createEarlyRecords({ log: silentLog })("bitcoin")).toEqual(bitcoin());
  });

  it("has one price a line, all from one source", () => {
    const text = readFileSync(
      new URL("../../../src/prices/history/early/bitcoin.csv", import.meta.url),
      "utf8",
    );
    expect(text).toMatch(/^date,price_usd\n(\d{4}-\d\d-\d\d,[\d.]+\n){1034}$/);
  });

  it.skipIf(!existsSync(SHARED_RECORD))(
    `equals the record it was made from (skipped without ${SHARED_RECORD.pathname})`,
    () => {
      const [, ...lines] = readFileSync(SHARED_RECORD, "utf8").trim().split("\n");
      const points = lines.map((line) => ({
        on: line.split(",")[0],
        priceUsd: Number(line.split(",")[1]),
      }));
      expect(bitcoin().points).toEqual(points);
    },
  );

  it.skipIf(!recordedPrices.available)(
    `meets the record that follows it${recordedPrices.note}`,
    () => {
      const later = new Map(recordedSeries("bitcoin").map(({ on, priceUsd }) => [on, priceUsd]));
      const ratios = bitcoin().points.flatMap(({ on, priceUsd }) =>
        later.has(on) ? [priceUsd / (later.get(on) ?? 0)] : [],
      );
      expect(ratios).toHaveLength(17);
      expect(median(ratios)).toBeCloseTo(1, 3);
      expect(ratios.every((ratio) => Math.abs(ratio - 1) < 0.05)).toBe(true);
    },
  );
});

describe("a folder of early records", () => {
  let folder = "";
  let errors: object[] = [];
  const log: Log = { ...silentLog, error: (fields) => void errors.push(fields) };
  const entry = {
    name: "Some exchange",
    url: "https://example.org/record",
    citation: "Some exchange's closes",
    checkedOn: "2026-11-26",
    openingTradedUsd: null,
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lambo-early-"));
    errors = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (file: string, content: unknown) =>
    writeFile(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
  const records = () => createEarlyRecords({ log, folder: pathToFileURL(`${folder}/`) });

  it("gains a coin by two files, without code", async () => {
    await write("records.json", { litecoin: { ...entry, openingTradedUsd: 500 } });
    await write("litecoin.csv", "date,price_usd\n2011-10-13,0.03\n2011-10-15,3e-2\n");
    expect(records()("litecoin")).toEqual({
      name: entry.name,
      url: entry.url,
      openingTradedUsd: 500,
      points: [
        { on: "2011-10-13", priceUsd: 0.03 },
        { on: "2011-10-15", priceUsd: 0.03 },
      ],
    });
    expect(errors).toEqual([]);
  });

  it("can be read with Windows line endings", async () => {
    await write("records.json", { coin: entry });
    await write("coin.csv", "date,price_usd\r\n2011-10-13,0.03\r\n2011-10-14,0.04\r\n");
    expect(records()("coin")?.points).toHaveLength(2);
  });

  it("is read once, when a coin is first asked for", async () => {
    const earlyRecordOf = records();
    await write("records.json", { coin: entry });
    await write("coin.csv", "date,price_usd\n2011-10-13,0.03\n");
    const first = earlyRecordOf("coin");
    await rm(join(folder, "coin.csv"));
    await rm(join(folder, "records.json"));
    expect(first).toBeDefined();
    expect(earlyRecordOf("coin")).toBe(first);
    expect(errors).toEqual([]);
  });

  it("has nothing for other coins, whatever their ids are", async () => {
    await write("records.json", { coin: entry });
    await write("secret.csv", "date,price_usd\n2011-10-13,0.03\n");
    const earlyRecordOf = records();
    for (const coinId of [
      "secret",
      "../secret",
      "./coin",
      "coin.csv",
      "",
      "__proto__",
      "constructor",
      "toString",
    ]) {
      expect(earlyRecordOf(coinId)).toBeUndefined();
    }
    fc.assert(
      fc.property(
        fc.string(),
        (coinId) => coinId === "coin" || earlyRecordOf(coinId) === undefined,
      ),
    );
    expect(errors).toEqual([]);
  });

  it.each([
    ["another header", "on,price_usd\n2011-10-13,0.03\n"],
    ["a second price", "date,price_usd,other_usd\n2011-10-13,0.03,0.04\n"],
    ["a third field in one line", "date,price_usd\n2011-10-13,0.03,0.04\n"],
    ["no day", "date,price_usd\n"],
    ["nothing at all", ""],
    ["a day that no calendar has", "date,price_usd\n2011-02-30,0.03\n"],
    ["a day twice", "date,price_usd\n2011-10-13,0.03\n2011-10-13,0.03\n"],
    ["days out of order", "date,price_usd\n2011-10-14,0.03\n2011-10-13,0.03\n"],
    ["an empty line", "date,price_usd\n2011-10-13,0.03\n\n2011-10-14,0.03\n"],
    ["no price", "date,price_usd\n2011-10-13,\n"],
    ["a price of zero", "date,price_usd\n2011-10-13,0\n"],
    ["a negative price", "date,price_usd\n2011-10-13,-1\n"],
    ["a price without end", "date,price_usd\n2011-10-13,1e999\n"],
    ["a price in words", "date,price_usd\n2011-10-13,Infinity\n"],
  ])("has no record, and logs it once, for %s", async (_title, csv) => {
    await write("records.json", { coin: entry, other: entry });
    await write("coin.csv", csv);
    await write("other.csv", "date,price_usd\n2011-10-13,0.03\n");
    const earlyRecordOf = records();
    for (let times = 0; times < 3; times += 1) expect(earlyRecordOf("coin")).toBeUndefined();
    expect(errors).toEqual([{ file: "coin.csv", error: expect.any(String) }]);
    expect(earlyRecordOf("other")).toBeDefined();
  });

  it("has no record of a coin whose file is missing", async () => {
    await write("records.json", { coin: entry });
    const earlyRecordOf = records();
    for (let times = 0; times < 3; times += 1) expect(earlyRecordOf("coin")).toBeUndefined();
    expect(errors).toEqual([{ file: "coin.csv", error: expect.stringContaining("ENOENT") }]);
  });

  it.each([
    ["is not JSON", "{"],
    ["is a list", "[]"],
    ["names no source", { coin: { ...entry, name: " " } }],
    ["names a source too long for a card", { coin: { ...entry, name: "x".repeat(41) } }],
    ["links to no web page", { coin: { ...entry, url: "javascript:alert(1)" } }],
    ["cites nothing", { coin: { ...entry, citation: undefined } }],
    ["was checked on no day", { coin: { ...entry, checkedOn: "lately" } }],
    ["has a field of its own", { coin: { ...entry, price: 1 } }],
    ["leads out of the folder", { "../coin": entry, coin: entry }],
  ])("has no records, and logs it once, when records.json %s", async (_title, content) => {
    await write("records.json", content);
    await write("coin.csv", "date,price_usd\n2011-10-13,0.03\n");
    const earlyRecordOf = records();
    for (let times = 0; times < 3; times += 1) expect(earlyRecordOf("coin")).toBeUndefined();
    expect(errors).toEqual([{ file: "records.json", error: expect.any(String) }]);
  });
});
