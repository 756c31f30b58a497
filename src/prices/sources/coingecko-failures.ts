import { z } from "zod";
import type { SourceFailure } from "../price-source.ts";

/**
 * CoinGecko's four error shapes (https://docs.coingecko.com/docs/common-errors-rate-limit, seen
 * 2026-11) have their code in different places.
 */
const ErrorBody = z.object({
  error_code: z.number().optional(),
  status: z
    .object({ error_code: z.number().optional(), error_message: z.string().optional() })
    .optional(),
  error: z
    .union([
      z.string(),
      z.object({
        status: z.object({
          error_code: z.number().optional(),
          error_message: z.string().optional(),
        }),
      }),
    ])
    .optional(),
});

const SAME_FOR_BOTH = "Keys of both kinds start with CG-, so the plan must say which one this is.";
const KEY_ADVICE: Readonly<Record<number, string>> = {
  10002:
    "CoinGecko says that the API key is missing: set COINGECKO_API_KEY, or COINGECKO_PLAN=keyless to ask without one.",
  10010: `COINGECKO_API_KEY is a paid (Pro) key, but COINGECKO_PLAN sends it to the public host: set COINGECKO_PLAN to your paid plan. ${SAME_FOR_BOTH}`,
  10011: `COINGECKO_API_KEY is a Demo key, but COINGECKO_PLAN sends it to the Pro host: set COINGECKO_PLAN=demo. ${SAME_FOR_BOTH}`,
};

/** Reads CoinGecko's own error convention; undefined when the body is no refusal. */
export function readCoinGeckoFailure(status: number, body: unknown): SourceFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  // Cloudflare in front of CoinGecko answers 403 with a page of its own; it passes, unlike a
  // refused key.
  if (status === 403 && body === undefined)
    return { ok: false, reason: "unreachable", detail: "CoinGecko: blocked by its CDN (HTTP 403)" };
  const parsed = ErrorBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { error, status: statusPart, error_code } = parsed.data;
  const inner = typeof error === "object" ? error.status : statusPart;
  const code = inner?.error_code ?? error_code;
  const message = inner?.error_message ?? (typeof error === "string" ? error : "");
  const detail = `CoinGecko: HTTP ${status}${code === undefined ? "" : `, error ${code}`}${message === "" ? "" : `, ${message.slice(0, 200)}`}`;
  if (code === 10_006) return { ok: false, reason: "credits-spent", detail };
  if (code !== undefined && code >= 10_000 && code < 20_000)
    return { ok: false, reason: "not-allowed", detail: KEY_ADVICE[code] ?? detail };
  if (status === 404) return { ok: false, reason: "unknown-coin", detail };
  if (status === 429 || code === 429) return { ok: false, reason: "rate-limited", detail };
  return undefined;
}
