import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { modeOf, readConfig, secretsOf, VARIABLES } from "../src/config.ts";

function problems(environment: Record<string, string>): readonly string[] {
  const outcome = readConfig(environment);
  return outcome.ok ? [] : outcome.problems;
}

describe("the configuration", () => {
  it("has a default for everything", () => {
    expect(readConfig({})).toEqual({
      ok: true,
      config: {
        discordToken: undefined,
        discordPublicKey: undefined,
        discordApplicationId: undefined,
        discordApiUrl: "https://discord.com/api",
        coingeckoPlan: "keyless",
        coingeckoApiKey: undefined,
        coingeckoBaseUrl: undefined,
        defillamaBaseUrl: "https://coins.llama.fi",
        coinmetricsBaseUrl: "https://community-api.coinmetrics.io/v4",
        krakenBaseUrl: "https://api.kraken.com",
        frankfurterBaseUrl: "https://api.frankfurter.dev",
        dataDir: "./data",
        databaseUrl: undefined,
        redisUrl: undefined,
        proxies: undefined,
        role: "all",
        host: "127.0.0.1",
        port: undefined,
        metricsPort: undefined,
        corsOrigins: [],
        trustedProxies: [],
        maxConnections: 2_000,
        exitWhenLost: false,
        logLevel: "info",
        demo: false,
      },
    });
  });

  it("assumes that a key is a Demo key unless a plan is set", () => {
    expect(readConfig({ COINGECKO_API_KEY: "CG-x" })).toMatchObject({
      config: { coingeckoPlan: "demo" },
    });
    expect(readConfig({ COINGECKO_API_KEY: "CG-x", COINGECKO_PLAN: "analyst" })).toMatchObject({
      config: { coingeckoPlan: "analyst" },
    });
  });

  it("treats an empty variable as unset", () => {
    expect(readConfig({ DISCORD_TOKEN: "", COINGECKO_PLAN: " ", DATA_DIR: "", DEMO: "" })).toEqual(
      readConfig({}),
    );
  });

  it("asks Coin Metrics unless its address is empty, because its licence is non-commercial", () => {
    const baseUrl = (environment: Record<string, string>) => {
      const outcome = readConfig(environment);
      return outcome.ok ? outcome.config.coinmetricsBaseUrl : outcome.problems;
    };
    expect(baseUrl({})).toBe("https://community-api.coinmetrics.io/v4");
    expect(baseUrl({ COINMETRICS_BASE_URL: "" })).toBeUndefined();
    expect(baseUrl({ COINMETRICS_BASE_URL: "  " })).toBeUndefined();
    expect(baseUrl({ COINMETRICS_BASE_URL: " http://127.0.0.1:1/v4/ " })).toBe(
      "http://127.0.0.1:1/v4",
    );
  });

  it("switches off a host whose variable is set and empty", () => {
    const hostOf = (FRANKFURTER_BASE_URL: string) => {
      const outcome = readConfig({ FRANKFURTER_BASE_URL });
      return outcome.ok ? outcome.config.frankfurterBaseUrl : outcome.problems;
    };
    expect([hostOf(""), hostOf("  ")]).toEqual([undefined, undefined]);
    expect(hostOf("http://127.0.0.1:8080/")).toBe("http://127.0.0.1:8080");
    expect(hostOf("frankfurter")).toEqual([
      "FRANKFURTER_BASE_URL must be an http or https address",
    ]);
  });

  it("takes addresses of pages as they are, but only those that a button of Discord takes", () => {
    const pages = {
      PRIVACY_URL: " https://lambo.example.org/privacy/ ",
      TERMS_URL: "",
      SUPPORT_URL: "https://discord.gg/lambo",
    };
    expect(readConfig(pages)).toMatchObject({
      config: {
        privacyUrl: "https://lambo.example.org/privacy/",
        termsUrl: undefined,
        supportUrl: "https://discord.gg/lambo",
      },
    });
    expect(
      readConfig({
        PRIVACY_URL: "javascript:alert(1)",
        TERMS_URL: `https://example.org/${"x".repeat(500)}`,
      }),
    ).toEqual({
      ok: false,
      problems: [
        "PRIVACY_URL must be an http or https address",
        "TERMS_URL must be an address of 512 characters at most",
      ],
    });
  });

  it("reports every problem at once, each with its variable", () => {
    const told = problems({
      COINGECKO_PLAN: "gold",
      COINGECKO_BASE_URL: "ftp://x",
      COINMETRICS_BASE_URL: "off",
      KRAKEN_BASE_URL: "kraken",
      LOG_LEVEL: "loud",
      DEMO: "yes",
      DISCORD_PUBLIC_KEY: "not-a-key",
      DISCORD_APPLICATION_ID: "lambo",
      DATABASE_URL: "mysql://x/y",
      REDIS_URL: "localhost",
      ROLE: "boss",
      PORT: "70000",
      CORS_ORIGINS: "https://x.example,y.example",
      TRUSTED_PROXIES: "10.0.0.0/33",
    });
    const bad = [
      ...["COINGECKO_PLAN", "COINGECKO_BASE_URL", "COINMETRICS_BASE_URL", "KRAKEN_BASE_URL"],
      ...["LOG_LEVEL", "DEMO", "DISCORD_PUBLIC_KEY"],
    ];
    for (const name of [
      ...bad,
      "DISCORD_APPLICATION_ID",
      "DATABASE_URL",
      "REDIS_URL",
      "ROLE",
      "PORT",
      "CORS_ORIGINS",
      "TRUSTED_PROXIES",
    ]) {
      expect(told.filter((problem) => problem.startsWith(name))).toHaveLength(1);
    }
  });

  it("takes web origins with a slash at the end or in capitals, and * for all", () => {
    const outcome = readConfig({ CORS_ORIGINS: "https://A.example/, http://localhost:3000/,*" });
    expect(outcome.ok && outcome.config.corsOrigins).toEqual([
      "https://a.example",
      "http://localhost:3000",
      "*",
    ]);
    for (const bad of ["https://a.example/page", "https://*.a.example", "a.example", "https://a@b"])
      expect(problems({ CORS_ORIGINS: bad }).join()).toMatch(/^CORS_ORIGINS must be \*/);
  });

  it("never repeats a key in a problem", () => {
    expect(
      problems({ COINGECKO_API_KEY: "CG-se cret", COINGECKO_PLAN: "demo" }).join(),
    ).not.toContain("cret");
  });

  it("refuses credentials and a query in an address, and never repeats them", () => {
    for (const name of [
      ...["DISCORD_API_URL", "COINGECKO_BASE_URL", "DEFILLAMA_BASE_URL"],
      ...["COINMETRICS_BASE_URL", "KRAKEN_BASE_URL", "FRANKFURTER_BASE_URL"],
    ]) {
      for (const credentials of ["lambo:hush", "hush", ":hush"]) {
        expect(problems({ [name]: `https://${credentials}@prices.example/v3` })).toEqual([
          `${name} must not hold a user or password: they would be sent and logged with every request`,
        ]);
      }
      expect(problems({ [name]: "https://prices.example/v3?key=hush" })).toEqual([
        `${name} must end before any ? or #`,
      ]);
    }
  });

  it("refuses an address of Redis, PostgreSQL or a proxy that its driver cannot read", () => {
    const bad = [
      { REDIS_URL: "redis://cache:6379/lambo" },
      { REDIS_URL: "redis://" },
      { REDIS_URL: "redis://cache:0" },
      { REDIS_URL: "redis://:100%hush@cache" },
      { REDIS_URL: "rediss://:%ff@cache" },
      { DATABASE_URL: "postgres://lambo:100%hush@db/lambo" },
      { HTTPS_PROXY: "socks5://proxy.example:1080" },
      { HTTPS_PROXY: "http://" },
      { http_proxy: "http://lambo:100%hush@proxy.example" },
    ];
    for (const environment of bad) {
      const told = problems(environment);
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(
        new RegExp(`^${Object.keys(environment)[0]?.toUpperCase()} (must|holds)`),
      );
      expect(told[0]).not.toContain("hush");
    }
    for (const REDIS_URL of [
      "redis://cache",
      "redis://:p%40ss@[::1]:6379/15",
      "rediss://user:pass@cache:6380/",
    ]) {
      expect(problems({ REDIS_URL })).toEqual([]);
    }
  });

  it("reads proxies in upper or lower case, and adds a missing http://", () => {
    const proxies = (environment: Record<string, string>) => {
      const outcome = readConfig(environment);
      return outcome.ok ? outcome.config.proxies : outcome.problems;
    };
    expect(proxies({ NO_PROXY: "a.example" })).toBeUndefined();
    expect(proxies({ HTTPS_PROXY: "proxy.example:3128", NO_PROXY: "a.example" })).toEqual({
      http: undefined,
      https: "http://proxy.example:3128",
      exempt: "a.example",
    });
    expect(
      proxies({
        HTTP_PROXY: "http://upper.example",
        http_proxy: "http://lower.example",
        no_proxy: "b.example",
      }),
    ).toEqual({
      http: "http://lower.example",
      https: undefined,
      exempt: "b.example",
    });
  });

  it("allows at least one connection", () => {
    const most = (MAX_CONNECTIONS: string) => {
      const outcome = readConfig({ MAX_CONNECTIONS });
      return outcome.ok ? outcome.config.maxConnections : outcome.problems;
    };
    expect([most(""), most("1")]).toEqual([2_000, 1]);
    for (const bad of ["0", "-1", "1e3", "many"])
      expect(most(bad)).toEqual([expect.stringMatching(/^MAX_CONNECTIONS must be/)]);
  });

  it("requires a key for a plan that has one, except with a custom host", () => {
    expect(problems({ COINGECKO_PLAN: "analyst" })).toEqual([
      expect.stringContaining("needs COINGECKO_API_KEY"),
    ]);
    expect(
      problems({ COINGECKO_PLAN: "analyst", COINGECKO_BASE_URL: "http://127.0.0.1:1" }),
    ).toEqual([]);
    expect(problems({ COINGECKO_PLAN: "keyless", COINGECKO_API_KEY: "CG-x" })).toHaveLength(1);
  });

  it("lets processes split the work only when they share a database and Redis", () => {
    const shared = {
      DATABASE_URL: "postgres://u:p@127.0.0.1/lambo",
      REDIS_URL: "redis://127.0.0.1:6379",
    };
    const DISCORD_PUBLIC_KEY = "ab".repeat(32);
    for (const role of ["web", "worker"]) {
      expect(problems({ ROLE: role, DISCORD_TOKEN: "x", DISCORD_PUBLIC_KEY })).toEqual([
        expect.stringContaining(`ROLE=${role} needs DATABASE_URL and REDIS_URL`),
      ]);
      expect(problems({ ROLE: role, DISCORD_TOKEN: "x", DISCORD_PUBLIC_KEY, ...shared })).toEqual(
        [],
      );
    }
    // Two of them on the gateway would answer everything twice.
    expect(problems({ ROLE: "web", DISCORD_TOKEN: "x", ...shared })).toEqual([
      expect.stringContaining("ROLE=web needs DISCORD_PUBLIC_KEY"),
    ]);
    expect(problems({ ROLE: "all" })).toEqual([]);
  });

  it("serves web pages alone without any of Discord's settings, a database or Redis", () => {
    expect(problems({ ROLE: "site" })).toEqual([]);
    expect(problems({ ROLE: "site", PUBLIC_URL: "https://lambo.example" })).toEqual([]);
    // Processes behind one address refuse each other's pictures unless they sign alike.
    const REDIS_URL = "redis://127.0.0.1:6379";
    expect(problems({ ROLE: "site", REDIS_URL })).toEqual([
      expect.stringContaining("ROLE=site with REDIS_URL needs SITE_SECRET"),
    ]);
    expect(problems({ ROLE: "site", REDIS_URL, SITE_SECRET: "x".repeat(16) })).toEqual([]);
    const web = {
      ...{ ROLE: "web", DISCORD_PUBLIC_KEY: "ab".repeat(32), REDIS_URL },
      DATABASE_URL: "postgres://u:p@127.0.0.1/lambo",
      PUBLIC_URL: "https://lambo.example",
    };
    expect(problems(web)).toEqual([
      expect.stringContaining("ROLE=web with PUBLIC_URL needs SITE_SECRET"),
    ]);
    expect(problems({ ...web, SITE_SECRET: "x".repeat(16) })).toEqual([]);
  });

  it("takes the pages' address with a path and slashes at its end, and nothing that no link can be made of", () => {
    const read = (PUBLIC_URL: string) => {
      const outcome = readConfig({ PUBLIC_URL });
      return outcome.ok ? outcome.config.publicUrl : outcome.problems;
    };
    expect(read("https://Lambo.Example/")).toBe("https://lambo.example");
    expect(read("http://localhost:8080/coins//")).toBe("http://localhost:8080/coins");
    expect(read("")).toBeUndefined();
    for (const bad of [
      "lambo.example",
      "ftp://lambo.example",
      "https://me:pw@lambo.example",
      "https://lambo.example/?a=1",
      `https://lambo.example/${"x".repeat(200)}`,
    ])
      expect(read(bad)).toEqual([expect.stringMatching(/^PUBLIC_URL must /)]);
    expect(problems({ SITE_SECRET: "short" })).toEqual([
      expect.stringMatching(/^SITE_SECRET must have 16 characters/),
    ]);
  });

  it("decides by token, public key and role how people reach the program", () => {
    const mode = (environment: Record<string, string>) => {
      const outcome = readConfig(environment);
      return outcome.ok ? modeOf(outcome.config) : outcome.problems;
    };
    const DISCORD_TOKEN = "token";
    const DISCORD_PUBLIC_KEY = "0a".repeat(32);
    expect(mode({})).toBe("playground");
    expect(mode({ DISCORD_TOKEN })).toBe("gateway");
    expect(mode({ DISCORD_PUBLIC_KEY })).toBe("http");
    expect(mode({ DISCORD_PUBLIC_KEY, DISCORD_TOKEN })).toBe("http");
    expect(mode({ DISCORD_PUBLIC_KEY, DISCORD_TOKEN, ROLE: "site" })).toBe("site");
    const shared = {
      DATABASE_URL: "postgres://u:p@127.0.0.1/lambo",
      REDIS_URL: "redis://127.0.0.1:6379",
      ROLE: "worker",
    };
    expect(mode({ DISCORD_TOKEN, ...shared })).toBe("worker");
    expect(mode({ DISCORD_PUBLIC_KEY, ...shared })).toEqual([
      expect.stringContaining("ROLE=worker needs DISCORD_TOKEN"),
    ]);
  });

  it("lists what must never be printed: tokens, keys, and passwords in addresses, encoded and decoded", () => {
    const outcome = readConfig({
      DISCORD_TOKEN: "the.token",
      COINGECKO_API_KEY: "CG-key",
      SITE_SECRET: "never tell anybody",
      DATABASE_URL: "postgres://lambo:p%40ss@db/lambo",
      REDIS_URL: "redis://:hush@cache:6379",
      HTTPS_PROXY: "http://lambo:sesame@proxy.example:3128",
    });
    expect(outcome.ok && [...new Set(secretsOf(outcome.config))].sort()).toEqual([
      "CG-key",
      "hush",
      "never tell anybody",
      "p%40ss",
      "p@ss",
      "sesame",
      "the.token",
    ]);
  });

  it("is documented in .env.example, variable by variable", () => {
    const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
    expect([...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name)).toEqual(VARIABLES);
  });
});
