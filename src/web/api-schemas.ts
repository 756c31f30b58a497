import { z } from "zod";
import { COMPARISON_STARTS, MAX_COMPARED } from "../questions/comparison.ts";
import { CAR_PRICE_LIMITS_USD } from "../questions/purchase.ts";
import { FLAGS } from "../valuation/price-record.ts";

const day = z.iso.date().meta({ description: "UTC day" });
const usd = z.number().meta({ description: "US dollars" });
const price = z.number().positive().meta({ description: "US dollars" });

/** A day's close and the number of Lambos at that price. */
const LamboDayJson = z.strictObject({
  on: day,
  priceUsd: price,
  lambos: z.number().min(0),
});

/** The body of `GET /api/v1/valuation`. */
export const ValuationJson = z
  .strictObject({
    coinId: z.string().meta({ description: "CoinGecko's coin id" }),
    name: z.string(),
    symbol: z.string(),
    takenFor: z
      .strictObject({
        typed: z.string(),
        otherCoinIds: z.array(z.string()).readonly(),
      })
      .nullable()
      .meta({
        description:
          "What was asked for, when it was no id, symbol or name of the coin and was taken for one with a slip in it, " +
          "with what else it may mean, likeliest first; else null. `id:` and a coin id is never guessed at",
      }),
    firstRecordedOn: day,
    boughtOn: day.meta({
      description:
        "UTC day from which the coin was bought, over 28 days; `firstRecordedOn` unless a later day was asked for",
    }),
    boughtAskedOn: day.nullable().meta({
      description:
        "The day asked for, where the coin had no price yet on it, so that it counts from its listing; else null",
    }),
    ambiguousBought: z
      .strictObject({
        typed: z.string(),
        on: day.meta({ description: "What it was read as" }),
        alternativeOn: day.meta({ description: "What else it may have meant" }),
      })
      .nullable()
      .meta({
        description:
          "How `bought` was read, if it could have meant another day: 03/04/20 is 4 March, with the month first. Null when it was clear",
      }),
    openingPriceUsd: z
      .number()
      .positive()
      .meta({ description: "US dollars: the average over the weeks of buying" }),
    closingPriceUsd: z
      .number()
      .positive()
      .meta({ description: "US dollars: the average over the weeks of selling" }),
    stakeUsd: usd,
    ambiguousAmount: z
      .strictObject({
        typed: z.string(),
        amount: z.number().meta({ description: "What it was read as" }),
        currency: z.string().meta({ description: "ISO 4217" }),
        alternative: z.number().meta({ description: "What else it may have meant" }),
      })
      .nullable()
      .meta({
        description:
          "How `amount` was read, if it could have meant another: 1.000 is one, with a decimal point. Null when it was clear",
      }),
    coins: z.number().meta({ description: "How many coins the stake bought" }),
    proceedsUsd: usd,
    profitUsd: usd,
    growthFactor: z
      .number()
      .meta({ description: "Profit / stake: 0 is break-even, -1 is all lost" }),
    carPriceUsd: z.number().min(CAR_PRICE_LIMITS_USD.min).meta({ description: "US dollars" }),
    lambos: z.number().min(0),
    verdict: z.enum(["yes", "no"]),
    bestDay: LamboDayJson,
    peak: LamboDayJson,
    firstLamboOn: z.iso.date().nullable(),
    stakeForOneLamboUsd: z.number().nullable().meta({
      description:
        "The least stake that buys one Lambo, in US dollars; null when the coin grew by less than 0.1 %",
    }),
    flags: z.array(z.enum(FLAGS)).readonly(),
    oddCloses: z
      .array(z.strictObject({ on: day, priceUsd: price }))
      .readonly()
      .meta({
        description:
          "Recorded closes that count for nothing because they stand too far from the closes around them, ascending; usually empty. " +
          "A newest one counts from its fourth day, if the price stays there",
      }),
    sources: z
      .array(z.strictObject({ name: z.string(), url: z.url(), from: day, to: day }))
      .readonly(),
    asOf: z.iso.datetime().meta({ description: "When the newest price was asked for" }),
  })
  .meta({
    description:
      "One purchase: bought at the mean of the daily closes of the first 28 calendar days on record, sold at the mean of the last 28. " +
      "With the flag `exchange-listing-only` the first mean is that of an exchange's first four weekly closes.",
  });

/** The body of `GET /api/v1/wen`. */
export const WenJson = z
  .strictObject({
    ...ValuationJson.pick({
      ...{ coinId: true, name: true, symbol: true, takenFor: true, firstRecordedOn: true },
      ...{ openingPriceUsd: true, stakeUsd: true, ambiguousAmount: true, carPriceUsd: true },
    }).shape,
    neededPriceUsd: price.meta({
      description: "US dollars: openingPriceUsd × (1 + carPriceUsd / stakeUsd)",
    }),
    latest: z
      .strictObject({ on: day, priceUsd: price })
      .meta({ description: "The newest close that counts" }),
    timesLatest: z
      .number()
      .positive()
      .meta({ description: "neededPriceUsd / latest.priceUsd: 15 is fifteen times as much" }),
    isThere: z.boolean().meta({
      description: "Whether the latest close is worth one Lamborghini, the weeks of buying over",
    }),
    lastThereOn: z.iso.date().nullable().meta({
      description: "The last day after the weeks of buying that closed there; null when none did",
    }),
    isRecordWhole: z.boolean().meta({
      description: "Whether the record has all days, so that a `lastThereOn` of null means never",
    }),
    closest: z
      .strictObject({
        on: day,
        priceUsd: price,
        share: z.number().positive().meta({ description: "priceUsd / neededPriceUsd" }),
      })
      .nullable()
      .meta({ description: "The highest close after the weeks of buying; null without any" }),
    ...ValuationJson.pick({ flags: true, oddCloses: true, sources: true, asOf: true }).shape,
  })
  .meta({
    description: "What one coin would have to be worth for a stake at its listing to buy a car.",
  });

/** The body of `GET /api/v1/compare`. */
export const ComparisonJson = z
  .strictObject({
    from: z.enum(COMPARISON_STARTS),
    result: z.enum(["won", "lost-least", "tied"]).meta({
      description:
        "`lost-least` when every coin lost money, `tied` when the first two came to the same within half a percent",
    }),
    factor: z.number().min(1).meta({
      description: "What the first coin came to, divided by what the second came to",
    }),
    coins: z
      .array(ValuationJson)
      .min(2)
      .max(MAX_COMPARED)
      .readonly()
      .meta({ description: "The one that came to the most first" }),
    refused: z
      .array(
        z.strictObject({
          reason: z.string(),
          message: z.string(),
          candidates: z
            .array(z.string())
            .readonly()
            .meta({ description: "What to ask for instead" }),
        }),
      )
      .readonly()
      .meta({ description: "The coins that are not compared, and why" }),
  })
  .meta({ description: "The same purchase of two to four coins" });

/** The body of a refusal of the JSON API (RFC 9457). */
const ProblemJson = z
  .looseObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int().min(400),
    detail: z.string().optional(),
    reason: z.string().optional().meta({
      description: "One of a closed list: unknown-coin, ambiguous-coin, too-new, no-rate and so on",
    }),
    candidates: z.array(z.string()).optional().meta({
      description:
        "What to ask for instead, when several coins answer to a name, or a name is near to theirs",
    }),
    askAgainOn: day.optional(),
  })
  .meta({ description: "RFC 9457" });

/** The original web version's answer, under its own names. */
const ProcessedAnswerJson = z.strictObject({
  NUMBERCOINS: z.number(),
  PROFIT: z.number().meta({ description: "US dollars, two digits" }),
  GROWTHFACTOR: z.number().meta({ description: "Profit / investment, two digits" }),
  LAMBOS: z.number().min(0).meta({ description: "In average Lamborghinis, two digits" }),
  INVESTMENT: z.number().meta({ description: "US dollars" }),
  SYMBOL: z.string().meta({ description: "As it was asked for" }),
  GENERATIONDATE: z.iso.datetime().meta({ description: "When the answer was made" }),
});

/** The body of the original web version's answers. */
export const ProcessedJson = z.strictObject({
  message: ProcessedAnswerJson,
  result: ProcessedAnswerJson,
  graph_data: z.string().meta({
    contentMediaType: "application/json",
    description:
      'Weekly closes, not the daily ones behind `message`: a JSON text of [{"x": day, "y": price}, …]',
  }),
});

const said = z.enum([
  "Symbol doesn't exist",
  "Invalid investment amount",
  "failure",
  "Server Failure",
]);

/** What the original web version said when it had no answer: the same under all three names. */
export const RefusedJson = z.strictObject({ message: said, result: said, graph_data: said });

const COMPONENTS = {
  Valuation: ValuationJson,
  Wen: WenJson,
  Comparison: ComparisonJson,
  LamboDay: LamboDayJson,
  Problem: ProblemJson,
  Processed: ProcessedJson,
  ProcessedAnswer: ProcessedAnswerJson,
  Refused: RefusedJson,
};

type ComponentName = keyof typeof COMPONENTS;

/** A reference to one of {@link componentSchemas}. */
export const componentRef = (name: ComponentName) => ({ $ref: `#/components/schemas/${name}` });

/** The JSON API's bodies as JSON Schemas for the `components` of an OpenAPI document. */
export function componentSchemas(): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    override: withoutExtras,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema, $id, ...schema }]) => [name, schema]),
  );
}

/** Drops what zod adds beyond a schema's meaning: patterns besides formats, safe-integer bounds. */
const withoutExtras: NonNullable<z.core.ToJSONSchemaParams["override"]> = ({
  jsonSchema: made,
}) => {
  if (made.format !== undefined) delete made.pattern;
  if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum;
  if (isEmpty(made.additionalProperties)) delete made.additionalProperties;
  delete made.readOnly;
};

function isEmpty(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && Object.keys(schema).length === 0;
}
