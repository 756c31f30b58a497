import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  type APIEmbedField,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { formatDay, formatLambos, formatMoney, shortened } from "../messages/format.ts";
import { commaList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import {
  attributionLine,
  carName,
  coinName,
  coinSymbol,
  currencyNote,
  distinctSources,
} from "../messages/wording.ts";
import type { LeaderboardSubject } from "../pictures/leaderboard-subject.ts";
import type { Picture } from "../pictures/picture-maker.ts";
import type { Coin } from "../prices/coins/coin.ts";
import { absenceInWords } from "./absence.ts";
import { type Digest, type DigestLine, shownChangeOf } from "./content.ts";
import { digestAskId } from "./digest-control-id.ts";
import {
  agesInWords,
  boardName,
  caveatsInWords,
  crossingInWords,
  lineChangeBriefly,
  type Mood,
  moodLine,
  moodOf,
  moverInWords,
  questionInWords,
  storyInWords,
} from "./digest-wording.ts";
import { newsInWords, titleInWords } from "./news-wording.ts";
import type { Riddle } from "./riddle.ts";
import { riddleParts } from "./riddle-card.ts";

/** How a digest is shown. */
export type DigestCardOptions = {
  /** The readers' locale, for numbers and dates. */
  readonly locale: string;
  /**
   * The local date in the ids of the buttons, by which a posted digest is found again; null for a
   * preview or a test.
   */
  readonly localOn: string | null;
  /** Absent when it could not be drawn; the digest is then sent without a picture. */
  readonly picture?: Picture | undefined;
  /** Shown below the leaderboard, where there is one. */
  readonly riddle?: Riddle | undefined;
  readonly now: Date;
};

/** File name of the attached picture, by which the embed refers to it. */
const DIGEST_PICTURE_FILE = "leaderboard.png";

const MOOD_COLOURS: Readonly<Record<Mood, number>> = {
  up: 0x2e9e5b,
  down: 0xc0563b,
  mixed: 0x4c8dd6,
  still: 0x7d8794,
};

const MAX_ROWS = 2;
/**
 * Together with the story (1,024 at most) and the small parts this stays below the 6,000 of a
 * message.
 */
const MAX_DESCRIPTION = 3_600;
/** Of all news together, and of all crossings, in characters. */
const MAX_TOLD = 600;
/**
 * If not everything fits, fewer caveats are shown for each odd record, and then names are shortened
 * further.
 */
const DETAILS: readonly Detail[] = [
  { maxName: 32, caveats: 2 },
  { maxName: 32, caveats: 1 },
  { maxName: 20, caveats: 1 },
  { maxName: 12, caveats: 1 },
];

type Detail = { readonly maxName: number; readonly caveats: number };

const MAX_SOURCES = 3;

/**
 * The digest as a reply: leaderboard, which coin moved most and which crossed one Lambo, the story
 * of one coin, sources, picture, and buttons to ask for a coin; below it the riddle.
 */
export function digestCard(digest: Digest, options: DigestCardOptions): Reply {
  const { locale, picture } = options;
  const embed: APIEmbed = {
    title: titleInWords(digest, locale),
    description: description(digest, options),
    color: MOOD_COLOURS[moodOf(digest)],
    fields: fields(digest, locale),
    footer: { text: footer(digest, locale) },
    ...(picture === undefined ? {} : { image: { url: `attachment://${DIGEST_PICTURE_FILE}` } }),
  };
  const riddle = options.riddle === undefined ? [] : [riddleParts(options.riddle, locale)];
  const files = [
    ...(picture === undefined
      ? []
      : [
          {
            name: DIGEST_PICTURE_FILE,
            data: picture.png,
            description: shortened(picture.altText, DISCORD_LIMITS.altTextLength),
          },
        ]),
    ...riddle.map(({ file }) => file),
  ];
  return {
    embeds: [embed, ...riddle.map((part) => part.embed)],
    components: [...askRows(digest, options.localOn, locale), ...riddle.map(({ row }) => row)],
    ...(files.length > 0 && { files }),
  };
}

/** What a digest's picture shows; undefined when there is nothing to draw. */
export function leaderboardSubject(digest: Digest, locale: string): LeaderboardSubject | undefined {
  if (digest.on === null) return undefined;
  const { asked, currency, stakeUsd } = digest.purchase;
  return {
    entries: digest.lines.map((line) => ({
      coinId: line.coin.coinId,
      coinName: line.coin.name,
      symbol: line.coin.symbol,
      lambos: line.valuation.lambos,
      change: shownChangeOf(line, digest.purchase),
    })),
    stakeUsd,
    car: asked.car,
    currency,
    on: digest.on,
    previousOn: digest.previousOn,
    locale,
    isDemo: digest.isDemo,
  };
}

function description(digest: Digest, options: DigestCardOptions): string {
  const texts = DETAILS.map((detail) => descriptionWith(digest, options, detail));
  return texts.find((text) => text.length <= MAX_DESCRIPTION) ?? texts.at(-1) ?? "";
}

function descriptionWith(
  digest: Digest,
  { locale, now }: DigestCardOptions,
  { maxName, caveats }: Detail,
): string {
  const missing = digest.missing.map(({ coin, why }) =>
    say(locale, "digest.coin-with-note", {
      coin: boardName(coin, locale, "markdown", maxName),
      note: absenceInWords(why, locale, "markdown"),
    }),
  );
  const notes = [
    missing.length === 0
      ? undefined
      : say(locale, "digest.not-on-board", { coins: commaList(missing, locale) }),
    agesInWords(digest, locale, now, maxName),
    currencyNote(digest.purchase, locale),
  ];
  const credits = [
    caveatsInWords(digest, locale, { maxName, most: caveats }),
    attribution(digest, locale),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
  const mood = moodLine(digest, locale);
  const lines = [
    digest.isDemo ? `**⚠️ ${say(locale, "demo.notice")}**` : undefined,
    newsLines(digest, locale),
    questionInWords(digest, locale),
    ...digest.lines.map((line, index) => lineInWords(line, index, digest, locale, maxName)),
    mood === undefined ? undefined : `*${mood}*`,
    digest.mover === null ? undefined : moverInWords(digest.mover, digest, locale),
    crossingLines(digest, locale),
    ...notes.map((note) => (note === undefined ? undefined : `-# ${note}`)),
    credits === "" ? undefined : `-# ${credits}`,
  ];
  // No line is empty: on a phone each would push the picture further down.
  return lines.filter((line) => line !== undefined).join("\n");
}

function lineInWords(
  line: DigestLine,
  index: number,
  { purchase }: Pick<Digest, "purchase">,
  locale: string,
  maxName: number,
): string {
  const change = lineChangeBriefly(line, purchase, locale);
  const count = `**${formatLambos(line.valuation.lambos, locale)}**`;
  // The backslash keeps Discord from turning the lines into a list of its own.
  return [
    `${index + 1}\\. ${boardName(line.coin, locale, "markdown", maxName)}`,
    count,
    ...(change === undefined ? [] : [change]),
  ].join(" · ");
}

function fields(digest: Digest, locale: string): APIEmbedField[] {
  return digest.story === null
    ? []
    : [{ name: say(locale, "digest.story"), value: storyInWords(digest.story, digest, locale) }];
}

function newsLines(digest: Digest, locale: string): string | undefined {
  if (digest.news === null) return undefined;
  if (digest.news.length === 0) return `-# ${say(locale, "digest.no-news.preview")}`;
  return wholeLines(
    digest.news.map((told) => newsInWords(told, digest, locale)),
    locale,
  );
}

function crossingLines(digest: Digest, locale: string): string | undefined {
  const { crossings } = digest;
  if (crossings.length === 0) return undefined;
  return wholeLines(
    crossings.map((crossing) => crossingInWords(crossing, digest, locale)),
    locale,
  );
}

/** As many lines as fit, then the number of those left out. */
function wholeLines(lines: readonly string[], locale: string): string {
  for (let count = lines.length; count > 0; count -= 1) {
    const rest = lines.length - count;
    const text = [
      ...lines.slice(0, count),
      ...(rest === 0 ? [] : [say(locale, "digest.more-lines", { count: String(rest) })]),
    ].join("\n");
    if (text.length <= MAX_TOLD) return text;
  }
  return `${lines.length}`;
}

function attribution({ sources, isDemo }: Digest, locale: string): string {
  return attributionLine({ sources: shownSources(sources), flags: isDemo ? ["demo"] : [] }, locale);
}

function shownSources(sources: Digest["sources"]): Digest["sources"] {
  return distinctSources({ sources }).slice(0, MAX_SOURCES);
}

function footer({ purchase, on, isDemo }: Digest, locale: string): string {
  const { asked, carPriceUsd, currency } = purchase;
  const values = {
    car: carName(asked.car, locale, "plain"),
    price: formatMoney(carPriceUsd, currency, locale),
    day: on === null ? "–" : formatDay(on, locale),
  };
  return isDemo ? say(locale, "card.footer.demo", values) : say(locale, "card.footer", values);
}

function askRows(
  { lines }: Digest,
  localOn: string | null,
  locale: string,
): APIActionRowComponent<APIComponentInMessageActionRow>[] {
  const coins = lines.slice(0, DISCORD_LIMITS.buttonsInRow * MAX_ROWS).map(({ coin }) => coin);
  const buttons = coins.map(
    (coin): APIComponentInMessageActionRow => ({
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: buttonLabel(coin, coins, locale),
      custom_id: digestAskId({ coinId: coin.coinId, localOn }),
    }),
  );
  return Array.from(
    { length: Math.ceil(buttons.length / DISCORD_LIMITS.buttonsInRow) },
    (_, row) => ({
      type: ComponentType.ActionRow,
      components: buttons.slice(
        row * DISCORD_LIMITS.buttonsInRow,
        (row + 1) * DISCORD_LIMITS.buttonsInRow,
      ),
    }),
  );
}

/** The symbol, or the name where two coins on the board share the symbol. */
function buttonLabel(coin: Coin, all: readonly Coin[], locale: string): string {
  const symbol = coinSymbol(coin, locale, "plain");
  return all.some(
    (other) => other.coinId !== coin.coinId && coinSymbol(other, locale, "plain") === symbol,
  )
    ? coinName(coin, locale, "plain")
    : symbol;
}
