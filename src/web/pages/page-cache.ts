import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { BoundedMap } from "../../process/bounded-map.ts";
import type { LamboAnswer } from "../../questions/answer.ts";
import { utcDay } from "../../valuation/calendar.ts";
import type { PageFrame } from "./frame.ts";

/** A finished page, as it is and compressed. */
export type WrittenPage = {
  readonly plain: Buffer;
  readonly gzip: Buffer;
  /** The same for both, so it is a weak one (RFC 9110, 8.8.1). */
  readonly etag: string;
};

/** Everything but the question that a page depends on. */
type MadeOf = Pick<LamboAnswer, "coin" | "history"> & {
  readonly perUsd: number;
  readonly todayOn: string;
  readonly frame: PageFrame;
};

const MAX_BYTES = 16_000_000;

/** Keeps finished pages for as long as nothing that they show can have changed. */
export class PageCache {
  readonly #pages = new BoundedMap<string, { readonly page: WrittenPage; readonly madeOf: MadeOf }>(
    { maxSize: MAX_BYTES, sizeOf: ({ page }) => page.plain.length + page.gzip.length },
  );

  /** The page at this address and in this locale, written if there is none that still holds. */
  page(
    path: string,
    answer: LamboAnswer,
    at: { readonly frame: PageFrame; readonly now: Date; readonly locale: string },
    write: () => string,
  ): WrittenPage {
    const { frame, now, locale } = at;
    const { coin, history, currency } = answer;
    const madeOf = { coin, history, perUsd: currency.perUsd, todayOn: utcDay(now), frame };
    const key = `${locale} ${frame.lang ?? ""} ${path}`;
    const kept = this.#pages.get(key);
    if (kept !== undefined && isSameAs(kept.madeOf, madeOf)) return kept.page;
    const page = written(write());
    // The age of old prices is in the page, and goes on.
    if (!answer.valuation.flags.includes("stale")) this.#pages.set(key, { page, madeOf });
    return page;
  }
}

function isSameAs(one: MadeOf, other: MadeOf): boolean {
  return (
    one.history === other.history &&
    one.coin === other.coin &&
    one.perUsd === other.perUsd &&
    one.todayOn === other.todayOn &&
    one.frame === other.frame
  );
}

/** A page's bytes and their tag. */
export function written(text: string): WrittenPage {
  const plain = Buffer.from(text);
  const tag = createHash("sha1").update(plain).digest("base64url");
  return { plain, gzip: gzipSync(plain), etag: `W/"${tag}"` };
}
