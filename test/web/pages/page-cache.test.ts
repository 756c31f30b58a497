import { expect, it } from "vitest";
import type { LamboAnswer } from "../../../src/questions/answer.ts";
import type { PageFrame } from "../../../src/web/pages/frame.ts";
import { PageCache } from "../../../src/web/pages/page-cache.ts";
import { answerOf, NOW } from "../../cards/sample-answer.ts";

const frame: PageFrame = {
  ...{ origin: "https://lambo.example", base: "", applicationId: undefined },
  ...{ pages: { privacyUrl: undefined, termsUrl: undefined }, isDemo: false, lang: undefined },
};
const answer = answerOf();
const now = NOW;
const locale = "en-US";

/** Whether a page of the second kind is written anew after one of the first. */
function isWrittenAnew(second: {
  answer?: LamboAnswer;
  frame?: PageFrame;
  now?: Date;
  locale?: string;
}) {
  const cache = new PageCache();
  const path = "/c/dogecoin";
  cache.page(path, answer, { frame, now, locale }, () => "first");
  const { plain } = cache.page(
    path,
    second.answer ?? answer,
    { ...{ frame, now, locale }, ...second },
    () => "second",
  );
  return plain.toString() === "second";
}

it("a page is kept for everybody who asks the same question", () => {
  expect(isWrittenAnew({})).toBe(false);
  expect(isWrittenAnew({ answer: { ...answer } })).toBe(false);
});

it.each([
  ["prices", { answer: { ...answer, history: { ...answer.history } } }],
  ["the coin's name or rank", { answer: { ...answer, coin: { ...answer.coin } } }],
  ["the rate", { answer: { ...answer, currency: { ...answer.currency, perUsd: 1.1 } } }],
  ["the day", { now: new Date("2026-11-02T00:00:00Z") }],
  ["the bot to add", { frame: { ...frame } }],
  ["the language", { locale: "de" }],
  ["the language of its links", { frame: { ...frame, lang: "en" } }],
])("a page is written anew once %s may have changed", (_what, changed) => {
  expect(isWrittenAnew(changed)).toBe(true);
});

it("a page that says how old its prices are is never kept", () => {
  const stale = answerOf({ flags: ["stale"] });
  const cache = new PageCache();
  const at = { frame, now, locale };
  cache.page("/c/dogecoin", stale, at, () => "first");
  expect(cache.page("/c/dogecoin", stale, at, () => "second").plain.toString()).toBe("second");
});
