/** Digits with an optional sign, point and exponent: how providers write numbers as text. */
const NUMBER_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?$/i;
const MAX_NUMBER_LENGTH = 60;

/** A JSON number, or a number in digits; undefined for everything else and unless finite. */
export function numberIn(value: unknown): number | undefined {
  const isText =
    typeof value === "string" && value.length <= MAX_NUMBER_LENGTH && NUMBER_TEXT.test(value);
  const number = typeof value === "number" ? value : isText ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** The fields of a JSON object; undefined for any other JSON value. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // The cast claims no more than that the fields of an object have names.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** The value of an own field; never an inherited one, because `constructor` may be a coin id. */
export function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** A JSON list; undefined for any other JSON value. */
export function listIn(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
