import type { JsonObject } from "./json.ts";

/**
 * An answer of Discord's REST API that is not a success.
 * https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
 */
export class RestError extends Error {
  readonly status: number;
  readonly body: JsonObject;

  constructor(status: number, code: number, message: string, errors?: JsonObject) {
    super(message);
    this.name = "RestError";
    this.status = status;
    this.body = { message, code, ...(errors && { errors }) };
  }
}

/** The errors that the fake gives by name. */
export const restErrors = {
  unauthorized: () => new RestError(401, 0, "401: Unauthorized"),
  notFound: () => new RestError(404, 0, "404: Not Found"),
  methodNotAllowed: () => new RestError(405, 0, "405: Method Not Allowed"),
  unknownChannel: () => new RestError(404, 10003, "Unknown Channel"),
  unknownGuild: () => new RestError(404, 10004, "Unknown Guild"),
  unknownMember: () => new RestError(404, 10007, "Unknown Member"),
  unknownMessage: () => new RestError(404, 10008, "Unknown Message"),
  unknownUser: () => new RestError(404, 10013, "Unknown User"),
  unknownWebhook: () => new RestError(404, 10015, "Unknown Webhook"),
  unknownInteraction: () => new RestError(404, 10062, "Unknown interaction"),
  unknownCommand: () => new RestError(404, 10063, "Unknown application command"),
  unknownApplication: () => new RestError(404, 10002, "Unknown Application"),
  tooManyCommands: () =>
    new RestError(400, 30032, "Maximum number of application commands reached (100)."),
  entityTooLarge: () => new RestError(413, 40005, "Request entity too large"),
  alreadyCrossposted: () => new RestError(400, 40033, "This message has already been crossposted."),
  alreadyAcknowledged: () =>
    new RestError(400, 40060, "Interaction has already been acknowledged."),
  missingAccess: () => new RestError(403, 50001, "Missing Access"),
  otherUsersMessage: () =>
    new RestError(403, 50005, "Cannot edit a message authored by another user"),
  emptyMessage: () => new RestError(400, 50006, "Cannot send an empty message"),
  cannotMessageUser: () => new RestError(403, 50007, "Cannot send messages to this user"),
  notTextChannel: () => new RestError(400, 50008, "Cannot send messages in a non-text channel"),
  missingPermissions: () => new RestError(403, 50013, "Missing Permissions"),
  wrongChannelType: () => new RestError(400, 50024, "Cannot execute action on this channel type"),
  invalidWebhookToken: () => new RestError(401, 50027, "Invalid Webhook Token"),
  archivedThread: () => new RestError(400, 50083, "Thread is archived"),
  invalidJson: () => new RestError(400, 50109, "The request body contains invalid JSON."),
} as const;

/** Collects the faults of one form, in Discord's nested shape, and throws them as code 50035. */
export class FormFaults {
  readonly #root: JsonObject = {};
  #count = 0;

  /** Notes one fault at a path such as `["embeds", 0, "title"]`. */
  add(path: readonly (string | number)[], code: string, message: string): void {
    this.#count += 1;
    let node = this.#root;
    for (const step of path) {
      const key = String(step);
      const next = node[key];
      // Every value under a key other than _errors was put there by this method and is an object.
      const child = typeof next === "object" && next !== null ? (next as JsonObject) : {};
      node[key] = child;
      node = child;
    }
    const list = Array.isArray(node["_errors"]) ? node["_errors"] : [];
    node["_errors"] = [...list, { code, message }];
  }

  /** Throws 50035 when anything was noted. */
  throwIfAny(): void {
    if (this.#count > 0) throw new RestError(400, 50035, "Invalid Form Body", this.#root);
  }

  required(path: readonly (string | number)[]): void {
    this.add(path, "BASE_TYPE_REQUIRED", "This field is required");
  }

  /** Discord counts code points, not UTF-16 units. */
  length(
    path: readonly (string | number)[],
    value: unknown,
    limits: { min?: number; max: number },
  ): void {
    if (value === undefined || value === null) return;
    if (typeof value !== "string") {
      this.add(path, "STRING_TYPE_CONVERT", `Could not interpret "${String(value)}" as string.`);
      return;
    }
    const length = [...value].length;
    const min = limits.min ?? 0;
    if (length > limits.max && min === 0)
      this.add(path, "BASE_TYPE_MAX_LENGTH", `Must be ${limits.max} or fewer in length.`);
    else if (length > limits.max || length < min) {
      this.add(path, "BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${limits.max} in length.`);
    }
  }
}
