import { describe, expect, it } from "vitest";
import { createDispatch } from "../../src/discord/dispatch.ts";
import { createPlaygroundMarkets } from "../../src/playground/markets.ts";
import type { MarketState } from "../../src/playground/page/protocol.ts";
import { silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";

const NOW = new Date("2026-11-24T12:00:00Z");

describe("the market", () => {
  const silent = (isSilent: boolean) => ({
    name: "CoinGecko",
    lastOutcome: isSilent ? ("unreachable" as const) : ("ok" as const),
    lastAskedAt: NOW,
    callsLeft: 1,
    callsPerWindow: 1,
    windowSeconds: 60,
  });
  const idle = {
    dispatch: createDispatch({ commands: [], services: {} as Services, log: silentLog }),
    plan: "test",
  };

  it("never changes by itself: when no source answers, the page is only told", async () => {
    let isSilent = false;
    const markets = createPlaygroundMarkets({
      real: { ...idle, market: { health: () => [silent(isSilent)], probe: async () => [] } },
      demo: () => idle.dispatch,
      isDemoOnly: false,
    });
    const announced: MarketState[] = [];
    markets.watch(() => announced.push(markets.state()));
    isSilent = true;
    await markets.probe();
    expect(announced).toMatchObject([
      { market: "real", sources: "silent", outcomes: ["CoinGecko: unreachable"] },
    ]);
    isSilent = false;
    await markets.probe();
    expect(announced[1]).toMatchObject({ market: "real", sources: "answering" });
  });

  it("cannot be changed when the configuration asks for the demo market", () => {
    const markets = createPlaygroundMarkets({
      real: { ...idle, market: { health: () => [], probe: async () => [] } },
      demo: () => idle.dispatch,
      isDemoOnly: true,
    });
    markets.choose("real");
    expect(markets.state()).toMatchObject({ market: "demo", canSwitch: false });
  });
});
