import { COMPARISON_STARTS } from "../questions/comparison.ts";
import { STAKE_LIMITS_USD } from "../questions/purchase.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";
import { componentRef, componentSchemas } from "./api-schemas.ts";

const problemResponse = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: componentRef("Problem") } },
});

const jsonResponse = (description: string, schema: object) => ({
  description,
  content: { "application/json": { schema } },
});

const tooManyRequests = problemResponse("Too many requests of one address");

/** The operation at one of the paths of the original web version. */
function processRequest(operationId: string, versions: string) {
  return {
    get: {
      operationId,
      summary: `The original web version's answer, where clients of ${versions} look for it`,
      description:
        "With or without a slash at the end. In `message` and `result` the coin is bought at the mean of the daily closes of its first 28 " +
        "calendar days and sold at the mean of the last 28, as everywhere in this API. `graph_data` shows weekly closes, the last one of each " +
        "finished week from Monday to Sunday (UTC): neither mean can be read off the graph, nor computed from its first and last four points.",
      tags: ["original"],
      security: [{}, { originalKey: [] }],
      parameters: [
        {
          name: "symbol",
          in: "query",
          schema: { type: "string" },
          description: "The coin's symbol, in capitals or not",
        },
        {
          name: "investment",
          in: "query",
          required: true,
          schema: { type: "number", exclusiveMinimum: 0 },
          description: "What was spent, in US dollars",
        },
      ],
      responses: {
        200: jsonResponse("The answer, or that there is no such symbol", {
          oneOf: [componentRef("Processed"), componentRef("Refused")],
        }),
        400: jsonResponse("The investment is missing or malformed", componentRef("Refused")),
        429: tooManyRequests,
        503: jsonResponse("Prices cannot be had right now", componentRef("Refused")),
      },
    },
  } as const;
}

/** One coin and one purchase, as a query. */
const PURCHASE_PARAMETERS = [
  {
    name: "coin",
    in: "query",
    required: true,
    schema: { type: "string", maxLength: 300 },
    description:
      "Name, symbol or CoinGecko's coin id, even with a slip in it (see takenFor); `id:` and an id is that coin alone",
  },
  {
    name: "amount",
    in: "query",
    schema: { type: "string", maxLength: 100, default: "1000" },
    description: `What was spent, as people write it: 1000, 1.5k, 500€, EUR 500. Separators are read as in English; from ${STAKE_LIMITS_USD.min} to ${STAKE_LIMITS_USD.max} US dollars`,
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
    schema: { type: "string", pattern: "^[A-Za-z]{3}$" },
    description:
      "What `amount` is in, at today's rate, unless it names its currency itself; USD when neither does. The answer is in US dollars",
  },
] as const;

const [, ...STAKE_PARAMETERS] = PURCHASE_PARAMETERS;
const BOUGHT_PARAMETER = {
  name: "bought",
  in: "query",
  schema: { type: "string", maxLength: 100 },
  description:
    "The day of buying instead of the listing, as people write it in English: 2017-12-17, 17 Dec 2017, Dec 2017, a year ago, or `peak` for the day of the highest close. " +
    "The coin is bought over the 28 days from there",
} as const;

/** The responses of an operation that answers about one purchase, or refuses. */
const answerResponses = (description: string, schema: object) => ({
  200: jsonResponse(description, schema),
  304: { description: "Unchanged since the given ETag" },
  400: problemResponse("A parameter that means nothing"),
  404: problemResponse("No such coin, or none that can be valued"),
  409: problemResponse("Several coins answer to the name"),
  429: tooManyRequests,
  503: problemResponse(
    "Prices, or an exchange rate for the currency (no-rate), cannot be had right now",
  ),
});

/**
 * The JSON API as an OpenAPI 3.1 document, served at `/api/v1/openapi.json` with the address of the
 * installation filled in ({@link openApi}). Tests check it against real responses and with a strict
 * linter.
 */
export const OPEN_API = {
  openapi: "3.1.0",
  info: {
    title: "Dude, Where's My Lambo",
    version: "1",
    description:
      "If you had bought a coin when it was first listed and sold it over the last month: how many Lamborghinis? Data provided by CoinGecko.",
    contact: { name: "The people who run this bot" },
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "/", description: "Where this document is served" }],
  // Nobody needs a key.
  security: [],
  tags: [
    { name: "answers", description: "What a purchase would be worth, in Lamborghinis" },
    { name: "original", description: "What clients of the original web version ask for" },
    { name: "description", description: "What this API can do" },
  ],
  paths: {
    "/api/v1/valuation": {
      get: {
        operationId: "valuation",
        summary: "Values one purchase",
        description:
          "What a stake would be worth if it had been spent on a coin when that was first listed, in US dollars and in Lamborghinis.",
        tags: ["answers"],
        parameters: [...PURCHASE_PARAMETERS, BOUGHT_PARAMETER],
        responses: answerResponses(
          "The valuation; unchanged until the next day's prices",
          componentRef("Valuation"),
        ),
      },
    },
    "/api/v1/wen": {
      get: {
        operationId: "wen",
        summary: "What one coin would have to be worth",
        description:
          "The price at which a stake that was spent on a coin when that was first listed would be worth exactly one Lamborghini, how far that is " +
          "from the latest close, and how close to it the coin has come. It says nothing about what is to come.",
        tags: ["answers"],
        parameters: [...PURCHASE_PARAMETERS],
        responses: answerResponses(
          "The needed price; unchanged until the next day's prices",
          componentRef("Wen"),
        ),
      },
    },
    "/api/v1/compare": {
      get: {
        operationId: "compare",
        summary: "Compares the same purchase of two to four coins",
        description:
          "The valuations of the coins, the one that came to the most first. A coin that cannot be valued is in `refused`, and the others are compared without it.",
        tags: ["answers"],
        parameters: [
          {
            name: "coins",
            in: "query",
            schema: { type: "string", maxLength: 600 },
            description:
              "Two to four coins between commas, each as `coin` of a valuation. `coin` may be given several times instead",
          },
          {
            name: "coin",
            in: "query",
            schema: { type: "array", items: { type: "string", maxLength: 300 }, maxItems: 4 },
            style: "form",
            explode: true,
            description: "One of the coins",
          },
          {
            name: "from",
            in: "query",
            schema: { type: "string", enum: COMPARISON_STARTS, default: "each" },
            description:
              "From when each coin is bought: its own listing, or that of the coin that was listed last",
          },
          ...STAKE_PARAMETERS,
        ],
        responses: answerResponses(
          "The comparison; unchanged until the next day's prices",
          componentRef("Comparison"),
        ),
      },
    },
    "/api/v1/process_request": processRequest("processRequest", "Django, and of late Flask"),
    "/api/v1/project/core/process_request": processRequest("processRequestFlask", "Flask"),
    "/api/process_request": processRequest("processRequestNext", "Next.js and SvelteKit"),
    "/process_request": processRequest("processRequestFastApi", "FastAPI and Express"),
    "/api/v1/openapi.json": {
      get: {
        operationId: "openApi",
        summary: "This document",
        description: "The description of this API, for programs that write clients.",
        tags: ["description"],
        responses: {
          200: jsonResponse("OpenAPI 3.1", { type: "object" }),
          429: tooManyRequests,
        },
      },
    },
  },
  components: {
    schemas: componentSchemas(),
    securitySchemes: {
      originalKey: {
        type: "apiKey",
        in: "header",
        name: "x-api-key",
        description: "Clients of the original web version send a key; any is accepted",
      },
    },
  },
} as const;

/**
 * {@link OPEN_API} with the address that the installation is known by; without one, the paths
 * belong to wherever the document came from.
 */
export function openApi(publicUrl: string | undefined): object {
  if (publicUrl === undefined) return OPEN_API;
  const url = publicUrl.replace(/\/+$/, "");
  return { ...OPEN_API, servers: [{ url, description: "This installation" }] };
}
