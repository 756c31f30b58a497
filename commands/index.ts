import type { Command } from "../src/discord/command.ts";
import { about } from "./about.ts";
import { compare } from "./compare.ts";
import { config } from "./config.ts";
import { digest } from "./digest.ts";
import { lambo } from "./lambo.ts";
import { wen } from "./wen.ts";

/**
 * Every slash command, in the order in which help shows them: the one list that dispatch,
 * registration and help read.
 */
export const commands: readonly Command[] = [lambo, wen, compare, digest, config, about];
