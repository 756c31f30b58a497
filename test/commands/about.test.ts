import { readFile } from "node:fs/promises";
import { PermissionFlagsBits } from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { createBotRest } from "../../src/discord/bot/bot-rest.ts";
import { createGuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import { INVITE_PERMISSIONS, serverInvite } from "../../src/discord/bot/invite.ts";
import { registerCommands } from "../../src/discord/command-registration.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import type { SourceHealth } from "../../src/prices/sources/source-health.ts";
import { silentLog } from "../../src/process/log.ts";
import type { ProjectPages } from "../../src/project-pages.ts";
import type { Services } from "../../src/services.ts";
import { connectGateway } from "../support/connected-gateway.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";

const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const NO_PAGES: ProjectPages = {
  privacyUrl: undefined,
  termsUrl: undefined,
  supportUrl: undefined,
};
const ALL_SOURCES = ["CoinGecko", "DefiLlama", "Coin Metrics", "Kraken"];

async function start({
  sourceNames = ALL_SOURCES,
  pages = NO_PAGES,
}: {
  sourceNames?: readonly string[];
  pages?: ProjectPages;
} = {}): Promise<FakeDiscord> {
  const fake = await startFakeDiscord();
  open.push(() => fake.close());
  const health = (name: string): SourceHealth => ({
    name,
    lastOutcome: "ok",
    lastAskedAt: null,
    callsLeft: 30,
    callsPerWindow: 30,
    windowSeconds: 60,
  });
  // /about draws on nothing else.
  const services = {
    sources: { health: () => sourceNames.map(health), probe: async () => [] },
    pages,
  } as unknown as Services;
  const dispatch = createDispatch({ commands, services, log: silentLog });
  const gateway = await connectGateway({
    token: fake.token,
    apiUrl: fake.apiUrl,
    commands,
    dispatch,
    log: silentLog,
  });
  open.push(() => gateway.stop());
  await registerCommands({
    rest: gateway.rest,
    applicationId: gateway.applicationId,
    commands,
    log: silentLog,
  });
  return fake;
}

describe("/about", () => {
  it("answers privately in servers, direct messages and other chats, whoever installed the bot", async () => {
    const fake = await start();
    const user = fake.user();
    const scenes = [{ user, guild: fake.guild }, { user }, { user, privateChannel: true }];
    for (const scene of scenes)
      expect(await fake.command({ name: "about", ...scene }).answer()).toMatchObject({
        ephemeral: true,
      });
    expect(fake.violations).toEqual([]);
  });

  it("says what is stored, how to delete it, and links CoinGecko and the other sources", async () => {
    const fake = await start();
    const { embeds } = await fake
      .command({ name: "about", user: fake.user(), guild: fake.guild })
      .answer();
    const text = JSON.stringify(embeds);
    expect(text).toContain("[Data provided by CoinGecko](https://www.coingecko.com");
    for (const said of [
      "(https://defillama.com)",
      "[CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/)",
      "(https://www.kraken.com)",
      "(https://frankfurter.dev)",
      "/config forget",
      "30 days",
      "by user id",
      "not advice",
    ]) {
      expect(text).toContain(said);
    }
  });

  it("says that prices are invented where they are, and names no provider for them", async () => {
    const fake = await start({ sourceNames: [] });
    const { embeds } = await fake
      .command({ name: "about", user: fake.user(), guild: fake.guild })
      .answer();
    expect(JSON.stringify(embeds)).toContain("invented");
    expect(JSON.stringify(embeds)).not.toContain("CoinGecko");
  });

  it("does not name Coin Metrics, whose licence is non-commercial, where it is switched off", async () => {
    const fake = await start({
      sourceNames: ALL_SOURCES.filter((name) => name !== "Coin Metrics"),
    });
    const { embeds } = await fake
      .command({ name: "about", user: fake.user(), guild: fake.guild })
      .answer();
    expect(JSON.stringify(embeds)).toContain("DefiLlama");
    expect(JSON.stringify(embeds)).not.toContain("Coin Metrics");
  });

  it("links this installation's privacy policy, terms and support, in the text and as buttons", async () => {
    const pages = {
      privacyUrl: "https://lambo.example.org/privacy",
      termsUrl: "https://lambo.example.org/terms",
      supportUrl: "https://discord.gg/lambo",
    };
    const fake = await start({ pages });
    const { embeds, components } = await fake
      .command({ name: "about", user: fake.user(), guild: fake.guild })
      .answer();
    expect(JSON.stringify(embeds)).toContain(
      `[Privacy policy](${pages.privacyUrl}) · [Terms of service](${pages.termsUrl})`,
    );
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
    expect(fake.violations).toEqual([]);
  });

  it("links no page where there is none, and says where the documents are", async () => {
    const fake = await start();
    const { embeds, components } = await fake
      .command({ name: "about", user: fake.user(), guild: fake.guild })
      .answer();
    expect(JSON.stringify(embeds)).toContain("`docs/privacy.md`");
    expect(components).toMatchObject([
      { components: [{ label: "Add to a server" }, { label: "Use it everywhere yourself" }] },
    ]);
  });

  it("offers the application that answered, with the permissions of a digest", async () => {
    const fake = await start();
    const { components } = await fake
      .command({ name: "about", user: fake.user(), guild: fake.guild })
      .answer();
    expect(components).toMatchObject([
      {
        components: [
          { url: serverInvite(fake.applicationId) },
          { url: expect.stringContaining("integration_type=1") },
        ],
      },
    ]);
    const query = new URL(serverInvite(fake.applicationId)).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      client_id: fake.applicationId,
      scope: "bot applications.commands",
      permissions: "117760",
      integration_type: "0",
    });
  });
});

describe("the invite link", () => {
  it("gives exactly what a digest needs: with one permission less, posting lacks just that", async () => {
    const fake = await startFakeDiscord({ guilds: 0 });
    open.push(() => fake.close());
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

  it("is the README's", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    expect(readme).toContain(`&permissions=${INVITE_PERMISSIONS}\n`);
  });
});
