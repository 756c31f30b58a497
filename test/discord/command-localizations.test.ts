import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commands } from "../../commands/index.ts";
import { defineMessageCommand, EVERYWHERE, type LocalizedText } from "../../src/discord/command.ts";
import { localizedCommands } from "../../src/discord/command-localizations.ts";
import { say } from "../../src/messages/say.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { isJsonObject, type JsonObject, jsonObjects } from "../support/fake-discord/json.ts";
import { command, register } from "./declared-commands.ts";

let fake: FakeDiscord;
beforeEach(async () => {
  fake = await startFakeDiscord();
});
afterEach(() => fake.close());

const String_ = ApplicationCommandOptionType.String;

/** In English "Car", and this in German. */
const german =
  (text: string): LocalizedText =>
  (locale) =>
    locale === "de" ? text : "Car";

const optionNamed = (node: JsonObject | undefined, name: string): JsonObject | undefined =>
  jsonObjects(node?.["options"]).find((option) => option["name"] === name);

describe("the commands in other languages", () => {
  it("have names, descriptions and choices in each, and Spanish for Spain and Latin America", async () => {
    const lines = await register(fake, commands);
    expect(lines).toMatchObject([{ message: "Told Discord the changed commands" }]);
    const compare = fake.commands.find("compare");
    expect(compare).toMatchObject({
      name_localizations: { de: say("de", "name.compare"), fr: say("fr", "name.compare") },
      description_localizations: {
        "es-ES": say("es-ES", "command.compare"),
        "es-419": say("es-ES", "command.compare"),
        "pt-BR": say("pt-BR", "command.compare"),
      },
    });
    const set = optionNamed(fake.commands.find("config"), "set");
    const [open] = jsonObjects(optionNamed(set, "replies")?.["choices"]);
    expect(open).toMatchObject({
      value: "public",
      name_localizations: { ja: say("ja", "command.config.set.replies.public") },
    });
    const check = fake.commands.find("Lambo check", undefined, 3);
    expect(check).toMatchObject({
      name_localizations: { ko: say("ko", "command.lambo-check") },
      description: "",
    });
    expect(fake.violations).toEqual([]);
    expect(await register(fake, commands)).toMatchObject([
      { message: "Discord already has these commands" },
    ]);
  });

  it("are left out where they are the same as in English", async () => {
    await register(fake, commands);
    const lambo = fake.commands.find("lambo");
    expect(lambo?.["name"]).toBe("lambo");
    const names = isJsonObject(lambo?.["name_localizations"]) ? lambo["name_localizations"] : {};
    expect(Object.values(names)).not.toContain("lambo");
  });

  it("are told to Discord when only they have changed", async () => {
    const car = (text: string) =>
      command("lambo", { options: { car: { type: String_, description: german(text) } } });
    await register(fake, [car("Auto")]);
    expect(await register(fake, [car("Wagen")])).toMatchObject([
      { fields: { added: [], changed: ["lambo"], removed: [] } },
    ]);
  });

  it.each([
    ["a description of 101 characters", { description: german("x".repeat(101)) }],
    ["a choice without a name", { choices: [{ name: german(""), value: "car" }] }],
    [
      "two choices of one name",
      {
        choices: [
          { name: "Auto", value: "a" },
          { name: german("Auto"), value: "b" },
        ],
      },
    ],
  ])("keep English in a language with %s, and the others have theirs", (_what, change) => {
    const broken = command("lambo", {
      options: { car: { type: String_, description: "Car", ...change } },
    });
    const { commands: localized, leftOut } = localizedCommands([broken, command("compare")]);
    expect(leftOut).toEqual([
      { command: "lambo", language: "de", why: expect.stringContaining("/lambo car") },
    ]);
    expect(JSON.stringify(localized[0])).not.toContain('"de"');
    expect(localized[1]).toMatchObject({
      name_localizations: { de: say("de", "name.compare"), it: say("it", "name.compare") },
    });
  });

  it("keep English where a name is that of another option", () => {
    const taken = command("lambo", {
      options: {
        // In German "auto" …
        car: { type: String_, description: "Car" },
        // … which is taken.
        auto: { type: String_, description: "Car" },
      },
    });
    expect(localizedCommands([taken]).leftOut).toContainEqual({
      command: "lambo",
      language: "de",
      why: '"auto" is the name of two options',
    });
  });

  it("keep English where a whole command would be longer than Discord takes", () => {
    const options = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [
        `option${at}`,
        {
          type: String_ as typeof ApplicationCommandOptionType.String,
          description: "Car",
          choices: Array.from({ length: 25 }, (_, of) => ({
            name: (locale: string) => (locale === "de" ? `${"x".repeat(60)}${of}` : `Car ${of}`),
            value: `${of}`,
          })),
        },
      ]),
    );
    const { leftOut } = localizedCommands([command("lambo", { options })]);
    expect(leftOut).toEqual([
      { command: "lambo", language: "de", why: expect.stringMatching(/has \d+ characters in all/) },
    ]);
  });

  it("keep English for a menu's command whose name is too long", () => {
    const onMessages = defineMessageCommand({
      ...EVERYWHERE,
      target: "message",
      name: "Lambo check",
      nameIn: (locale) => (locale === "ja" ? "x".repeat(33) : "Lambo-Check"),
      visibility: () => "private",
      run: () => Promise.resolve({ kind: "reply", reply: { content: "Yes" } }),
    });
    const { commands: localized, leftOut } = localizedCommands([onMessages]);
    expect(leftOut).toMatchObject([{ command: "Lambo check", language: "ja" }]);
    expect(localized).toMatchObject([{ name_localizations: { de: "Lambo-Check" } }]);
  });

  it("that break Discord's rules are refused by it", async () => {
    const put = async (...options: object[]) => {
      const response = await fetch(
        `${fake.apiUrl}/v10/applications/${fake.applicationId}/commands`,
        {
          method: "PUT",
          headers: { authorization: `Bot ${fake.token}`, "content-type": "application/json" },
          body: JSON.stringify([{ name: "lambo", description: "d", options }]),
        },
      );
      return response.status;
    };
    const option = { type: 3, name: "coin", description: "d" };
    expect(await put({ ...option, name_localizations: { de: "münze" } })).toBe(200);
    expect(await put({ ...option, name_localizations: { de: "Münze" } })).toBe(400);
    expect(await put({ ...option, name_localizations: { xx: "münze" } })).toBe(400);
    expect(await put({ ...option, description_localizations: { de: "x".repeat(101) } })).toBe(400);
    const other = { ...option, name: "other", name_localizations: { de: "coin" } };
    expect(await put(option, other)).toBe(400);
  });
});
