import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { launchBrowser, systemBrowser } from "../support/browser.ts";
import {
  type FakeMarket,
  refusedUrl,
  startFakeMarket,
} from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { emptyFolder, startProgram } from "../support/program.ts";

// A browser on a busy machine is slow; each wait below has a time limit of its own.
vi.setConfig({ testTimeout: 60_000 });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DESKTOP = { width: 1280, height: 900 };
const TODAY = new Date().toISOString().slice(0, 10);

const coin = (coinId: string, symbol: string, name: string, rank: number, dailyGrowth: number) => ({
  coinId,
  symbol,
  name,
  rank,
  series: syntheticSeries({
    firstOn: "2023-01-01",
    lastOn: TODAY,
    startUsd: 1,
    dailyGrowth,
    wobble: 0.02,
    seed: rank,
  }),
  imageUrl: `https://coin-images.example/${coinId}.png`,
});

/** A coin whose name attacks the page. */
const MALICE = coin("malice", "MAL", "<img src=x onerror=alert(1)>**Bold**", 3, 0.01);

let market: FakeMarket;
let browser: Browser;
let folder: Awaited<ReturnType<typeof emptyFolder>>;
let address: string;
const closing: (() => Promise<unknown>)[] = [];

async function startPlayground(environment: Readonly<Record<string, string>>): Promise<string> {
  const home = await emptyFolder();
  const program = startProgram("main", [], { PORT: "0", ...environment }, home.path);
  closing.push(async () => {
    program.process.kill("SIGKILL");
    await program.finished;
    await home.remove();
  });
  await program.says("Stop     Ctrl+C");
  return /Open\s+(http:\S+)/.exec(program.output())?.[1] ?? "";
}

/** What happened in one test's pages but must not: errors, dialogs, requests to other hosts. */
let trouble: string[] = [];
const pages: Page[] = [];

async function open(at = address, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    viewport: DESKTOP,
    ...options,
  });
  context.setDefaultTimeout(12_000);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${at}/`)) trouble.push(`request: ${request.url()}`);
  });
  pages.push(page);
  await page.goto(at);
  return page;
}

let sharedPage: Page | undefined;

/**
 * A page as it is when it opens, shared by most tests: a new page would draw the pictures of all
 * earlier tests again.
 */
async function home(): Promise<Page> {
  if (sharedPage === undefined) {
    sharedPage = await open();
    pages.splice(pages.indexOf(sharedPage), 1);
    return sharedPage;
  }
  const page = sharedPage;
  if (page.viewportSize()?.width !== DESKTOP.width) {
    await page.setViewportSize(DESKTOP);
    await page.emulateMedia({ colorScheme: null });
  }
  const member = page.getByLabel("You are", { exact: true });
  const [owner = ""] = await member.locator("option").allTextContents();
  if ((await member.locator("option:checked").textContent()) !== owner)
    await member.selectOption({ label: owner });
  const firstChannel = page.locator("[data-channel]").first();
  if ((await firstChannel.getAttribute("aria-current")) === null) await firstChannel.click();
  await page.locator("#composer input").first().focus();
  // Closes the list, drops the command and clears the text.
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("Escape");
  return page;
}

/** The message that was sent last. */
const lastMessage = (page: Page) => page.getByRole("log").getByRole("article").last();

/**
 * Types a command as people do, and presses Enter until it is sent: the first presses may choose a
 * suggestion.
 */
async function send(page: Page, command: string): Promise<void> {
  await type(page, command);
  const isTyped = async () =>
    (await page.locator("#composer.is-command").count()) > 0 ||
    (await page.locator("#composer-text").inputValue()) !== "";
  for (let presses = 0; presses < 5 && (await isTyped()); presses += 1)
    await page.keyboard.press("Enter");
}

/** Makes another member ask, in the channel that the page shows first. */
const robinAsks = (page: Page) =>
  page.evaluate(`(() => {
    const facts = JSON.parse(document.getElementById("facts").textContent);
    return fetch("/interactions", {
      method: "POST",
      headers: { "content-type": "application/json", "x-playground-token": facts.token },
      body: JSON.stringify({
        type: 2,
        channel_id: facts.channels[0].id,
        user_id: facts.members[1].id,
        locale: "en-US",
        data: { type: 1, name: "lambo", options: [{ type: 3, name: "coin", value: "calm" }] },
      }),
    }).then(() => {});
  })()`);

/** How far the channel is scrolled down, and how far it could be, in pixels. */
const scrolled = (page: Page) =>
  page.locator("#scroller").evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({
    top: scrollTop,
    end: scrollHeight - clientHeight,
  }));

/** Keeps what the page sends until the returned function is called with an answer to it. */
async function holdInteractions(page: Page): Promise<(status: number, body: object) => void> {
  let answer: (status: number, body: object) => void = () => {};
  const answered = new Promise<{ status: number; json: object }>((resolve) => {
    answer = (status, json) => resolve({ status, json });
  });
  await page.route("**/interactions", async (route) => route.fulfill(await answered));
  return answer;
}

async function type(page: Page, command: string): Promise<void> {
  await page.locator("#composer-text").focus();
  await page.keyboard.type(`/${command}`);
}

const axeResults = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = axeResults.parse(
    await page.evaluate("axe.run({ resultTypes: ['violations'] })"),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

describe.skipIf(!systemBrowser.available)(
  `the playground in a real browser${systemBrowser.note}`,
  () => {
    beforeAll(async () => {
      market = await startFakeMarket({
        coins: [
          coin("dogecoin", "DOGE", "Dogecoin", 1, 0.01),
          coin("calm", "CALM", "Calm", 2, 0),
          MALICE,
          coin("slow", "SLOW", "Slow", 4, 0.01),
        ],
        now: () => new Date(),
      });
      folder = await emptyFolder();
      [address, browser] = await Promise.all([
        startPlayground(market.environment("demo")),
        launchBrowser(),
      ]);
    }, 60_000);

    afterEach(async ({ task }) => {
      if (task.result?.state === "fail") {
        await sharedPage?.context().close();
        sharedPage = undefined;
      }
      for (const page of pages.splice(0)) await page.context().close();
      expect(trouble).toEqual([]);
      trouble = [];
    });

    afterAll(async () => {
      await browser?.close();
      for (const close of closing.splice(0)) await close();
      await market?.close();
      await folder?.remove();
    });

    it("takes the visitor from / to the card, its maths and another stake by keyboard alone", async () => {
      const page = await open();
      const { keyboard } = page;
      // The first screen: the welcome, and an answer that another member got.
      const example = page.getByRole("log").getByRole("article").first();
      await example.getByRole("img", { name: /Dogecoin/ }).waitFor();
      expect(await example.textContent()).toMatch(/^Robin used \/lambo/);
      expect((await scrolled(page)).top).toBe(0);
      await keyboard.type("/la");
      await page.getByRole("option", { name: "/lambo" }).waitFor();
      await keyboard.press("Enter");
      await keyboard.type("doge");
      await page.getByRole("option", { name: "Dogecoin · DOGE · #1" }).waitFor();
      await keyboard.press("Enter");
      await keyboard.press("Enter");
      const card = page.getByRole("log").getByRole("article").nth(1);
      await card.getByRole("button", { name: "Show the maths" }).waitFor();
      expect(await card.textContent()).toMatch(/You used\s+\/lambo/);
      const picture = card.getByRole("img");
      expect(await picture.getAttribute("alt")).toMatch(/Dogecoin/);
      expect(await page.evaluate("document.querySelector('.embed-image img').naturalWidth")).toBe(
        1_200,
      );

      // From the message box back into the messages.
      const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
      const tabTo = async (wanted: RegExp) => {
        for (let presses = 0; presses < 30 && !wanted.test(await focused()); presses += 1)
          await keyboard.press("Shift+Tab");
        expect(await focused()).toMatch(wanted);
      };
      await tabTo(/^Show the maths$/);
      await keyboard.press("Enter");
      const maths = page.getByRole("article").filter({ hasText: "Only you can see this" });
      await maths.waitFor();
      expect(await maths.textContent()).toContain("Opening price");

      await tabTo(/Show the maths/);
      await keyboard.press("Tab");
      expect(await focused()).toContain("Stake");
      await keyboard.press("ArrowDown");
      // The last choice asks for another amount.
      await keyboard.press("End");
      await keyboard.press("ArrowUp");
      await keyboard.press("Enter");
      await page.getByText("(edited)").waitFor();
      expect(await card.textContent()).toContain("$10,000");
      // The card was redrawn, and the focus is back where it was.
      expect(await focused()).toContain("Stake: $10,000");
    });

    // Early, because axe looks at every message and later tests fill the channel.
    it.each([
      [1440, "dark"],
      [1440, "light"],
      [360, "dark"],
      [360, "light"],
    ] as const)(
      "has no serious axe findings and nothing cut off at %i pixels in the %s theme",
      async (width, colorScheme) => {
        const page = await home();
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await page.reload();
        await send(page, "lambo coin:dogecoin private:True");
        await lastMessage(page).getByText("Only you can see this").waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        await lastMessage(page).getByRole("combobox").first().click();
        await page.getByRole("listbox").waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        await page.keyboard.press("Escape");
        await page.locator("#composer input").first().focus();
        await page.keyboard.type("/");
        await page.locator("#popup").getByRole("option").first().waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        expect(
          await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"),
        ).toBe(true);
        expect(
          await page
            .locator("#scroller")
            .evaluate((element) => element.scrollWidth <= element.clientWidth),
        ).toBe(true);
      },
    );

    it("scrolls to the visitor's own command, and leaves alone what is being read", async () => {
      const page = await home();
      await send(page, "lambo coin:dogecoin");
      await lastMessage(page).getByText("Dogecoin · DOGE").waitFor();
      await page.locator("#scroller").evaluate((element) => {
        element.scrollTop = 100;
      });
      await robinAsks(page);
      const bar = page.getByRole("button", { name: "Jump to the newest" });
      await page.getByRole("button", { name: "1 new message · Jump to the newest" }).waitFor();
      await lastMessage(page).getByRole("img").waitFor();
      expect((await scrolled(page)).top).toBe(100);
      await bar.focus();
      await page.keyboard.press("Enter");
      await bar.waitFor({ state: "hidden" });
      const { top, end } = await scrolled(page);
      expect(end - top).toBeLessThan(2);

      await page.locator("#scroller").evaluate((element) => {
        element.scrollTop = 100;
      });
      await send(page, "lambo coin:calm");
      await lastMessage(page).getByText("Calm · CALM").waitFor();
      const head = await lastMessage(page).boundingBox();
      const scroller = await page.locator("#scroller").boundingBox();
      expect(head?.y).toBeGreaterThanOrEqual(scroller?.y ?? 0);
      expect(head?.y).toBeLessThan((scroller?.y ?? 0) + (scroller?.height ?? 0));
    });

    it.each([
      [360, 640],
      [1280, 800],
    ] as const)("opens every menu inside a window of %i × %i", async (width, height) => {
      const page = await home();
      await page.setViewportSize({ width, height });
      const menus = page.getByRole("log").getByRole("combobox");
      for (const edge of ["top", "bottom"] as const) {
        for (const index of [0, 1]) {
          await menus.nth(index).evaluate((menu, at) => {
            const scroller = menu.closest(".scroller");
            // The menu is cut off at this edge.
            const by = menu.getBoundingClientRect()[at] - scroller.getBoundingClientRect()[at];
            scroller.scrollTop += by + (at === "top" ? 10 : -10);
          }, edge);
          await menus.nth(index).focus();
          await page.keyboard.press("ArrowDown");
          const list = await page.locator(".menu-popup:not([hidden])").boundingBox();
          expect(list?.y).toBeGreaterThanOrEqual(0);
          // Enough to choose from.
          expect(list?.height).toBeGreaterThan(100);
          expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual(height);
          expect((list?.x ?? 0) + (list?.width ?? 0)).toBeLessThanOrEqual(width);
          await page.keyboard.press("Escape");
        }
      }
    });

    it("shows at once what is pending, and what Discord says when nothing comes back", async () => {
      const page = await home();
      let answer = await holdInteractions(page);
      await page.keyboard.type("/about ");
      await page.keyboard.press("Enter");
      await lastMessage(page).getByText("is thinking…").waitFor();
      expect(await lastMessage(page).textContent()).toMatch(/^You used \/about/);
      answer(504, {});
      await lastMessage(page).getByText("The application did not respond").waitFor();
      await lastMessage(page).getByRole("button", { name: "Dismiss message" }).click();
      await page.getByText("The application did not respond").waitFor({ state: "detached" });

      await page.unroute("**/interactions");
      answer = await holdInteractions(page);
      const maths = page.getByRole("button", { name: "Show the maths" }).last();
      await maths.click();
      expect(await maths.getAttribute("aria-busy")).toBe("true");
      answer(504, {});
      await page.getByText("This interaction failed").waitFor();
      expect(await maths.getAttribute("aria-busy")).toBeNull();
      await page.unroute("**/interactions");
      // The browser itself logs the status.
      trouble = trouble.filter((line) => !line.includes("504"));
    });

    it("offers a refused command again when something else is being typed already", async () => {
      const page = await home();
      const answer = await holdInteractions(page);
      await page.keyboard.type("/about ");
      await page.keyboard.press("Enter");
      await page.keyboard.type("a draft");
      answer(400, { why: "refused" });
      const pending = lastMessage(page);
      await pending.getByRole("button", { name: "Try again" }).waitFor();
      expect(await pending.locator(".failure").textContent()).toBe('{"why":"refused"}');
      await page.unroute("**/interactions");
      await pending.getByRole("button", { name: "Try again" }).click();
      await lastMessage(page).getByText("What is stored").waitFor();
      expect(await page.locator("#composer-text").inputValue()).toBe("a draft");
      // The browser itself logs the status.
      trouble = trouble.filter((line) => !line.includes("400"));
    });

    it("asks in a dialog for another amount, which can be given up or sent again", async () => {
      const page = await home();
      const { keyboard } = page;
      await send(page, "lambo coin:calm");
      const card = lastMessage(page);
      const stake = card.getByRole("combobox", { name: /^Stake/ });
      const dialog = page.getByRole("dialog", { name: "Other amount" });
      const open = async () => {
        await stake.click();
        await page.getByRole("option", { name: /^Other amount/ }).click();
        await dialog.waitFor();
      };
      await open();
      expect(await seriousFindings(page)).toEqual([]);
      await keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await stake.textContent()).toBe("Stake: $1,000");
      expect(await stake.evaluate((element) => element.matches(":focus"))).toBe(true);

      await open();
      await keyboard.type(" ");
      await keyboard.press("Enter");
      await dialog.getByText("This field is required.").waitFor();
      const answer = await holdInteractions(page);
      await keyboard.type("2.5k");
      await keyboard.press("Enter");
      const submit = dialog.getByRole("button", { name: "Submit" });
      expect(await submit.getAttribute("aria-busy")).toBe("true");
      answer(504, {});
      await dialog.getByText("Something went wrong. Try again.").waitFor();
      await page.unroute("**/interactions");
      await keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
      await card.getByText("(edited)").waitFor();
      expect(await card.textContent()).toContain("$2,500");
      expect(await stake.evaluate((element) => element.matches(":focus"))).toBe(true);
      // The browser itself logs the status.
      trouble = trouble.filter((line) => !line.includes("504"));
    });

    it("posts nothing when nothing is typed", async () => {
      const page = await home();
      const count = await page.getByRole("article").count();
      for (const nothing of ["", "   ", "\u200b\u2060\ufeff"]) {
        await page.locator("#composer-text").fill(nothing);
        for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("Enter");
        await page.getByRole("button", { name: "Send" }).click();
      }
      expect(await page.locator("#composer.is-command").count()).toBe(0);
      expect(await page.getByRole("article").count()).toBe(count);
    });

    it("offers the options that are left, as Discord does", async () => {
      const page = await home();
      const { keyboard } = page;
      await type(page, "lambo coin:calm");
      await keyboard.press("Tab");
      expect(await page.getByPlaceholder("+4 more").isVisible()).toBe(true);
      await page.getByRole("option", { name: /^amount/ }).waitFor();
      await keyboard.press("Tab");
      await keyboard.type("5");
      expect(await page.locator("#option-amount").inputValue()).toBe("5");
      await keyboard.press("Backspace");
      await keyboard.press("Backspace");
      expect(await page.locator("#option-amount").count()).toBe(0);
      await page.getByPlaceholder("+4 more").click();
      await page.getByRole("option", { name: /^private/ }).click();
      expect(await page.locator("#option-private").isVisible()).toBe(true);
      await page.getByRole("button", { name: "Remove private" }).click();
      expect(await page.locator("#option-private").count()).toBe(0);
      await page.locator("#composer-more").fill("nonsense");
      await keyboard.press("Enter");
      expect(await page.locator("#hint").textContent()).toContain("has no option called nonsense");
    });

    it("keeps the channel and what is typed through a reload and a lost connection", async () => {
      const page = await home();
      await page.locator('[data-channel] >> text="locked"').click();
      await type(page, "lambo coin:calm amount:70");
      await page.reload();
      expect(await page.locator("#channel-name").textContent()).toBe("locked");
      expect(await page.locator("#option-amount").inputValue()).toBe("70");
      await page.context().setOffline(true);
      await page.getByText("This page tries again by itself").waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("Not sent: the playground cannot be reached.").waitFor();
      expect(await page.locator("#option-amount").inputValue()).toBe("70");
      await page.context().setOffline(false);
      await page.getByText("Connected again.").waitFor();
      await page.keyboard.press("Enter");
      await lastMessage(page)
        .getByText(/70 into Calm/)
        .waitFor();
      // The browser itself logs the refused connections.
      trouble = trouble.filter((line) => !line.includes("ERR_"));
    });

    it("shows that the bot is thinking, and puts the card in the same place", async () => {
      let release = () => {};
      market.fail(
        "coingecko",
        { kind: "held", until: new Promise<void>((resolve) => (release = resolve)) },
        { path: "/coins/slow/market_chart" },
      );
      const page = await home();
      await send(page, "lambo coin:slow");
      await page.getByText("is thinking…").last().waitFor();
      const thinking = await lastMessage(page).getAttribute("aria-busy");
      release();
      market.heal();
      await lastMessage(page).getByText("Slow · SLOW").waitFor();
      expect(thinking).toBe("true");
      expect(await page.getByText("is thinking…").count()).toBe(0);
    });

    it("shows a refusal to the asker only, and removes it when it is dismissed", async () => {
      const page = await home();
      await send(page, "lambo coin:nosuchcoinhere");
      const refusal = lastMessage(page);
      await refusal.getByText("No coin here is called").waitFor();
      await page
        .getByLabel("You are", { exact: true })
        .selectOption({ label: "Robin, a member without rights" });
      expect(await page.getByText("No coin here is called").count()).toBe(0);
      await page
        .getByLabel("You are", { exact: true })
        .selectOption({ label: "You, owner of this server" });
      await page.getByRole("button", { name: "Dismiss message" }).last().click();
      await page.getByText("No coin here is called").waitFor({ state: "detached" });
    });

    it("shows markup written by people and price sources as plain text", async () => {
      const page = await home();
      await send(page, "lambo coin:<img src=x onerror=alert(1)><script>alert(2)</script>");
      await lastMessage(page).getByText("<img src=x onerror=alert(1)>").first().waitFor();
      await send(page, "lambo coin:id:malice");
      await lastMessage(page).getByText("<img src=x").first().waitFor();
      expect(await page.locator('img[src="x"], [onerror], #messages script').count()).toBe(0);
    });

    it("checks a message that the visitor wrote from its menu, by keyboard, for the visitor alone", async () => {
      const page = await home();
      const written = "**all in** on $CALM <b>today</b>";
      await page.locator("#composer-text").fill(written);
      await page.keyboard.press("Enter");
      await page.getByText("The bot does not read messages").waitFor();
      const own = lastMessage(page);
      await own.getByText("<b>today</b>").waitFor();
      const id = await page.getByRole("article").last().getAttribute("aria-labelledby");
      const menu = page.locator(`[aria-labelledby="${id}"] summary`);
      await menu.focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      expect(await menu.evaluate((element) => element.closest("details")?.open)).toBe(false);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await lastMessage(page).getByText("Calm · CALM").waitFor();
      expect(await lastMessage(page).textContent()).toMatch(/^You used Lambo check on /);
      expect(await lastMessage(page).textContent()).toContain("Only you can see this");
    });

    it("puts a message that could not be sent back into the box, and says why", async () => {
      const page = await home();
      await page.route("**/messages", (route) => route.fulfill({ status: 500, body: "No luck." }));
      await page.locator("#composer-text").fill("all in");
      await page.keyboard.press("Enter");
      await page.locator("#hint.problem").waitFor();
      expect(await page.locator("#hint").textContent()).not.toContain("does not read messages");
      expect(await page.locator("#composer-text").inputValue()).toBe("all in");
      await page.unroute("**/messages");
      // The browser itself logs the status.
      trouble = trouble.filter((line) => !line.includes("500"));
    });

    it("gives somebody else's choice a private copy, as Discord does", async () => {
      const page = await home();
      await send(page, "lambo coin:calm");
      await lastMessage(page).getByText("Calm · CALM").waitFor();
      await page
        .getByLabel("You are", { exact: true })
        .selectOption({ label: "Robin, a member without rights" });
      await lastMessage(page)
        .getByRole("combobox", { name: /^Stake/ })
        .click();
      await page.getByRole("option", { name: "Stake: $100", exact: true }).click();
      await lastMessage(page).getByText("Only you can see this").waitFor();
      expect(await lastMessage(page).textContent()).toContain("$100 into Calm");
      expect(await lastMessage(page).textContent()).toMatch(/^You used \/lambo on Calm/);
      // The asker's card is unchanged.
      const cards = page.getByRole("article").filter({ hasText: "$1,000 into Calm" });
      expect(await cards.last().textContent()).not.toContain("Only you can see this");
    });

    it("checks what is typed as Discord's client does, before anything is sent", async () => {
      const page = await home();
      await type(page, "lambo private:maybe");
      await page.keyboard.press("Enter");
      expect(await page.locator("#hint").textContent()).toBe("Choose private from its list.");
      expect(await page.evaluate("document.activeElement?.getAttribute('aria-invalid')")).toBe(
        "true",
      );
      await page.keyboard.press("Escape");
      await page.keyboard.type("hello");
      await page.keyboard.press("Enter");
      await page.getByText("The bot does not read messages").waitFor();
      await lastMessage(page).getByText("hello").waitFor();
    });

    it("lets the owner set the server up, and the next answer obeys", async () => {
      const page = await home();
      await send(page, "config set currency:EUR amount:250");
      await lastMessage(page).getByText("Only you can see this").waitFor();
      expect(await lastMessage(page).textContent()).toMatch(/EUR|Euro/);
      await send(page, "lambo coin:dogecoin");
      await lastMessage(page).getByText("€250").first().waitFor();
      await page
        .getByLabel("You are", { exact: true })
        .selectOption({ label: "Robin, a member without rights" });
      await type(page, "config");
      await page.locator("#popup").getByRole("option").first().waitFor({ state: "detached" });
      expect(await page.getByRole("option", { name: /config/ }).count()).toBe(0);
    });

    it("sends a bare command on Enter, without the option that came with it", async () => {
      const page = await home();
      await type(page, "lambo ");
      await page.locator("#popup").getByRole("option").first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator("#composer-text").waitFor();
      await lastMessage(page).getByRole("button", { name: "Show the maths" }).waitFor();
    });

    it("brings back the last command on the arrow key, to be sent again or changed", async () => {
      const page = await home();
      await send(page, "lambo coin:calm amount:70");
      await lastMessage(page)
        .getByText(/70 into Calm/)
        .waitFor();
      await page.keyboard.press("ArrowUp");
      expect(await page.locator("#option-amount").inputValue()).toBe("70");
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.type("80");
      await page.keyboard.press("Enter");
      await lastMessage(page)
        .getByText(/80 into Calm/)
        .waitFor();
    });

    it("posts a digest into the channel that the owner chose, where its buttons work", async () => {
      const page = await home();
      await send(page, "config digest channel:daily-digest coins:doge time:09:00");
      await lastMessage(page).getByText("Next posts").waitFor();
      await send(page, "config test");
      await page.getByRole("button", { name: "daily-digest new" }).waitFor();
      await page.getByRole("button", { name: "#daily-digest › message" }).click();
      const post = lastMessage(page);
      await post.getByRole("img", { name: /Dogecoin/ }).waitFor();
      await post.getByRole("button", { name: "DOGE" }).click();
      await lastMessage(page).getByRole("button", { name: "Show the maths" }).waitFor();
      await send(page, "digest");
      await lastMessage(page).getByText("Only you can see this").waitFor();
      await send(page, "about");
      await lastMessage(page).getByText("What is stored").waitFor();
      // The made-up bot cannot be added to a real server: its link opens nothing, and says so.
      await page.getByRole("button", { name: "Add to a server" }).click();
      await page.getByText("This link is made up").waitFor();
      expect(page.context().pages()).toHaveLength(1);
    });

    it("speaks the browser's language, takes English names too, and changes with the menu", async () => {
      const page = await open(address, { locale: "de-AT", viewport: { width: 360, height: 740 } });
      const { keyboard } = page;
      await page.keyboard.type("/");
      const commands = page.locator("#popup").getByRole("option");
      await commands.filter({ hasText: "/vergleich" }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await keyboard.type("compare ");
      expect(await page.locator(".command-chip").textContent()).toBe("/vergleich");
      await keyboard.press("Escape");
      await keyboard.press("Escape");
      await keyboard.type("/lambo coin:calm betrag:70");
      await keyboard.press("Enter");
      const card = lastMessage(page);
      await card.getByRole("button", { name: "Rechenweg zeigen" }).waitFor();
      expect(await card.textContent()).toMatch(/^Du hast \/lambo verwendet/);
      expect(await card.textContent()).toMatch(/70\s[$€]/);
      expect(await seriousFindings(page)).toEqual([]);
      const isWide = "document.documentElement.scrollWidth > window.innerWidth";
      expect(await page.evaluate(isWide)).toBe(false);

      await keyboard.type("unsent");
      await page.locator("#menu").click();
      await page.getByLabel("Sprache des Servers").selectOption("fr");
      await page.getByLabel("Deine Sprache").selectOption("ja");
      await page.waitForURL("**/?lang=ja");
      expect(await page.locator("html").getAttribute("lang")).toBe("ja");
      expect(await page.locator("#composer-text").inputValue()).toBe("unsent");
      expect(await page.locator("#guild-language").inputValue()).toBe("fr");
      await keyboard.press("Escape");
      await keyboard.type("/about ");
      await keyboard.press("Enter");
      await lastMessage(page).getByText("データ").first().waitFor();
      expect(await page.evaluate(isWide)).toBe(false);
    });

    it("posts the digest in the language that the server has chosen in Discord", async () => {
      const page = await home();
      await page.getByLabel("The server's language").selectOption("fr");
      await send(page, "about");
      await lastMessage(page).getByText("What is stored").waitFor();
      await send(page, "config test");
      await lastMessage(page).getByRole("button", { name: "#daily-digest › message" }).click();
      await lastMessage(page).getByText("Le classement Lambo").first().waitFor();
      await page.getByLabel("The server's language").selectOption("en-US");
    });

    it("shows its messages after a reload and in a second window", async () => {
      const page = await home();
      await send(page, "lambo coin:calm");
      await lastMessage(page).getByText("Calm · CALM").waitFor();
      await page.reload();
      await lastMessage(page).getByText("Calm · CALM").waitFor();
      const second = await open();
      await lastMessage(second).getByText("Calm · CALM").waitFor();
    });

    it("offers the demo market when no price source answers, and never switches by itself", async () => {
      const nowhere = await refusedUrl();
      const at = await startPlayground({
        COINGECKO_BASE_URL: nowhere,
        DEFILLAMA_BASE_URL: nowhere,
        COINMETRICS_BASE_URL: nowhere,
        KRAKEN_BASE_URL: nowhere,
        FRANKFURTER_BASE_URL: nowhere,
      });
      const page = await open(at);
      const notice = page.getByText("No price source can be reached.");
      await notice.waitFor();
      const badge = page.locator("#market");
      expect(await badge.textContent()).toBe("No prices");
      // The example, from the demo market: it would come after an answer that is there sooner.
      await lastMessage(page).getByText("Demo market, invented prices").first().waitFor();
      await send(page, "lambo coin:dogecoin");
      await lastMessage(page).getByText("cannot be").waitFor();
      await page.getByRole("button", { name: "Use the demo market" }).click();
      await page.getByText("every price here is invented").waitFor();
      expect(await badge.textContent()).toBe("Invented prices");
      await send(page, "lambo coin:dogecoin");
      await lastMessage(page).getByText("Demo market, invented prices").first().waitFor();
      await page.getByRole("button", { name: "Back to real prices" }).click();
      await notice.waitFor();
      // A card from the demo market stays on it, whatever is chosen now.
      await lastMessage(page).getByRole("button", { name: "Show the maths" }).click();
      await lastMessage(page).getByText("The maths: Dogecoin").waitFor();
      expect(await lastMessage(page).textContent()).toContain("Demo market");
    });

    it("says that the program was stopped", async () => {
      const at = await startPlayground({ DEMO: "1" });
      const page = await open(at);
      await page.getByText("every price here is invented").waitFor();
      await closing.pop()?.();
      await page.getByText("Is npm start still running?").waitFor();
      // The browser itself logs the refused connection.
      trouble = trouble.filter((line) => !line.includes("ERR_"));
    });
  },
);
