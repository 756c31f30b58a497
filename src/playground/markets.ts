import type { Dispatch } from "../discord/dispatch.ts";
import type { Market } from "../prices/market.ts";
import { didAnswer, type SourceHealth } from "../prices/sources/source-health.ts";
import type { MarketState } from "./page/protocol.ts";

/** The two markets that answers can come from; the visitor chooses one. */
export type PlaygroundMarkets = {
  state(): MarketState;
  /** Called only when the visitor presses the button. */
  choose(market: MarketState["market"]): void;
  /** The dispatch whose answers come from a market. */
  dispatch(market: MarketState["market"]): Pick<Dispatch, "handle">;
  /** Calls `listener` whenever the state has changed, until the returned function is called. */
  watch(listener: () => void): () => void;
  /** Whether the latest call to any source failed. */
  isTroubled(): boolean;
  /** Finds out in the background whether the sources respond, if that is unknown. Never rejects. */
  probe(): Promise<void>;
};

/** Options of {@link createPlaygroundMarkets}. */
export type PlaygroundMarketsOptions = {
  readonly real: {
    readonly dispatch: Dispatch;
    readonly market: Pick<Market, "health" | "probe">;
    readonly plan: string;
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

  const state = (): MarketState => ({
    market,
    plan: real.plan,
    isSilent: isSilent(real.market.health()),
    canSwitch: !isDemoOnly,
  });
  const announceChange = () => {
    const current = JSON.stringify(state());
    if (current === announced) return;
    announced = current;
    for (const listener of listeners) listener();
  };
  announced = JSON.stringify(state());

  return {
    state,
    choose(chosen) {
      if (!isDemoOnly) market = chosen;
      announceChange();
    },
    dispatch(asked) {
      const isReal = asked === "real" || isDemoOnly;
      if (!isReal) demoDispatch ??= demo();
      const dispatch = isReal || demoDispatch === undefined ? real.dispatch : demoDispatch;
      return {
        handle: (call, responder) => dispatch.handle(call, responder).finally(announceChange),
      };
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isTroubled: () => real.market.health().some((source) => didAnswer(source) === false),
    async probe() {
      await real.market.probe({ priority: "background" });
      announceChange();
    },
  };
}

/** Whether every source has been asked and none has responded. */
function isSilent(sources: readonly SourceHealth[]): boolean {
  return sources.length > 0 && sources.every((source) => didAnswer(source) === false);
}
