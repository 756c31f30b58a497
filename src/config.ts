import { z } from "zod";
import { COINGECKO_PLANS } from "./prices/sources/coingecko-plans.ts";
import { isAddressRange } from "./process/addresses.ts";
import { LOG_LEVELS } from "./process/log.ts";
import type { ForwardProxies } from "./process/proxy.ts";
import type { Result } from "./result.ts";

const UNREADABLE_CREDENTIALS =
  "holds a % that begins no code in its user or password: write it as %25";

/**
 * Whether drivers can decode the user and password. If they cannot, their errors do not say which
 * variable is wrong.
 */
function hasReadableCredentials(value: string): boolean {
  if (!URL.canParse(value)) return true;
  const { username, password } = new URL(value);
  return [username, password].every(
    (part) => /^(?:[^%]|%[0-9a-f]{2})*$/i.test(part) && isDecodable(part),
  );
}

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** Whether a Redis address has a host, and at most a database number after it. */
function isRedisAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { hostname, pathname, port } = new URL(value);
  return hostname !== "" && port !== "0" && /^\/?\d*$/.test(pathname);
}

/** A whole number above 0, as text. */
function countUpTo(most: number) {
  const error = `must be a whole number from 1 to ${most}`;
  return text.pipe(
    z
      .string()
      .regex(/^\d{1,9}$/, error)
      .transform(Number)
      .refine((count) => count >= 1 && count <= most, error)
      .optional(),
  );
}

/** An optional text: unset and empty are the same, as in `.env` files. */
const text = z
  .string()
  .trim()
  .transform((value) => (value === "" ? undefined : value))
  .optional();

const address = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine(
    hasNoCredentials,
    "must not hold a user or password: they would be sent and logged with every request",
  )
  // A path is appended, which would become part of the query.
  .refine((value) => !/[?#]/.test(value), "must end before any ? or #")
  .transform((value) => value.replace(/\/+$/, ""))
  .optional();

function hasNoCredentials(value: string): boolean {
  if (!URL.canParse(value)) return true;
  const { username, password } = new URL(value);
  return username === "" && password === "";
}

/** A forward proxy; people leave out `http://`, and we add it, as curl does. */
const proxy = text.pipe(
  z
    .string()
    .transform((value) => (value.includes("://") ? value : `http://${value}`))
    .pipe(
      z
        .url({
          protocol: /^https?$/,
          error: "must be an http or https address such as http://proxy.example:3128",
        })
        .refine(hasReadableCredentials, UNREADABLE_CREDENTIALS),
    )
    .optional(),
);

const url = text.pipe(address);

/** A host that can be switched off: null when the variable is empty, undefined when it is unset. */
const switchableUrl = z
  .string()
  .trim()
  .transform((value) => (value === "" ? null : value))
  .pipe(address.unwrap().nullable())
  .optional();

/** Leaves room for a whole question behind it in the 512 characters of Discord's link. */
const MAX_PUBLIC_URL = 200;

/** Where visitors find the web pages, normalized; a path in it is where a proxy has put them. */
const publicUrl = text.pipe(
  address
    .unwrap()
    .transform((value) => {
      const { origin, pathname } = new URL(value);
      return `${origin}${pathname.replace(/\/+$/, "")}`;
    })
    .refine(
      (value) => value.length <= MAX_PUBLIC_URL,
      `must be an address of ${MAX_PUBLIC_URL} characters at most`,
    )
    .optional(),
);

const MIN_SECRET = 16;

/**
 * A page that the bot links to. Discord's link buttons take 512 characters
 * (discord.com/developers/docs/components/reference#button, 2026-11).
 */
const page = text.pipe(
  z
    .url({ protocol: /^https?$/, error: "must be an http or https address" })
    .max(512, "must be an address of 512 characters at most")
    .optional(),
);

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return text.pipe(z.enum(values, { error: `must be one of ${values.join(", ")}` }).optional());
}

/** The default of MAX_CONNECTIONS. */
const USUAL_CONNECTIONS = 2_000;
const MOST_CONNECTIONS = 1_000_000;
const port = text.pipe(
  z
    .string()
    .regex(/^\d{1,5}$/, "must be a port: a number up to 65535")
    .transform(Number)
    .refine((number) => number <= 65_535, "must be a port: a number up to 65535")
    .optional(),
);

/**
 * The role of a process: among several that share the work, serve HTTP (`web`), post digests
 * (`worker`), or both; or only the web pages and the JSON API, without Discord (`site`).
 */
const ROLES = ["all", "web", "worker", "site"] as const;

/**
 * Every variable that the program reads, and its allowed values; `.env.example` and the README say
 * what each does.
 */
const Environment = z.object({
  DISCORD_TOKEN: text,
  DISCORD_PUBLIC_KEY: text.pipe(
    z
      .string()
      .regex(
        /^[0-9a-f]{64}$/i,
        "must be the 64 hexadecimal digits that the portal's General Information page shows",
      )
      .optional(),
  ),
  DISCORD_APPLICATION_ID: text.pipe(
    z
      .string()
      .regex(/^\d{15,21}$/, "must be the application's id: digits only")
      .optional(),
  ),
  DISCORD_API_URL: url,
  COINGECKO_PLAN: oneOf(COINGECKO_PLANS),
  COINGECKO_API_KEY: text.pipe(
    z
      .string()
      .regex(/^[\x21-\x7e]+$/, "must not hold spaces or special characters: copy the key once more")
      .optional(),
  ),
  COINGECKO_BASE_URL: url,
  DEFILLAMA_BASE_URL: url,
  COINMETRICS_BASE_URL: switchableUrl,
  KRAKEN_BASE_URL: url,
  FRANKFURTER_BASE_URL: switchableUrl,
  DATA_DIR: text,
  DATABASE_URL: text.pipe(
    z
      .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// address" })
      .refine(hasReadableCredentials, UNREADABLE_CREDENTIALS)
      .optional(),
  ),
  REDIS_URL: text.pipe(
    z
      .url({
        protocol: /^rediss?$/,
        error: "must be a redis:// address such as redis://:password@redis.example:6379/0",
      })
      .refine(
        isRedisAddress,
        "must name a host, and after it at most the number of a database, such as /0",
      )
      .refine(hasReadableCredentials, UNREADABLE_CREDENTIALS)
      .optional(),
  ),
  HTTPS_PROXY: proxy,
  HTTP_PROXY: proxy,
  NO_PROXY: text,
  ROLE: oneOf(ROLES),
  HOST: text,
  PORT: port,
  METRICS_PORT: port,
  CORS_ORIGINS: text.pipe(
    z
      .string()
      .transform((list) => list.split(",").map((origin) => webOrigin(origin.trim())))
      .refine(
        (origins) => origins.every((origin) => origin !== undefined),
        "must be * for every web page, or origins such as https://example.org, separated by commas",
      )
      .optional(),
  ),
  TRUSTED_PROXIES: text.pipe(
    z
      .string()
      .transform((list) => list.split(",").map((range) => range.trim()))
      .refine(
        (ranges) => ranges.every(isAddressRange),
        "must be addresses or ranges such as 10.0.0.0/8, separated by commas",
      )
      .optional(),
  ),
  PUBLIC_URL: publicUrl,
  SITE_SECRET: text.pipe(
    z
      .string()
      .min(
        MIN_SECRET,
        `must have ${MIN_SECRET} characters at least: openssl rand -hex 32 makes one`,
      )
      .optional(),
  ),
  PRIVACY_URL: page,
  TERMS_URL: page,
  SUPPORT_URL: page,
  MAX_CONNECTIONS: countUpTo(MOST_CONNECTIONS),
  EXIT_WHEN_LOST: text.pipe(z.enum(["0", "1"], { error: "must be 1 or 0" }).optional()),
  LOG_LEVEL: oneOf(LOG_LEVELS),
  DEMO: text.pipe(z.enum(["0", "1"], { error: "must be 1 (demo market) or 0" }).optional()),
});

/**
 * A web origin as browsers send it, without the slash that addresses are copied with; `*` is every
 * origin. Undefined for anything else, such as an address with a path.
 */
function webOrigin(text: string): string | undefined {
  if (text === "*") return text;
  if (!URL.canParse(text) || text.includes("*")) return undefined;
  const { protocol, origin, href } = new URL(text);
  return /^https?:$/.test(protocol) && href === `${origin}/` ? origin : undefined;
}

/** The names of all variables that the program reads. */
export const VARIABLES = Object.keys(Environment.shape);

/** The program's configuration, checked and with every default filled in. */
export type Config = {
  readonly discordToken: string | undefined;
  /** Ed25519 key in hex; if set, Discord sends interactions over HTTP, not over the gateway. */
  readonly discordPublicKey: string | undefined;
  /** Undefined means that Discord will be asked for it. */
  readonly discordApplicationId: string | undefined;
  /** REST host of Discord, without version; the gateway's address comes from it. */
  readonly discordApiUrl: string;
  readonly coingeckoPlan: (typeof COINGECKO_PLANS)[number];
  readonly coingeckoApiKey: string | undefined;
  /** Undefined means the plan's own host. */
  readonly coingeckoBaseUrl: string | undefined;
  readonly defillamaBaseUrl: string;
  /** Undefined means that Coin Metrics is not asked: its licence is for non-commercial use. */
  readonly coinmetricsBaseUrl: string | undefined;
  readonly krakenBaseUrl: string;
  /** Undefined means that there is no fallback for CoinGecko's exchange rates. */
  readonly frankfurterBaseUrl: string | undefined;
  /** Folder of the database and the cache. */
  readonly dataDir: string;
  /** PostgreSQL as the database; undefined means the SQLite file in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /**
   * Redis for what processes share (cache, call budgets, digest queue); undefined means that this
   * process is alone.
   */
  readonly redisUrl: string | undefined;
  /** Forward proxies for outgoing requests; undefined means none. */
  readonly proxies: ForwardProxies | undefined;
  readonly role: (typeof ROLES)[number];
  /** Address to listen on. */
  readonly host: string;
  /**
   * Undefined: the playground and HTTP interactions listen on {@link DEFAULT_PORT}, a gateway bot
   * on nothing. 0 is any free port.
   */
  readonly port: number | undefined;
  /**
   * A port for metrics alone, on the same address; undefined means that `port` serves them too. 0
   * is any free port.
   */
  readonly metricsPort: number | undefined;
  /** Web origins that may use the JSON API from a browser; `*` is every origin. */
  readonly corsOrigins: readonly string[];
  /**
   * Addresses and CIDR ranges of load balancers whose `X-Forwarded-For` is believed; loopback
   * always is.
   */
  readonly trustedProxies: readonly string[];
  /**
   * The address of the web pages, without a slash at its end; undefined means that there are none,
   * except with the role `site`, whose pages then link to the address it listens on.
   */
  readonly publicUrl: string | undefined;
  /** Signs the addresses of the pages' pictures; undefined means a key kept in `dataDir`. */
  readonly siteSecret: string | undefined;
  /** Pages that `/about` links to; undefined means the project's own, or none. */
  readonly privacyUrl: string | undefined;
  readonly termsUrl: string | undefined;
  readonly supportUrl: string | undefined;
  /** The most open connections of visitors; fewer if file descriptors are scarce. */
  readonly maxConnections: number;
  /**
   * Whether to end the process when the gateway has been lost for a quarter of an hour, so that its
   * supervisor restarts it.
   */
  readonly exitWhenLost: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Whether to use invented prices, marked as such. */
  readonly demo: boolean;
};

/**
 * Every configured value that must never be printed: tokens, keys, and the passwords within
 * addresses.
 */
export function secretsOf(config: Config): readonly string[] {
  const addresses = [
    config.databaseUrl,
    config.redisUrl,
    config.proxies?.http,
    config.proxies?.https,
  ];
  const passwords = addresses.flatMap((address) =>
    address === undefined ? [] : new URL(address).password,
  );
  const secrets = [
    config.discordToken,
    config.coingeckoApiKey,
    config.siteSecret,
    ...passwords,
    ...passwords.map(decoded),
  ];
  return secrets.flatMap((secret) => secret || []);
}

/** Passwords are percent-encoded in addresses, but plain in drivers' messages. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * How people reach the program: through the playground, through Discord over HTTP or the gateway,
 * or through the web pages alone; a worker only posts digests.
 */
export type Mode = "playground" | "http" | "gateway" | "worker" | "site";

/**
 * The mode that the configuration asks for: the playground while it names no Discord application.
 */
export function modeOf({
  discordToken,
  discordPublicKey,
  role,
}: Pick<Config, "discordToken" | "discordPublicKey" | "role">): Mode {
  if (role === "worker" || role === "site") return role;
  if (discordPublicKey !== undefined) return "http";
  return discordToken === undefined ? "playground" : "gateway";
}

/** The default port of everything that is reached over HTTP. */
export const DEFAULT_PORT = 3_000;

/** The configuration, or every problem with it at once: one plain sentence each. */
export type ConfigOutcome = Result<
  { readonly config: Config },
  { readonly problems: readonly string[] }
>;

/** Reads the configuration from environment variables. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): ConfigOutcome {
  const parsed = Environment.safeParse({ ...environment, ...lowerCaseProxies(environment) });
  if (!parsed.success) return { ok: false, problems: sentences(parsed.error) };
  const read = parsed.data;
  const plan = read.COINGECKO_PLAN ?? (read.COINGECKO_API_KEY === undefined ? "keyless" : "demo");
  const problems: string[] = [];
  // A self-hosted address may be a proxy that adds the key.
  if (
    plan !== "keyless" &&
    read.COINGECKO_API_KEY === undefined &&
    read.COINGECKO_BASE_URL === undefined
  ) {
    problems.push(
      `COINGECKO_PLAN=${plan} needs COINGECKO_API_KEY: set the key, or COINGECKO_PLAN=keyless`,
    );
  }
  if (plan === "keyless" && read.COINGECKO_API_KEY !== undefined) {
    problems.push(
      "COINGECKO_PLAN=keyless would leave COINGECKO_API_KEY unused: remove the key, or set the plan that it belongs to",
    );
  }
  if (read.ROLE === "worker" && read.DISCORD_TOKEN === undefined) {
    problems.push("ROLE=worker needs DISCORD_TOKEN: digests are posted with it");
  }
  if (read.ROLE === "web" && read.DISCORD_PUBLIC_KEY === undefined) {
    problems.push(
      "ROLE=web needs DISCORD_PUBLIC_KEY: several processes can share Discord's calls over HTTP, not over the gateway",
    );
  }
  // Each would sign with a key of its own and refuse the others' pictures.
  if (
    read.SITE_SECRET === undefined &&
    ((read.ROLE === "web" && read.PUBLIC_URL !== undefined) ||
      (read.ROLE === "site" && read.REDIS_URL !== undefined))
  ) {
    problems.push(
      `ROLE=${read.ROLE} with ${read.ROLE === "web" ? "PUBLIC_URL" : "REDIS_URL"} needs SITE_SECRET: processes behind one address must sign alike`,
    );
  }
  // Processes that share the work must share the ledger and budgets, or digests would be posted
  // twice.
  if (
    (read.ROLE === "web" || read.ROLE === "worker") &&
    (read.DATABASE_URL === undefined || read.REDIS_URL === undefined)
  ) {
    problems.push(
      `ROLE=${read.ROLE} needs DATABASE_URL and REDIS_URL, which the processes share: set both, or ROLE=all`,
    );
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    config: {
      discordToken: read.DISCORD_TOKEN,
      discordPublicKey: read.DISCORD_PUBLIC_KEY?.toLowerCase(),
      discordApplicationId: read.DISCORD_APPLICATION_ID,
      discordApiUrl: read.DISCORD_API_URL ?? "https://discord.com/api",
      coingeckoPlan: plan,
      coingeckoApiKey: read.COINGECKO_API_KEY,
      coingeckoBaseUrl: read.COINGECKO_BASE_URL,
      defillamaBaseUrl: read.DEFILLAMA_BASE_URL ?? "https://coins.llama.fi",
      coinmetricsBaseUrl: switchable(
        read.COINMETRICS_BASE_URL,
        "https://community-api.coinmetrics.io/v4",
      ),
      krakenBaseUrl: read.KRAKEN_BASE_URL ?? "https://api.kraken.com",
      frankfurterBaseUrl: switchable(read.FRANKFURTER_BASE_URL, "https://api.frankfurter.dev"),
      dataDir: read.DATA_DIR ?? "./data",
      databaseUrl: read.DATABASE_URL,
      redisUrl: read.REDIS_URL,
      proxies:
        read.HTTP_PROXY === undefined && read.HTTPS_PROXY === undefined
          ? undefined
          : { http: read.HTTP_PROXY, https: read.HTTPS_PROXY, exempt: read.NO_PROXY ?? "" },
      role: read.ROLE ?? "all",
      host: read.HOST ?? "127.0.0.1",
      port: read.PORT,
      metricsPort: read.METRICS_PORT,
      corsOrigins: read.CORS_ORIGINS ?? [],
      trustedProxies: read.TRUSTED_PROXIES ?? [],
      publicUrl: read.PUBLIC_URL,
      siteSecret: read.SITE_SECRET,
      privacyUrl: read.PRIVACY_URL,
      termsUrl: read.TERMS_URL,
      supportUrl: read.SUPPORT_URL,
      maxConnections: read.MAX_CONNECTIONS ?? USUAL_CONNECTIONS,
      exitWhenLost: read.EXIT_WHEN_LOST === "1",
      logLevel: read.LOG_LEVEL ?? "info",
      demo: read.DEMO === "1",
    },
  };
}

/** One sentence per variable: further problems mostly follow from the first. */
function sentences({ issues }: z.ZodError): readonly string[] {
  const byVariable = new Map<string, string>();
  for (const { path, message } of issues) {
    const name = path.join(".");
    if (!byVariable.has(name)) byVariable.set(name, `${name} ${message}`);
  }
  return [...byVariable.values()];
}

/**
 * `https_proxy` and its siblings are older than the upper-case names, and take precedence, as in
 * curl.
 */
function lowerCaseProxies(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const named = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"].map(
    (name) => [name, environment[name.toLowerCase()]] as const,
  );
  return Object.fromEntries(
    named.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value]])),
  );
}

/** The default host when the variable is unset, none when it is empty. */
function switchable(named: string | null | undefined, usual: string): string | undefined {
  return named === undefined ? usual : (named ?? undefined);
}
