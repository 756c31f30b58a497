import type { Dispatch } from "../discord/dispatch.ts";
import { ENGLISH, say } from "../messages/say.ts";
import type { Market } from "../prices/market.ts";
import { didAnswer, type SourceHealth } from "../prices/sources/source-health.ts";
import type { MarketState } from "./page/protocol.ts";

/** The two markets that answers can come from; the visitor chooses one. */
export type PlaygroundMarkets = {
  /** What the page shows of the markets, in the language of a locale. */
  state(locale: string): MarketState;
  /** The market that the visitor has chosen. */
  chosen(): MarketState["market"];
  /** Called only when the visitor presses the button. */
  choose(market: MarketState["market"]): void;
  /** The dispatch whose answers come from a market. */
  dispatch(market: MarketState["market"]): Pick<Dispatch, "handle">;
  /** Calls `listener` whenever the state has changed, until the returned function is called. */
  watch(listener: () => void): () => void;
  /** Whether a page is open that shows the state. */
  isWatched(): boolean;
  /** Whether the latest call to any source failed. */
  isTroubled(): boolean;
  /**
   * Finds out in the background whether the sources respond, unless that was seen within the last
   * minute. Never rejects; a call while one is running waits for that one.
   */
  probe(): Promise<void>;
};

/** Options of {@link createPlaygroundMarkets}. */
export type PlaygroundMarketsOptions = {
  readonly real: {
    readonly dispatch: Dispatch;
    readonly market: Pick<Market, "health" | "probe">;
    /** Where its prices come from, in the language of a locale. */
    plan(locale: string): string;
  };
  /** Makes the demo market's dispatch, when it is first needed. */
  readonly demo: () => Dispatch;
  /** Whether the configuration allows only invented prices, which leaves nothing to choose. */
  readonly isDemoOnly: boolean;
};

/**
 * Starts with real prices, unless the configuration asks for the demo market; only `choose` changes
 * the market.
 */
export function createPlaygroundMarkets({
  real,
  demo,
  isDemoOnly,
}: PlaygroundMarketsOptions): PlaygroundMarkets {
  const listeners = new Set<() => void>();
  let market: MarketState["market"] = isDemoOnly ? "demo" : "real";
  let demoDispatch: Dispatch | undefined;
  let announced = "";
  let probing: Promise<void> | undefined;

  const state = (locale: string): MarketState => {
    const sources = real.market.health();
    return {
      market,
      plan: real.plan(locale),
      sources: togetherOf(sources),
      outcomes: sources.flatMap((source) => outcomeInWords(source, locale)),
      canSwitch: !isDemoOnly,
    };
  };
  const announceChange = () => {
    const current = JSON.stringify(state(ENGLISH));
    if (current === announced) return;
    announced = current;
    for (const listener of listeners) listener();
  };
  announced = JSON.stringify(state(ENGLISH));
  const isTroubled = () => real.market.health().some((source) => didAnswer(source) === false);
  const probe = () => {
    probing ??= real.market
      .probe({ priority: "background" })
      .then(announceChange)
      .finally(() => {
        probing = undefined;
      });
    return probing;
  };
  let wasTroubled = false;
  /** When one source falls silent, the network may be gone, which the others have not noticed. */
  const lookAround = () => {
    announceChange();
    const hasBegun = isTroubled() && !wasTroubled;
    wasTroubled = isTroubled();
    if (hasBegun) void probe();
  };

  return {
    state,
    chosen: () => market,
    choose(chosen) {
      if (!isDemoOnly) market = chosen;
      announceChange();
    },
    dispatch(asked) {
      const isReal = asked === "real" || isDemoOnly;
      if (!isReal) demoDispatch ??= demo();
      const dispatch = isReal || demoDispatch === undefined ? real.dispatch : demoDispatch;
      return {
        handle: (call, responder) => dispatch.handle(call, responder).finally(lookAround),
      };
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isWatched: () => listeners.size > 0,
    isTroubled,
    probe,
  };
}

/** How the latest call to a source ended; nothing before the first. */
function outcomeInWords({ name, lastOutcome }: SourceHealth, locale: string): readonly string[] {
  if (lastOutcome === null) return [];
  const source = { source: name };
  return lastOutcome === "ok" || lastOutcome === "unknown-coin"
    ? [say(locale, "playground.market.source-answers", source)]
    : [say(locale, `failure.${lastOutcome}`, source)];
}

function togetherOf(sources: readonly SourceHealth[]): MarketState["sources"] {
  const asked = sources.map(didAnswer).filter((answered) => answered !== null);
  if (asked.includes(true)) return asked.includes(false) ? "partly-answering" : "answering";
  return asked.length > 0 && asked.length === sources.length ? "silent" : "unknown";
}
