import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * The environment variables, with those of a `.env` file in the working directory where there is
 * one; real variables win. For entry points only.
 */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...readEnvFile(), ...process.env };
}

function readEnvFile(): Record<string, string | undefined> {
  let text: string;
  try {
    text = readFileSync(".env", "utf8");
  } catch {
    return {};
  }
  // Node's own .env syntax
  // (https://nodejs.org/docs/latest-v20.x/api/util.html#utilparseenvcontent).
  return { ...parseEnv(text) };
}
