import { CAR_PRICE_LIMITS_USD, STAKE_LIMITS_USD } from "../answer.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";
import { FLAGS } from "../valuation/price-record.ts";

const DAY = { type: "string", format: "date", description: "UTC day" } as const;
const USD = { type: "number", description: "US dollars" } as const;

const lamboDay = {
  type: "object",
  required: ["on", "priceUsd", "lambos"],
  additionalProperties: false,
  properties: {
    on: DAY,
    priceUsd: { ...USD, exclusiveMinimum: 0 },
    lambos: { type: "number", minimum: 0 },
  },
} as const;

const valuation = {
  type: "object",
  description:
    "One purchase: bought at the mean of the daily closes of the first 28 calendar days on record, sold at the mean of the last 28. " +
    "With the flag `exchange-listing-only` the first mean is that of an exchange's first four weekly closes.",
  required: [
    ...[
      "coinId",
      "name",
      "symbol",
      "firstRecordedOn",
      "openingPriceUsd",
      "closingPriceUsd",
      "stakeUsd",
      "coins",
      "proceedsUsd",
      "profitUsd",
    ],
    ...[
      "growthFactor",
      "carPriceUsd",
      "lambos",
      "verdict",
      "bestDay",
      "peak",
      "firstLamboOn",
      "stakeForOneLamboUsd",
      "flags",
      "oddCloses",
      "sources",
      "asOf",
    ],
  ],
  additionalProperties: false,
  properties: {
    coinId: { type: "string", description: "CoinGecko's coin id" },
    name: { type: "string" },
    symbol: { type: "string" },
    firstRecordedOn: DAY,
    openingPriceUsd: {
      ...USD,
      exclusiveMinimum: 0,
      description: "US dollars: the average over the weeks of buying",
    },
    closingPriceUsd: {
      ...USD,
      exclusiveMinimum: 0,
      description: "US dollars: the average over the weeks of selling",
    },
    stakeUsd: USD,
    coins: { type: "number", description: "How many coins the stake bought" },
    proceedsUsd: USD,
    profitUsd: USD,
    growthFactor: {
      type: "number",
      description: "Profit / stake: 0 is break-even, -1 is all lost",
    },
    carPriceUsd: { ...USD, minimum: CAR_PRICE_LIMITS_USD.min },
    lambos: { type: "number", minimum: 0 },
    verdict: { enum: ["yes", "no"] },
    bestDay: { $ref: "#/components/schemas/LamboDay" },
    peak: { $ref: "#/components/schemas/LamboDay" },
    firstLamboOn: { type: ["string", "null"], format: "date" },
    stakeForOneLamboUsd: {
      type: ["number", "null"],
      description:
        "The least stake that buys one Lambo, in US dollars; null when the coin grew by less than 0.1 %",
    },
    flags: { type: "array", items: { enum: FLAGS } },
    oddCloses: {
      type: "array",
      description:
        "Recorded closes that count for nothing because they stand too far from the closes around them, ascending; usually empty. " +
        "A newest one counts from its fourth day, if the price stays there",
      items: {
        type: "object",
        required: ["on", "priceUsd"],
        additionalProperties: false,
        properties: { on: DAY, priceUsd: { ...USD, exclusiveMinimum: 0 } },
      },
    },
    sources: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "url", "from", "to"],
        additionalProperties: false,
        properties: {
          name: { type: "string" },
          url: { type: "string", format: "uri" },
          from: DAY,
          to: DAY,
        },
      },
    },
    asOf: {
      type: "string",
      format: "date-time",
      description: "When the newest price was asked for",
    },
  },
} as const;

const problem = {
  type: "object",
  description: "RFC 9457",
  required: ["type", "title", "status"],
  properties: {
    type: { const: "about:blank" },
    title: { type: "string" },
    status: { type: "integer", minimum: 400 },
    detail: { type: "string" },
    reason: {
      type: "string",
      description: "One of a closed list: unknown-coin, ambiguous-coin, too-new, no-rate and so on",
    },
    candidates: {
      type: "array",
      items: { type: "string" },
      description: "What to ask for instead, when several coins answer to a name",
    },
    askAgainOn: DAY,
  },
} as const;

const processed = {
  type: "object",
  required: ["message", "graph_data"],
  additionalProperties: false,
  properties: {
    message: {
      type: "object",
      required: [
        "NUMBERCOINS",
        "PROFIT",
        "GROWTHFACTOR",
        "LAMBOS",
        "INVESTMENT",
        "SYMBOL",
        "GENERATIONDATE",
      ],
      additionalProperties: false,
      properties: {
        NUMBERCOINS: { type: "number" },
        PROFIT: { type: "number", description: "US dollars, two digits" },
        GROWTHFACTOR: { type: "number", description: "Profit / investment, two digits" },
        LAMBOS: { type: "number", minimum: 0, description: "In average Lamborghinis, two digits" },
        INVESTMENT: { type: "number" },
        SYMBOL: { type: "string" },
        GENERATIONDATE: { ...DAY, description: "UTC day on which the answer was made" },
      },
    },
    graph_data: {
      type: "string",
      contentMediaType: "application/json",
      description:
        'Weekly closes, not the daily ones behind `message`: a JSON text of [{"x": day, "y": price}, …]',
    },
  },
} as const;

const problemAnswer = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

const json = (description: string, schema: object) => ({
  description,
  content: { "application/json": { schema } },
});

const failure = {
  type: "object",
  required: ["message"],
  additionalProperties: false,
  properties: { message: { const: "failure" } },
} as const;

/**
 * The JSON API as an OpenAPI 3.1 document; served at `/api/v1/openapi.json`, and checked against
 * real answers by a test.
 */
export const OPEN_API = {
  openapi: "3.1.0",
  info: {
    title: "Dude, Where's My Lambo",
    version: "1",
    description:
      "If you had bought a coin when it was first listed and sold it over the last month: how many Lamborghinis? Data provided by CoinGecko.",
    license: { name: "MIT", identifier: "MIT" },
  },
  paths: {
    "/api/v1/valuation": {
      get: {
        operationId: "valuation",
        summary: "Values one purchase",
        parameters: [
          {
            name: "coin",
            in: "query",
            required: true,
            schema: { type: "string", maxLength: 100 },
            description: "Name, symbol, or CoinGecko's coin id",
          },
          {
            name: "amount",
            in: "query",
            schema: {
              type: "number",
              minimum: STAKE_LIMITS_USD.min,
              maximum: STAKE_LIMITS_USD.max,
              default: 1000,
            },
            description: "What was spent, a plain number",
          },
          {
            name: "car",
            in: "query",
            schema: { type: "string", default: "average" },
            description: LAMBO_MODELS.map(({ key }) => key).join(", "),
          },
          {
            name: "currency",
            in: "query",
            schema: { type: "string", pattern: "^[A-Za-z]{3}$", default: "USD" },
            description: "What `amount` is in, at today's rate; the answer is in US dollars",
          },
        ],
        responses: {
          200: json("The valuation; unchanged until the next day's prices", {
            $ref: "#/components/schemas/Valuation",
          }),
          304: { description: "Unchanged since the given ETag" },
          400: problemAnswer("A parameter that means nothing"),
          404: problemAnswer("No such coin, or none that can be valued"),
          409: problemAnswer("Several coins answer to the name"),
          429: problemAnswer("Too many requests of one address"),
          503: problemAnswer(
            "Prices, or an exchange rate for the currency (no-rate), cannot be had right now",
          ),
        },
      },
    },
    "/api/v1/process_request/": {
      get: {
        operationId: "processRequest",
        summary: "The original web backend's answer, with or without the last slash",
        description:
          "In `message` the coin is bought at the mean of the daily closes of its first 28 calendar days and sold at the mean of the " +
          "last 28, as everywhere in this API. `graph_data` shows weekly closes, the last one of each finished week from Monday to " +
          "Sunday (UTC): neither mean can be read off the graph, nor computed from its first and last four points.",
        parameters: [
          { name: "symbol", in: "query", schema: { type: "string" } },
          { name: "investment", in: "query", required: true, schema: { type: "number" } },
        ],
        responses: {
          200: json("The answer, or that there is no such symbol", {
            oneOf: [
              { $ref: "#/components/schemas/Processed" },
              { $ref: "#/components/schemas/UnknownSymbol" },
            ],
          }),
          400: json("The investment is missing or no number", failure),
          429: problemAnswer("Too many requests of one address"),
          503: json("Prices cannot be had right now", failure),
        },
      },
    },
    "/api/v1/openapi.json": {
      get: {
        operationId: "openApi",
        summary: "This document",
        responses: { 200: json("OpenAPI 3.1", { type: "object" }) },
      },
    },
  },
  components: {
    schemas: {
      Valuation: valuation,
      LamboDay: lamboDay,
      Problem: problem,
      Processed: processed,
      UnknownSymbol: {
        type: "object",
        required: ["message", "graph_data"],
        additionalProperties: false,
        properties: {
          message: { const: "Symbol doesn't exist" },
          graph_data: { const: "Symbol doesn't exist" },
        },
      },
    },
  },
} as const;
