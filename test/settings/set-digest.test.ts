import { describe, expect, it } from "vitest";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import type { TypedOptions } from "../support/command-harness.ts";
import { Permission } from "../support/fake-discord/world.ts";
import { ConfigUnderTest, channelOf } from "./config-under-test.ts";

const server = new ConfigUnderTest();

describe("/config digest", () => {
  it("starts with just a channel, and answers with the next three posts", async () => {
    const answer = await server.config("digest", { channel: server.general.id });
    expect(server.stored()).toMatchObject({
      digestEnabled: true,
      digestChannelId: server.general.id,
    });
    expect(answer).toContain(`The digest is **on**, at 09:00 (UTC), in <#${server.general.id}>.`);
    const days = ["2026-11-25T09:00:00Z", "2026-11-26T09:00:00Z", "2026-11-27T09:00:00Z"];
    for (const day of days)
      expect(answer).toContain(
        `- <t:${Date.parse(day) / 1_000}:F> (<t:${Date.parse(day) / 1_000}:R>)`,
      );
  });

  it("takes everything at once; the next posts follow the zone", async () => {
    const role = server.bot.discord.addRole(server.bot.guild, { name: "lambo watchers" });
    role.mentionable = true;
    const news = server.bot.discord.addChannel(server.bot.guild, { type: 5, name: "news" });
    const answer = await server.config("digest", {
      channel: news.id,
      time: "9:30 pm",
      zone: "new york",
      coins: "btc, Dogecoin, id:unicorn-token, BTC",
      role: role.id,
      enabled: true,
    });
    expect(server.stored()).toMatchObject({
      digestChannelId: news.id,
      digestTime: "21:30",
      digestZone: "America/New_York",
      digestCoins: ["bitcoin", "dogecoin", "unicorn-token"],
      digestRoleId: role.id,
      digestEnabled: true,
    });
    expect(answer).toContain(`<t:${Date.parse("2026-11-25T02:30:00Z") / 1_000}:F>`);
    expect(answer).toContain("**Coins** Bitcoin, Dogecoin, UNICORN Token");
    expect(answer).toContain(`**Mentions** <@&${role.id}>`);
  });

  it("reads the server's own symbols in its list of coins", async () => {
    await server.config("symbol", { symbol: "uni", coin: "unicorn-token" });
    await server.config("digest", { coins: "UNI" });
    expect(server.stored().digestCoins).toEqual(["unicorn-token"]);
  });

  it("a digest that was switched off stays off until it is switched on", async () => {
    await server.config("digest", { channel: server.general.id });
    await server.config("digest", { enabled: false });
    const other = server.bot.discord.addChannel(server.bot.guild);
    expect(await server.config("digest", { channel: other.id })).toMatch(
      /The digest is \*\*off\*\*.*\n.*none: the digest is off/,
    );
    expect(await server.config("digest", { enabled: true })).toContain(
      `The digest is **on**, at 09:00 (UTC), in <#${other.id}>.`,
    );
  });

  it.each([
    [
      { zone: "Europe/Berlinn" },
      "“Europe/Berlinn” is not a time zone known here. Did you mean `Europe/Berlin`?",
    ],
    [
      { zone: "+02:00" },
      "“+02:00” stays the same all year, but most clocks change for the summer: choose the zone of a place that has it now, such as `Africa/Johannesburg`, `Europe/Kyiv`, `Africa/Cairo` or `Europe/Athens`. If you do want UTC+02:00 all year, it is `Etc/GMT-2`.",
    ],
    [
      { zone: "EST" },
      "“EST” stays the same all year, whatever the clocks of a place do. Did you mean `America/New_York`, `America/Toronto`, `America/Panama` or `America/Jamaica`? If you do want UTC-05:00 all year, it is `Etc/GMT+5`.",
    ],
    [
      { zone: "Indonesia" },
      "“Indonesia” has more than one time zone: choose `Asia/Jakarta`, `Asia/Makassar` or `Asia/Jayapura`.",
    ],
    [
      { zone: "the moon" },
      "“the moon” is not a time zone known here: name a large city, a country or an IANA zone, such as `Berlin`, `Japan` or `America/New_York`.",
    ],
    [
      { time: "24:30" },
      "“24:30” is not a time of day: write one from 00:00 to 23:59, such as `09:00`, `9am`, `21h30` or `noon`.",
    ],
    [
      { every: "monthly" },
      "“monthly” does not say how often the digest should come: write `day`, `weekdays`, one or more days such as `Friday` or `mon, thu`, `week` (on Mondays), or `news` (only when a coin crosses one Lambo or sets a new peak). To switch the digest off, use `enabled:False`.",
    ],
    [
      { every: "every Friday at 9am" },
      "“every Friday at 9am” says how often and at what time, which are two options: `every:fri` and `time:09:00`.",
    ],
    [
      { time: "9am EST" },
      "“9am EST” is a time and a zone, which are two options: `time:09:00` and `zone:America/New_York`.",
    ],
    [
      { coins: "btc, nosuchthing, doge" },
      "No coin here is called “nosuchthing”. Check the spelling, or try its symbol.",
    ],
    [
      { coins: "btc, @here" },
      "No coin here is called “@\u200bhere”. Check the spelling, or try its symbol.",
    ],
    [
      { coins: " , ," },
      "Name at least one coin, such as `bitcoin`, or several, such as `btc, eth, doge`.",
    ],
    [
      { coins: "That is 10 coins, the most there can be" },
      "Name at least one coin, such as `bitcoin`, or several, such as `btc, eth, doge`.",
    ],
    [
      { coins: Array.from({ length: 11 }, (_, at) => `c${at}`).join(",") },
      "A digest has up to 10 coins, and that is 11.",
    ],
    [
      { enabled: true },
      "The digest needs a channel before it can be switched on: choose one with `channel:` as well.",
    ],
    [
      { channel: "123456789012345678" },
      "That channel is not one of this server's, or was deleted: choose a text or announcement channel that is listed.",
    ],
    [
      { channel: "../users" },
      "That channel is not one of this server's, or was deleted: choose a text or announcement channel that is listed.",
    ],
    [
      { role: "@everyone" },
      "That role is not one of this server's, or was deleted: choose one that is listed, or `no-role:True`.",
    ],
    [
      { role: "123456789012345678" },
      "That role is not one of this server's, or was deleted: choose one that is listed, or `no-role:True`.",
    ],
    [
      {},
      "Name at least one thing to set, such as `/config digest time:9am zone:Berlin`. `/config view` shows the digest.",
    ],
  ])(
    "%j is refused in one sentence, and the good choices beside it are not stored",
    async (bad, sentence) => {
      const beside: TypedOptions =
        Object.keys(bad).length === 0 || "channel" in bad
          ? {}
          : "time" in bad
            ? { zone: "UTC" }
            : { time: "10:00" };
      const answer = await server.config("digest", { ...beside, ...bad } as TypedOptions, {
        unchecked: true,
      });
      const [told] = answer.split(" Nothing was changed.");
      if (typeof sentence === "string") expect(told).toBe(sentence);
      else expect(told).toMatch(sentence);
      expect(answer.endsWith(" Nothing was changed.")).toBe(true);
      expect(server.stored()).toEqual(NO_SETTINGS);
    },
  );

  it.each([
    [2, "\\#lounge is a voice channel"],
    [15, "\\#lounge is a forum"],
    [4, "\\#lounge is a category"],
  ])("a channel of Discord's type %i is refused by its name and kind", async (type, named) => {
    const channel = server.bot.discord.addChannel(server.bot.guild, { type, name: "lounge" });
    const answer = await server.config("digest", { channel: channel.id }, { unchecked: true });
    expect(answer).toBe(
      `${named}: the digest needs a text or announcement channel. Nothing was changed.`,
    );
    expect(server.stored()).toEqual(NO_SETTINGS);
  });

  it("a channel of another server, and one deleted a moment ago, are not this server's", async () => {
    const foreign = channelOf(server.bot.discord.addGuild());
    const gone = server.bot.discord.addChannel(server.bot.guild);
    server.bot.discord.removeChannel(gone);
    for (const channel of [foreign, gone]) {
      expect(await server.config("digest", { channel: channel.id }, { unchecked: true })).toMatch(
        /^That channel is not one of this server's/,
      );
    }
    expect(server.stored()).toEqual(NO_SETTINGS);
  });

  it.each([
    ["no-role", { "no-role": true }],
    ["@everyone, which it never mentions", { role: "@everyone" }],
  ])("mentions nobody any more after %s", async (_how, options) => {
    const role = server.bot.discord.addRole(server.bot.guild);
    await server.config("digest", { role: role.id });
    const typed = "role" in options ? { role: server.bot.guild.id } : options;
    const answer = await server.config("digest", typed as TypedOptions, { unchecked: true });
    expect(answer).toContain("**Mentions** nobody");
    expect(server.stored().digestRoleId).toBeNull();
  });

  it("takes a role or no role, not both, and no-role:False alone is nothing to set", async () => {
    const role = server.bot.discord.addRole(server.bot.guild);
    expect(await server.config("digest", { role: role.id, "no-role": true })).toMatch(
      /^Choose a role to mention, or `no-role:True`/,
    );
    expect(await server.config("digest", { "no-role": false })).toMatch(/^Name at least one thing/);
    await server.config("digest", { role: role.id, "no-role": false });
    expect(server.stored().digestRoleId).toBe(role.id);
  });

  it("is stored despite missing permissions, and warns at once about each and how to grant it", async () => {
    const role = server.bot.discord.addRole(server.bot.guild, { name: "quiet" });
    const closed = server.bot.discord.addChannel(server.bot.guild, {
      overwrites: [
        {
          id: server.bot.guild.id,
          type: 0,
          allow: "0",
          deny: String(Permission.EmbedLinks | Permission.AttachFiles),
        },
      ],
    });
    server.bot.guild.botRoleIds.length = 0;
    const answer = await server.config("digest", { channel: closed.id, role: role.id });
    expect(answer).toMatch(/^Saved, but it cannot be posted yet/);
    expect(answer).toContain(
      `**Embed Links** is missing in <#${closed.id}>. Open the settings of <#${closed.id}>, *Permissions*, add my role and allow *Embed Links*.`,
    );
    expect(answer).toContain(`**Attach Files** is missing`);
    expect(answer).toContain(`or let anyone mention <@&${role.id}> (*Server Settings*, *Roles*).`);
    expect(answer).not.toContain("**Send Messages** is missing");
    expect(server.stored().digestChannelId).toBe(closed.id);
    const off = await server.config("digest", { enabled: false });
    expect(off).toMatch(/^Saved\nThe digest is \*\*off\*\*/);
    expect(off).not.toContain("is missing");
  });

  it("asks Discord nothing about a channel and a role that came with the command", async () => {
    const closed = server.bot.discord.addChannel(server.bot.guild);
    closed.permission_overwrites = [
      { id: server.bot.guild.id, type: 0, allow: "0", deny: String(Permission.SendMessages) },
    ];
    server.bot.guild.botRoleIds.length = 0;
    const role = server.bot.discord.addRole(server.bot.guild);
    const before = server.bot.discord.requests.length;
    const answer = await server.config("digest", { channel: closed.id, role: role.id });
    expect(answer).toContain("❌ **Send Messages** is missing");
    expect(answer).toContain("❌ **Mention @everyone, @here, and All Roles** is missing");
    const forum = server.bot.discord.addChannel(server.bot.guild, { name: "ideas", type: 15 });
    expect(await server.config("digest", { channel: forum.id }, { unchecked: true })).toMatch(
      /is a forum: the digest needs a text/,
    );
    const answering = /\/(interactions|webhooks)\//;
    expect(
      server.bot.discord.requests.slice(before).filter(({ path }) => !answering.test(path)),
    ).toEqual([]);
    // A channel chosen before is not told along.
    expect(await server.config("digest", { time: "10:00" })).toContain(
      "❌ **Send Messages** is missing",
    );
    expect(
      server.bot.discord.requests
        .slice(before)
        .some(({ path }) => path.endsWith(`/channels/${closed.id}`)),
    ).toBe(true);
  });

  it("stores nothing while Discord is out of reach, and says so", async () => {
    const end = server.bot.discord.fault({
      kind: "status",
      status: 500,
      method: "GET",
      path: /\/channels\//,
    });
    try {
      // Told along, the channel need not be asked for.
      expect(
        await server.config(
          "digest",
          { channel: server.general.id },
          { isBeforeAppPermissions: true },
        ),
      ).toMatch(/^Discord cannot be asked about that channel right now.* Nothing was changed\.$/);
    } finally {
      end();
    }
    expect(server.stored()).toEqual(NO_SETTINGS);
  });

  it("suggests zones by the newest data, not Node's", async () => {
    expect(await server.suggestions("digest", "zone", { zone: "vancouver" })).toEqual([
      { name: "America/Vancouver · 05:00 now, UTC-07:00", value: "America/Vancouver" },
    ]);
  });

  it("suggests zones with the time that their clocks show", async () => {
    expect(await server.suggestions("digest", "zone", { zone: "berl" })).toEqual([
      { name: "Europe/Berlin · 13:00 now, UTC+01:00", value: "Europe/Berlin" },
    ]);
  });

  it("takes a time and a zone in the admin's own words, and the label that a client sent", async () => {
    const [label] = await server.suggestions("digest", "zone", { zone: "kiev" });
    for (const [time, zone, stored] of [
      ["9.30", "Munich", ["09:30", "Europe/Berlin"]],
      ["21 Uhr", "NYC", ["21:00", "America/New_York"]],
      ["noon", label?.name, ["12:00", "Europe/Kyiv"]],
    ] as const) {
      await server.config("digest", { time, zone: String(zone) });
      expect([server.stored().digestTime, server.stored().digestZone]).toEqual(stored);
    }
    expect(await server.suggestions("digest", "time", { time: "9" })).toEqual([
      { name: "09:00", value: "09:00" },
      { name: "21:00", value: "21:00" },
    ]);
  });

  it("suggests the list so far plus one more coin, written so that it is read as those coins", async () => {
    const offered = await server.suggestions("digest", "coins", { coins: "btc, doge, un" });
    expect(offered.map(({ name }) => name)).toEqual([
      "btc, doge, Uniswap · UNI · #30",
      "btc, doge, UNICORN Token · UNI · #900",
    ]);
    const first = await server.suggestions("digest", "coins", { coins: "btc, " });
    expect(first.map(({ name }) => name)).not.toContain("btc, Bitcoin · BTC · #1");
    await server.config("digest", { coins: String(offered[1]?.value) });
    expect(server.stored().digestCoins).toEqual(["bitcoin", "dogecoin", "unicorn-token"]);
  });

  it("takes the default by that word, and what old and hand-written requests send", async () => {
    const role = server.bot.discord.addRole(server.bot.guild);
    const typed = {
      time: 9,
      zone: "Europe/Kiev",
      role: `<@&${role.id}>`,
      channel: `<#${server.general.id}>`,
      enabled: "True",
    };
    await server.config("digest", typed, { unchecked: true });
    expect(server.stored()).toMatchObject({
      digestTime: "09:00",
      digestZone: "Europe/Kiev",
      digestRoleId: role.id,
      digestChannelId: server.general.id,
      digestEnabled: true,
    });
    await server.config("digest", { time: "default", zone: "Default" });
    expect(server.stored()).toMatchObject({ digestTime: null, digestZone: null });
  });

  it("comes as often as the admin says, and answers with the dates", async () => {
    const at = (iso: string) => `<t:${Date.parse(iso) / 1_000}:F>`;
    const answer = await server.config("digest", {
      channel: server.general.id,
      zone: "Auckland",
      every: "Mondays",
    });
    expect(server.stored().digestEvery).toBe("mon");
    expect(answer).toContain("**Comes** every week on Monday");
    const mondays = ["2026-11-29T20:00Z", "2026-12-06T20:00Z", "2026-12-13T20:00Z"];
    for (const monday of mondays) expect(answer).toContain(`- ${at(monday)}`);
    const view = await server.config("view");
    expect(view).toContain("**Comes** every week on Monday · *set here*");
    expect(view).toMatch(new RegExp(`\\*\\*Next\\*\\* ${mondays.map(at).join(".*")}`));
    expect(await server.config("history")).toContain("digest days: default → every week on Monday");

    const news = await server.config("digest", { every: "only when there is news" });
    expect(news).toContain("**Next checks** (posted only when a coin on the list has crossed");
    expect(await server.config("view")).toContain(
      "**Next** as soon as a coin on the list crosses one Lambo or sets a new peak; checked",
    );
    await server.config("reset", { what: "every" }, { unchecked: true });
    expect(server.stored().digestEvery).toBeNull();
  });

  it("comes with a riddle where the admin says so, and without one again", async () => {
    expect(await server.config("view")).toMatch(/\*\*Riddle\*\* off · default/);
    const answer = await server.config("digest", { channel: server.general.id, riddle: "on" });
    expect(answer).toContain("**Riddle** on");
    const { digestSince } = server.stored();
    expect(await server.config("view")).toContain("**Riddle** on · *set here*");
    expect(await server.config("digest", { riddle: "off" })).toContain("**Riddle** off");
    expect(await server.config("history")).toContain("digest riddle: on → off");
    // A hand-written request may send the words of the other switches.
    await server.config("digest", { riddle: true }, { unchecked: true });
    expect(server.stored()).toMatchObject({ digestRiddle: true, digestSince });
    expect(await server.config("digest", { riddle: "maybe" }, { unchecked: true })).toContain(
      "“maybe” does not say whether there should be a riddle: choose `on` or `off`.",
    );
    await server.config("reset", { what: "riddle" }, { unchecked: true });
    expect(server.stored().digestRiddle).toBeNull();
  });

  it("changed to every day, does not come at once for an hour that has passed", async () => {
    await server.config("digest", { channel: server.general.id, every: "fri" });
    server.bot.market.setNow("2026-11-24T13:00:00Z");
    const answer = await server.config("digest", { every: "day" });
    expect(server.stored().digestSince).toBe("2026-11-24T13:00:00.000Z");
    expect(answer).toContain(`- <t:${Date.parse("2026-11-25T09:00Z") / 1_000}:F>`);
    expect(answer).toContain("**Comes** every day");
  });

  it("suggests how often in the admin's language", async () => {
    const { discord, guild } = server.bot;
    const suggested = await discord
      .type({
        ...{ user: server.admin, guild, name: "config digest", focused: "every", locale: "fr" },
        options: { every: "lun" },
      })
      .suggestions();
    expect(suggested[0]).toEqual({ name: "chaque semaine, le lundi", value: "mon" });
  });

  it("reads a list with commas, spaces or lines, and says which coin a slip was taken for", async () => {
    for (const list of ["btc doge uniswap", "btc\ndoge\nuniswap", "btc, doge and uniswap"]) {
      await server.config("digest", { coins: list });
      expect(server.stored().digestCoins).toEqual(["bitcoin", "dogecoin", "uniswap"]);
    }
    expect(await server.config("digest", { coins: "btc dogecion" })).toMatch(/dogecion.*Dogecoin/);
    expect(server.stored().digestCoins).toEqual(["bitcoin", "dogecoin"]);
  });

  it("suggests one more coin behind spaces too, and takes the label for the list", async () => {
    const [offered] = await server.suggestions("digest", "coins", { coins: "btc doge unisw" });
    expect(offered).toEqual({
      name: "btc, doge, Uniswap · UNI · #30",
      value: "btc, doge, uni",
    });
    await server.config("digest", { coins: String(offered?.name) });
    expect(server.stored().digestCoins).toEqual(["bitcoin", "dogecoin", "uniswap"]);
  });

  it("adds one coin to the list and takes one off, both at once in a full one", async () => {
    const full = Array.from({ length: 10 }, (_, at) => `coin-${at}`);
    await server.config("digest", { coins: full.slice(0, 9).join(", ") });
    await server.config("digest", { add: "Dogecoin" });
    expect(server.stored().digestCoins?.at(-1)).toBe("dogecoin");
    expect(await server.config("digest", { add: "btc" })).toMatch(
      /^A digest has up to 10 coins, and the list is full: Coin 0, .* Take one off with `remove:`/,
    );
    const [offered] = await server.suggestions("digest", "add", { add: "" });
    for (const sent of [offered?.value, offered?.name])
      expect(await server.config("digest", { add: String(sent) })).toMatch(
        /^A digest has up to 10/,
      );
    await server.config("digest", { add: "btc", remove: "coin 0" });
    expect(server.stored().digestCoins).toEqual([...full.slice(1, 9), "dogecoin", "bitcoin"]);
    await server.config("digest", { coins: "btc, doge", add: "uni", remove: "doge" });
    expect(server.stored().digestCoins).toEqual(["bitcoin", "uniswap"]);
  });

  it("takes off the coin of the list that has the symbol, not the best known one", async () => {
    await server.config("digest", { coins: "btc, id:unicorn-token" });
    await server.config("digest", { remove: "uni" });
    expect(server.stored().digestCoins).toEqual(["bitcoin"]);
  });

  it("says why a coin cannot be added or taken off", async () => {
    for (const option of ["add", "remove"])
      expect(await server.config("digest", { [option]: "btc" })).toMatch(
        /^No list of coins was chosen here, so the digest shows the ten largest: choose a list/,
      );
    await server.config("digest", { coins: "doge" });
    for (const [options, sentence] of [
      [{ add: "doge" }, "Dogecoin is on the list already."],
      [{ remove: "btc" }, "Bitcoin is not on the list, which is Dogecoin."],
      [{ remove: "zzzzzz" }, "“zzzzzz” is no coin on the list, which is Dogecoin."],
      [{ remove: " " }, "Name a coin, such as bitcoin or DOGE."],
      [{ coins: "default", add: "btc" }, "The ten largest change by themselves, so nothing can"],
      [{ remove: "doge" }, "That is the only coin on the list: name others with `coins:`"],
    ] as const)
      expect((await server.config("digest", options)).slice(0, sentence.length)).toBe(sentence);
    for (const coins of ["the ten largest, without stablecoins", "default"]) {
      expect(await server.config("digest", { coins })).toContain("the ten largest");
      expect(server.stored().digestCoins).toBeNull();
    }
  });

  it("suggests for adding what is not on the list, and for taking off what is", async () => {
    await server.config("digest", { coins: "doge, btc" });
    const added = await server.suggestions("digest", "add", { add: "" });
    expect(added.map(({ value }) => value)).not.toContain("btc");
    const offered = await server.suggestions("digest", "remove", { remove: "" });
    expect(offered.map(({ name }) => name)).toEqual(["Dogecoin · DOGE · #9", "Bitcoin · BTC · #1"]);
    const [named, ...others] = await server.suggestions("digest", "remove", { remove: "bit" });
    expect([named?.name, others]).toEqual(["Bitcoin · BTC · #1", []]);
    await server.config("digest", { remove: String(offered[0]?.value) });
    expect(server.stored().digestCoins).toEqual(["bitcoin"]);
  });

  it("ten coins chosen by suggestions alone fit into what Discord takes; an eleventh is not offered", async () => {
    let list = "";
    for (let count = 0; count < 10; count += 1) {
      const [next] = await server.suggestions("digest", "coins", {
        coins: list === "" ? "coin" : `${list}, coin`,
      });
      list = String(next?.value);
    }
    await server.config("digest", { coins: list });
    expect(server.stored().digestCoins).toHaveLength(10);
    expect(await server.suggestions("digest", "coins", { coins: `${list}, b` })).toEqual([
      { name: "That is 10 coins, the most there can be", value: list },
    ]);
  });

  it("suggests the id instead of a symbol that means another coin here", async () => {
    await server.config("symbol", { symbol: "doge", coin: "bitcoin" });
    const [first] = await server.suggestions("digest", "coins", { coins: "dogec" });
    await server.config("digest", { coins: String(first?.value) });
    expect(server.stored().digestCoins).toEqual(["dogecoin"]);
  });
});
