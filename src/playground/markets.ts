import type { Dispatch } from "../discord/dispatch.ts";
import type { Market } from "../prices/market.ts";
import { didAnswer, type SourceHealth } from "../prices/sources/source-health.ts";
import type { MarketState } from "./page/protocol.ts";

/** The two places that answers can come from, of which the visitor chooses one. */
export type PlaygroundMarkets = {
  state(): MarketState;
  /** Only ever called because the visitor pressed the button. */
  choose(market: MarketState["market"]): void;
  /** Where to run what is asked of a market. */
  dispatch(market: MarketState["market"]): Pick<Dispatch, "handle">;
  /** Calls `listener` whenever the state changed; the returned function ends that. */
  watch(listener: () => void): () => void;
  /** Whether a source did not answer the latest call. */
  isTroubled(): boolean;
  /**
   * Asks the sources in the background whether they answer, when that is not known. Never rejects.
   */
  probe(): Promise<void>;
};

/** Options of {@link createPlaygroundMarkets}. */
export type PlaygroundMarketsOptions = {
  readonly real: {
    readonly dispatch: Dispatch;
    readonly market: Pick<Market, "health" | "probe">;
    readonly plan: string;
  };
  /** Made when it is first chosen. */
  readonly demo: () => Dispatch;
  /** Real prices are not configured: there is nothing to choose. */
  readonly isDemoOnly: boolean;
};

/**
 * Begins with real prices, unless the configuration asks for the demo market; nothing but `choose`
 * ever changes that.
 */
export function createPlaygroundMarkets({
  real,
  demo,
  isDemoOnly,
}: PlaygroundMarketsOptions): PlaygroundMarkets {
  const listeners = new Set<() => void>();
  let market: MarketState["market"] = isDemoOnly ? "demo" : "real";
  let demoDispatch: Dispatch | undefined;
  let told = "";

  const state = (): MarketState => ({
    market,
    plan: real.plan,
    isSilent: isSilent(real.market.health()),
    canSwitch: !isDemoOnly,
  });
  const tell = () => {
    const now = JSON.stringify(state());
    if (now === told) return;
    told = now;
    for (const listener of listeners) listener();
  };
  told = JSON.stringify(state());

  return {
    state,
    choose(chosen) {
      if (!isDemoOnly) market = chosen;
      tell();
    },
    dispatch(asked) {
      const isReal = asked === "real" || isDemoOnly;
      if (!isReal) demoDispatch ??= demo();
      const dispatch = isReal || demoDispatch === undefined ? real.dispatch : demoDispatch;
      return { handle: (call, responder) => dispatch.handle(call, responder).finally(tell) };
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isTroubled: () => real.market.health().some((source) => didAnswer(source) === false),
    async probe() {
      await real.market.probe({ priority: "background" });
      tell();
    },
  };
}

/** Whether every source was asked and none answered. */
function isSilent(sources: readonly SourceHealth[]): boolean {
  return sources.length > 0 && sources.every((source) => didAnswer(source) === false);
}
