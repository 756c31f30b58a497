import { PERMISSION_NAMES } from "../discord/bot/posting-permissions.ts";
import { say } from "../messages/say.ts";

/**
 * A permission by its name in Discord's settings, which admins see in their own language. One
 * without a message, which only an earlier version can have stored, keeps the name that it has.
 */
export function permissionInWords(name: string, locale: string): string {
  const key = KEYS.get(name);
  return key === undefined ? name : say(locale, key);
}

const KEYS = new Map<string, (typeof PERMISSION_NAMES)[keyof typeof PERMISSION_NAMES]>(
  Object.entries(PERMISSION_NAMES),
);
