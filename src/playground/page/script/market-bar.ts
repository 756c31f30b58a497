import type { MarketState } from "../protocol.ts";
import { byId, el } from "./dom.ts";
import { attempt } from "./hint.ts";
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
    button.setAttribute("aria-label", `${text}: ${details}${canSwitch ? ". Press to switch" : ""}`);
    const line = this.#noticeLine();
    this.#notice.hidden = line === undefined;
    this.#notice.replaceChildren(...(line ?? []));
  }

  #badge(): Badge {
    if (this.#connection === "lost")
      return {
        text: "Not connected",
        look: "unknown",
        details: "the playground does not answer",
      };
    const { market, plan, sources, outcomes } = this.#state;
    if (market === "demo")
      return { text: "Invented prices", look: "demo", details: "the demo market" };
    const asked = outcomes.join("; ");
    switch (sources) {
      case "unknown":
        return { text: "Checking prices…", look: "unknown", details: plan };
      case "answering":
        return { text: "Real prices", look: "real", details: plan };
      case "partly-answering":
        return { text: "Some prices missing", look: "trouble", details: asked };
      case "silent":
        return { text: "No prices", look: "trouble", details: asked };
    }
  }

  /** One notice at a time, the most important first. */
  #noticeLine(): (Node | string)[] | undefined {
    if (this.#connection === "lost")
      return [
        "The playground does not answer. Is npm start still running? This page tries again by itself.",
      ];
    const { market, canSwitch, sources } = this.#state;
    if (market === "demo") {
      const back = canSwitch ? [button("Back to real prices", () => this.#choose("real"))] : [];
      return [sentence("Demo market: ", "every price here is invented."), ...back];
    }
    if (sources !== "silent") return undefined;
    return [
      sentence(
        "No price source can be reached. ",
        "Check the network, or try the bot with invented prices.",
      ),
      button("Use the demo market", () => this.#choose("demo")),
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

function sentence(strong: string, rest: string): HTMLElement {
  return el("span", {}, el("strong", {}, strong), rest);
}
