/**
 * Every sentence that people read, in English: ICU MessageFormat with named placeholders
 * (https://unicode-org.github.io/icu/userguide/format_parse/messages/). Values arrive formatted for
 * the reader's locale; numbers serve only to choose a plural. An apostrophe in front of a brace
 * quotes it. Keys begin with the part of the product that speaks.
 */
export const EN = {
  "refusal.choose-coin": "Choose a coin",
  "refusal.unknown-car": "That car is not in the showroom. Choose one of these: {cars}.",
} as const;
