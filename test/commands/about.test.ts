import { readFile } from "node:fs/promises";
import { PermissionFlagsBits } from "discord-api-types/v10";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBotRest } from "../../src/discord/bot/bot-rest.ts";
import { createGuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import { INVITE_PERMISSIONS, serverInvite } from "../../src/discord/bot/invite.ts";
import type { SourceHealth } from "../../src/prices/sources/source-health.ts";
import type { Services } from "../../src/services.ts";
import { useCommands } from "../support/command-harness.ts";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";

const bot = useCommands({
  coins: [],
  replace: () => ({ sources: sourcesNamed("CoinGecko", "DefiLlama", "Coin Metrics", "Kraken") }),
});

function sourcesNamed(...names: readonly string[]): Services["sources"] {
  const health = names.map(
    (name): SourceHealth => ({
      name,
      lastOutcome: "ok",
      lastAskedAt: null,
      callsLeft: 30,
      callsPerWindow: 30,
      windowSeconds: 60,
    }),
  );
  return { health: () => health, probe: async () => health };
}

/** What people read in the JSON of a message. */
const TEXTS = /"(?:title|description|name|value|label)":"((?:[^"\\]|\\.)*)"/g;

describe("/about", () => {
  it("answers privately in servers, direct messages and other chats, whoever installed the bot", async () => {
    const { discord, guild, member: user } = bot;
    const scenes = [{ user, guild }, { user }, { user, privateChannel: true }];
    for (const scene of scenes)
      expect(await discord.command({ name: "about", ...scene }).answer()).toMatchObject({
        ephemeral: true,
      });
  });

  it("says what is stored, how to delete it, and links CoinGecko and the other sources", async () => {
    const { embeds } = await bot.ask("about");
    const text = JSON.stringify(embeds);
    expect(text).toContain("[Data provided by CoinGecko](https://www.coingecko.com");
    for (const said of [
      "(https://defillama.com)",
      "[CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/), averaged and scaled",
      "(https://www.kraken.com)",
      "(https://frankfurter.dev)",
      "`/lambo coin:dogecoin amount:500`",
      "/config forget",
      "30 days",
      "your user id",
      "not advice",
    ]) {
      expect(text).toContain(said);
    }
  });

  it("takes at most 150 words for all of it, buttons included, with every source and every page", async () => {
    const privacyUrl = "https://lambo.example.org/privacy";
    const supportUrl = "https://discord.gg/lambo";
    const pages = { publicUrl: undefined, privacyUrl, termsUrl: privacyUrl, supportUrl };
    const none = {
      publicUrl: undefined,
      privacyUrl: undefined,
      termsUrl: undefined,
      supportUrl: undefined,
    };
    for (const configured of [pages, none]) {
      bot.replace({ pages: configured });
      const { embeds, components } = await bot.ask("about");
      const texts = [...JSON.stringify([embeds, components]).matchAll(TEXTS)].map(
        ([, text]) => text,
      );
      const words = texts
        .join(" ")
        .replace(/\]\([^)]*\)|\\n/g, " ")
        .match(/[\p{L}\p{N}'’/:.-]+/gu);
      expect(words?.length).toBeGreaterThan(80);
      expect(words?.length).toBeLessThanOrEqual(150);
    }
  });

  it("says that prices are invented where they are, and names no provider for them", async () => {
    bot.replace({ sources: sourcesNamed() });
    const { embeds } = await bot.ask("about");
    expect(JSON.stringify(embeds)).toContain("invented");
    expect(JSON.stringify(embeds)).not.toContain("CoinGecko");
  });

  it("does not name Coin Metrics, whose licence is non-commercial, where it is switched off", async () => {
    bot.replace({ sources: sourcesNamed("CoinGecko", "DefiLlama", "Kraken") });
    const { embeds } = await bot.ask("about");
    expect(JSON.stringify(embeds)).toContain("DefiLlama");
    expect(JSON.stringify(embeds)).not.toContain("Coin Metrics");
  });

  it("links this installation's privacy policy, terms and support as buttons", async () => {
    const pages = {
      publicUrl: undefined,
      privacyUrl: "https://lambo.example.org/privacy",
      termsUrl: "https://lambo.example.org/terms",
      supportUrl: "https://discord.gg/lambo",
    };
    bot.replace({ pages });
    const { components } = await bot.ask("about");
    expect(components).toMatchObject([
      {
        components: [
          {},
          {},
          { label: "Privacy", url: pages.privacyUrl },
          { label: "Terms", url: pages.termsUrl },
          { label: "Support", url: pages.supportUrl },
        ],
      },
    ]);
  });

  it("links no page where there is none, and says where the documents are", async () => {
    const { embeds, components } = await bot.ask("about");
    expect(JSON.stringify(embeds)).toContain("`docs/privacy.md`");
    expect(components).toMatchObject([
      { components: [{ label: "Add to a server" }, { label: "Use it everywhere yourself" }] },
    ]);
  });

  it("links the invite of the application that answered, with the permissions that a digest needs", async () => {
    const { components } = await bot.ask("about");
    expect(components).toMatchObject([
      {
        components: [
          { url: serverInvite(bot.discord.applicationId) },
          { url: expect.stringContaining("integration_type=1") },
        ],
      },
    ]);
    const query = new URL(serverInvite(bot.discord.applicationId)).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      client_id: bot.discord.applicationId,
      scope: "bot applications.commands",
      permissions: "117760",
      integration_type: "0",
    });
  });
});

describe("the invite link", () => {
  it("asks for exactly what a digest needs: each permission left out is missing for posting", async () => {
    const fake = await startFakeDiscord({ guilds: 0 });
    onTestFinished(() => fake.close());
    const rest = createBotRest({ token: fake.token, apiUrl: fake.apiUrl });
    const directory = createGuildDirectory({ rest, now: () => new Date() });
    const missingWith = async (botPermissions: bigint) => {
      const guild = fake.addGuild({ botPermissions });
      const everyone = guild.roles.get(guild.id);
      if (everyone !== undefined) everyone.permissions = "0";
      const rights = await directory.missingPermissions(
        guild.id,
        guild.systemChannelId ?? "",
        null,
      );
      return rights.ok ? rights.missing : [];
    };
    expect(await missingWith(INVITE_PERMISSIONS)).toEqual([]);
    const bits = Object.values(PermissionFlagsBits).filter(
      (bit) => (INVITE_PERMISSIONS & bit) !== 0n,
    );
    expect(bits).toHaveLength(5);
    for (const bit of bits) expect(await missingWith(INVITE_PERMISSIONS & ~bit)).toHaveLength(1);
  });

  it("has the same permissions in the README", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    expect(readme).toContain(`&permissions=${INVITE_PERMISSIONS}\n`);
  });
});
