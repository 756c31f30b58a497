import type { IncomingMessage, ServerResponse } from "node:http";
import type { DiscordSpec } from "../../contract/discord-spec.ts";
import type { Changes } from "./changes.ts";
import type { CommandStore } from "./commands.ts";
import type { GatewayServer } from "./gateway.ts";
import type { SentBody } from "./interaction-handle.ts";
import type { Interactions } from "./interactions.ts";
import type { MessageStore } from "./messages.ts";
import { createRateLimiter, type RateLimits } from "./rate-limits.ts";
import { readBody } from "./rest-body.ts";
import { RestError, restErrors } from "./rest-error.ts";
import { type Fault, Faults, type LosingFault, losingFault, Refusals } from "./rest-faults.ts";
import { accountRoutes } from "./routes/account.ts";
import { channelRoutes } from "./routes/channels.ts";
import { commandRoutes } from "./routes/commands.ts";
import { guildRoutes } from "./routes/guilds.ts";
import { interactionRoutes } from "./routes/interactions.ts";
import { matchRoute, type Route, type RouteMatch } from "./routes/route.ts";
import type { World } from "./world.ts";

/** A request that the fake received. */
export type SeenRequest = {
  readonly method: string;
  /** Below `/api/v10`, such as `/channels/1/messages`. */
  readonly path: string;
  /**
   * Method and template, such as `POST /channels/:channel_id/messages`; `unknown` when Discord has
   * no such route.
   */
  readonly route: string;
  readonly query: URLSearchParams;
  /**
   * The JSON body, or `payload_json` of a multipart one. Undefined when the fake keeps no bodies.
   */
  readonly json: unknown;
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly userAgent: string;
  readonly atMs: number;
  /** The response's status; 0 while there is none, as with a hang or a reset. */
  status: number;
};

/** What the REST half counted. */
export type RestCounts = {
  requests: number;
  /** 429 responses, and how many of them were global. */
  rateLimited: number;
  globallyRateLimited: number;
  /** Responses with 401, 403 or 429: 10,000 in ten minutes block an address. */
  invalid: number;
  readonly byRoute: Map<string, number>;
  /** Requests that count toward the global limit, by UNIX second. */
  readonly bySecond: Map<number, number>;
};

type RestOptions = {
  world: World;
  messages: MessageStore;
  commands: CommandStore;
  interactions: Interactions;
  gateway: GatewayServer;
  changes: Changes;
  spec: DiscordSpec | undefined;
  token: string;
  shards: number;
  limits: RateLimits;
  /** The clock of the rate limits, in ms. */
  limitNow: () => number;
  keepRequests: boolean;
};

/** A request that has been read, and the route that it found. */
type Received = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: URL;
  /** Below `/api/v10`. */
  readonly path: string;
  readonly found: RouteMatch;
  readonly sent: SentBody;
  /** Why the body could not be read. */
  readonly bodyError: unknown;
  readonly record: SeenRequest;
};

/** The REST half of a fake Discord. */
export class Rest {
  readonly requests: SeenRequest[] = [];
  readonly violations: string[] = [];
  readonly counts: RestCounts = {
    requests: 0,
    rateLimited: 0,
    globallyRateLimited: 0,
    invalid: 0,
    byRoute: new Map(),
    bySecond: new Map(),
  };
  readonly faults = new Faults();
  readonly refusals = new Refusals();
  readonly #options: RestOptions;
  readonly #changes: Changes;
  readonly #limiter: ReturnType<typeof createRateLimiter>;
  readonly #routes: readonly Route[];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: RestOptions) {
    this.#options = options;
    this.#changes = options.changes;
    this.#limiter = createRateLimiter({ limits: options.limits, now: options.limitNow });
    this.#routes = [
      ...accountRoutes(options),
      ...commandRoutes(options),
      ...interactionRoutes(options),
      ...channelRoutes({ ...options, refusals: this.refusals }),
      ...guildRoutes(options),
    ];
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    this.#handle(request, response).catch((error: unknown) => {
      // A defect of the fake itself must not look like Discord: it becomes a violation that every
      // test can see.
      this.violations.push(
        `the fake failed on ${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`,
      );
      if (!response.headersSent) response.writeHead(500).end();
      this.#changes.tell();
    });
  }

  /** Ends what is being held back. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await this.#receive(request, response);
    if (!received) return;
    this.#checkSpec(received);
    const fault = this.faults.take(received.method, received.path);
    if (fault?.kind === "error") {
      const body = { message: fault.message, code: fault.code };
      return this.#respond(received, fault.status, body);
    }
    await this.#holdBack(fault);
    const losing = losingFault(fault);
    if (losing && !losing.afterEffect) return this.#lose(received, losing);
    this.#run(received, losing);
  }

  /** Reads, counts and records a request; undefined when the client gave up. */
  async #receive(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Received | undefined> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
    } catch {
      // The client closed the connection in the middle of its request.
      return undefined;
    }
    const url = new URL(request.url ?? "/", "http://discord");
    const method = request.method ?? "GET";
    const path = url.pathname.replace(/^\/api(\/v10)?/, "").replaceAll("%40", "@");
    const found = matchRoute(this.#routes, method, path);
    const route = found.route ? `${method} ${found.route.template}` : "unknown";
    const atMs = this.#options.limitNow();
    this.#count(found, route, atMs);

    let sent: SentBody = { json: undefined, uploads: [] };
    let bodyError: unknown;
    try {
      sent = await readBody(Buffer.concat(chunks), request.headers["content-type"] ?? "");
    } catch (error) {
      bodyError = error;
    }
    const { keepRequests } = this.#options;
    const record: SeenRequest = {
      method,
      path,
      route,
      query: url.searchParams,
      json: keepRequests ? sent.json : undefined,
      files: sent.uploads.map((file) => ({ name: file.name, sizeBytes: file.bytes.length })),
      userAgent: request.headers["user-agent"] ?? "",
      atMs,
      status: 0,
    };
    if (keepRequests) this.requests.push(record);
    this.#changes.tell();
    return { request, response, method, url, path, found, sent, bodyError, record };
  }

  #count(found: RouteMatch, route: string, atMs: number): void {
    const { byRoute, bySecond } = this.counts;
    this.counts.requests += 1;
    byRoute.set(route, (byRoute.get(route) ?? 0) + 1);
    if (found.route?.isInteraction) return;
    const second = Math.floor(atMs / 1000);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
  }

  #checkSpec({ method, path, url, found, sent, bodyError }: Received): void {
    const { spec } = this.#options;
    if (!found.route)
      this.violations.push(
        `${method} ${path}: Discord has no such route, or the fake does not know it`,
      );
    else if (spec && !bodyError)
      this.violations.push(
        ...spec.violations({ method, path, query: url.searchParams, json: sent.json }),
      );
  }

  async #holdBack(fault: Fault | undefined): Promise<void> {
    if (fault?.kind === "hold") await fault.until;
    if (fault?.kind === "slow") {
      await new Promise<void>((resolve) => {
        this.#timers.add(setTimeout(resolve, fault.delayMs));
      });
    }
  }

  /** Lets a request take effect and responds; with a losing fault the response never arrives. */
  #run(received: Received, losing: LosingFault | undefined): void {
    const { found, url, sent } = received;
    let headers: Record<string, string> = {};
    try {
      const route = this.#authorize(received);
      const verdict = this.#limiter.judge(
        received.record.route,
        majorParameter(found.params),
        !route.isInteraction,
      );
      headers = verdict.headers;
      if (verdict.kind === "limited") {
        this.counts.rateLimited += 1;
        if (verdict.global) this.counts.globallyRateLimited += 1;
        this.#respond(received, 429, verdict.body, headers);
        return;
      }
      if (received.bodyError) throw received.bodyError;
      const handled = route.run({ params: found.params, query: url.searchParams, sent });
      if (losing) this.#lose(received, losing);
      else this.#respond(received, handled.status, handled.body, headers);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.#respond(received, error.status, error.body, headers);
    }
  }

  #authorize({ path, url, found, request }: Received): Route {
    if (!path.startsWith("/") || !/^\/api\/v10\//.test(url.pathname)) throw restErrors.notFound();
    if (!found.route)
      throw found.sameTemplate ? restErrors.methodNotAllowed() : restErrors.notFound();
    if (
      !found.route.isInteraction &&
      request.headers.authorization !== `Bot ${this.#options.token}`
    )
      throw restErrors.unauthorized();
    return found.route;
  }

  #respond(
    { response, record }: Received,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void {
    record.status = status;
    if (status === 401 || status === 403 || status === 429) this.counts.invalid += 1;
    // Waiting tests are asked again once the bot has the response: what they then see is complete.
    response.once("close", () => this.#changes.tell());
    if (typeof body === "string")
      response.writeHead(status, { "Content-Type": "text/html", ...headers }).end(body);
    else if (body === undefined) response.writeHead(status, headers).end();
    else
      response
        .writeHead(status, { "Content-Type": "application/json", ...headers })
        .end(JSON.stringify(body));
  }

  #lose(received: Received, fault: LosingFault): void {
    if (fault.kind === "reset") received.request.socket.destroy();
    else if (fault.kind === "status")
      this.#respond(received, fault.status, fault.body ?? "upstream connect error");
    this.#changes.tell();
  }
}

/** The part of a path that has a rate limit of its own: channel, server or webhook token. */
function majorParameter(params: Readonly<Record<string, string>>): string {
  return (
    params["channel_id"] ??
    params["guild_id"] ??
    (params["webhook_id"] ? `${params["webhook_id"]}/${params["webhook_token"]}` : "")
  );
}

/** How often one fixed second saw the most counted requests. */
export function busiestSecond(counts: RestCounts): number {
  return Math.max(0, ...counts.bySecond.values());
}
