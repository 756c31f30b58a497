import type { MarketState, PageEvent } from "../protocol.ts";

/** Why a request to the playground failed, in one plain sentence. */
export class ServerError extends Error {
  override readonly name = "ServerError";
}

/** The connection to the playground's process. */
export type Server = {
  /** Sends an interaction; resolves to Discord's first response to it. */
  interact(
    sent: object,
    signal?: AbortSignal,
  ): Promise<{
    readonly type: number;
    readonly data?: { readonly choices?: readonly { name: string; value: string | number }[] };
  }>;
  dismiss(messageId: string): Promise<void>;
  chooseMarket(market: MarketState["market"]): Promise<void>;
  /**
   * Listens to events and reconnects by itself; `connection` is notified when it is lost and when
   * events arrive again.
   */
  listen(heard: (event: PageEvent) => void, connection: { lost(): void; found(): void }): void;
};

/**
 * Makes the connection to the process that wrote this page, which recognizes the page by the token.
 */
export function createServer(token: string): Server {
  async function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-playground-token": token },
        body: JSON.stringify(body),
        ...(signal !== undefined && { signal }),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ServerError("The playground does not answer. Is npm start still running?", {
        cause,
      });
    }
    if (!response.ok) throw new ServerError(await response.text());
    return response;
  }

  return {
    interact: async (sent, signal) => (await post("/interactions", sent, signal)).json(),
    async dismiss(messageId) {
      await post(`/dismiss/${messageId}`, {});
    },
    async chooseMarket(market) {
      await post("/market", { market });
    },
    listen(heard, connection) {
      const events = new EventSource("/events");
      events.addEventListener("message", ({ data }) => {
        connection.found();
        // Written by page-routes.ts in the process that served this script.
        heard(JSON.parse(data) as PageEvent);
      });
      events.addEventListener("error", () => connection.lost());
    },
  };
}
