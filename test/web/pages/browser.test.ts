import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { spokenLanguages } from "../../../src/messages/say.ts";
import { listen, type WebServer } from "../../../src/web/listen.ts";
import { launchBrowser, systemBrowser } from "../../support/browser.ts";
import { type SiteUnderTest, startSiteUnderTest } from "./site-under-test.ts";

// A browser on a busy machine is slow.
vi.setConfig({ testTimeout: 90_000 });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const Violations = z.array(z.string());

/** The words of labels, headings and buttons that stand on two lines without a hyphen. */
const BROKEN_WORDS = `[...document.querySelectorAll("h1, h2, dt, label, button, .button, summary, nav a")].flatMap((element) => {
  const broken = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode())
    for (const word of text.data.matchAll(/[\\p{sc=Latin}\\p{sc=Cyrillic}\\u00ad]+/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (!word[0].includes("\\u00ad") && range.getClientRects().length > 1) broken.push(document.documentElement.lang + ": " + word[0]);
    }
  return broken;
})`;

const PAGES = {
  "the form": "/",
  "a loss": "/c/sinking",
  "a coin that is gone": "/c/gone?stake=2500",
  "several coins": "/c/TWIN",
} as const;

describe.skipIf(!systemBrowser.available)(`in a real browser${systemBrowser.note}`, () => {
  let site: SiteUnderTest;
  let server: WebServer;
  let browser: Browser;
  const trouble: string[] = [];
  const pages: Page[] = [];

  beforeAll(async () => {
    site = await startSiteUnderTest();
    server = await listen(site.app, { host: "127.0.0.1", port: 0 });
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await site.close();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    expect(trouble.splice(0)).toEqual([]);
  });

  /** Opens a page; what it must not do is noted: errors, dialogs, requests to other hosts. */
  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 360, height: 780 },
      // Every page is another visitor's.
      extraHTTPHeaders: { "x-forwarded-for": `10.9.${pages.length}.${Date.now() % 250}` },
      ...options,
    });
    const page = await context.newPage();
    pages.push(page);
    page.on("console", (message) => {
      // The browser notes every page with a status of its own.
      const isNoted = message.text().startsWith("Failed to load resource");
      if (!isNoted && ["error", "warning"].includes(message.type())) trouble.push(message.text());
    });
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("dialog", (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(server.url)) trouble.push(`request: ${request.url()}`);
    });
    await page.goto(server.url + path);
    return page;
  }

  it("axe finds nothing on any kind of page, light or dark, and nothing is wider than a phone", async () => {
    const page = await open("/", { bypassCSP: true, viewport: { width: 320, height: 700 } });
    const found: string[] = [];
    const run = async (name: string, options: object) => {
      const ids = await page.evaluate(
        `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, nodes }) => id + " on " + nodes.map(({ html }) => html.slice(0, 120)).join(" | ")))`,
      );
      found.push(...Violations.parse(ids).map((id) => `${name}: ${id}`));
    };
    for (const [name, path] of Object.entries(PAGES)) {
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(server.url + path);
      await page.evaluate(AXE);
      await run(name, { runOnly: { type: "tag", values: AXE_TAGS } });
      if ((await page.evaluate("document.documentElement.scrollWidth > innerWidth")) === true)
        found.push(`${name}: wider than the phone`);
      await page.emulateMedia({ colorScheme: "dark" });
      // Nothing else can differ in the dark.
      await run(`${name}, dark`, { runOnly: { type: "rule", values: ["color-contrast"] } });
    }
    for (const lang of spokenLanguages()) {
      await page.goto(`${server.url}/c/sinking?stake=2500&lang=${lang}`);
      if ((await page.evaluate("document.documentElement.scrollWidth > innerWidth")) === true)
        found.push(`${lang}: wider than the phone`);
      found.push(...z.array(z.string()).parse(await page.evaluate(BROKEN_WORDS)));
      if (!["de", "ja"].includes(lang)) continue;
      await page.evaluate(AXE);
      await run(lang, { runOnly: { type: "tag", values: AXE_TAGS } });
    }
    expect(found).toEqual([]);
  });

  it("an answer has its language, one heading of the first rank, no shift, and targets for a thumb", async () => {
    const page = await open("/c/dogecoin");
    const facts = z.object({ lang: z.string(), headings: z.number(), order: z.string() }).parse(
      await page.evaluate(`({
        lang: document.documentElement.lang,
        headings: document.querySelectorAll("h1").length,
        order: [...document.querySelectorAll("h1,h2,h3")].map(({ tagName }) => tagName).join(""),
      })`),
    );
    expect(facts).toMatchObject({
      lang: "en",
      headings: 1,
      order: expect.stringMatching(/^H1(H2)+$/),
    });
    await page.locator(".picture img").scrollIntoViewIfNeeded();
    await expect
      .poll(() => page.evaluate("document.querySelector('.picture img').naturalWidth"))
      .toBe(1200);
    expect(
      await page.evaluate(`new Promise((resolve) => {
        let shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(shift), 100);
      })`),
    ).toBeLessThan(0.01);
    const small = await page.evaluate(
      `[...document.querySelectorAll("a, button, summary, input, select")].filter((target) => {
        const { width, height } = target.getBoundingClientRect();
        const isInText = target.closest("p, li.small, .sources") !== null && !target.matches(".button, button");
        return !target.matches(".skip") && !isInText && (width < 24 || height < 24);
      }).map(({ outerHTML }) => outerHTML.slice(0, 100))`,
    );
    expect(small).toEqual([]);
  });

  it("the keyboard skips to the answer, and reads the chart day by day", async () => {
    const page = await open("/c/dogecoin", { viewport: { width: 1280, height: 900 } });
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toMatch(
      /^Dec 31, 2019: \$/,
    );
    const shown = `[...document.querySelectorAll(".reading")].filter((reading) => getComputedStyle(reading).opacity === "1").map(({ textContent }) => textContent)`;
    await expect.poll(() => page.evaluate(shown)).toEqual([expect.stringMatching(/^Dec 31, 2019/)]);
  });

  it("the link can be copied, and without scripts it can be selected and the form works", async () => {
    const page = await open("/c/dogecoin", { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(
      "https://lambo.example/c/dogecoin",
    );

    const plain = await open("/", { javaScriptEnabled: false });
    await plain.getByLabel("Coin").fill("doge");
    await plain.getByLabel("What you would have spent").fill("1.5k");
    await plain.getByLabel("Car").selectOption("urus-s");
    await plain.keyboard.press("Enter");
    await plain.getByRole("button", { name: "Where's my Lambo?" }).click();
    await plain.waitForURL("**/c/dogecoin?stake=1500&car=urus-s");
    expect(await plain.getByRole("button", { name: "Copy link" }).isVisible()).toBe(false);
    expect(await plain.getByLabel("Link to this answer").inputValue()).toBe(
      "https://lambo.example/c/dogecoin?stake=1500&car=urus-s",
    );
  });

  it("the name of a hostile coin is only text", async () => {
    const page = await open("/c/hostile");
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(await page.title()).toContain("<img src=x onerror=alert(1)>");
  });
});
