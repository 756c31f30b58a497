import { describe, expect, it } from "vitest";
import type { Call } from "../../src/discord/call.ts";
import { createDispatch } from "../../src/discord/dispatch.ts";
import { createPlaygroundMarkets } from "../../src/playground/markets.ts";
import { createIds, createPlaygroundMessages } from "../../src/playground/messages.ts";
import type { MarketState } from "../../src/playground/page/protocol.ts";
import { playgroundResponder } from "../../src/playground/responder.ts";
import { silentLog } from "../../src/process/log.ts";
import type { Services } from "../../src/services.ts";

const NOW = new Date("2026-11-24T12:00:00Z");

const CALL: Call = {
  kind: "command",
  interactionId: "1",
  applicationId: "2",
  userId: "3",
  locale: "en-US",
  attachmentLimitBytes: 0,
  commandName: "unknown",
  options: {},
};
const RESPONDER = playgroundResponder(
  createPlaygroundMessages({ now: () => NOW, nextId: createIds(() => NOW) }),
  {
    frame: { channel_id: "1", author: { id: "2", name: "Bot" }, flags: 0 },
    isTooLate: () => false,
  },
  () => {},
);

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
    plan: () => "test",
  };

  it("never changes by itself: when no source answers, the page is only told", async () => {
    let isSilent = false;
    const markets = createPlaygroundMarkets({
      real: { ...idle, market: { health: () => [silent(isSilent)], probe: async () => [] } },
      demo: () => idle.dispatch,
      isDemoOnly: false,
    });
    const announced: MarketState[] = [];
    markets.watch(() => announced.push(markets.state("en-US")));
    isSilent = true;
    await markets.probe();
    expect(announced).toMatchObject([
      { market: "real", sources: "silent", outcomes: ["CoinGecko does not answer"] },
    ]);
    isSilent = false;
    await markets.probe();
    expect(announced[1]).toMatchObject({ market: "real", sources: "answering" });
  });

  it("is not called silent while a source has never been asked", () => {
    const unasked = { ...silent(true), lastOutcome: null, lastAskedAt: null };
    const markets = createPlaygroundMarkets({
      real: { ...idle, market: { health: () => [silent(true), unasked], probe: async () => [] } },
      demo: () => idle.dispatch,
      isDemoOnly: false,
    });
    expect(markets.state("en-US").sources).toBe("unknown");
  });

  it("is looked at as a whole, once, when a source falls silent", async () => {
    const answering = new Set(["CoinGecko", "Kraken"]);
    let probes = 0;
    const sources = () =>
      ["CoinGecko", "Kraken"].map((name) => ({ ...silent(!answering.has(name)), name }));
    const markets = createPlaygroundMarkets({
      real: {
        ...idle,
        market: {
          health: sources,
          probe: async () => {
            probes += 1;
            return [];
          },
        },
      },
      demo: () => idle.dispatch,
      isDemoOnly: false,
    });
    const handled = () => markets.dispatch("real").handle(CALL, RESPONDER);
    await handled();
    expect(markets.state("en-US").sources).toBe("answering");
    answering.delete("Kraken");
    await handled();
    await handled();
    expect(markets.state("en-US").sources).toBe("partly-answering");
    expect(probes).toBe(1);
    answering.delete("CoinGecko");
    expect(markets.state("en-US").sources).toBe("silent");
  });

  it("cannot be changed when the configuration asks for the demo market", () => {
    const markets = createPlaygroundMarkets({
      real: { ...idle, market: { health: () => [], probe: async () => [] } },
      demo: () => idle.dispatch,
      isDemoOnly: true,
    });
    markets.choose("real");
    expect(markets.state("en-US")).toMatchObject({ market: "demo", canSwitch: false });
  });
});
