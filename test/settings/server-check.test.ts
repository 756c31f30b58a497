import { describe, expect, it } from "vitest";
import { storedReason } from "../../src/digest/reason.ts";
import { zoneDataStatus } from "../../src/digest/zone-data.ts";
import type { Services } from "../../src/services.ts";
import { type FakeChannel, Permission } from "../support/fake-discord/world.ts";
import { ConfigUnderTest } from "./config-under-test.ts";

const server = new ConfigUnderTest();

describe("/config check", () => {
  it("when all is well, shows next and last posts and lets a paused digest go on", async () => {
    await server.config("digest", { channel: server.general.id });
    await server.pauseDigest("the channel was gone");
    await server.recordDigest("2026-11-21", { kind: "sent", messageId: "6" });
    await server.recordDigest("2026-11-22", { kind: "sent", messageId: "5" });
    await server.recordDigest("2026-11-23", {
      kind: "missed",
      reason: "the bot was down",
      mayBePosted: false,
    });
    await server.recordDigest("2026-11-24", { kind: "paused", reason: "the channel was gone" });
    const answer = await server.config("check");
    expect(answer).toMatch(/^All is well/);
    expect(answer).toContain(`✅ I can post in <#${server.general.id}>.`);
    expect(answer).toContain("✅ Prices are available: CoinGecko and DefiLlama answer.");
    expect(answer).toContain("▶️ The digest was paused; it has resumed.");
    expect(answer).toContain(`**Next post** <t:${Date.parse("2026-11-25T09:00:00Z") / 1_000}:F>`);
    expect(answer).toContain("- Nov 24, 2026: paused: the channel was gone");
    expect(answer).toContain("- Nov 23, 2026: missed: the bot was down");
    expect(answer).toContain("- Nov 22, 2026: posted");
    expect(answer).not.toContain("Nov 21");
    expect(await server.troubles()).toEqual([]);
  });

  it("names each missing permission, and does not let a paused digest go on", async () => {
    await server.config("digest", { channel: server.general.id });
    await server.pauseDigest("no permission");
    server.general.permission_overwrites = [
      {
        id: server.bot.guild.id,
        type: 0,
        allow: "0",
        deny: String(Permission.ReadMessageHistory | Permission.SendMessages),
      },
    ];
    server.bot.guild.botRoleIds.length = 0;
    const answer = await server.config("check");
    expect(answer).toMatch(/^Something needs your attention/);
    expect(answer).toContain("❌ **Send Messages** is missing");
    expect(answer).toContain("❌ **Read Message History** is missing");
    expect(answer).toContain("⏸️ The digest is paused");
    expect(await server.troubles()).toHaveLength(1);
  });

  it("reports a message that Discord refuses, and does not let the digest go on", async () => {
    await server.config("digest", { channel: server.general.id });
    await server.pauseDigest(
      storedReason({ why: "message-refused", code: "50035", incident: "BCDFGH" }),
    );
    const answer = await server.config("check");
    expect(answer).toMatch(/^Something needs your attention/);
    expect(answer).toContain(`✅ I can post in <#${server.general.id}>.`);
    expect(answer).toContain("❌ Discord refuses what the digest says: that is my fault");
    expect(answer).toContain("incident BCDFGH");
    expect(answer).not.toContain("it has resumed");
    expect(await server.troubles()).toHaveLength(1);
  });

  it("lets a digest go on when only its mention would reach nobody", async () => {
    await server.config("digest", {
      channel: server.general.id,
      role: server.bot.discord.addRole(server.bot.guild).id,
    });
    await server.pauseDigest("the channel was gone");
    const answer = await server.config("check");
    expect(answer).toContain("❌ **Mention @everyone, @here, and All Roles** is missing");
    expect(answer).toContain("▶️ The digest was paused; it has resumed.");
    expect(await server.troubles()).toEqual([]);
  });

  it("says that the channel and the role were deleted", async () => {
    const [channel, role] = [
      server.bot.discord.addChannel(server.bot.guild),
      server.bot.discord.addRole(server.bot.guild),
    ];
    await server.config("digest", { channel: channel.id, role: role.id });
    await server.pauseDigest("the channel is gone");
    server.bot.discord.removeChannel(channel);
    server.bot.guild.roles.delete(role.id);
    const answer = await server.config("check");
    expect(answer).toContain(
      "❌ The digest's channel was deleted: choose another with `/config digest channel:`.",
    );
    expect(answer).toContain("❌ The role that the digest mentions was deleted");
    expect(await server.troubles()).toHaveLength(1);
  });

  it("names the sources that do not answer, and a budget that is low", async () => {
    const low = {
      name: "CoinGecko",
      lastOutcome: "ok",
      lastAskedAt: server.bot.market.now(),
      callsLeft: 3,
      callsPerWindow: 30,
      windowSeconds: 60,
    } as const;
    const down = { ...low, callsLeft: 30, lastOutcome: "unreachable" } as const;
    const sources = (...health: ReturnType<Services["sources"]["health"]>) => ({
      health: () => health,
      probe: async () => health,
    });
    await server.withService("sources", sources(low, { ...down, name: "DefiLlama" }), async () => {
      const answer = await server.config("check");
      expect(answer).toMatch(/^All is well/);
      expect(answer).toContain("✅ Prices are available: CoinGecko answers.");
      expect(answer).toContain("ℹ️ DefiLlama does not answer; others stand in.");
      expect(answer).toContain(
        "ℹ️ The budget of CoinGecko is low: 3 of 30 calls are left this minute",
      );
    });
    await server.withService(
      "sources",
      sources({ ...down, lastOutcome: "credits-spent" }, { ...down, name: "DefiLlama" }),
      async () => {
        const answer = await server.config("check");
        expect(answer).toMatch(/^Something needs your attention/);
        expect(answer).toContain("❌ CoinGecko's allowance for this month is used up.");
        expect(answer).toContain("❌ DefiLlama does not answer.");
      },
    );
  });

  it("names the release of the time zone data, and warns when it is old", async () => {
    const { version } = zoneDataStatus(server.bot.market.now());
    expect(await server.config("check")).toContain(
      `✅ Time zones are up to date (IANA ${version}).`,
    );
    await server.withService(
      "now",
      () => new Date("2030-06-01T12:00:00Z"),
      async () => {
        const answer = await server.config("check");
        expect(answer).toMatch(
          /⚠️ The time zones known here are 1,\d{3} days old \(IANA 20\d\d[a-z]\): .* an hour off/,
        );
        expect(answer).toMatch(/^All is well/);
      },
    );
  });

  it("names a currency that CoinGecko has dropped, and coins that are no longer listed", async () => {
    await server.bot.services.settings.change(
      server.bot.guild.id,
      { currency: "HRK", digestCoins: ["bitcoin", "gone-coin"] },
      server.author(),
    );
    const answer = await server.config("check");
    expect(answer).toContain(
      "❌ The currency HRK, Croatian Kuna has no exchange rate right now, so the usual 1,000 USD and the usual car apply",
    );
    expect(answer).toContain("ℹ️ Not listed now: gone-coin.");
    const view = await server.config("view");
    expect(view).toContain("gone-coin (not listed now)");
    expect(view).toContain(
      "**Currency** HRK, Croatian Kuna · *set here*: no exchange rate right now, so the usual 1,000 USD and the usual car apply",
    );
    const card = await server.bot.discord
      .command({
        user: server.admin,
        guild: server.bot.guild,
        name: "lambo",
        options: { coin: "doge" },
      })
      .answer();
    expect(card.embeds[0]?.description).toContain("$1,000");
  });
});

describe("/config test", () => {
  const digestsIn = (channel: FakeChannel) =>
    server.bot.discord.messagesIn(channel).filter(({ ephemeral }) => !ephemeral);

  it("posts into the channel, headed as a test that pings nobody, links the post, and leaves today's own digest due", async () => {
    const role = server.bot.discord.addRole(server.bot.guild);
    role.mentionable = true;
    await server.config("digest", {
      channel: server.general.id,
      coins: "doge",
      time: "13:00",
      role: role.id,
    });
    const answer = await server.config("test");
    const [post] = digestsIn(server.general);
    expect(answer).toContain(
      `https://discord.com/channels/${server.bot.guild.id}/${server.general.id}/${post?.id}`,
    );
    expect(JSON.stringify(post?.embeds)).toContain("Dogecoin");
    expect(post?.content).toMatch(/^\*\*Test\*\*/);
    expect(JSON.stringify(post)).not.toContain(role.id);
    expect(post?.allowedMentions).toMatchObject({ parse: [], roles: [] });
    expect(await server.config("view")).toContain(
      `**Next** <t:${Date.parse("2026-11-24T13:00:00Z") / 1_000}:F>`,
    );
    expect(await server.ledger().latest(server.bot.guild.id, 3)).toEqual([]);
  });

  it("shows it to the admin alone when asked to, even without a channel", async () => {
    await server.config("digest", { coins: "doge" });
    const shown = await server.config("test", { private: true });
    expect(shown).toMatch(/^\*\*Test\*\*/);
    expect(shown).toContain("Dogecoin");
    expect(digestsIn(server.general)).toEqual([]);
  });

  it("says what to do without a channel, and when Discord refuses the post", async () => {
    expect(await server.config("test")).toMatch(/^There is no channel to post into yet/);
    await server.config("digest", { channel: server.general.id });
    server.bot.discord.refuse(server.general, "missing-permissions", "post");
    expect(await server.config("test")).toContain(
      `The bot may not post in <#${server.general.id}>`,
    );
    expect(digestsIn(server.general)).toEqual([]);
  });
});
