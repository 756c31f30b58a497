import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkAnswerInput } from "../../src/settings/answer-input.ts";
import { checkDigestInput } from "../../src/settings/digest-input.ts";
import { checkSymbolInput } from "../../src/settings/symbol-input.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { ASK, coins, NOW, noDigest, noDirectory, nothing, rates } from "./typed-settings.ts";

describe("whatever is typed", () => {
  const nasty = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.constantFrom(
      "@everyone",
      "<@&1>",
      "[x](https://x.example)",
      "**",
      "`",
      "\u202etxt",
      "a\nb",
      "__proto__",
    ),
  );

  it("comes back as one line, without a mention or a link of its own", async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        const answers = await Promise.all([
          checkAnswerInput(
            { ...nothing, currency: text, carKey: text, language: text, replies: text },
            NO_SETTINGS,
            { rates, locale: "en-US", ask: ASK },
          ),
          checkDigestInput({ ...noDigest, time: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
            locale: "en-US",
            now: NOW,
          }),
          checkDigestInput({ ...noDigest, every: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
            locale: "en-US",
            now: NOW,
          }),
          checkDigestInput({ ...noDigest, zone: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
            locale: "en-US",
            now: NOW,
          }),
          checkDigestInput({ ...noDigest, coins: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
            locale: "en-US",
            now: NOW,
          }),
          checkDigestInput({ ...noDigest, channelId: text, roleId: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
            locale: "en-US",
            now: NOW,
          }),
          checkSymbolInput(
            { symbol: text, coin: text },
            NO_SETTINGS,
            {
              coins,
              ask: ASK,
            },
            "en-US",
          ),
          checkSymbolInput(
            { symbol: text, coin: undefined },
            NO_SETTINGS,
            {
              coins,
              ask: ASK,
            },
            "en-US",
          ),
        ]);
        for (const answer of answers) {
          if (answer.ok) continue;
          expect(answer.sentence).toMatch(/^[^\n\r]{1,400}[.?]$/);
          // What the sentence itself shows as code ends where it began.
          expect(answer.sentence.replace(/(?<!\\)`[^`]*`/g, "")).not.toMatch(
            /@(everyone|here)|(?<!\\)<@|(?<!\\)\]\(|(?<!\\)`/,
          );
        }
      }),
    );
  });
});
