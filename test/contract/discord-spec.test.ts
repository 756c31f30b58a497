import { REST } from "@discordjs/rest";
import { Routes } from "discord-api-types/v10";
import { afterEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { localizedCommands } from "../../src/discord/command-localizations.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { type DiscordSpec, loadDiscordSpec, type RequestToCheck } from "./discord-spec.ts";

const loaded = loadDiscordSpec();
const missing = "missing" in loaded ? loaded.missing : undefined;

function spec(): DiscordSpec {
  if ("missing" in loaded) throw new Error(loaded.missing);
  return loaded;
}

it("names the missing file", () => {
  expect(loadDiscordSpec("/nowhere/openapi.json")).toEqual({
    missing: "Discord's OpenAPI file is not there: /nowhere/openapi.json",
  });
});

// The reason stands in the name, so that the report of a machine without the file shows it.
describe.skipIf(missing !== undefined)(
  `Discord's OpenAPI file${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    const id = "1574642312372289537";
    const request = (method: string, path: string, json?: unknown, query = ""): RequestToCheck => ({
      method,
      path,
      query: new URLSearchParams(query),
      json,
    });
    const post = (json: unknown) =>
      spec().violations(request("POST", `/channels/${id}/messages`, json));
    const callback = (json: unknown) =>
      spec().violations(
        request("POST", `/interactions/${id}/token/callback`, json, "with_response=false"),
      );
    const put = (...commands: object[]) =>
      spec().violations(request("PUT", `/applications/${id}/commands`, commands));
    const command = { name: "lambo", description: "d" };

    it("allows what discord.js always sends, although it does not name it", () => {
      const original = `/webhooks/${id}/token/messages/%40original`;
      expect(
        spec().violations(
          request("PATCH", original, { content: "c", tts: false, enforce_nonce: false }),
        ),
      ).toEqual([]);
      expect(
        callback({ type: 4, data: { content: "c", tts: false, enforce_nonce: false, flags: 64 } }),
      ).toEqual([]);
      expect(post({ content: "c", tts: false, nonce: "abc", enforce_nonce: true })).toEqual([]);
    });

    it("allows permissions as text and commands for one server", () => {
      expect(
        put({
          ...command,
          default_member_permissions: "32",
          nsfw: false,
          contexts: [0, 1, 2],
          integration_types: [0, 1],
        }),
      ).toEqual([]);
      expect(
        spec().violations(request("PUT", `/applications/${id}/guilds/${id}/commands`, [command])),
      ).toEqual([]);
    });

    it("allows the bot's commands in every language", () => {
      const { commands: localized, leftOut } = localizedCommands(commands);
      expect(leftOut).toEqual([]);
      expect(put(...localized)).toEqual([]);
    });

    it.each<[string, () => string[], string]>([
      ["an unknown member", () => post({ content: "c", embedz: [] }), '"embedz"'],
      [
        "an unknown member deep inside",
        () => post({ embeds: [{ title: "t", colour: 1 }] }),
        '"colour"',
      ],
      [
        "2,001 characters, which the file allows",
        () => post({ content: "x".repeat(2001) }),
        "2,000",
      ],
      ["a wrong type", () => post({ content: 5 }), "/content"],
      [
        "a type-4 callback without data, which the file allows",
        () => callback({ type: 4 }),
        "must carry data",
      ],
      [
        "a capital in a command's name, which the file allows",
        () => put({ ...command, name: "Lambo" }),
        '"Lambo"',
      ],
      [
        "a space in an option's name",
        () => put({ ...command, options: [{ type: 3, name: "a b", description: "d" }] }),
        "/0/options/0",
      ],
      [
        "an id that is no id",
        () => spec().violations(request("GET", "/channels/general/messages")),
        "channel_id",
      ],
      [
        "a limit that is too high",
        () => spec().violations(request("GET", `/channels/${id}/messages`, undefined, "limit=101")),
        "limit",
      ],
      [
        "an unknown query",
        () => spec().violations(request("GET", `/channels/${id}/messages`, undefined, "first=1")),
        "first",
      ],
      [
        "an unknown operation",
        () => spec().violations(request("GET", "/lambos")),
        "no such operation",
      ],
      [
        "a body where none belongs",
        () => spec().violations(request("GET", "/users/@me", {})),
        "no body",
      ],
      [
        "no body where one belongs",
        () => spec().violations(request("POST", `/channels/${id}/messages`)),
        "needs a body",
      ],
    ])("refuses %s", (_name, violations, words) => {
      expect(violations().join("\n")).toContain(words);
    });
  },
);

describe.skipIf(missing !== undefined)(
  `the fake Discord's responses${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let fake: FakeDiscord | undefined;
    afterEach(() => fake?.close());

    it("fit Discord's OpenAPI file: messages, callbacks, commands", async () => {
      fake = await startFakeDiscord();
      const { applicationId, guild } = fake;
      const rest = new REST({ api: fake.apiUrl }).setToken(fake.token);
      const channelId = guild.systemChannelId ?? "";
      const asked = fake.payload.command({ user: fake.user(), guild, name: "lambo" });
      const card = {
        content: "c",
        embeds: [
          {
            title: "t",
            description: "d",
            color: 1,
            fields: [{ name: "n", value: "v" }],
            footer: { text: "f" },
            image: { url: "attachment://a.png" },
          },
        ],
        components: [
          { type: 1, components: [{ type: 2, style: 1, label: "l", custom_id: "a" }] },
          {
            type: 1,
            components: [{ type: 3, custom_id: "b", options: [{ label: "l", value: "v" }] }],
          },
        ],
      };
      const files = [{ name: "a.png", data: Buffer.from("png") }];
      const found: string[] = [];
      const check = (method: string, path: string, body: unknown) =>
        found.push(...spec().answerViolations(method, path, 200, body));

      const commands = Routes.applicationCommands(applicationId);
      check(
        "PUT",
        commands,
        await rest.put(commands, {
          body: [
            {
              name: "lambo",
              description: "d",
              options: [{ type: 3, name: "coin", description: "d" }],
            },
          ],
        }),
      );
      check("GET", commands, await rest.get(commands));
      const first = Routes.interactionCallback(asked.id, asked.token);
      const withResponse = {
        body: { type: 5 },
        auth: false,
        query: new URLSearchParams({ with_response: "true" }),
      };
      check("POST", first, await rest.post(first, withResponse));
      const original = Routes.webhookMessage(applicationId, asked.token);
      check("PATCH", original, await rest.patch(original, { body: card, files, auth: false }));
      check("GET", original, await rest.get(original, { auth: false }));
      const hook = Routes.webhook(applicationId, asked.token);
      check(
        "POST",
        hook,
        await rest.post(hook, { body: { content: "c", flags: 64 }, auth: false }),
      );
      const channel = Routes.channelMessages(channelId);
      check("POST", channel, await rest.post(channel, { body: card, files }));
      check("GET", channel, await rest.get(channel));
      expect(found).toEqual([]);
      expect(fake.violations).toEqual([]);
    });
  },
);
