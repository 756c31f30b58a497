import { describe, expect, it } from "vitest";
import { VARIABLES } from "../../src/config.ts";
import { unknownVariables } from "../../src/process/unknown-variables.ts";

const meantBy = (name: string) => unknownVariables([name], VARIABLES)[0]?.meant;

describe("a variable that the bot does not read", () => {
  it.each([
    ["DISCORD_TOKN", "DISCORD_TOKEN"],
    ["DISCORD_TOEKN", "DISCORD_TOKEN"],
    ["discord_token", "DISCORD_TOKEN"],
    ["DISCORD_BOT_TOKEN", "DISCORD_TOKEN"],
    ["DISCORD_PUBLICKEY", "DISCORD_PUBLIC_KEY"],
    ["COINGECKO_KEY", "COINGECKO_API_KEY"],
    ["REDIS_URI", "REDIS_URL"],
    ["LOGLEVEL", "LOG_LEVEL"],
    ["CORS_ORIGIN", "CORS_ORIGINS"],
    ["MAX_CONECTIONS", "MAX_CONNECTIONS"],
    ["PROT", "PORT"],
    ["Https_Proxy", "HTTPS_PROXY"],
  ])("%s was probably meant for %s", (name, meant) => expect(meantBy(name)).toBe(meant));

  it("is ignored when it belongs to another program", () => {
    const others = [
      ...[
        "PATH",
        "HOME",
        "HOSTNAME",
        "PWD",
        "TERM",
        "USER",
        "SHLVL",
        "LANG",
        "LOGNAME",
        "NODE_OPTIONS",
        "NODE_ENV",
      ],
      ...[
        "POSTGRES_PASSWORD",
        "REDIS_PORT",
        "PGHOST",
        "FTP_PROXY",
        "all_proxy",
        "https_proxy",
        "no_proxy",
        "npm_config_noproxy",
      ],
    ];
    expect(unknownVariables(others, VARIABLES)).toEqual([]);
    expect(unknownVariables(VARIABLES, VARIABLES)).toEqual([]);
  });
});
