import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { commandNamePattern } from "../support/fake-discord/commands.ts";
import {
  isJsonObject,
  type JsonObject,
  jsonObjects,
  textOf,
} from "../support/fake-discord/json.ts";

/**
 * Where Discord's OpenAPI file lies on a developer's machine; it is not part of this repository.
 */
const specFile = fileURLToPath(
  new URL("../../../shared/specs/discord/openapi.json", import.meta.url),
);

/** A request to check: `path` is below `/api/v10`; `json` is the body or `payload_json`. */
export type RequestToCheck = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly json: unknown;
};

/** Discord's OpenAPI file as a judge of requests. */
export type DiscordSpec = {
  /** What is wrong with a request, one sentence each; empty when nothing is. */
  violations(request: RequestToCheck): string[];
  /** What is wrong with an answer to `method path`, one sentence each. */
  answerViolations(method: string, path: string, status: number, body: unknown): string[];
};

type Operation = {
  readonly template: string;
  readonly pointer: string;
  readonly definition: JsonObject;
  readonly shared: readonly JsonObject[];
};

/**
 * discord.js always sends these; the file does not know them on every message, nor `nsfw`
 * on commands.
 */
const toleratedProperties = {
  tts: { type: ["boolean", "null"] },
  enforce_nonce: { type: ["boolean", "null"] },
  nsfw: { type: ["boolean", "null"] },
};

/**
 * Closes every object of known properties, so that a misspelt member is noticed; answers stay open,
 * because Discord adds members at will.
 */
function closeObjects(node: unknown, insideAllOf = false): void {
  if (Array.isArray(node)) {
    for (const one of node) closeObjects(one, insideAllOf);
    return;
  }
  if (!isJsonObject(node)) return;
  const { properties } = node;
  if (isJsonObject(properties) && !("additionalProperties" in node) && !insideAllOf) {
    node["additionalProperties"] = false;
    for (const [name, schema] of Object.entries(toleratedProperties))
      if (!(name in properties)) properties[name] = schema;
    // Documented as text ("set of permissions represented as a bit set"), which the file forgets.
    if ("default_member_permissions" in properties) {
      properties["default_member_permissions"] = {
        anyOf: [properties["default_member_permissions"], { type: "string", pattern: "^[0-9]+$" }],
      };
    }
  }
  for (const [key, child] of Object.entries(node)) {
    if (key === "properties" && isJsonObject(child))
      for (const one of Object.values(child)) closeObjects(one);
    else closeObjects(child, key === "allOf");
  }
}

function createAjv(document: JsonObject): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  for (const format of ["snowflake", "nonce", "int32", "int64", "double", "float", "binary"])
    ajv.addFormat(format, true);
  ajv.addSchema({ ...document, $id: "discord" });
  return ajv;
}

const short = (path: string): string => path.replaceAll(/[A-Za-z0-9_-]{60,}/g, ":token");

function sentences(where: string, errors: readonly ErrorObject[] | null | undefined): string[] {
  // A failed union reports every branch: the deepest errors belong to the branch that was meant.
  const all = (errors ?? []).filter(
    (error) => error.keyword !== "oneOf" && error.keyword !== "anyOf",
  );
  const told = all.map((error) => {
    const extra =
      error.keyword === "additionalProperties"
        ? ` ("${String(error.params["additionalProperty"])}")`
        : "";
    return `${where}${error.instancePath || ""}: ${error.message ?? error.keyword}${extra}`;
  });
  return [...new Set(told)].slice(0, 8);
}

function commandFaults(where: string, command: JsonObject): string[] {
  const found: string[] = [];
  const check = (at: string, name: unknown): void => {
    const text = textOf(name) ?? "";
    if (!commandNamePattern.test(text) || text !== text.toLowerCase())
      found.push(`${at}: "${text}" is not a command or option name`);
  };
  const walk = (at: string, node: JsonObject): void => {
    check(at, node["name"]);
    jsonObjects(node["options"]).forEach((option, index) => {
      walk(`${at}/options/${index}`, option);
    });
  };
  if (command["type"] === undefined || command["type"] === 1) walk(where, command);
  return found;
}

function readSpec(file: string): DiscordSpec {
  // The file is Discord's published OpenAPI document: an object.
  const answers = JSON.parse(readFileSync(file, "utf8")) as JsonObject;
  const requests = structuredClone(answers);
  closeObjects(requests);
  const requestAjv = createAjv(requests);
  const answerAjv = createAjv(answers);
  const parameterAjv = new Ajv2020({ strict: false, coerceTypes: true, logger: false });
  addFormats.default(parameterAjv);
  for (const format of ["snowflake", "int32", "int64"]) parameterAjv.addFormat(format, true);
  parameterAjv.addSchema({ ...answers, $id: "discord" });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (ajv: Ajv2020, kind: string, schema: JsonObject): ValidateFunction => {
    const key = `${kind} ${JSON.stringify(schema)}`;
    const known = compiled.get(key);
    if (known) return known;
    const made = ajv.compile(schema);
    compiled.set(key, made);
    return made;
  };

  const operations = new Map<string, Operation[]>();
  const paths = isJsonObject(answers["paths"]) ? answers["paths"] : {};
  for (const [template, item] of Object.entries(paths)) {
    if (!isJsonObject(item)) continue;
    for (const method of ["get", "put", "post", "patch", "delete"]) {
      const definition = item[method];
      if (!isJsonObject(definition)) continue;
      const pointer = `discord#/paths/${encodeURIComponent(template.replaceAll("~", "~0").replaceAll("/", "~1"))}/${method}`;
      const list = operations.get(method.toUpperCase()) ?? [];
      list.push({ template, pointer, definition, shared: jsonObjects(item["parameters"]) });
      operations.set(method.toUpperCase(), list);
    }
  }

  const find = (method: string, path: string) => {
    // Clients write "@original" as "%40original".
    const segments = path.split("/").map(decodeURIComponent);
    let best: { operation: Operation; params: Map<string, string>; literal: number } | undefined;
    for (const operation of operations.get(method) ?? []) {
      const pattern = operation.template.split("/");
      if (pattern.length !== segments.length) continue;
      const params = new Map<string, string>();
      let literal = 0;
      const fits = pattern.every((segment, index) => {
        const value = segments[index] ?? "";
        if (!segment.startsWith("{")) {
          literal += 1;
          return segment === value;
        }
        params.set(segment.slice(1, -1), value);
        return true;
      });
      if (fits && (!best || literal > best.literal)) best = { operation, params, literal };
    }
    return best;
  };

  const checkParameters = (
    where: string,
    operation: Operation,
    params: Map<string, string>,
    query: URLSearchParams,
  ): string[] => {
    const declared = [...operation.shared, ...jsonObjects(operation.definition["parameters"])];
    const found: string[] = [];
    for (const parameter of declared) {
      const name = String(parameter["name"]);
      const raw = parameter["in"] === "path" ? params.get(name) : (query.get(name) ?? undefined);
      if (raw === undefined) {
        if (parameter["required"] === true) found.push(`${where}: parameter ${name} is missing`);
        continue;
      }
      const schema = isJsonObject(parameter["schema"]) ? parameter["schema"] : {};
      const ref = textOf(schema["$ref"]);
      const validate = validator(parameterAjv, "parameter", {
        type: "object",
        properties: { value: ref ? { $ref: `discord${ref}` } : schema },
      });
      if (!validate({ value: raw }))
        found.push(...sentences(`${where}: parameter ${name}`, validate.errors));
    }
    for (const name of query.keys()) {
      if (!declared.some((parameter) => parameter["in"] === "query" && parameter["name"] === name))
        found.push(`${where}: unknown query parameter ${name}`);
    }
    return found;
  };

  return {
    violations({ method, path, query, json }) {
      const where = `${method} ${short(path)}`;
      const match = find(method, path);
      if (!match) return [`${where}: Discord's OpenAPI file has no such operation`];
      const { operation, params } = match;
      const found = checkParameters(where, operation, params, query);
      const body = operation.definition["requestBody"];
      const content = isJsonObject(body) ? body["content"] : undefined;
      if (!isJsonObject(content)) {
        if (json !== undefined) found.push(`${where}: takes no body`);
        return found;
      }
      if (json === undefined) {
        if (isJsonObject(body) && body["required"] === true) found.push(`${where}: needs a body`);
        return found;
      }
      const validate = validator(requestAjv, "request", {
        $ref: `${operation.pointer}/requestBody/content/application~1json/schema`,
      });
      if (!validate(json)) found.push(...sentences(where, validate.errors));

      // What the file allows and Discord does not.
      const message = isJsonObject(json) ? json : {};
      const content2000 = textOf(message["content"]);
      if (content2000 !== undefined && [...content2000].length > 2000)
        found.push(`${where}/content: bots may send 2,000 characters`);
      if (
        path.endsWith("/callback") &&
        (message["type"] === 4 || message["type"] === 7) &&
        !isJsonObject(message["data"])
      ) {
        found.push(`${where}/data: callback type ${String(message["type"])} must carry data`);
      }
      if (/\/commands(\/\d+)?$/.test(path)) {
        const list = Array.isArray(json) ? jsonObjects(json) : method === "POST" ? [message] : [];
        list.forEach((command, index) => {
          found.push(...commandFaults(`${where}/${index}`, command));
        });
      }
      return found;
    },
    answerViolations(method, path, status, body) {
      const where = `${method} ${short(path)} -> ${status}`;
      const match = find(method, path);
      if (!match) return [`${where}: Discord's OpenAPI file has no such operation`];
      const responses = match.operation.definition["responses"];
      const answer = isJsonObject(responses) ? responses[String(status)] : undefined;
      if (!isJsonObject(answer)) return [`${where}: the file knows no such status`];
      if (!isJsonObject(answer["content"]))
        return body === undefined ? [] : [`${where}: has no body`];
      const schema = {
        $ref: `${match.operation.pointer}/responses/${status}/content/application~1json/schema`,
      };
      const validate = validator(answerAjv, "answer", schema);
      return validate(body) ? [] : sentences(where, validate.errors);
    },
  };
}

const loaded = new Map<string, DiscordSpec>();

/** Reads Discord's OpenAPI file once per process, or says why it cannot. */
export function loadDiscordSpec(file = specFile): DiscordSpec | { readonly missing: string } {
  if (!existsSync(file)) return { missing: `Discord's OpenAPI file is not there: ${file}` };
  const known = loaded.get(file) ?? readSpec(file);
  loaded.set(file, known);
  return known;
}
