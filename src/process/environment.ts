import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * The environment variables, and those of a `.env` file in the working directory if there is one;
 * actual variables take precedence. For entry points only.
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
