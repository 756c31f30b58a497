/**
 * A car to price the answer in. `priceUsd` is a US base price without the 3,995 USD destination
 * charge.
 */
export type LamboModel = {
  /** Stable id: stored in settings, sent in button ids, typed at the terminal. */
  readonly key: string;
  readonly name: string;
  readonly priceUsd: number;
  /** Which drawing stands for it. */
  readonly body: "wedge" | "suv" | "temerario" | "revuelto";
  /** Where the price comes from, and the day it was looked up. */
  readonly source: CarSource;
  readonly checkedOn: string;
};

/** The price of the original web version, or of a press catalogue for the United States. */
export type CarSource =
  | { readonly kind: "web-version" }
  | { readonly kind: "press-catalogue"; readonly modelYear: string };

/** A custom price to divide the profit by, in the currency of the purchase. */
export type OwnPrice = { readonly ownPrice: number };

/** What Lambos are counted in: a model at its list price, or a custom price. */
export type Car = LamboModel | OwnPrice;

/** The default car: what the original web version divided every profit by. */
export const AVERAGE_LAMBO: LamboModel = {
  key: "average",
  name: "Average Lamborghini",
  priceUsd: 200_000,
  body: "wedge",
  source: { kind: "web-version" },
  checkedOn: "2026-11-01",
};

/** Every car that can be chosen, the default first. */
export const LAMBO_MODELS: readonly LamboModel[] = [
  AVERAGE_LAMBO,
  {
    key: "urus-s",
    name: "Urus S (2024)",
    priceUsd: 237_848,
    body: "suv",
    source: { kind: "press-catalogue", modelYear: "2024" },
    checkedOn: "2026-11-01",
  },
  {
    key: "urus-se",
    name: "Urus SE (2026)",
    priceUsd: 248_012,
    body: "suv",
    source: { kind: "press-catalogue", modelYear: "2026" },
    checkedOn: "2026-11-01",
  },
  {
    key: "urus-performante",
    name: "Urus Performante (2024)",
    priceUsd: 269_885,
    body: "suv",
    source: { kind: "press-catalogue", modelYear: "2024" },
    checkedOn: "2026-11-01",
  },
  {
    key: "temerario",
    name: "Temerario (2026)",
    priceUsd: 387_649,
    body: "temerario",
    source: { kind: "press-catalogue", modelYear: "2026" },
    checkedOn: "2026-11-01",
  },
  {
    key: "revuelto",
    name: "Revuelto (2026)",
    priceUsd: 608_358,
    body: "revuelto",
    source: { kind: "press-catalogue", modelYear: "2026" },
    checkedOn: "2026-11-01",
  },
];

const MODELS_BY_NAME = new Map(
  LAMBO_MODELS.flatMap((model) =>
    [model.key, model.name].map((name) => [simplified(name), model] as const),
  ),
);

/**
 * The car with this key or name (any case, years and punctuation optional); undefined when there is
 * none.
 */
export function findLamboModel(text: string): LamboModel | undefined {
  return MODELS_BY_NAME.get(simplified(text));
}

const PLAIN_DECIMAL = /^\d{1,21}(\.\d{1,24})?$/;

/** A car as one word, for custom ids and menus: a model's key, or the custom price. */
export function carValue(car: Car): string {
  return "ownPrice" in car ? String(car.ownPrice) : car.key;
}

/** Reads what {@link carValue} wrote; undefined for anything else. */
export function parseCarValue(value: string): Car | undefined {
  const ownPrice = plainDecimal(value);
  return ownPrice === undefined ? LAMBO_MODELS.find((model) => model.key === value) : { ownPrice };
}

/** Parses a positive number in the form that `String` produces; undefined for anything else. */
export function plainDecimal(text: string): number | undefined {
  const number = Number(text);
  return PLAIN_DECIMAL.test(text) && String(number) === text && number > 0 ? number : undefined;
}

/** The drawing for a car; a car at a custom price looks like the average Lambo. */
export function bodyOf(car: Car): LamboModel["body"] {
  return "ownPrice" in car ? AVERAGE_LAMBO.body : car.body;
}

function simplified(name: string): string {
  return name
    .toLowerCase()
    .replace(/\(\d{4}\)/g, "")
    .replace(/lamborghini/g, "")
    .replace(/[^a-z]/g, "");
}

/** The models as a menu of names with their prices. */
export function carChoices(): { name: string; value: string }[] {
  return LAMBO_MODELS.map(({ key, name, priceUsd }) => ({
    name: `${name} · $${priceUsd.toLocaleString("en-US")}`,
    value: key,
  }));
}
