import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  PermissionFlagsBits,
} from "discord-api-types/v10";
import { MAX_DIGEST_COINS } from "../src/digest/content.ts";
import { defineCommand, defineSubcommand } from "../src/discord/command.ts";
import { replied } from "../src/discord/reply.ts";
import { say } from "../src/messages/say.ts";
import { asAdmin } from "../src/settings/admin.ts";
import { REPLIES_CHOICES } from "../src/settings/answer-input.ts";
import { CHANGES_SHOWN, showHistory } from "../src/settings/change-history.ts";
import { confirmed } from "../src/settings/confirmation.ts";
import { RIDDLE_CHOICES } from "../src/settings/digest-input.ts";
import { askToForget, forgetEverything } from "../src/settings/forget.ts";
import { RESET_CHOICES, reset, resetEverything } from "../src/settings/reset.ts";
import { runCheck } from "../src/settings/server-check.ts";
import { readServerView } from "../src/settings/server-view.ts";
import { setAnswers } from "../src/settings/set-answers.ts";
import { setDigest } from "../src/settings/set-digest.ts";
import { setSymbol } from "../src/settings/set-symbol.ts";
import { savedCard, settingsCard } from "../src/settings/settings-card.ts";
import { suggest } from "../src/settings/suggestions.ts";
import { testDigest } from "../src/settings/test-digest.ts";
import { undoButton } from "../src/settings/undo.ts";
import { carChoices } from "../src/valuation/lambo-models.ts";

/** `/config`: what a server's admins decide, see and delete. */
export const config = defineCommand({
  name: "config",
  description: (locale) => say(locale, "command.config"),
  integrationTypes: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  defaultMemberPermissions: PermissionFlagsBits.ManageGuild,
  visibility: () => "private",

  subcommands: {
    view: defineSubcommand({
      description: (locale) => say(locale, "command.config.view"),
      options: {},
      run: (call, services) =>
        asAdmin(call, services, async (guildId) =>
          replied(settingsCard(await readServerView(guildId, services, call.locale))),
        ),
    }),

    set: defineSubcommand({
      description: (locale) => say(locale, "command.config.set"),
      options: {
        currency: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.set.currency"),
          autocomplete: true,
          maxLength: 100,
        },
        amount: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.set.amount"),
          autocomplete: true,
          maxLength: 100,
          orNumber: true,
        },
        car: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.set.car"),
          choices: carChoices(),
        },
        "car-price": {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.set.car-price"),
          autocomplete: true,
          maxLength: 100,
          orNumber: true,
        },
        replies: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.set.replies"),
          choices: REPLIES_CHOICES,
        },
        language: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.set.language"),
          autocomplete: true,
          maxLength: 100,
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) => {
          const { car: carKey, "car-price": carPrice, ...others } = call.options;
          const input = { ...others, carKey, carPrice };
          return setAnswers(guildId, input, call, services);
        }),
    }),

    digest: defineSubcommand({
      description: (locale) => say(locale, "command.config.digest"),
      options: {
        channel: {
          type: ApplicationCommandOptionType.Channel,
          description: (locale) => say(locale, "command.config.digest.channel"),
          channelTypes: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
        },
        time: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.digest.time"),
          autocomplete: true,
          maxLength: 100,
        },
        zone: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.digest.zone"),
          autocomplete: true,
          maxLength: 100,
        },
        every: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.digest.every"),
          autocomplete: true,
          maxLength: 100,
        },
        riddle: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.digest.riddle"),
          choices: RIDDLE_CHOICES,
        },
        coins: {
          type: ApplicationCommandOptionType.String,
          description: (locale) =>
            say(locale, "command.config.digest.coins", {
              most: String(MAX_DIGEST_COINS),
            }),
          autocomplete: true,
          maxLength: 1_000,
        },
        add: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.digest.add"),
          autocomplete: true,
          maxLength: 100,
        },
        remove: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.digest.remove"),
          autocomplete: true,
          maxLength: 100,
        },
        role: {
          type: ApplicationCommandOptionType.Role,
          description: (locale) => say(locale, "command.config.digest.role"),
        },
        "no-role": {
          type: ApplicationCommandOptionType.Boolean,
          description: (locale) => say(locale, "command.config.digest.no-role"),
        },
        enabled: {
          type: ApplicationCommandOptionType.Boolean,
          description: (locale) => say(locale, "command.config.digest.enabled"),
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) => {
          const { channel: channelId, role: roleId, "no-role": noRole, ...others } = call.options;
          const input = { ...others, channelId, roleId, noRole };
          return setDigest(guildId, input, call, services);
        }),
    }),

    symbol: defineSubcommand({
      description: (locale) => say(locale, "command.config.symbol"),
      options: {
        symbol: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.symbol.symbol"),
          required: true,
          autocomplete: true,
          maxLength: 100,
        },
        coin: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.symbol.coin"),
          autocomplete: true,
          maxLength: 100,
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) =>
          setSymbol(guildId, call.options, call, services, call.locale),
        ),
    }),

    check: defineSubcommand({
      description: (locale) => say(locale, "command.config.check"),
      options: {},
      run: (call, services) =>
        asAdmin(call, services, (guildId) => runCheck(guildId, call, services)),
    }),

    test: defineSubcommand({
      description: (locale) => say(locale, "command.config.test"),
      options: {
        private: {
          type: ApplicationCommandOptionType.Boolean,
          description: (locale) => say(locale, "command.config.test.private"),
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) =>
          testDigest(guildId, { isPrivate: call.options.private === true }, call, services),
        ),
    }),

    history: defineSubcommand({
      description: (locale) =>
        say(locale, "command.config.history", { count: String(CHANGES_SHOWN) }),
      options: {},
      run: (call, services) =>
        asAdmin(call, services, (guildId) => showHistory(guildId, call, services)),
    }),

    reset: defineSubcommand({
      description: (locale) => say(locale, "command.config.reset"),
      options: {
        what: {
          type: ApplicationCommandOptionType.String,
          description: (locale) => say(locale, "command.config.reset.what"),
          choices: RESET_CHOICES,
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) => reset(guildId, call.options.what, call, services)),
    }),

    forget: defineSubcommand({
      description: (locale) => say(locale, "command.config.forget"),
      options: {},
      run: (call, services) =>
        asAdmin(call, services, async (guildId) => askToForget(guildId, call, services)),
    }),
  },

  suggest,

  components: {
    reset: confirmed(resetEverything),
    forget: confirmed(forgetEverything),
    undo: undoButton,
    keep: confirmed(async (_guildId, { locale }) =>
      replied(savedCard(say(locale, "confirm.kept"), [say(locale, "confirm.kept.text")], locale)),
    ),
  },
});
