import { isJsonObject, type JsonObject, jsonObjects, numberOf, textOf } from "./json.ts";
import { FormFaults } from "./rest-error.ts";

/**
 * Message flags. https://discord.com/developers/docs/resources/message#message-object-message-flags
 */
export const MessageFlag = {
  Crossposted: 1 << 0,
  SuppressEmbeds: 1 << 2,
  Ephemeral: 1 << 6,
  Loading: 1 << 7,
  ComponentsV2: 1 << 15,
} as const;

type Path = readonly (string | number)[];

const countOf = (value: unknown): number => (typeof value === "string" ? [...value].length : 0);

function checkUrl(
  faults: FormFaults,
  path: Path,
  value: unknown,
  attachmentNames: ReadonlySet<string> | undefined,
): void {
  const url = textOf(value);
  if (url === undefined) return;
  if (url.length > 2048) faults.length(path, url, { max: 2048 });
  if (url.startsWith("attachment://")) {
    if (!attachmentNames)
      faults.add(
        path,
        "URL_TYPE_INVALID_SCHEME",
        `Scheme "attachment" is not supported. Scheme must be one of ('http', 'https').`,
      );
    else if (!attachmentNames.has(url.slice("attachment://".length))) {
      faults.add(
        path,
        "ATTACHMENT_NOT_FOUND",
        `No attached file is named "${url.slice("attachment://".length)}".`,
      );
    }
    return;
  }
  if (!URL.canParse(url)) {
    faults.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
    return;
  }
  const scheme = new URL(url).protocol.slice(0, -1);
  if (scheme !== "http" && scheme !== "https") {
    faults.add(
      path,
      "URL_TYPE_INVALID_SCHEME",
      `Scheme "${scheme}" is not supported. Scheme must be one of ('http', 'https').`,
    );
  }
}

/**
 * Limits of https://discord.com/developers/docs/resources/message#embed-object-embed-limits
 * (checked 2026-11).
 */
function checkEmbed(
  faults: FormFaults,
  path: Path,
  embed: JsonObject,
  attachmentNames: ReadonlySet<string>,
): number {
  faults.length([...path, "title"], embed["title"], { max: 256 });
  faults.length([...path, "description"], embed["description"], { max: 4096 });
  checkUrl(faults, [...path, "url"], embed["url"], undefined);
  let total = countOf(embed["title"]) + countOf(embed["description"]);
  const author = embed["author"];
  if (isJsonObject(author)) {
    if (!textOf(author["name"])) faults.required([...path, "author", "name"]);
    faults.length([...path, "author", "name"], author["name"], { max: 256 });
    checkUrl(faults, [...path, "author", "url"], author["url"], undefined);
    checkUrl(faults, [...path, "author", "icon_url"], author["icon_url"], attachmentNames);
    total += countOf(author["name"]);
  }
  const footer = embed["footer"];
  if (isJsonObject(footer)) {
    if (!textOf(footer["text"])) faults.required([...path, "footer", "text"]);
    faults.length([...path, "footer", "text"], footer["text"], { max: 2048 });
    checkUrl(faults, [...path, "footer", "icon_url"], footer["icon_url"], attachmentNames);
    total += countOf(footer["text"]);
  }
  for (const key of ["image", "thumbnail"]) {
    const image = embed[key];
    if (!isJsonObject(image)) continue;
    if (!textOf(image["url"])) faults.required([...path, key, "url"]);
    checkUrl(faults, [...path, key, "url"], image["url"], attachmentNames);
  }
  const fields = jsonObjects(embed["fields"]);
  if (fields.length > 25)
    faults.add([...path, "fields"], "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  fields.forEach((field, index) => {
    for (const [key, max] of [
      ["name", 256],
      ["value", 1024],
    ] as const) {
      if (!textOf(field[key])?.trim()) faults.required([...path, "fields", index, key]);
      faults.length([...path, "fields", index, key], field[key], { max });
      total += countOf(field[key]);
    }
  });
  const color = embed["color"];
  if (
    color !== undefined &&
    color !== null &&
    !(Number.isInteger(color) && Number(color) >= 0 && Number(color) <= 0xffffff)
  ) {
    faults.add(
      [...path, "color"],
      "NUMBER_TYPE_MAX",
      "int value should be between 0 and 16777215.",
    );
  }
  const timestamp = embed["timestamp"];
  if (
    timestamp !== undefined &&
    timestamp !== null &&
    Number.isNaN(Date.parse(String(timestamp)))
  ) {
    faults.add(
      [...path, "timestamp"],
      "DATE_TIME_TYPE_PARSE",
      `Could not parse ${String(timestamp)}. Should be ISO8601.`,
    );
  }
  const visible = total > 0 || isJsonObject(embed["image"]) || isJsonObject(embed["thumbnail"]);
  if (!visible) faults.required([...path, "description"]);
  return total;
}

function checkButton(faults: FormFaults, path: Path, button: JsonObject): void {
  const style = numberOf(button["style"]);
  const customId = textOf(button["custom_id"]);
  if (style === undefined || style < 1 || style > 6) {
    faults.add([...path, "style"], "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.");
    return;
  }
  faults.length([...path, "label"], button["label"], { max: 80 });
  if (style === 5) {
    if (!textOf(button["url"]))
      faults.add([...path, "url"], "BUTTON_COMPONENT_URL_REQUIRED", "A url is required");
    if (customId !== undefined) {
      faults.add(
        [...path, "custom_id"],
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        "A custom id and url cannot both be specified",
      );
    }
  } else if (style !== 6) {
    if (!customId)
      faults.add(
        [...path, "custom_id"],
        "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
        "A custom id is required",
      );
    if (textOf(button["url"]) !== undefined)
      faults.add([...path, "url"], "BUTTON_COMPONENT_URL_NOT_ALLOWED", "A url cannot be specified");
  }
  if (style !== 6 && !textOf(button["label"]) && !isJsonObject(button["emoji"])) {
    faults.add([...path, "label"], "BUTTON_COMPONENT_INVALID", "A label or an emoji is required");
  }
}

function checkSelect(faults: FormFaults, path: Path, menu: JsonObject): void {
  if (!textOf(menu["custom_id"])) faults.required([...path, "custom_id"]);
  faults.length([...path, "placeholder"], menu["placeholder"], { max: 150 });
  const min = numberOf(menu["min_values"]) ?? 1;
  const max = numberOf(menu["max_values"]) ?? 1;
  if (min < 0 || min > 25)
    faults.add([...path, "min_values"], "NUMBER_TYPE_MAX", "int value should be between 0 and 25.");
  if (max < 1 || max > 25 || max < min)
    faults.add([...path, "max_values"], "NUMBER_TYPE_MAX", "int value should be between 1 and 25.");
  if (menu["type"] !== 3) return;
  const options = jsonObjects(menu["options"]);
  if (options.length < 1 || options.length > 25) {
    faults.add([...path, "options"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.");
  }
  if (max > options.length)
    faults.add(
      [...path, "max_values"],
      "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE",
      "More values than options.",
    );
  const seen = new Set<string>();
  options.forEach((option, index) => {
    for (const key of ["label", "value"]) {
      if (!textOf(option[key])) faults.required([...path, "options", index, key]);
      else faults.length([...path, "options", index, key], option[key], { max: 100 });
    }
    faults.length([...path, "options", index, "description"], option["description"], { max: 100 });
    const value = String(option["value"]);
    if (seen.has(value)) {
      faults.add(
        [...path, "options", index, "value"],
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        "The specified option value is already used",
      );
    }
    seen.add(value);
  });
  if (options.filter((option) => option["default"] === true).length > max) {
    faults.add(
      [...path, "options"],
      "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
      "More defaults than max_values.",
    );
  }
}

/** Limits of https://discord.com/developers/docs/components/reference (checked 2026-11). */
function checkComponents(
  faults: FormFaults,
  path: Path,
  components: readonly JsonObject[],
  isV2: boolean,
): void {
  const customIds = new Set<string>();
  const checkCustomId = (at: Path, component: JsonObject): void => {
    faults.length([...at, "custom_id"], component["custom_id"], { min: 1, max: 100 });
    const customId = textOf(component["custom_id"]);
    if (customId === undefined) return;
    if (customIds.has(customId)) {
      faults.add(
        [...at, "custom_id"],
        "COMPONENT_CUSTOM_ID_DUPLICATED",
        "Component custom id cannot be duplicated",
      );
    }
    customIds.add(customId);
  };
  let count = 0;
  let textLength = 0;
  const visit = (at: Path, component: JsonObject, parentType: number | undefined): void => {
    count += 1;
    const type = numberOf(component["type"]);
    checkCustomId(at, component);
    if (parentType === undefined && type !== undefined && type >= 2 && type <= 8) {
      faults.add(
        [...at, "type"],
        "UNION_TYPE_CHOICES",
        `Value of field "type" must be one of (${isV2 ? "1, 9, 10, 12, 13, 14, 17" : "1,"}).`,
      );
      return;
    }
    if (type === 2) {
      checkButton(faults, at, component);
      return;
    }
    if (type !== undefined && [3, 5, 6, 7, 8].includes(type)) {
      checkSelect(faults, at, component);
      return;
    }
    if (type === 1) {
      const children = jsonObjects(component["components"]);
      const buttons = children.filter((child) => child["type"] === 2).length;
      if (children.length < 1 || children.length > 5) {
        faults.add(
          [...at, "components"],
          "BASE_TYPE_BAD_LENGTH",
          "Must be between 1 and 5 in length.",
        );
      } else if (buttons !== children.length && children.length !== 1) {
        faults.add(
          [...at, "components"],
          "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
          "The specified component exceeds the maximum width",
        );
      }
      children.forEach((child, index) => {
        const childType = numberOf(child["type"]);
        if (childType === undefined || ![2, 3, 5, 6, 7, 8].includes(childType)) {
          faults.add(
            [...at, "components", index, "type"],
            "BASE_TYPE_CHOICES",
            'Value of field "type" must be one of (2, 3, 5, 6, 7, 8).',
          );
        } else visit([...at, "components", index], child, 1);
      });
      return;
    }
    if (!isV2) {
      faults.add(
        [...at, "type"],
        "UNION_TYPE_CHOICES",
        'Value of field "type" must be one of (1,).',
      );
      return;
    }
    if (type === 10) {
      textLength += countOf(component["content"]);
      if (!textOf(component["content"])) faults.required([...at, "content"]);
    } else if (type === 17 && parentType === undefined) {
      jsonObjects(component["components"]).forEach((child, index) => {
        visit([...at, "components", index], child, 17);
      });
    } else if (type === 9) {
      const texts = jsonObjects(component["components"]);
      if (texts.length < 1 || texts.length > 3)
        faults.add(
          [...at, "components"],
          "BASE_TYPE_BAD_LENGTH",
          "Must be between 1 and 3 in length.",
        );
      texts.forEach((child, index) => {
        visit([...at, "components", index], child, 9);
      });
      const accessory = component["accessory"];
      if (isJsonObject(accessory)) visit([...at, "accessory"], accessory, 9);
      else faults.required([...at, "accessory"]);
    } else if (type === 12) {
      const items = jsonObjects(component["items"]);
      if (items.length < 1 || items.length > 10)
        faults.add([...at, "items"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.");
    } else if (type !== 11 && type !== 13 && type !== 14) {
      faults.add(
        [...at, "type"],
        "UNION_TYPE_CHOICES",
        'Value of field "type" must be one of (1, 9, 10, 12, 13, 14, 17).',
      );
    }
  };
  components.forEach((component, index) => {
    visit([...path, index], component, undefined);
  });
  if (!isV2 && components.length > 5)
    faults.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.");
  if (count > 40 && isV2)
    faults.add(
      path,
      "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
      "The total number of components exceeds 40",
    );
  if (textLength > 4000)
    faults.add(
      path,
      "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
      "The displayable text size exceeds 4000",
    );
}

/**
 * Checks what a message would carry against Discord's own limits and throws Discord's 400 body
 * (code 50035). `attachmentNames` are the files that the message will have; `prefix` is where the
 * message sits in the body.
 */
export function checkMessageBody(
  body: JsonObject,
  context: { attachmentNames: ReadonlySet<string>; prefix?: readonly string[]; isV2: boolean },
): void {
  const faults = new FormFaults();
  const prefix = context.prefix ?? [];
  faults.length([...prefix, "content"], body["content"], { max: 2000 });
  for (const key of ["embeds", "components", "attachments"]) {
    const list = body[key] ?? [];
    if (!Array.isArray(list))
      faults.add([...prefix, key], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    else if (!list.every(isJsonObject))
      faults.add(
        [...prefix, key],
        "MODEL_TYPE_CONVERT",
        "Only dictionaries may be used in a ModelType",
      );
  }
  const embeds = jsonObjects(body["embeds"]);
  if (embeds.length > 10)
    faults.add([...prefix, "embeds"], "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
  let total = 0;
  embeds.forEach((embed, index) => {
    total += checkEmbed(faults, [...prefix, "embeds", index], embed, context.attachmentNames);
  });
  if (total > 6000)
    faults.add(
      [...prefix, "embeds"],
      "MAX_EMBED_SIZE_EXCEEDED",
      "Embed size exceeds maximum size of 6000",
    );
  checkComponents(faults, [...prefix, "components"], jsonObjects(body["components"]), context.isV2);
  if (context.isV2) {
    for (const key of ["content", "embeds", "poll", "sticker_ids"]) {
      const value = body[key];
      if (
        value !== undefined &&
        value !== null &&
        value !== "" &&
        !(Array.isArray(value) && value.length === 0)
      ) {
        faults.add(
          [...prefix, key],
          "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
          `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
        );
      }
    }
  }
  const mentions = body["allowed_mentions"];
  if (isJsonObject(mentions)) {
    const parse = Array.isArray(mentions["parse"]) ? mentions["parse"] : [];
    parse.forEach((kind, index) => {
      if (!["users", "roles", "everyone"].includes(String(kind))) {
        faults.add(
          [...prefix, "allowed_mentions", "parse", index],
          "BASE_TYPE_CHOICES",
          "Value must be one of ('users', 'everyone', 'roles').",
        );
      }
    });
    for (const kind of ["users", "roles"]) {
      const ids = mentions[kind];
      if (Array.isArray(ids) && ids.length > 0 && parse.includes(kind)) {
        faults.add(
          [...prefix, "allowed_mentions"],
          "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
          `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
        );
      }
    }
  }
  const nonce = body["nonce"];
  if (typeof nonce === "string") faults.length([...prefix, "nonce"], nonce, { max: 25 });
  if (body["tts"] !== undefined && body["tts"] !== null && typeof body["tts"] !== "boolean") {
    faults.add([...prefix, "tts"], "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
  }
  faults.throwIfAny();
}

/**
 * Checks the choices of an autocomplete answer.
 * https://discord.com/developers/docs/interactions/application-commands#autocomplete
 */
export function checkChoices(data: unknown): void {
  const faults = new FormFaults();
  if (!isJsonObject(data)) {
    faults.required(["data"]);
    faults.throwIfAny();
    return;
  }
  const choices = jsonObjects(data["choices"]);
  if (!Array.isArray(data["choices"])) faults.required(["data", "choices"]);
  if (choices.length > 25)
    faults.add(["data", "choices"], "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  choices.forEach((choice, index) => {
    faults.length(["data", "choices", index, "name"], choice["name"] ?? "", { min: 1, max: 100 });
    const value = choice["value"];
    if (value === undefined || value === null) faults.required(["data", "choices", index, "value"]);
    else if (typeof value === "string")
      faults.length(["data", "choices", index, "value"], value, { min: 1, max: 100 });
    else if (typeof value !== "number")
      faults.add(
        ["data", "choices", index, "value"],
        "BASE_TYPE_CHOICES",
        "Must be text or a number.",
      );
  });
  faults.throwIfAny();
}
