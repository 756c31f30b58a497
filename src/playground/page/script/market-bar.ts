import type { MarketState } from "../protocol.ts";
import { byId, el } from "./dom.ts";
import { attempt } from "./hint.ts";
import type { Server } from "./server.ts";

/** What can be wrong between the page and the playground, apart from its market. */
type Connection = "connected" | "lost" | "restarted";

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
    this.showMarket(state);
  }

  showMarket(state: MarketState): void {
    this.#state = state;
    const { market, plan, canSwitch } = state;
    const isDemo = market === "demo";
    this.#button.textContent = isDemo ? "Demo market" : "Real prices";
    this.#button.classList.toggle("demo", isDemo);
    this.#button.disabled = !canSwitch;
    this.#button.setAttribute(
      "aria-label",
      `${isDemo ? "Demo market, invented prices" : `Real prices, ${plan}`}${canSwitch ? ". Press to switch" : ""}`,
    );
    this.#button.title = isDemo ? "Invented prices" : plan;
    this.#drawNotice();
  }

  /** A restart stays shown until the page is reloaded. */
  showConnection(connection: Connection): void {
    if (this.#connection === connection || this.#connection === "restarted") return;
    this.#connection = connection;
    this.#drawNotice();
  }

  #drawNotice(): void {
    const line = this.#noticeLine();
    this.#notice.hidden = line === undefined;
    this.#notice.replaceChildren(...(line ?? []));
  }

  /** One notice at a time, the most important first. */
  #noticeLine(): (Node | string)[] | undefined {
    if (this.#connection === "restarted")
      return ["The playground was restarted. ", button("Reload the page", () => location.reload())];
    if (this.#connection === "lost")
      return [
        "The playground does not answer. Is npm start still running? This page tries again by itself.",
      ];
    const { market, canSwitch, isSilent } = this.#state;
    if (market === "demo") {
      const back = canSwitch ? [button("Back to real prices", () => this.#choose("real"))] : [];
      return [sentence("Demo market: ", "every price here is invented."), ...back];
    }
    if (!isSilent) return undefined;
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
