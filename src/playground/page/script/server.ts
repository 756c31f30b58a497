import type { APIModalInteractionResponseCallbackData } from "discord-api-types/v10";
import type { MarketState, PageEvent } from "../protocol.ts";
import { facts, say } from "./say.ts";

/**
 * Why a request failed: the process cannot be reached, the bot gave no response in time, or the
 * process refused it.
 */
export type ServerFailure = "unreachable" | "no-response" | "refused";

/** A request to the playground that failed, in one plain sentence. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly reason: ServerFailure;

  constructor(reason: ServerFailure, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}

/** The parts of Discord's first response that the page reads. */
export type FirstResponse = {
  readonly type: number;
  readonly data?: Partial<APIModalInteractionResponseCallbackData> & {
    readonly choices?: readonly { name: string; value: string | number }[];
  };
};

/** The connection to the playground's process. */
export type Server = {
  /** Sends an interaction; resolves to Discord's first response to it. */
  interact(sent: object, signal?: AbortSignal): Promise<FirstResponse>;
  /** Writes a message as a member of the server. */
  write(text: {
    readonly channel_id: string;
    readonly user_id: string;
    readonly content: string;
  }): Promise<void>;
  dismiss(messageId: string): Promise<void>;
  chooseMarket(market: MarketState["market"]): Promise<void>;
  /**
   * Listens to events and reconnects by itself; `connection` is notified when it is lost and when
   * events arrive again.
   */
  listen(heard: (event: PageEvent) => void, connection: { lost(): void; found(): void }): void;
};

/** The process answers within three seconds, as Discord wants; the rest is for a busy computer. */
const GIVE_UP_AFTER_MS = 10_000;
const RECONNECT_AFTER_MS = 1_500;
const GATEWAY_TIMEOUT = 504;

/**
 * Makes the connection to the process that wrote this page, which recognizes the page by the token.
 */
export function createServer(token: string): Server {
  let reconnect = () => {};

  async function post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(GIVE_UP_AFTER_MS);
    let response: Response;
    try {
      response = await fetch(path, {
        method: "POST",
        headers: {
          "accept-language": facts().locale,
          "content-type": "application/json",
          "x-playground-token": token,
        },
        body: JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      reconnect();
      throw new ServerError("unreachable", say("playground.unreachable"), { cause });
    }
    if (!response.ok) {
      const reason = response.status === GATEWAY_TIMEOUT ? "no-response" : "refused";
      throw new ServerError(reason, await response.text());
    }
    return response;
  }

  return {
    interact: async (sent, signal) => (await post("/interactions", sent, signal)).json(),
    async write(text) {
      await post("/messages", text);
    },
    async dismiss(messageId) {
      await post(`/dismiss/${messageId}`, {});
    },
    async chooseMarket(market) {
      await post("/market", { market });
    },
    listen(heard, connection) {
      let events: EventSource | undefined;
      let retry: ReturnType<typeof setTimeout> | undefined;
      reconnect = () => {
        clearTimeout(retry);
        events?.close();
        events = new EventSource(`/events?lang=${facts().locale}`);
        events.addEventListener("message", ({ data }) => {
          connection.found();
          // Written by page-routes.ts in the process that served this script.
          heard(JSON.parse(data) as PageEvent);
        });
        events.addEventListener("error", () => {
          connection.lost();
          events?.close();
          clearTimeout(retry);
          retry = setTimeout(reconnect, RECONNECT_AFTER_MS);
        });
      };
      // Neither means that the playground is gone or back: it may be on this computer.
      for (const kind of ["online", "offline"]) addEventListener(kind, () => reconnect());
      reconnect();
    },
  };
}
