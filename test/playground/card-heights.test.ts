import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { linesOf } from "../../src/messages/say.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { launchBrowser, systemBrowser } from "../support/browser.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { type FakeMarket, startFakeMarket } from "../support/fake-market/fake-market.ts";
import { type SyntheticShape, syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, type Program, startProgram } from "../support/program.ts";

// A browser on a busy machine is slow; each wait below has a time limit of its own.
vi.setConfig({ testTimeout: 60_000 });

const PHONE = { width: 360, height: 800 };
const MOST_PX = { toPicture: 300, embed: 620, withControls: 800, digest: 800 } as const;
const TODAY = new Date().toISOString().slice(0, 10);

let rank = 0;
function coin(
  symbol: string,
  name: string,
  shape: Partial<SyntheticShape> = {},
  firstDays: readonly number[] = [],
): FakeCoin {
  rank += 1;
  const series = syntheticSeries({
    firstOn: "2023-01-10",
    lastOn: TODAY,
    startUsd: 0.0004321,
    dailyGrowth: 0.0043,
    wobble: 0.02,
    seed: rank,
    ...shape,
  }).map((day, index) => ({ ...day, priceUsd: firstDays[index] ?? day.priceUsd }));
  return {
    coinId: symbol.toLowerCase(),
    symbol,
    name,
    rank,
    series,
    imageUrl: `https://coin-images.example/${symbol}.png`,
  };
}

const YOUNG_FROM = addDays(TODAY, -45);
const COINS = [
  coin("GROW", "Dogecoin"),
  coin("CALM", "Steady Dollar", { dailyGrowth: 0, startUsd: 1, wobble: 0.001 }),
  coin("LOSS", "Wrapped Liquid Staked Ether", { dailyGrowth: -0.004 }),
  coin("GONE", "Terra Luna Classic", { lastOn: "2025-05-20" }),
  coin("YUNG", "Some Young Coin", { firstOn: YOUNG_FROM, dailyGrowth: 0.05 }),
  coin("WILD", "Bitcoin Cash", { gaps: [["2024-01-01", "2024-03-01"]] }, [0.9]),
  // Three caveats at once: dead, with a gap, and with a first close far above the next.
  coin(
    "ODDS",
    "Basic Attention Token",
    { lastOn: "2025-05-20", gaps: [["2024-01-01", "2024-03-01"]] },
    [0.9],
  ),
  ...[
    "Litecoin",
    "Chainlink",
    "Internet Computer",
    "Avalanche",
    "Hedera",
    "Stellar",
    "Toncoin",
  ].map((name, index) => coin(`X${index}`, name, { dailyGrowth: 0.003 + index / 1_000 })),
];

/** What is asked, and what its card shows. */
const CARDS = [
  ["gone", "dead", 1_000],
  ["grow", "a hundred", 100_000],
  ["grow", "ten", 10_000],
  ["grow", "yes", 1_000],
  ["grow", "nearly", 450],
  ["grow", "part way", 250],
  ["grow", "spare parts", 10],
  ["calm", "steady", 1_000],
  ["loss", "loss", 1_000],
  ["yung", "two flags", 1_000],
  ["wild", "two flags", 1_000],
  ["odds", "three flags", 1_000],
] as const;

const TIERS = [
  ...(["dead", "moon-100", "moon-10", "yes", "nearly"] as const),
  ...(["part-way", "spare-parts", "steady", "loss"] as const),
];

type Heights = {
  readonly toPicture: number;
  readonly embed: number;
  readonly withControls: number;
};

let market: FakeMarket | undefined;
let browser: Browser | undefined;
let program: Program | undefined;
let home: Awaited<ReturnType<typeof emptyFolder>> | undefined;

async function openPlayground(): Promise<Page> {
  market = await startFakeMarket({ coins: COINS, now: () => new Date() });
  home = await emptyFolder();
  program = startProgram("main", [], { PORT: "0", ...market.environment("demo") }, home.path);
  [browser] = await Promise.all([launchBrowser(), program.says("Stop     Ctrl+C")]);
  const address = /Open\s+(http:\S+)/.exec(program.output())?.[1] ?? "";
  const context = await browser.newContext({ locale: "en-US", viewport: PHONE });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.goto(address);
  // The first screen has an example of its own.
  await page.locator("article:has(.embed-image img)").first().waitFor();
  return page;
}

type Options = Readonly<Record<string, string | number>>;

const Facts = z.object({
  token: z.string(),
  channels: z.tuple([z.object({ id: z.string() })], z.unknown()),
  members: z.tuple([z.object({ id: z.string() })], z.unknown()),
});

/** Sends a command as the page does, without typing it letter by letter. */
async function send(page: Page, name: string, options: Options): Promise<void> {
  const { origin } = new URL(page.url());
  const facts = Facts.parse(JSON.parse((await page.locator("#facts").textContent()) ?? ""));
  const response = await page.request.post(`${origin}/interactions`, {
    headers: { origin, "sec-fetch-site": "same-origin", "x-playground-token": facts.token },
    data: {
      type: 2,
      channel_id: facts.channels[0].id,
      user_id: facts.members[0].id,
      locale: "en-US",
      data: {
        type: 1,
        name,
        options: Object.entries(options).map(([name, value]) => ({
          type: typeof value === "number" ? 10 : 3,
          name,
          value,
        })),
      },
    },
  });
  expect(response.ok(), await response.text()).toBe(true);
}

/**
 * The card that has come as answer to a command, measured in CSS pixels, with the tallest of the
 * lines in place of its joke: the joke changes from day to day.
 */
async function measured(
  page: Page,
  name: string,
  options: Options = {},
  jokes: readonly string[] = [],
): Promise<Heights> {
  const cards = page.locator("article:has(.embed-image img)");
  const count = await cards.count();
  await send(page, name, options);
  const card = cards.nth(count);
  await card.waitFor();
  return card.evaluate((element, lines) => {
    const joke = element.querySelector("em");
    if (joke !== null) {
      const height = (line: string) => {
        joke.textContent = line;
        return joke.getBoundingClientRect().height;
      };
      const [tallest] = [...lines].sort((a, b) => height(b) - height(a));
      if (tallest !== undefined) joke.textContent = tallest;
    }
    const box = (selector: string) => element.querySelector(selector)?.getBoundingClientRect();
    const [embed, picture, controls] = [box(".embed"), box(".embed-image"), box(".components")];
    if (embed === undefined || picture === undefined) throw new Error("The card has no picture.");
    return {
      toPicture: Math.round(picture.top - embed.top),
      embed: Math.round(embed.height),
      withControls: Math.round((controls?.bottom ?? embed.bottom) - embed.top),
    };
  }, jokes);
}

describe.skipIf(!systemBrowser.available)(`on a phone${systemBrowser.note}`, () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPlayground();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    program?.process.kill("SIGKILL");
    await program?.finished;
    await market?.close();
    await home?.remove();
  });

  it.each(["gone", "grow", "loss", "yung", "wild", "odds"])(
    "the picture of a price that a coin would have to be worth is in sight: %s",
    async (coin) => {
      const moods = ["there", "dead", "was-there", "near", "far", "orbit"] as const;
      const jokes = moods.flatMap((mood) => linesOf("en-US", `wen-line.${mood}`));
      const heights = await measured(page, "wen", { coin, amount: "450" }, jokes);
      expect(heights.toPicture).toBeLessThanOrEqual(MOST_PX.toPicture);
      expect(heights.embed).toBeLessThanOrEqual(MOST_PX.embed);
    },
  );

  it("the picture of every card is in sight, and the whole card fits with its controls", async () => {
    const rows: (Heights & { readonly card: string })[] = [];
    const jokes = TIERS.flatMap((tier) => linesOf("en-US", `verdict-line.${tier}`));
    for (const [id, kind, stake] of CARDS) {
      const heights = await measured(page, "lambo", { coin: id, amount: stake }, jokes);
      rows.push({ card: `${kind} (${id})`, ...heights });
    }
    const table = rows.map(
      ({ card, ...px }) => `${card.padEnd(24)} ${Object.values(px).join(" ")}`,
    );
    process.stdout.write(`card to picture, embed, with controls (px)\n${table.join("\n")}\n`);
    for (const { card, toPicture, embed, withControls } of rows) {
      expect(toPicture, card).toBeLessThanOrEqual(MOST_PX.toPicture);
      expect(embed, card).toBeLessThanOrEqual(MOST_PX.embed);
      expect(withControls, card).toBeLessThanOrEqual(MOST_PX.withControls);
    }
    const digest = await measured(page, "digest");
    process.stdout.write(`digest ${digest.toPicture} ${digest.embed} ${digest.withControls}\n`);
    expect(digest.embed).toBeLessThanOrEqual(MOST_PX.digest);
  });
});
