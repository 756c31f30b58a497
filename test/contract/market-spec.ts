import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { MarketRequest } from "../support/fake-market/request-log.ts";

const specsFolder = fileURLToPath(new URL("../../../shared/specs/", import.meta.url));

/**
 * Whether the providers' OpenAPI files are there: `describe.skipIf(!marketSpecs.available)`; `note`
 * ends such a test's title with the reason.
 */
export const marketSpecs: { readonly available: boolean; readonly note: string } = existsSync(
  specsFolder,
)
  ? { available: true, note: "" }
  : { available: false, note: ` (skipped: no ${specsFolder})` };

/**
 * What is wrong with a request that the fake market received, by the provider's own OpenAPI file
 * (Kraken: by its documentation): undocumented path, missing, unknown or malformed parameter,
 * another host's key header. Empty when all is well. Without the files, only the fake's own
 * complaints.
 */
export function checkMarketRequest(request: MarketRequest): string[] {
  const complaints = [...request.violations];
  const operation = operationOf(request);
  if (operation === undefined) return complaints;
  if (operation === "undocumented") return [...complaints, `${request.path} is not documented`];

  for (const [name, text] of Object.entries(request.query)) {
    const check = operation.parameters.get(name);
    if (check === undefined)
      complaints.push(`parameter ${name} is not documented for ${operation.template}`);
    else if (!check.validate({ value: text }))
      complaints.push(`${name}=${text} ${check.validate.errors?.[0]?.message ?? "is malformed"}`);
  }
  for (const [name, { required }] of operation.parameters) {
    if (required && !(name in request.query))
      complaints.push(`parameter ${name} is missing for ${operation.template}`);
  }
  for (const header of Object.keys(request.headers)) {
    if (header.startsWith("x-cg-") && header !== operation.keyHeader)
      complaints.push(`header ${header} does not belong to this host`);
  }
  return complaints;
}

/**
 * What is wrong with the body of a 200 response, by the provider's own OpenAPI file, read strictly:
 * a property that is not documented is wrong too. Empty when all is well; throws when the files are
 * absent or do not know the path.
 */
export function checkMarketAnswer(
  request: Pick<MarketRequest, "provider" | "host" | "path">,
  body: unknown,
): string[] {
  const operation = operationOf(request);
  if (typeof operation !== "object" || operation.answer === undefined)
    throw new Error(`no OpenAPI file describes ${request.provider} ${request.path}`);
  if (operation.answer(body)) return [];
  return (operation.answer.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

type Operation = {
  readonly template: string;
  readonly parameters: ReadonlyMap<
    string,
    { readonly required: boolean; readonly validate: ValidateFunction }
  >;
  readonly answer: ValidateFunction | undefined;
  /** The header that carries this host's key. */
  readonly keyHeader: string | undefined;
};
type SpecId = "coingecko/demo-api.json" | "coingecko/pro-api.json" | "defillama/openapi-free.json";
type JsonObject = Readonly<Record<string, unknown>>;

const answers = addFormats.default(new Ajv({ strict: false, allErrors: true }));
// Query values arrive as text, whatever type they stand for.
const parameters = new Ajv({ strict: false, coerceTypes: true });

/**
 * https://docs.kraken.com/api/docs/rest-api/get-ohlc-data, checked 2026-11; there is no OpenAPI
 * file of it here.
 */
const krakenOhlc: Operation = {
  template: "/0/public/OHLC",
  parameters: new Map([
    ["pair", parameterCheck({ type: "string", minLength: 1 }, true)],
    [
      "interval",
      parameterCheck({ type: "integer", enum: [1, 5, 15, 30, 60, 240, 1440, 10080, 21600] }, false),
    ],
    ["since", parameterCheck({ type: "integer" }, false)],
  ]),
  answer: undefined,
  keyHeader: undefined,
};

/** https://api.frankfurter.dev/v2/openapi.json, checked 2026-11; there is no copy of it here. */
const frankfurterRates: Operation = {
  template: "/v2/rates",
  parameters: new Map([
    ["base", parameterCheck({ type: "string", pattern: "^[A-Z]{3}$" }, false)],
    ["quotes", parameterCheck({ type: "string", pattern: "^[A-Z]{3}(,[A-Z]{3})*$" }, false)],
    ["date", parameterCheck({ type: "string" }, false)],
  ]),
  answer: undefined,
  keyHeader: undefined,
};

const specs = new Map<SpecId, JsonObject>();
const operations = new Map<string, Operation>();

function operationOf({
  provider,
  host,
  path,
}: Pick<MarketRequest, "provider" | "host" | "path">): Operation | "undocumented" | undefined {
  if (provider === "frankfurter")
    return path === frankfurterRates.template ? frankfurterRates : "undocumented";
  if (provider === "kraken") return path === krakenOhlc.template ? krakenOhlc : "undocumented";
  // Its OpenAPI file is not here; the fake itself complains about what the documentation does not
  // have.
  if (provider === "coinmetrics" || !marketSpecs.available) return undefined;
  const specId =
    provider === "defillama"
      ? "defillama/openapi-free.json"
      : host === "pro"
        ? "coingecko/pro-api.json"
        : "coingecko/demo-api.json";
  const spec = specOf(specId);
  const template = templateOf(spec, path);
  if (template === undefined) return "undocumented";
  const known = operations.get(`${specId} ${template}`) ?? readOperation(spec, template);
  operations.set(`${specId} ${template}`, known);
  return known;
}

function specOf(specId: SpecId): JsonObject {
  const known =
    specs.get(specId) ?? objectOf(JSON.parse(readFileSync(specsFolder + specId, "utf8")));
  specs.set(specId, known);
  return known;
}

/**
 * The documented path that matches, the one with the fewest placeholders first: /coins/markets is
 * not the coin "markets".
 */
function templateOf(spec: JsonObject, path: string): string | undefined {
  return Object.keys(objectOf(spec["paths"]))
    .filter((template) => isServedHere(objectOf(objectOf(spec["paths"])[template])))
    .filter((template) => new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path))
    .sort((a, b) => a.split("{").length - b.split("{").length)[0];
}

/**
 * DefiLlama's file describes several hosts, with the same path on two of them; only one has prices.
 */
function isServedHere(pathItem: JsonObject): boolean {
  const servers = objectOf(pathItem["get"])["servers"];
  return (
    !Array.isArray(servers) ||
    servers.some((server) => objectOf(server)["url"] === "https://coins.llama.fi")
  );
}

function readOperation(spec: JsonObject, template: string): Operation {
  const operation = objectOf(objectOf(objectOf(spec["paths"])[template])["get"]);
  const documented = Array.isArray(operation["parameters"])
    ? operation["parameters"].map((parameter) => objectOf(inlined(spec, parameter)))
    : [];
  const ok = objectOf(inlined(spec, objectOf(operation["responses"])["200"]));
  const schema = objectOf(objectOf(ok["content"])["application/json"])["schema"];
  const keyScheme = objectOf(
    objectOf(objectOf(spec["components"])["securitySchemes"])["headerAuth"],
  );
  return {
    template,
    parameters: new Map(
      documented
        .filter((parameter) => parameter["in"] === "query")
        .map((parameter) => [
          String(parameter["name"]),
          parameterCheck(objectOf(parameter["schema"]), parameter["required"] === true),
        ]),
    ),
    answer: answers.compile(objectOf(closed(schema))),
    keyHeader: typeof keyScheme["name"] === "string" ? keyScheme["name"] : undefined,
  };
}

function parameterCheck(schema: JsonObject, required: boolean) {
  return {
    required,
    validate: parameters.compile({ type: "object", properties: { value: schema } }),
  };
}

/**
 * The same document part with every `$ref` replaced by what it refers to; the parts read here hold
 * no cycles.
 */
function inlined(spec: JsonObject, part: unknown): unknown {
  if (Array.isArray(part)) return part.map((item) => inlined(spec, item));
  if (!isObject(part)) return part;
  const reference = part["$ref"];
  if (typeof reference !== "string")
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [key, inlined(spec, value)]),
    );
  const target = reference
    .slice(2)
    .split("/")
    .reduce<unknown>((node, key) => objectOf(node)[key], spec);
  return inlined(spec, target);
}

/**
 * Forbids undocumented properties. DefiLlama documents one example coin as if it were a property:
 * its schema is meant for every coin.
 */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  const properties = inner["properties"];
  if (!isObject(properties) || "additionalProperties" in inner) return inner;
  const exampleCoin = Object.entries(properties).find(([name]) => name.includes(":"));
  if (exampleCoin === undefined) return { ...inner, additionalProperties: false };
  const { properties: _, ...rest } = inner;
  return { ...rest, additionalProperties: exampleCoin[1] };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
