import { MAX_DIGEST_COINS } from "../digest/content.ts";
import { enumeration } from "../messages/lists.ts";
import { ENGLISH, say } from "../messages/say.ts";
import { coinName } from "../messages/wording.ts";
import { type Coin, comparable } from "../prices/coins/coin.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";
import { type CoinInputContext, checkCoins, findCoinOn } from "./coin-input.ts";
import { listedCoins } from "./server-view.ts";
import { nameOf } from "./settings-text.ts";

/** The options of `/config digest` about coins; an omitted option is undefined. */
export type DigestCoinsInput = {
  readonly coins: string | undefined;
  readonly add: string | undefined;
  readonly remove: string | undefined;
};

/**
 * The list of coins that a server has after a change, given the one stored; undefined when the
 * change is about no coins. `notes` are about guessed coins.
 */
export type CheckedDigestCoins = {
  readonly edit: (stored: readonly string[] | null) => Checked<readonly string[] | null>;
  readonly notes: readonly string[];
};

/** What an admin types to get the ten largest coins back. */
const DEFAULT_WORDS = new Set([
  ...["default", "top 10", "top10", "top ten", "top 10 coins", "the ten largest"],
  // As `/config view` shows it.
  comparable(say(ENGLISH, "view.coins.default")),
]);

/**
 * Checks the coins of `/config digest`: `coins` replaces the list, then `remove` takes one away and
 * `add` puts one at the end. A refusal says what would have worked.
 */
export async function checkDigestCoins(
  { coins, add, remove }: DigestCoinsInput,
  current: GuildSettings,
  context: CoinInputContext,
  locale: string,
): Promise<Checked<CheckedDigestCoins | undefined>> {
  if (coins === undefined && add === undefined && remove === undefined) return accepted(undefined);
  const isDefault = coins !== undefined && DEFAULT_WORDS.has(comparable(coins));
  if (isDefault)
    return add === undefined && remove === undefined
      ? accepted({ edit: () => accepted(null), notes: [] })
      : rejected(say(locale, "set-digest.default-alone"));
  const list = coins === undefined ? undefined : await checkCoins(coins, current, context, locale);
  if (list?.ok === false) return list;
  const listIds = list?.value.coins.map(({ coinId }) => coinId);
  const before = listIds ?? current.digestCoins;
  const added = add === undefined ? undefined : await findCoinOn(current, add, context, locale);
  const names = await listedCoins(before ?? [], context);
  // A client may send what is suggested where the list is full, which is no coin.
  if (added?.ok === false)
    return before !== null && before.length >= MAX_DIGEST_COINS && remove === undefined
      ? rejected(listFull(before, names, locale))
      : added;
  if (before === null) return rejected(say(locale, "set-digest.no-list"));
  const removed =
    remove === undefined
      ? undefined
      : await findListed(remove, before, names, current, context, locale);
  if (removed?.ok === false) return removed;

  const edit = (stored: readonly string[] | null) =>
    edited(
      listIds ?? stored,
      {
        add: added?.value.coin,
        removeId: removed?.value.coinId,
        names,
      },
      locale,
    );
  const result = edit(current.digestCoins);
  if (!result.ok) return result;
  const notes = [added?.value.note, removed?.value.note].filter((note) => note !== undefined);
  return accepted({ edit, notes: [...(list?.value.notes ?? []), ...notes] });
}

/** Pure: another admin may have changed the list since it was checked. */
function edited(
  list: readonly string[] | null,
  {
    add,
    removeId,
    names,
  }: {
    readonly add: Coin | undefined;
    readonly removeId: string | undefined;
    readonly names: ReadonlyMap<string, Coin>;
  },
  locale: string,
): Checked<readonly string[]> {
  if (list === null) return rejected(say(locale, "set-digest.no-list"));
  const left = list.filter((coinId) => coinId !== removeId);
  if (add !== undefined && left.includes(add.coinId))
    return rejected(
      say(locale, "set-digest.listed-already", { coin: coinName(add, locale, "markdown") }),
    );
  const ids = add === undefined ? left : [...left, add.coinId];
  if (ids.length > MAX_DIGEST_COINS) return rejected(listFull(left, names, locale));
  return ids.length === 0 ? rejected(say(locale, "set-digest.last-coin")) : accepted(ids);
}

function listFull(
  list: readonly string[],
  names: ReadonlyMap<string, Coin>,
  locale: string,
): string {
  return say(locale, "set-digest.list-full", {
    most: String(MAX_DIGEST_COINS),
    coins: enumeration(
      list.map((coinId) => nameOf(coinId, names, locale)),
      locale,
    ),
  });
}

/** The coin of the list that a text names: one of its own first, then any that has that name. */
async function findListed(
  text: string,
  list: readonly string[],
  names: ReadonlyMap<string, Coin>,
  current: GuildSettings,
  context: CoinInputContext,
  locale: string,
): Promise<Checked<{ readonly coinId: string; readonly note: string | undefined }>> {
  const wanted = comparable(text).replace(/^id:/, "");
  const own = list.filter((coinId) => {
    const coin = names.get(coinId);
    const texts = coin === undefined ? [coinId] : [coinId, coin.symbol, coin.name];
    return texts.some((known) => comparable(known) === wanted);
  });
  const [coinId] = own;
  if (coinId !== undefined && own.length === 1) return accepted({ coinId, note: undefined });
  const found = await findCoinOn(current, text, context, locale);
  const listed = () =>
    enumeration(
      list.map((id) => nameOf(id, names, locale)),
      locale,
    );
  if (!found.ok)
    return text.trim() === ""
      ? found
      : rejected(
          say(locale, "set-digest.not-listed.typed", { typed: echo(text), coins: listed() }),
        );
  const { coin, note } = found.value;
  return list.includes(coin.coinId)
    ? accepted({ coinId: coin.coinId, note })
    : rejected(
        say(locale, "set-digest.not-listed", {
          coin: coinName(coin, locale, "markdown"),
          coins: listed(),
        }),
      );
}
