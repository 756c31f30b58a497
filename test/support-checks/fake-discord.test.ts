import { Client, Events, GatewayIntentBits, type Interaction, MessageFlags } from "discord.js";
import { afterEach, describe, expect, it } from "vitest";
import { type FakeDiscord, type FakeDiscordOptions, startFakeDiscord } from "../support/fake-discord.ts";

const open: { close(): Promise<unknown> | unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startFake(options?: FakeDiscordOptions): Promise<FakeDiscord> {
  const fake = await startFakeDiscord(options);
  open.push(fake);
  return fake;
}

async function logIn(
  fake: FakeDiscord,
  onInteraction: (interaction: Interaction) => Promise<unknown> = async () => undefined,
): Promise<Client<true>> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: fake.apiUrl },
    shards: "auto",
    // discord.js spaces identifies five seconds apart; the fake allows them at once.
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }) },
  });
  open.push({ close: () => client.destroy() });
  client.on(Events.InteractionCreate, (interaction) => void onInteraction(interaction));
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(fake.token);
  return ready;
}

describe("logging in", () => {
  it("brings the real client to ready with its servers", async () => {
    const fake = await startFake({ guilds: 2 });
    const client = await logIn(fake);
    expect(client.user.id).toBe(fake.botUser.id);
    expect(client.guilds.cache.map((guild) => guild.name)).toEqual(["Server 1", "Server 2"]);
    expect(fake.gateway.identifies).toBe(1);
    expect(fake.violations).toEqual([]);
  });
});

describe("a slash command", () => {
  it("round-trips: deferred, then filled in with a picture that the asker alone sees", async () => {
    const fake = await startFake();
    await logIn(fake, async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply({
        embeds: [{ title: interaction.options.getString("coin", true), image: { url: "attachment://card.png" } }],
        files: [{ attachment: Buffer.from("png"), name: "card.png", description: "a card" }],
        allowedMentions: { parse: [] },
      });
    });
    const asked = fake.command({ user: fake.user(), guild: fake.guild, name: "lambo", options: { coin: "dogecoin" } });
    expect((await asked.response()).kind).toBe("deferred-message");
    const answer = await asked.answer();
    expect(answer.embeds[0]?.title).toBe("dogecoin");
    expect(answer.files[0]).toMatchObject({ name: "card.png", description: "a card", sizeBytes: 3 });
    expect(asked.messages()).toMatchObject({ public: [], private: [answer], thinking: [] });
    expect(fake.violations).toEqual([]);
  });
});
