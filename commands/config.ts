import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  PermissionFlagsBits,
} from "discord-api-types/v10";
import { CAR_PRICE_LIMITS_USD, STAKE_LIMITS_USD } from "../src/answer.ts";
import { defineCommand, defineSubcommand } from "../src/discord/command.ts";
import { answered } from "../src/discord/reply.ts";
import { asAdmin, NOTHING_CHANGED } from "../src/settings/admin.ts";
import { CHANGES_SHOWN, showHistory } from "../src/settings/change-history.ts";
import { MOST_DIGEST_COINS } from "../src/settings/coin-input.ts";
import { confirmed } from "../src/settings/confirmation.ts";
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
import { carChoices } from "../src/valuation/lambo-models.ts";

/** `/config`: what a server's admins decide, see and delete. */
export const config = defineCommand({
  name: "config",
  description: "How the bot behaves on this server",
  integrationTypes: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
  defaultMemberPermissions: PermissionFlagsBits.ManageGuild,
  visibility: () => "private",

  subcommands: {
    view: defineSubcommand({
      description: "Everything that is set here, and when the next digest comes",
      options: {},
      run: (call, services) =>
        asAdmin(call, services, async (guildId) =>
          answered(settingsCard(await readServerView(guildId, services, call.locale))),
        ),
    }),

    set: defineSubcommand({
      description: "Currency, stake, car and visibility of answers",
      options: {
        currency: {
          type: ApplicationCommandOptionType.String,
          description: "Currency of all amounts here, such as EUR",
          autocomplete: true,
          maxLength: 100,
        },
        amount: {
          type: ApplicationCommandOptionType.Number,
          description: "Stake when a member names none, in this server's currency",
          minValue: STAKE_LIMITS_USD.min,
          // The limits are in dollars; a dollar is many of some currencies.
          maxValue: Number.MAX_SAFE_INTEGER,
        },
        car: {
          type: ApplicationCommandOptionType.String,
          description: "Which Lamborghini to count in",
          choices: carChoices(),
        },
        "car-price": {
          type: ApplicationCommandOptionType.Number,
          description: "An own car price instead, in this server's currency",
          minValue: CAR_PRICE_LIMITS_USD.min / 100,
          maxValue: Number.MAX_SAFE_INTEGER,
        },
        replies: {
          type: ApplicationCommandOptionType.String,
          description: "Who sees an answer when the member does not say",
          choices: [
            { name: "public: everybody in the channel", value: "public" },
            { name: "private: the member alone", value: "private" },
          ],
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) => {
          const { currency, amount, car: carKey, "car-price": carPrice, replies } = call.options;
          const input = { currency, amount, carKey, carPrice, replies };
          return setAnswers(guildId, input, call, services);
        }),
    }),

    digest: defineSubcommand({
      description: "The daily digest: where, when, about which coins",
      options: {
        channel: {
          type: ApplicationCommandOptionType.Channel,
          description: "Where it is posted",
          channelTypes: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
        },
        time: {
          type: ApplicationCommandOptionType.String,
          description: "When, as HH:MM in the zone, such as 09:00",
          maxLength: 20,
        },
        zone: {
          type: ApplicationCommandOptionType.String,
          description: "Time zone, such as Europe/Berlin",
          autocomplete: true,
          maxLength: 100,
        },
        coins: {
          type: ApplicationCommandOptionType.String,
          description: `Up to ${MOST_DIGEST_COINS} coins with commas, such as btc, eth, doge`,
          autocomplete: true,
          maxLength: 1_000,
        },
        role: { type: ApplicationCommandOptionType.Role, description: "A role to mention with it" },
        enabled: { type: ApplicationCommandOptionType.Boolean, description: "Switch it on or off" },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) => {
          const { channel: channelId, time, zone, coins, role: roleId, enabled } = call.options;
          const input = { channelId, time, zone, coins, roleId, enabled };
          return setDigest(guildId, input, call, services);
        }),
    }),

    symbol: defineSubcommand({
      description: "Which coin a symbol means on this server",
      options: {
        symbol: {
          type: ApplicationCommandOptionType.String,
          description: "Such as UNI",
          required: true,
          autocomplete: true,
          maxLength: 100,
        },
        coin: {
          type: ApplicationCommandOptionType.String,
          description: "The coin that it means; left out: back to what it means everywhere",
          autocomplete: true,
          maxLength: 100,
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) => setSymbol(guildId, call.options, call, services)),
    }),

    check: defineSubcommand({
      description: "Can the digest be posted, are prices there, what happened lately",
      options: {},
      run: (call, services) =>
        asAdmin(call, services, (guildId) => runCheck(guildId, call, services)),
    }),

    test: defineSubcommand({
      description: "Post today's digest now; today's own post still comes",
      options: {
        private: {
          type: ApplicationCommandOptionType.Boolean,
          description: "Show it to you alone instead of posting it",
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) =>
          testDigest(guildId, { isPrivate: call.options.private === true }, call, services),
        ),
    }),

    history: defineSubcommand({
      description: `The last ${CHANGES_SHOWN} changes: when, who and what`,
      options: {},
      run: (call, services) =>
        asAdmin(call, services, (guildId) => showHistory(guildId, call, services)),
    }),

    reset: defineSubcommand({
      description: "Back to the defaults: everything, or one choice",
      options: {
        what: {
          type: ApplicationCommandOptionType.String,
          description: "What goes back to its default; left out: everything",
          choices: RESET_CHOICES.map((name) => ({ name, value: name })),
        },
      },
      run: (call, services) =>
        asAdmin(call, services, (guildId) => reset(guildId, call.options.what, call, services)),
    }),

    forget: defineSubcommand({
      description: "Delete everything that is stored about this server",
      options: {},
      run: (call, services) =>
        asAdmin(call, services, async (guildId) => askToForget(guildId, call, services)),
    }),
  },

  suggest,

  components: {
    reset: confirmed(resetEverything),
    forget: confirmed(forgetEverything),
    keep: confirmed(async () => answered(savedCard("Kept", [NOTHING_CHANGED]))),
  },
});
