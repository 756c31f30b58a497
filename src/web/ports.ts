import { type Config, DEFAULT_PORT, type Mode } from "../config.ts";
import type { RunningBot } from "../discord/running-bot.ts";
import type { Market } from "../prices/market.ts";
import type { Lifetime } from "../process/lifetime.ts";
import type { Log } from "../process/log.ts";
import type { RedisPart } from "../process/redis.ts";
import type { AddressLimitOptions } from "./address-limit.ts";
import { createApi } from "./api.ts";
import { createClientAddress, createProxyCheck } from "./client-address.ts";
import { createReadiness, healthRoutes, pricesTrouble } from "./health.ts";
import type { HttpBot } from "./http-bot.ts";
import { browserUrl, type ListenOptions, portTrouble, type WebServer } from "./listen.ts";
import { metricsRoutes, type PrometheusMetrics } from "./metrics.ts";
import type { PageServices } from "./pages/page-services.ts";
import type { Pages } from "./pages/pages.ts";
import { type SiteOptions, startSite } from "./site.ts";

/**
 * How long web requests in flight may take at shutdown, in milliseconds: an interaction gets its
 * first response within 1.5 s; a probe is soon repeated.
 */
const REQUESTS_END_WITHIN_MS = 3_000;
const PROBES_END_WITHIN_MS = 300;
/**
 * A load balancer keeps connections open, and may be sending a request over one of them: for this
 * long it still gets a response, which tells it to close that connection.
 */
const LAST_REQUEST_WITHIN_MS = 1_000;

/** Options of {@link openPorts}. */
export type PortsOptions = {
  readonly config: Config;
  readonly mode: Exclude<Mode, "playground">;
  readonly services: PageServices;
  readonly market: Market;
  readonly shared: RedisPart | undefined;
  /** Absent without Discord. */
  readonly bot?: RunningBot | undefined;
  /** The route that Discord calls. */
  readonly interactions?: HttpBot["interactions"] | undefined;
  /** What this mode depends on besides prices and its transport. */
  readonly dependsOn?: Parameters<typeof createReadiness>[0];
  readonly metrics: PrometheusMetrics;
  readonly log: Log;
  readonly lifetime: Lifetime;
  /** Says why the program cannot start, and ends it. */
  refuse(sentence: string): never;
};

/**
 * Serves health, metrics, the JSON API, the web pages and Discord's interactions at PORT, and the
 * metrics at METRICS_PORT instead if that is set. Resolves to what listens at PORT; undefined if
 * this mode needs no port and none is configured.
 */
export async function openPorts(options: PortsOptions): Promise<WebServer | undefined> {
  const { config, mode, services, shared, bot, interactions, metrics, log, lifetime } = options;
  const readiness = readinessOf(options);
  metrics.watchReadiness(readiness);
  if (bot?.gateway !== undefined) metrics.watchGateway(bot.gateway);
  if (bot?.commands !== undefined) metrics.watchCommands(bot.commands.isDone);
  const { corsOrigins, publicUrl } = config;
  const limit = { clientAddress: createClientAddress(config.trustedProxies), shared };
  const api = createApi({ services, corsOrigins, publicUrl, limit });
  const parts = [
    healthRoutes(readiness, bot?.gateway?.lostForMs),
    ...(config.metricsPort === undefined ? [metricsRoutes(metrics)] : []),
    ...(interactions === undefined ? [] : [interactions.routes]),
    api.routes,
  ];
  if (config.metricsPort !== undefined) {
    const at = { ...listening(config, config.metricsPort), log, parts: [metricsRoutes(metrics)] };
    const metricsSite = await openSite(at, "METRICS_PORT", options);
    lifetime.atEnd(() => metricsSite.close(PROBES_END_WITHIN_MS));
    log.info({ metrics: metricsSite.url }, "Metrics have a port of their own");
  }
  const port = portOf(config, mode);
  if (port === undefined) return undefined;
  const listensAt = { url: "" };
  const pages = await openPages(options, limit, listensAt);
  if (pages !== undefined) parts.push(pages.routes);
  const directRoutes = [interactions?.direct, api.recall].filter((route) => route !== undefined);
  const served = { log, parts, metrics, notFoundPage: pages?.notFound, directRoutes };
  const site = await openSite({ ...listening(config, port), ...served }, "PORT", options);
  listensAt.url = browserUrl(site.url);
  // Until it has closed, requests over open connections still get responses.
  const closing: Parameters<WebServer["close"]> =
    mode === "http" || mode === "site"
      ? [REQUESTS_END_WITHIN_MS, LAST_REQUEST_WITHIN_MS]
      : [REQUESTS_END_WITHIN_MS];
  lifetime.atEnd(() => site.close(...closing), "requests at the web port");
  return site;
}

function readinessOf({ market, bot, lifetime, dependsOn }: PortsOptions) {
  return createReadiness({
    ...dependsOn,
    prices: { trouble: () => pricesTrouble(market) },
    ...(bot?.commands !== undefined && { commands: { trouble: () => commandsTrouble(bot) } }),
    transport: { trouble: () => transportTrouble(bot, lifetime), isVital: true },
  });
}

/**
 * Opens the web pages where the configuration has them. `listensAt` is filled in before the first
 * request, and stands in for PUBLIC_URL.
 */
async function openPages(
  { config, mode, services, bot, log }: PortsOptions,
  limit: AddressLimitOptions,
  listensAt: { readonly url: string },
): Promise<Pages | undefined> {
  const { publicUrl, discordApplicationId } = config;
  if (!hasPages(config, mode)) return undefined;
  if (publicUrl === undefined)
    log.warn(
      {},
      "PUBLIC_URL is not set: the pages link to the address that this program listens on",
    );
  const { openSiteKey } = await import("./pages/site-key.ts");
  const { webPages } = await import("./pages/pages.ts");
  return webPages({
    services,
    key: await openSiteKey(config, log),
    limit,
    isDemo: config.demo,
    publicUrl: () => publicUrl ?? listensAt.url,
    applicationId: () => bot?.applicationId() ?? discordApplicationId,
  });
}

function hasPages({ publicUrl }: Config, mode: Mode): boolean {
  return mode === "site" || (publicUrl !== undefined && mode !== "worker");
}

/** A bot that Discord need not reach opens a port only where one is named, or for the web pages. */
function portOf(config: Config, mode: Mode): number | undefined {
  const isReached = mode === "http" || hasPages(config, mode);
  return config.port ?? (isReached ? DEFAULT_PORT : undefined);
}

function commandsTrouble(bot: RunningBot): string | undefined {
  return bot.commands?.isDone() === false ? "Discord does not have the commands yet" : undefined;
}

function transportTrouble(bot: RunningBot | undefined, lifetime: Lifetime): string | undefined {
  if (lifetime.isEnding) return "stopping";
  return bot?.isReachable() === false ? "not connected to Discord" : undefined;
}

function listening(config: Config, port: number): ListenOptions {
  const { host, maxConnections, trustedProxies } = config;
  return { host, port, maxConnections, isProxy: createProxyCheck(trustedProxies) };
}

/** Opens the site, or says why it cannot and exits: a process that cannot be reached is useless. */
async function openSite(
  options: SiteOptions,
  variable: "PORT" | "METRICS_PORT",
  { refuse }: Pick<PortsOptions, "refuse">,
): Promise<WebServer> {
  return startSite(options).catch((error: unknown) =>
    refuse(portTrouble(error, { ...options, variable })),
  );
}
