import { afterEach, describe, expect, it } from "vitest";
import type { GuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import { checkDigestInput } from "../../src/settings/digest-input.ts";
import type { GuildSettingsStore } from "../../src/storage/guild-settings.ts";
import { type EngineUnderTest, startSqlite } from "../storage/storage-under-test.ts";
import { ASK, coins, NOW, noDigest, noDirectory } from "./typed-settings.ts";

describe("two admins at once, each in a process of their own", () => {
  const open: EngineUnderTest[] = [];
  afterEach(async () => {
    for (const engine of open.splice(0)) await engine.close();
  });

  async function twoProcesses(): Promise<readonly [GuildSettingsStore, GuildSettingsStore]> {
    const engine = await startSqlite();
    open.push(engine);
    return [(await engine.open()).settings, (await engine.open()).settings];
  }
  const by = (userId: string) => ({ userId, at: new Date("2026-11-24T12:00:00Z") });

  it("a first channel does not switch on a digest that was switched off meanwhile", async () => {
    const [one, other] = await twoProcesses();
    const channel = { channelId: "300000000000000000", kind: "text", name: "general" } as const;
    const finding: GuildDirectory = {
      ...noDirectory,
      channel: async () => ({ ok: true, channel }),
    };
    const input = { ...noDigest, channelId: "300000000000000000" };
    const checked = await checkDigestInput(input, one.read("1"), {
      guildId: "1",
      coins,
      directory: finding,
      ask: ASK,
      locale: "en-US",
      now: NOW,
    });
    if (!checked.ok) throw new Error(checked.sentence);
    await other.change("1", { digestEnabled: false }, by("8"));
    const { settings: after } = await one.change(
      "1",
      (stored) => checked.value(stored).change,
      by("7"),
    );
    expect(after).toMatchObject({ digestEnabled: false, digestChannelId: "300000000000000000" });
  });

  it("a coin is added to the list that the other has made meanwhile", async () => {
    const [one, other] = await twoProcesses();
    await one.change("1", { digestCoins: ["a"] }, by("7"));
    const checked = await checkDigestInput({ ...noDigest, add: "b" }, one.read("1"), {
      guildId: "1",
      coins,
      directory: noDirectory,
      ask: ASK,
      locale: "en-US",
      now: NOW,
    });
    if (!checked.ok) throw new Error(checked.sentence);
    await other.change("1", { digestCoins: ["a", "c"] }, by("8"));
    const { settings: after } = await one.change(
      "1",
      (stored) => checked.value(stored).change,
      by("7"),
    );
    expect(after.digestCoins).toEqual(["a", "c", "b"]);
  });
});
