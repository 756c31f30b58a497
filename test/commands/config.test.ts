import { describe, expect, it } from "vitest";
import { say } from "../../src/messages/say.ts";
import type { Services } from "../../src/services.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { StorageError } from "../../src/storage/storage-error.ts";
import { ConfigUnderTest, NOON } from "../settings/config-under-test.ts";
import { type TypedOptions, textOf } from "../support/command-harness.ts";
import { Permission } from "../support/fake-discord/world.ts";

const server = new ConfigUnderTest();

describe("who may use /config", () => {
  it("is declared to Discord: servers only, for Manage Server", () => {
    expect(server.bot.discord.commands.find("config")).toMatchObject({
      contexts: [0],
      integration_types: [0],
      default_member_permissions: String(Permission.ManageGuild),
    });
  });

  it.each(["view", "set", "digest", "symbol", "check", "test", "history", "reset", "forget"])(
    "is checked again by the bot for %s: an old client without the permission changes and reads nothing",
    async (subcommand) => {
      const options: Record<string, TypedOptions> = {
        set: { amount: "5" },
        digest: { time: "10:00" },
        symbol: { symbol: "UNI", coin: "uniswap" },
      };
      const answer = await server.config(subcommand, options[subcommand], {
        user: server.bot.discord.user(),
        unchecked: true,
      });
      expect(answer).toBe("Only members with *Manage Server* can use `/config`.");
      expect(server.stored()).toEqual(NO_SETTINGS);
    },
  );

  it("administrators may use it, whatever else they lack", async () => {
    const user = server.bot.discord.user();
    server.bot.guild.memberRoleIds.set(user.id, [
      server.bot.discord.addRole(server.bot.guild, { permissions: Permission.Administrator }).id,
    ]);
    expect(await server.config("set", { amount: "5" }, { user })).toContain("Saved");
  });

  it("is refused in direct messages", async () => {
    const asked = server.bot.discord.command({
      user: server.admin,
      name: "config view",
      unchecked: true,
    });
    expect(textOf(await asked.answer())).toBe(
      "`/config` works only in servers: use it in one of yours.",
    );
  });

  it("without the permission, nothing is suggested either", async () => {
    await server.config("symbol", { symbol: "UNI", coin: "unicorn-token" });
    const typed = {
      guild: server.bot.guild,
      name: "config symbol",
      focused: "symbol",
      options: { symbol: "u" },
    };
    expect(
      await server.bot.discord.type({ ...typed, user: server.admin }).suggestions(),
    ).not.toEqual([]);
    expect(
      await server.bot.discord.type({ ...typed, user: server.bot.discord.user() }).suggestions(),
    ).toEqual([]);
  });
});

describe("/config symbol", () => {
  it("gives a symbol another meaning, and its usual one back", async () => {
    expect(await server.config("symbol", { symbol: "$uni", coin: "unicorn-token" })).toContain(
      "On this server **UNI** now means **UNICORN Token** (id:unicorn-token).",
    );
    expect(server.stored().symbols).toEqual({ UNI: "unicorn-token" });
    expect(await server.config("symbol", { symbol: "uni" })).toContain(
      "**UNI** is back to what it means everywhere.",
    );
    expect(server.stored().symbols).toEqual({});
  });

  it("takes a misspelt coin and the label of a suggestion, and says what it took", async () => {
    expect(
      await server.config("symbol", {
        symbol: "UNI · means UNICORN Token here",
        coin: "unicron token",
      }),
    ).toContain("“unicron token” was taken for UNICORN Token (id:unicorn-token).");
    expect(server.stored().symbols).toEqual({ UNI: "unicorn-token" });
    expect(await server.config("digest", { coins: "dogecion, Bitcoin · BTC · #1" })).toContain(
      "“dogecion” was taken for Dogecoin (id:dogecoin).",
    );
    expect(server.stored().digestCoins).toEqual(["dogecoin", "bitcoin"]);
  });

  it("counts for a symbol with marks around it or in a pair", async () => {
    await server.config("symbol", { symbol: "#uni", coin: "unicorn-token" });
    for (const coin of ["uni", "$UNI", "#uni", "UNI/USDT"]) {
      const card = await server.bot.ask("lambo", { coin });
      expect(card.embeds[0]?.author?.name).toBe("UNICORN Token · UNI · #900");
    }
  });

  it.each([
    [{ symbol: "two words", coin: "bitcoin" }, /^“two words” is not a symbol/],
    [{ symbol: "id:x", coin: "bitcoin" }, /^“id:x” is not a symbol/],
    [{ symbol: "uni", coin: "nothing" }, /^No coin here is called “nothing”/],
    [{ symbol: "uni" }, /^UNI has no meaning of its own on this server/],
  ])("%j is refused, and nothing is stored", async (options, sentence) => {
    expect(await server.config("symbol", options as TypedOptions)).toMatch(sentence);
    expect(server.stored()).toEqual(NO_SETTINGS);
  });

  it("suggests symbols with a meaning of their own, and the coins that share a symbol", async () => {
    await server.config("symbol", { symbol: "uni", coin: "unicorn-token" });
    expect(await server.suggestions("symbol", "symbol", { symbol: "u" })).toEqual([
      { name: "U", value: "U" },
      { name: "UNI · means UNICORN Token here", value: "UNI" },
    ]);
    expect(
      (await server.suggestions("symbol", "coin", { symbol: "uni", coin: "" })).map(
        ({ value }) => value,
      ),
    ).toEqual(["uniswap", "unicorn-token"]);
  });
});

describe("/config view", () => {
  it("marks every value as a default where nothing was chosen", async () => {
    const view = await server.config("view");
    for (const line of [
      "**Currency** USD, US Dollar · default",
      "**Stake** $1,000 · default",
      "**Car** Average Lamborghini, $200,000 · default",
      "**Replies** public · default",
      "**Digest** off · default",
      "**Channel** none · default",
      "**Comes** every day · default",
      "**Time** 09:00 · default",
      "**Zone** UTC · default",
      "**Mentions** nobody · default",
      "**Next** none until a channel is chosen: `/config digest channel:` does that",
      "**Last** none yet",
      "the ten largest, without stablecoins · default",
    ]) {
      expect(view).toContain(line);
    }
    expect(view).not.toContain("set here");
  });

  it("marks what was set here, with the next digest and the last one's outcome", async () => {
    await server.config("set", { currency: "EUR", amount: "250.5" });
    await server.config("digest", {
      channel: server.general.id,
      time: "08:00",
      zone: "Europe/Berlin",
      coins: "doge, sly",
    });
    await server.config("symbol", { symbol: "uni", coin: "unicorn-token" });
    await server.recordDigest(
      "2026-11-24",
      { kind: "sent", messageId: "777" },
      "2026-11-24T07:00:02Z",
    );
    const view = await server.config("view", {}, { locale: "de" });
    expect(view).toMatch(/\*\*Einsatz\*\* 250,50\s€ · \*hier eingestellt\*/);
    expect(view).toContain(`**Kanal** <#${server.general.id}> · *hier eingestellt*`);
    expect(view).toContain("**Zeitzone** Europe/Berlin · *hier eingestellt*");
    expect(view).toContain(say("de", "view.mentions.nobody", { mark: say("de", "view.default") }));
    expect(view).toContain(`** <t:${Date.parse("2026-11-25T07:00:00Z") / 1_000}:F>`);
    expect(view).toContain(
      `** 24. Nov. 2026: gepostet <t:${Date.parse("2026-11-24T07:00:02Z") / 1_000}:R> in https://discord.com/channels/${server.bot.guild.id}/${server.general.id}/777`,
    );
    expect(view).toContain("UNI → UNICORN Token");
    expect(view).not.toMatch(/(?<!\\)\*\*@everyone|(?<!\\)\[x\]\(/);
  });

  it("says why the digest is paused", async () => {
    await server.config("digest", { channel: server.general.id });
    await server.pauseDigest("Discord does not let me post in #general");
    expect(await server.config("view")).toContain(
      `⚠️ The digest is paused since <t:${Date.parse("2026-11-23T09:00:00Z") / 1_000}:f>: Discord does not let me post in \\#general. \`/config check\` shows what to do.`,
    );
  });

  it("fits into Discord's limits when a server has chosen as much as it can", async () => {
    const symbols = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`LONGSYMBOLNUMBER${at}`, `coin-${at % 12}`]),
    );
    await server.bot.services.settings.change(
      server.bot.guild.id,
      { symbols, digestCoins: Array.from({ length: 10 }, (_, at) => "x".repeat(90) + at) },
      server.author(),
    );
    expect(await server.config("view")).toMatch(/and \d+ more/);
    expect(await server.config("symbol", { symbol: "ONEMORE", coin: "bitcoin" })).toMatch(
      /^A server can choose at most 100 symbols/,
    );
  });

  it("shows the settings even when the record of digests cannot be read", async () => {
    await server.config("digest", { channel: server.general.id });
    server.isRecordGone = true;
    expect(await server.config("view")).toContain(
      "**Last** not known: the record cannot be read now",
    );
    expect(await server.config("digest", { time: "10:00" })).toMatch(/^Saved/);
    expect(await server.config("check")).toContain("not known: the record cannot be read now");
  });
});

describe("/config history", () => {
  it("shows the last ten changes, newest first, with time and author, and pings nobody", async () => {
    for (let amount = 1; amount <= 11; amount += 1)
      await server.bot.services.settings.change(
        server.bot.guild.id,
        { stake: amount },
        server.author(amount),
      );
    const asked = server.send("history");
    const answer = await asked.answer();
    const lines = textOf(answer).split("\n").slice(1);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe(
      `- <t:${Date.parse(NOON) / 1_000 + 11}:f> <@${server.admin.id}> · default stake: 10 → 11`,
    );
    expect(answer.allowedMentions).toEqual({ parse: [] });
  });

  it("describes each kind of change in words", async () => {
    const role = server.bot.discord.addRole(server.bot.guild);
    await server.config("set", {
      currency: "EUR",
      amount: "12.5",
      car: "revuelto",
      replies: "private",
    });
    await server.config("digest", { channel: server.general.id, role: role.id, coins: "sly, btc" });
    await server.config("symbol", { symbol: "uni", coin: "uniswap" });
    const history = await server.config("history");
    for (const change of [
      "currency: default → EUR",
      "default stake: default → 12.5",
      "car: default → Revuelto (2026)",
      "replies: default → private",
      "digest: default → on",
      `digest channel: default → <#${server.general.id}>`,
      `digest mention: default → <@&${role.id}>`,
      "digest coins: default → sly, bitcoin",
      "symbol UNI: default → uniswap",
    ]) {
      expect(history.replaceAll("\\", "")).toContain(change);
    }
  });

  it("says so when nothing was ever changed", async () => {
    expect(await server.config("history")).toContain(
      "Nothing has been changed on this server yet.",
    );
  });
});

describe("without a bot token", () => {
  it("subcommands that need a token say so, and the rest work", async () => {
    await server.withService("digests", undefined, async () => {
      await server.withService("directory", undefined, async () => {
        expect(await server.config("digest", { time: "10:00" })).toMatch(
          /^This bot answers commands only: it runs without a bot token.* Nothing was changed\.$/,
        );
        expect(await server.config("test")).toMatch(/^This bot answers commands only/);
        expect(await server.config("check")).toContain("ℹ️ This bot answers commands only");
        expect(await server.config("view")).toContain("This bot answers commands only");
        await server.bot.services.settings.change(
          server.bot.guild.id,
          { digestEnabled: true, digestChannelId: server.general.id },
          server.author(),
        );
        expect(await server.config("check")).toMatch(
          /^Something needs your attention\n❌ This bot answers commands only/,
        );
        await server.bot.services.settings.reset(server.bot.guild.id, server.author());
        expect(await server.config("set", { amount: "5" })).toContain("**Stake** $5 · *set here*");
      });
    });
    expect(server.stored()).toEqual({ ...NO_SETTINGS, stake: 5 });
  });
});

describe("storage that does not work", () => {
  const fails = async () => {
    throw new StorageError("disk-full", { where: "here" });
  };

  it("is reported in one plain sentence, and nothing is half saved", async () => {
    const settings: Services["settings"] = {
      ...server.bot.services.settings,
      change: fails,
      reset: fails,
      history: fails,
    };
    await server.withService("settings", settings, async () => {
      const saying =
        "Nothing was saved: the disk that holds the bot's data is full. Please try again later.";
      expect(await server.config("set", { amount: "5", currency: "EUR" })).toBe(saying);
      expect(await server.config("digest", { channel: server.general.id })).toBe(saying);
      expect(await server.config("symbol", { symbol: "uni", coin: "uniswap" })).toBe(saying);
      expect(await server.config("reset", { what: "amount" })).toBe(saying);
      expect(await server.config("history")).toBe(
        "The list of changes cannot be read now: the disk that holds the bot's data is full. Please try again later.",
      );
      expect(await server.config("view")).toContain("**Stake** $1,000 · default");
    });
    expect(server.stored()).toEqual(NO_SETTINGS);
  });
});
