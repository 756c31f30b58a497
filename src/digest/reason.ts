import { z } from "zod";
import { refusalText } from "../cards/refusal.ts";
import { commaList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { INCIDENT_ID } from "../process/incident.ts";
import { absenceInWords, absenceShape } from "./absence.ts";
import { permissionInWords } from "./permission-wording.ts";

/** Why there is no message, or none yet, that needs nothing else to be told. */
const missed = z.enum([
  "too-late",
  "switched-off",
  "restarted",
  "no-prices",
  "unknowable",
  "token-refused",
  "rate-limited",
  "unreachable",
  "was-down",
]);
const refusedIn = z.enum(["no-access", "no-permission", "archived-thread", "wrong-kind", "other"]);

const reasonShape = z.discriminatedUnion("why", [
  z.object({ why: missed }),
  z.object({ why: z.enum(["no-coin-list", "out-of-bounds"]) }),
  /** No news up to that day's close to post a digest for. */
  z.object({ why: z.literal("no-news"), closesTo: z.string() }),
  /** Coins of the server that cannot be counted now: the first few, and how many there are. */
  z.object({
    why: z.literal("no-answers"),
    coins: z.array(z.object({ name: z.string(), absence: absenceShape })),
    count: z.number(),
  }),
  z.object({ why: z.literal("no-rate"), code: z.string() }),
  z.object({ why: z.literal("unknown-zone"), zone: z.string() }),
  z.object({ why: z.literal("unknown-channel") }),
  z.object({ why: refusedIn, channelId: z.string() }),
  z.object({
    why: z.literal("permissions"),
    channelId: z.string(),
    missing: z.array(z.string()),
  }),
  /** Discord refuses the message itself, which admins cannot fix. */
  z.object({ why: z.literal("message-refused"), code: z.string(), incident: z.string() }),
]);

/** Why a digest is paused, missed or still waiting: stored as it is, and told in any language. */
export type DigestReason = z.infer<typeof reasonShape>;

/** A reason as an earlier version stored it: a sentence in English. */
type EarlierReason = { readonly why: "sentence"; readonly sentence: string };

/** A reason as the ledger stores it. */
export function storedReason(reason: DigestReason): string {
  // Without what is known of a coin's absence and not told.
  return JSON.stringify(reasonShape.parse(reason));
}

/** Reads {@link storedReason}, and what earlier versions stored. */
export function readReason(stored: string): DigestReason | EarlierReason {
  try {
    const { data } = reasonShape.safeParse(JSON.parse(stored));
    if (data !== undefined) return data;
  } catch {
    // No JSON: of an earlier version.
  }
  if (stored === EARLIER_GONE) return { why: "unknown-channel" };
  const [, code = "", incident] = EARLIER_MESSAGE_REFUSED.exec(stored) ?? [];
  return incident === undefined
    ? { why: "sentence", sentence: stored }
    : { why: "message-refused", code, incident };
}

const EARLIER_GONE = "The digest's channel no longer exists.";
const EARLIER_MESSAGE_REFUSED = new RegExp(
  `^Discord refused the message \\(code (\\d+)\\).* incident (${INCIDENT_ID.source})\\.$`,
);

/** A reason as a sentence for the server's admins. */
export function reasonInWords(reason: DigestReason | EarlierReason, locale: string): string {
  switch (reason.why) {
    case "sentence":
      return reason.sentence;
    case "no-coin-list":
    case "out-of-bounds":
      return say(locale, `digest.none.${reason.why}`);
    case "no-news":
      return say(locale, "digest.no-news");
    case "no-answers": {
      const named = reason.coins.map(({ name, absence }) =>
        say(locale, "digest.coin-with-note", {
          coin: name,
          note: absenceInWords(absence, locale, "plain"),
        }),
      );
      const coins = commaList(named, locale);
      const more = reason.count - reason.coins.length;
      return more > 0
        ? say(locale, "digest.none.more", { coins, count: String(more) })
        : say(locale, "digest.none", { coins });
    }
    case "no-rate":
      return refusalText({ reason: "no-rate", code: reason.code }, { locale });
    case "unknown-zone":
      return say(locale, "missed.unknown-zone", { zone: reason.zone });
    case "unknown-channel":
      return say(locale, "trouble.unknown-channel");
    case "permissions":
      return say(locale, "trouble.permissions", {
        channel: `<#${reason.channelId}>`,
        permissions: commaList(
          reason.missing.map((name) => permissionInWords(name, locale)),
          locale,
        ),
      });
    case "message-refused":
      return say(locale, "trouble.message-refused", {
        code: reason.code,
        incident: reason.incident,
      });
    case "no-access":
    case "no-permission":
    case "archived-thread":
    case "wrong-kind":
    case "other":
      return say(locale, `trouble.${reason.why}`, { channel: `<#${reason.channelId}>` });
    default:
      return say(locale, `missed.${reason.why}`);
  }
}
