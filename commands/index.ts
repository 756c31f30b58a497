import type { Command } from "../src/discord/command.ts";
import { about } from "./about.ts";
import { compare } from "./compare.ts";
import { config } from "./config.ts";
import { digest } from "./digest.ts";
import { lambo } from "./lambo.ts";
import { lamboCheck } from "./lambo-check.ts";
import { wen } from "./wen.ts";

/**
 * Every command, in the order in which help shows them: the one list that dispatch,
 * registration and help read.
 */
export const commands: readonly Command[] = [
  lambo,
  wen,
  compare,
  digest,
  config,
  about,
  lamboCheck,
];
