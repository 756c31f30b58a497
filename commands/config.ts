import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  PermissionFlagsBits,
} from "discord-api-types/v10";
import { CAR_PRICE_LIMITS_USD, STAKE_LIMITS_USD } from "../src/answer.ts";
import { DEFAULT_DIGEST_TIME, DEFAULT_DIGEST_ZONE } from "../src/digest/due.ts";
import { incidentOf } from "../src/digest/trouble.ts";
import { zoneDataStanding } from "../src/digest/zone-data.ts";
import { suggestZones } from "../src/digest/zones.ts";
import { directoryKnowing } from "../src/discord/bot/guild-directory.ts";
import {
  type AutocompleteCall,
  type CallOrigin,
  type ComponentCall,
  type ComponentHandler,
  defineCommand,
  defineSubcommand,
  type ResolvedOptions,
} from "../src/discord/command.ts";
import type { Answer, Suggestion } from "../src/discord/reply.ts";
import { escapedText, plainText } from "../src/messages/format.ts";
import { coinLabel, coinName } from "../src/messages/wording.ts";
import { type Coin, coinHash } from "../src/prices/coins/coin.ts";
import type { Services } from "../src/services.ts";
import {
  type CheckedChange,
  type CheckedInput,
  checkAnswerInput,
  checkDigestInput,
  checkSymbolInput,
  MOST_DIGEST_COINS,
  splitCoins,
  suggestCurrencies,
} from "../src/settings/checked-input.ts";
import { coinTextOn, currenciesIn, ratesOf, symbolOf } from "../src/settings/effective-settings.ts";
import {
  type CheckFacts,
  checkCard,
  checkServer,
  missingPermissionFindings,
} from "../src/settings/server-check.ts";
import {
  configView,
  confirmCard,
  type DigestStanding,
  forgottenInWords,
  historyCard,
  messageLink,
  NO_BOT,
  nameOf,
  nextPosts,
  savedCard,
} from "../src/settings/settings-card.ts";
import type { GuildSettings, GuildSettingsChange } from "../src/storage/guild-settings.ts";
import { StorageError } from "../src/storage/storage-error.ts";
import { US_DOLLARS } from "../src/valuation/currency.ts";
import { carChoices } from "../src/valuation/lambo-models.ts";

const ASK = { priority: "interactive" } as const;
const MAX_SUGGESTIONS = 25;
const SUGGESTION_CHARACTERS = 100;
const NEXT_POSTS = 3;
const LATEST_POSTS = 3;
const CHANGES_SHOWN = 10;
/**
 * How long a confirm button works, in seconds: whoever comes back later should read the question
 * again.
 */
const CONFIRM_SECONDS = 600;
const NOTHING_CHANGED = "Nothing was changed.";

/** What `/config reset what:` takes: one choice, or everything. */
const RESETTABLE = {
  currency: "currency",
  amount: "stake",
  car: "car",
  replies: "replies",
  "digest channel": "digestChannelId",
  "digest time": "digestTime",
  "digest zone": "digestZone",
  "digest coins": "digestCoins",
  "digest mention": "digestRoleId",
} as const;

const EVERYTHING = "everything";

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
          shown(configView(await viewOf(guildId, services, call.locale))),
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
        asAdmin(call, services, async (guildId) => {
          const { currency, amount, car: carKey, "car-price": carPrice, replies } = call.options;
          if ([currency, amount, carKey, carPrice, replies].every((typed) => typed === undefined)) {
            return refused(
              `Name at least one thing to set, such as a currency. ${NOTHING_CHANGED}`,
            );
          }
          const input = { currency, amount, carKey, carPrice, replies };
          const checked = await checkAnswerInput(input, services.settings.read(guildId), {
            ...services,
            locale: call.locale,
            ask: ASK,
          });
          if (!checked.ok) return refused(`${checked.sentence} ${NOTHING_CHANGED}`);
          return saving(guildId, checked.value, call, services, async (_saved, { notes }) => {
            const view = await viewOf(guildId, services, call.locale);
            const { embeds = [] } = configView(view);
            const answers = embeds[0]?.fields?.find(({ name }) => name === "Answers")?.value ?? "";
            return shown(
              savedCard("Saved", [
                ...notes.map((note) => `ℹ️ ${note}`),
                ...(notes.length > 0 ? [""] : []),
                answers,
              ]),
            );
          });
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
        asAdmin(call, services, (guildId) => setDigest(guildId, call, services)),
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
        asAdmin(call, services, (guildId) => setSymbol(guildId, call, services)),
    }),

    check: defineSubcommand({
      description: "Can the digest be posted, are prices there, what happened lately",
      options: {},
      run: (call, services) => asAdmin(call, services, (guildId) => check(guildId, call, services)),
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
        asAdmin(call, services, (guildId) => testDigest(guildId, call, services)),
    }),

    history: defineSubcommand({
      description: `The last ${CHANGES_SHOWN} changes: when, who and what`,
      options: {},
      run: (call, services) =>
        asAdmin(call, services, async (guildId) => {
          try {
            return shown(
              historyCard(await services.settings.history(guildId, CHANGES_SHOWN), call.locale),
            );
          } catch (error) {
            if (!(error instanceof StorageError)) throw error;
            services.log.error({ err: error }, "the list of changes cannot be read");
            return refused(
              `The list of changes cannot be read now: ${error.message}. Please try again later.`,
            );
          }
        }),
    }),

    reset: defineSubcommand({
      description: "Back to the defaults: everything, or one choice",
      options: {
        what: {
          type: ApplicationCommandOptionType.String,
          description: "What goes back to its default; left out: everything",
          choices: [EVERYTHING, ...Object.keys(RESETTABLE)].map((name) => ({ name, value: name })),
        },
      },
      run: (call, services) => asAdmin(call, services, (guildId) => reset(guildId, call, services)),
    }),

    forget: defineSubcommand({
      description: "Delete everything that is stored about this server",
      options: {},
      run: (call, services) =>
        asAdmin(call, services, async (guildId) =>
          shown(
            confirmCard({
              title: "Delete everything about this server?",
              text: [
                "All that is stored about this server goes: what was set here, the meanings of symbols, the list of changes and the record of digests.",
                "It goes at once and for good. The digest stops; `/lambo` goes on with the defaults.",
                "That today's digest was posted is forgotten too: set up again today for a later time, it comes once more.",
              ].join("\n"),
              confirm: {
                label: "Delete everything",
                customId: confirmId("forget", guildId, call.userId, services.now()),
              },
              cancel: {
                label: "Keep it",
                customId: confirmId("keep", guildId, call.userId, services.now()),
              },
            }),
          ),
        ),
    }),
  },

  suggest: (call, services) => suggest(call, services),

  components: {
    reset: confirmed(async (guildId, call, services) => {
      await services.settings.reset(guildId, { userId: call.userId, at: services.now() });
      return shown(
        savedCard("Reset", [
          "Everything is back to its default, and the digest is off. `/config history` still shows what was changed.",
        ]),
      );
    }),
    forget: confirmed(async (guildId, call, services) =>
      shown(savedCard("Deleted", [forgottenInWords(await services.forget(guildId), call.locale)])),
    ),
    keep: confirmed(async () => shown(savedCard("Kept", [NOTHING_CHANGED]))),
  },
});

// ---- who may ----

/**
 * Runs for members who may manage the server, in a server; Discord hides the command from others,
 * but old clients and forgers send it. What cannot be stored or read is a plain sentence.
 */
async function asAdmin(
  call: CallOrigin,
  { log }: Services,
  run: (guildId: string) => Promise<Answer>,
): Promise<Answer> {
  if (call.guildId === undefined)
    return refused("`/config` works on servers only: use it in a channel of yours.");
  if (!isAdmin(call)) return refused("Only members with *Manage Server* can use `/config`.");
  try {
    return await run(call.guildId);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    log.error({ err: error }, "an admin's request met storage that does not work");
    return refused(error.saving);
  }
}

function isAdmin({ memberPermissions = 0n }: CallOrigin): boolean {
  return (
    (memberPermissions & (PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator)) !==
    0n
  );
}

// ---- what is read and written ----

/** Saves a change whole, and answers with what holds then and what the change was. */
async function saving(
  guildId: string,
  input: CheckedInput,
  { userId }: CallOrigin,
  { settings, now }: Services,
  then: (saved: GuildSettings, made: CheckedChange) => Promise<Answer>,
): Promise<Answer> {
  let made: CheckedChange = { change: {}, notes: [] };
  const rewrite = (stored: GuildSettings) => {
    made = input(stored);
    return made.change;
  };
  const saved = await settings.change(guildId, rewrite, { userId, at: now() });
  return then(saved, made);
}

async function viewOf(guildId: string, services: Services, locale: string) {
  const settings = services.settings.read(guildId);
  const coinIds = [...(settings.digestCoins ?? []), ...Object.values(settings.symbols)];
  const [standing, coins, rates] = await Promise.all([
    standingOf(guildId, services),
    coinsOf(coinIds, services),
    ratesOf(currenciesIn(settings), services.rates, ASK),
  ]);
  return { guildId, settings, standing, coins, rates, locale };
}

async function standingOf(
  guildId: string,
  { digests, directory, log }: Services,
): Promise<DigestStanding | undefined> {
  if (digests === undefined || directory === undefined) return undefined;
  const nextAt = await digests.nextDueAt(guildId, NEXT_POSTS);
  try {
    const [latest, trouble] = await Promise.all([
      digests.latest(guildId, LATEST_POSTS),
      digests.trouble(guildId),
    ]);
    return { nextAt, latest, trouble };
  } catch (error) {
    // What was just saved is saved, and what is set is known from memory: neither may look lost
    // because the record cannot be read.
    if (!(error instanceof StorageError)) throw error;
    log.error({ err: error }, "the record of digests cannot be read");
    return { nextAt, latest: undefined, trouble: undefined };
  }
}

async function hasRateFor({ currency }: GuildSettings, { rates }: Services): Promise<boolean> {
  return currency === null || (await rates.perUsd(currency, ASK)) !== undefined;
}

/** The coins with these ids, as far as they are listed now. */
async function coinsOf(
  coinIds: readonly string[],
  { coins }: Services,
): Promise<ReadonlyMap<string, Coin>> {
  const found = await Promise.all(
    [...new Set(coinIds)].map((coinId) => coins.byHash(coinHash(coinId), ASK)),
  );
  return new Map(
    found.flatMap((coin) => (coin === undefined ? [] : [[coin.coinId, coin] as const])),
  );
}

// ---- the subcommands ----

type DigestOptions = {
  readonly channel: string | undefined;
  readonly time: string | undefined;
  readonly zone: string | undefined;
  readonly coins: string | undefined;
  readonly role: string | undefined;
  readonly enabled: boolean | undefined;
};

async function setDigest(
  guildId: string,
  call: CallOrigin & { readonly options: DigestOptions; readonly resolved?: ResolvedOptions },
  services: Services,
): Promise<Answer> {
  const { channel: channelId, time, zone, coins, role: roleId, enabled } = call.options;
  if (services.directory === undefined) return refused(`${NO_BOT} ${NOTHING_CHANGED}`);
  const directory = directoryKnowing(services.directory, call.resolved);
  if ([channelId, time, zone, coins, roleId, enabled].every((typed) => typed === undefined)) {
    return refused(
      `Name at least one thing to set, such as a channel. \`/config view\` shows the digest. ${NOTHING_CHANGED}`,
    );
  }
  const input = { channelId, time, zone, coins, roleId, enabled };
  const context = { guildId, coins: services.coins, directory, ask: ASK };
  const checked = await checkDigestInput(input, services.settings.read(guildId), context);
  if (!checked.ok) return refused(`${checked.sentence} ${NOTHING_CHANGED}`);
  return saving(guildId, checked.value, call, services, (saved, change) =>
    savedDigest(guildId, saved, change, call, { ...services, directory }),
  );
}

async function savedDigest(
  guildId: string,
  saved: GuildSettings,
  { change }: CheckedChange,
  { locale }: CallOrigin,
  services: Services,
): Promise<Answer> {
  const { digestChannelId, digestRoleId } = saved;
  const [view, permissions] = await Promise.all([
    viewOf(guildId, services, locale),
    digestChannelId === null
      ? undefined
      : services.directory?.missingPermissions(guildId, digestChannelId, digestRoleId),
  ]);
  const warnings =
    digestChannelId === null || permissions?.ok !== true
      ? []
      : missingPermissionFindings(permissions.missing, digestChannelId, digestRoleId);
  const where =
    digestChannelId === null ? "nowhere yet: choose a channel" : `in <#${digestChannelId}>`;
  const when = `at ${saved.digestTime ?? DEFAULT_DIGEST_TIME} (${escapedText(saved.digestZone ?? DEFAULT_DIGEST_ZONE, SUGGESTION_CHARACTERS)})`;
  const coins = change.digestCoins?.map((coinId) => nameOf(coinId, view.coins));
  const lines = [
    `The digest is **${saved.digestEnabled === true ? "on" : "off"}**, ${when}, ${where}.`,
    ...(coins === undefined ? [] : [`**Coins** ${coins.join(", ")}`]),
    ...(digestRoleId === null ? [] : [`**Mentions** <@&${digestRoleId}>`]),
    ...nextPosts(saved, view.standing),
    ...(warnings.length === 0
      ? []
      : ["", ...warnings.map(({ text }) => `❌ ${text}`), "`/config check` looks again."]),
  ];
  return shown(
    savedCard(warnings.length === 0 ? "Saved" : "Saved, but it cannot be posted yet", lines, {
      isGood: warnings.length === 0,
    }),
  );
}

async function setSymbol(
  guildId: string,
  call: CallOrigin & {
    readonly options: { readonly symbol: string; readonly coin: string | undefined };
  },
  services: Services,
): Promise<Answer> {
  const checked = await checkSymbolInput(call.options, services.settings.read(guildId), {
    coins: services.coins,
    ask: ASK,
  });
  if (!checked.ok) return refused(`${checked.sentence} ${NOTHING_CHANGED}`);
  const { symbol, coin } = checked.value;
  const input = () => ({ change: { symbols: { [symbol]: coin?.coinId ?? null } }, notes: [] });
  return saving(guildId, input, call, services, async () => {
    const name = `**${escapedText(symbol, SUGGESTION_CHARACTERS)}**`;
    return shown(
      savedCard("Saved", [
        coin === null
          ? `${name} means again what it means everywhere.`
          : `On this server ${name} now means **${coinName(coin, "markdown")}** (id:${escapedText(coin.coinId, SUGGESTION_CHARACTERS)}).`,
      ]),
    );
  });
}

async function check(guildId: string, call: CallOrigin, services: Services): Promise<Answer> {
  const { directory, digests, sources } = services;
  const settings = services.settings.read(guildId);
  const { digestChannelId, digestRoleId } = settings;
  const [channel, permissions, role, health, hasRate, coins, standing] = await Promise.all([
    digestChannelId === null ? undefined : directory?.channel(guildId, digestChannelId),
    digestChannelId === null
      ? undefined
      : directory?.missingPermissions(guildId, digestChannelId, digestRoleId),
    digestRoleId === null ? undefined : directory?.role(guildId, digestRoleId),
    sources.probe(ASK),
    hasRateFor(settings, services),
    coinsOf(settings.digestCoins ?? [], services),
    standingOf(guildId, services),
  ]);
  const facts: CheckFacts = {
    guildId,
    settings,
    channel,
    permissions,
    role,
    sources: health,
    hasRate,
    // Without the list of coins nothing is known of any of them.
    lostCoins:
      services.coins.size() === 0
        ? []
        : (settings.digestCoins ?? []).filter((coinId) => !coins.has(coinId)),
    zoneData: zoneDataStanding(services.now()),
    standing,
    isOwnFault:
      standing?.trouble !== undefined && incidentOf(standing.trouble.reason) !== undefined,
    locale: call.locale,
  };
  const outcome = checkServer(facts);
  // A message that Discord refuses is none the better for an admin's look, and they know of it
  // already.
  const canGoOn = outcome.canPost && !facts.isOwnFault;
  const resumed = canGoOn && standing?.trouble !== undefined;
  if (canGoOn) await digests?.resume(guildId);
  return shown(checkCard(facts, outcome, { resumed }));
}

async function testDigest(
  guildId: string,
  call: CallOrigin & { readonly options: { readonly private: boolean | undefined } },
  { digests, previewDigest, directory, settings }: Services,
): Promise<Answer> {
  if (digests === undefined) return refused(NO_BOT);
  if (call.options.private === true) {
    const outcome = await previewDigest({ guildId, locale: call.locale });
    return outcome.ok ? shown(outcome.digest.reply) : refused(outcome.sentence);
  }
  if (directory === undefined) return refused(NO_BOT);
  if (settings.read(guildId).digestChannelId === null) {
    return refused(
      "There is no channel to post into yet: choose one with `/config digest channel:`, or use `/config test private:True`.",
    );
  }
  const posted = await digests.postTest(guildId);
  if (!posted.ok) return refused(posted.sentence);
  return shown(
    savedCard("Posted", [
      `Here it is: ${messageLink(guildId, posted.channelId, posted.messageId)}. Today's own post still comes.`,
    ]),
  );
}

async function reset(
  guildId: string,
  call: CallOrigin & { readonly options: { readonly what: string | undefined } },
  services: Services,
): Promise<Answer> {
  const { what = EVERYTHING } = call.options;
  if (what === EVERYTHING) {
    return shown(
      confirmCard({
        title: "Set everything back to its default?",
        text: "Currency, stake, car, replies, the meanings of symbols and the digest go back to their defaults; the digest is then off. `/config history` stays.",
        confirm: {
          label: "Reset everything",
          customId: confirmId("reset", guildId, call.userId, services.now()),
        },
        cancel: {
          label: "Keep it",
          customId: confirmId("keep", guildId, call.userId, services.now()),
        },
      }),
    );
  }
  const field = isResettable(what) ? RESETTABLE[what] : undefined;
  if (field === undefined)
    return refused(`There is no such choice: take one of the offered ones. ${NOTHING_CHANGED}`);
  const change: GuildSettingsChange =
    field === "car" ? { carKey: null, carPrice: null } : { [field]: null };
  let input: CheckedInput = () => ({ change, notes: [] });
  if (field === "currency") {
    // Amounts in the currency that goes do not become as many US dollars.
    const dollars = {
      currency: US_DOLLARS.code,
      amount: undefined,
      carKey: undefined,
      carPrice: undefined,
      replies: undefined,
    };
    const checked = await checkAnswerInput(dollars, services.settings.read(guildId), {
      ...services,
      locale: call.locale,
      ask: ASK,
    });
    if (!checked.ok) return refused(`${checked.sentence} ${NOTHING_CHANGED}`);
    input = (stored) => {
      const carried = checked.value(stored);
      return { change: { ...carried.change, ...change }, notes: carried.notes };
    };
  }
  return saving(guildId, input, call, services, async (_saved, { notes }) =>
    shown(
      savedCard("Saved", [
        `The ${what} is back to its default. \`/config view\` shows everything.`,
        ...notes.map((note) => `ℹ️ ${note}`),
      ]),
    ),
  );
}

function isResettable(what: string): what is keyof typeof RESETTABLE {
  return Object.hasOwn(RESETTABLE, what);
}

// ---- confirm buttons ----

type Confirmation = "reset" | "forget" | "keep";

/**
 * `config:<what>:<server>:<asker>:<end, in seconds since 1970, base 36>`: a button that works for
 * one person in one server for ten minutes.
 */
function confirmId(what: Confirmation, guildId: string, userId: string, now: Date): string {
  const endsAtSeconds = Math.floor(now.getTime() / 1_000) + CONFIRM_SECONDS;
  return ["config", what, guildId, userId, endsAtSeconds.toString(36)].join(":");
}

/**
 * What a confirm button does when the one who was asked presses it in time, and may still do so.
 */
function confirmed(
  run: (guildId: string, call: ComponentCall, services: Services) => Promise<Answer>,
): ComponentHandler {
  return {
    visibility: () => "edit",
    run: (call, services) =>
      asAdmin(call, services, async (guildId) => {
        const [, , ofGuildId, ofUserId, ends = "", ...rest] = call.customId.split(":");
        if (
          rest.length > 0 ||
          ofGuildId !== guildId ||
          ofUserId !== call.userId ||
          !/^[0-9a-z]{1,8}$/.test(ends)
        ) {
          return refused(
            `This button is not yours to press: ask with \`/config\` yourself. ${NOTHING_CHANGED}`,
          );
        }
        const leftSeconds = Number.parseInt(ends, 36) - services.now().getTime() / 1_000;
        if (leftSeconds < 0 || leftSeconds > CONFIRM_SECONDS) {
          return refused(
            `This button worked for ten minutes: ask with \`/config\` again. ${NOTHING_CHANGED}`,
          );
        }
        return run(guildId, call, services);
      }),
  };
}

// ---- suggestions ----

async function suggest(call: AutocompleteCall, services: Services): Promise<readonly Suggestion[]> {
  if (call.guildId === undefined || !isAdmin(call)) return [];
  const { focused } = call;
  const settings = services.settings.read(call.guildId);
  switch (`${call.subcommandName} ${focused.name}`) {
    case "set currency":
      return suggestCurrencies(focused.text, services.rates.currencies(), MAX_SUGGESTIONS).map(
        ({ code, name }) => ({
          name: `${code} · ${name}`,
          value: code,
        }),
      );
    case "digest zone":
      return suggestZones(focused.text, services.now(), MAX_SUGGESTIONS).map(({ zone, label }) => ({
        name: label,
        value: zone,
      }));
    case "digest coins":
      return suggestCoinList(focused.text, settings, services);
    case "symbol symbol":
      return suggestSymbols(
        focused.text,
        settings,
        await coinsOf(Object.values(settings.symbols), services),
      );
    case "symbol coin": {
      const symbol = call.options["symbol"];
      // Whoever has not typed a coin yet most likely wants one of those that share the symbol.
      const text =
        focused.text.trim() === "" && typeof symbol === "string"
          ? (symbolOf(symbol) ?? "")
          : focused.text;
      return services.coins
        .suggest(text, MAX_SUGGESTIONS)
        .map(({ coin, value }) => ({ name: coinLabel(coin), value }));
    }
    default:
      return [];
  }
}

/** The list so far, with each coin that the part after the last comma may become. */
function suggestCoinList(
  text: string,
  settings: GuildSettings,
  { coins }: Services,
): readonly Suggestion[] {
  const parts = text.split(",").map((part) => part.trim());
  const last = parts.at(-1) ?? "";
  const before = parts.slice(0, -1).filter((part) => part !== "");
  if (before.length >= MOST_DIGEST_COINS) {
    const full = before.slice(0, MOST_DIGEST_COINS).join(", ");
    return [{ name: `That is ${MOST_DIGEST_COINS} coins, the most there can be`, value: full }];
  }
  const taken = new Set(before.map((part) => part.toLowerCase()));
  return coins
    .suggest(last, MAX_SUGGESTIONS + before.length)
    .map(({ coin, value, shortValue }) => {
      // A symbol with a comma in it would come out as two coins.
      const short = splitCoins(shortValue).length === 1 ? shortValue : value;
      return {
        coin,
        value,
        safe: coinTextOn(settings, short) === short ? short : `id:${coin.coinId}`,
      };
    })
    .filter(({ coin, value, safe }) =>
      [coin.coinId, value, safe].every((known) => !taken.has(known.toLowerCase())),
    )
    .slice(0, MAX_SUGGESTIONS)
    .map(({ coin, safe }) => ({
      name: listLabel(before, coin),
      value: [...before, safe].join(", "),
    }));
}

/**
 * "btc, eth, Dogecoin · DOGE · #9": what does not fit is left out in front, because the end is what
 * is being chosen.
 */
function listLabel(before: readonly string[], coin: Coin): string {
  const label = coinLabel(coin);
  const head = plainText(before.join(", "), SUGGESTION_CHARACTERS);
  if (head === "") return label;
  const all = `${head}, ${label}`;
  return all.length <= SUGGESTION_CHARACTERS
    ? all
    : plainText(`${before.length} coins, ${label}`, SUGGESTION_CHARACTERS);
}

/** The symbols that have a meaning here, then whatever is being typed. */
function suggestSymbols(
  text: string,
  { symbols }: GuildSettings,
  coins: ReadonlyMap<string, Coin>,
): readonly Suggestion[] {
  const wanted = symbolOf(text);
  const chosen = Object.entries(symbols)
    .filter(([symbol]) => text.trim() === "" || (wanted !== undefined && symbol.startsWith(wanted)))
    .map(([symbol, coinId]) => ({
      name: plainText(
        `${symbol} · means ${coins.get(coinId)?.name ?? coinId} here`,
        SUGGESTION_CHARACTERS,
      ),
      value: symbol,
    }));
  const isNew = wanted !== undefined && !Object.hasOwn(symbols, wanted);
  return [...(isNew ? [{ name: wanted, value: wanted }] : []), ...chosen].slice(0, MAX_SUGGESTIONS);
}

// ---- answers ----

function shown(reply: Extract<Answer, { kind: "answer" }>["reply"]): Answer {
  return { kind: "answer", reply };
}

function refused(sentence: string): Answer {
  return { kind: "refusal", reply: { content: sentence } };
}
