import { closestLocale } from "../messages/locale-match.ts";
import { BoundedMap } from "../process/bounded-map.ts";

/** What a request says about the language that its visitor reads; each may be any text. */
export type AskedLanguage = {
  /** `lang` in the address. */
  readonly lang?: string | undefined;
  /** The header `Accept-Language`, which tells what the browser is set to. */
  readonly acceptLanguage?: string | undefined;
};

/** The locale that a visitor gets. */
export type VisitorLocale<Code extends string> = {
  readonly locale: Code;
  /** Whether the address asked for it, so that links on the page have to as well. */
  readonly isInAddress: boolean;
};

/** People have a few languages: more, or longer codes, come from programs. */
const MAX_RANGES = 12;
const MAX_CODE = 40;
/** Longer headers are read each time. */
const MAX_REMEMBERED = 200;

/**
 * Makes what chooses one of these locales for a visitor: the one closest to the address's `lang`,
 * else to what the browser is set to, else `otherwise`.
 */
export function createVisitorLocale<Code extends string>(
  locales: () => readonly Code[],
  otherwise: Code,
): (asked: AskedLanguage) => VisitorLocale<Code> {
  const remembered = new BoundedMap<string, VisitorLocale<Code>>({ maxEntries: 500 });

  function choose({ lang = "", acceptLanguage = "" }: AskedLanguage): VisitorLocale<Code> {
    const known = locales();
    const inAddress = lang.length > MAX_CODE ? undefined : closestLocale(lang, known);
    return inAddress === undefined
      ? { locale: acceptedLocale(acceptLanguage, known) ?? otherwise, isInAddress: false }
      : { locale: inAddress, isInAddress: true };
  }

  return (asked) => {
    const key = `${asked.lang ?? ""} ${asked.acceptLanguage ?? ""}`;
    return key.length > MAX_REMEMBERED
      ? choose(asked)
      : remembered.getOrInsertComputed(key, () => choose(asked));
  };
}

/**
 * The one of these locales that an `Accept-Language` wants most (RFC 9110, 12.5.4); undefined when
 * it wants none of them, or anything (`*`) rather. Ranges that cannot be read are left out.
 */
export function acceptedLocale<Code extends string>(
  header: string,
  locales: readonly Code[],
): Code | undefined {
  const languages = new Set(locales.map(languageIn));
  const ranges = header
    .split(",", MAX_RANGES)
    .flatMap(readRange)
    .sort((one, other) => other.quality - one.quality);
  for (const { code } of ranges) {
    if (code === "*") return undefined;
    if (!languages.has(languageIn(code))) continue;
    const closest = closestLocale(code, locales);
    if (closest !== undefined) return closest;
  }
  return undefined;
}

const RANGE = /^\s*([a-z\d*_-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i;

/** One range of the header, unless it is malformed or not wanted at all. */
function readRange(text: string): readonly { code: string; quality: number }[] {
  const [, code = "", q = "1"] = text.length > 2 * MAX_CODE ? [] : (RANGE.exec(text) ?? []);
  const quality = Math.min(1, Number(q));
  return code === "" || code.length > MAX_CODE || quality === 0 ? [] : [{ code, quality }];
}

function languageIn(code: string): string {
  const [language = ""] = code.split(/[-_]/);
  // Discord has one Norwegian, which browsers call by its two written forms.
  return /^n[bn]$/i.test(language) ? "no" : language.toLowerCase();
}
