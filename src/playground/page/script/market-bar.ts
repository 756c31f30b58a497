import type { MarketState } from "../protocol.ts";
import { byId, el } from "./dom.ts";
import { attempt } from "./hint.ts";
import { listed, say } from "./say.ts";
import type { Server } from "./server.ts";

/** The connection between the page and the playground. */
export type Connection = "connected" | "lost";

/** What the button says: its text, the colour of its dot, and all that is known. */
type Badge = {
  readonly text: string;
  readonly look: "real" | "demo" | "unknown" | "trouble";
  readonly details: string;
};

/** The button that switches between real and invented prices, and the notice below the header. */
export class MarketBar {
  readonly #server: Pick<Server, "chooseMarket">;
  readonly #button = byId("market", HTMLButtonElement);
  readonly #notice = byId("notice", HTMLElement);
  #state: MarketState;
  #connection: Connection = "connected";

  constructor(state: MarketState, server: Pick<Server, "chooseMarket">) {
    this.#state = state;
    this.#server = server;
    this.#button.addEventListener("click", () =>
      this.#choose(this.#state.market === "real" ? "demo" : "real"),
    );
    this.#draw();
  }

  showMarket(state: MarketState): void {
    this.#state = state;
    this.#draw();
  }

  showConnection(connection: Connection): void {
    if (this.#connection === connection) return;
    this.#connection = connection;
    this.#draw();
  }

  #draw(): void {
    const { text, look, details } = this.#badge();
    const canSwitch = this.#state.canSwitch && this.#connection === "connected";
    const button = this.#button;
    button.textContent = text;
    button.className = `market ${look}`;
    button.disabled = !canSwitch;
    button.title = details;
    const label = canSwitch ? "playground.market.label.switch" : "playground.market.label";
    button.setAttribute("aria-label", say(label, { state: text, details }));
    const line = this.#noticeLine();
    this.#notice.hidden = line === undefined;
    this.#notice.replaceChildren(...(line ?? []));
  }

  #badge(): Badge {
    if (this.#connection === "lost")
      return {
        text: say("playground.market.lost"),
        look: "unknown",
        details: say("playground.market.lost.details"),
      };
    const { market, plan, sources, outcomes } = this.#state;
    if (market === "demo")
      return {
        text: say("playground.market.demo"),
        look: "demo",
        details: say("playground.market.demo.details"),
      };
    const asked = listed(outcomes);
    switch (sources) {
      case "unknown":
        return { text: say("playground.market.unknown"), look: "unknown", details: plan };
      case "answering":
        return { text: say("playground.market.real"), look: "real", details: plan };
      case "partly-answering":
        return { text: say("playground.market.partly"), look: "trouble", details: asked };
      case "silent":
        return { text: say("playground.market.silent"), look: "trouble", details: asked };
    }
  }

  /** One notice at a time, the most important first. */
  #noticeLine(): (Node | string)[] | undefined {
    if (this.#connection === "lost") return [say("playground.unreachable.notice")];
    const { market, canSwitch, sources } = this.#state;
    if (market === "demo") {
      const back = canSwitch
        ? [button(say("playground.demo.leave"), () => this.#choose("real"))]
        : [];
      return [el("strong", {}, say("playground.demo")), ...back];
    }
    if (sources !== "silent") return undefined;
    return [
      el("strong", {}, say("playground.silent")),
      el("span", {}, say("playground.silent.help")),
      button(say("playground.silent.demo"), () => this.#choose("demo")),
    ];
  }

  #choose(market: MarketState["market"]): void {
    const hadFocus = this.#notice.contains(document.activeElement);
    void attempt(this.#server.chooseMarket(market)).then(() => {
      if (hadFocus) this.#button.focus();
    });
  }
}

function button(label: string, act: () => void): HTMLElement {
  return el("button", { type: "button", class: "button primary small", onclick: act }, label);
}
