import { isJsonObject, type JsonObject, jsonObjects, numberOf, textOf } from "./json.ts";
import { FormFaults } from "./rest-error.ts";

type Path = readonly (string | number)[];

/** Components that a label may hold, and those that a modal may hold itself. */
const inLabel = [3, 4, 5, 6, 7, 8, 19, 21, 22, 23];
const topLevel = [1, 10, 18];

/**
 * Checks the `data` of a callback that opens a modal, and throws Discord's 400 body.
 * https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
 * and https://discord.com/developers/docs/components/reference (2026-11)
 */
export function checkModal(data: unknown): void {
  const faults = new FormFaults();
  if (!isJsonObject(data)) {
    faults.required(["data"]);
    faults.throwIfAny();
    return;
  }
  requiredText(faults, ["data", "custom_id"], data["custom_id"], 100);
  requiredText(faults, ["data", "title"], data["title"], 45);
  const components = jsonObjects(data["components"]);
  if (components.length < 1 || components.length > 5)
    faults.add(
      ["data", "components"],
      "BASE_TYPE_BAD_LENGTH",
      "Must be between 1 and 5 in length.",
    );
  const customIds = new Set<string>();
  components.forEach((component, index) => {
    checkPart(faults, ["data", "components", index], component, customIds);
  });
  faults.throwIfAny();
}

function checkPart(faults: FormFaults, path: Path, part: JsonObject, customIds: Set<string>): void {
  const type = numberOf(part["type"]);
  if (type === undefined || !topLevel.includes(type)) {
    faults.add(
      [...path, "type"],
      "UNION_TYPE_CHOICES",
      'Value of field "type" must be one of (1, 10, 18).',
    );
    return;
  }
  if (type === 1) {
    const children = jsonObjects(part["components"]);
    if (children.length !== 1 || children[0]?.["type"] !== 4)
      faults.add(
        [...path, "components"],
        "BASE_TYPE_BAD_LENGTH",
        "Must be 1 text input in length.",
      );
    for (const child of children) {
      requiredText(faults, [...path, "components", 0, "label"], child["label"], 45);
      checkTextInput(faults, [...path, "components", 0], child, customIds);
    }
  }
  if (type !== 18) return;
  requiredText(faults, [...path, "label"], part["label"], 45);
  faults.length([...path, "description"], part["description"], { max: 100 });
  const component = part["component"];
  const held = isJsonObject(component) ? numberOf(component["type"]) : undefined;
  if (!isJsonObject(component) || held === undefined || !inLabel.includes(held)) {
    faults.required([...path, "component"]);
    return;
  }
  if (held !== 4) return;
  if (component["label"] !== undefined)
    faults.add(
      [...path, "component", "label"],
      "COMPONENT_LABEL_NOT_ALLOWED",
      "A label cannot be specified in a label component",
    );
  checkTextInput(faults, [...path, "component"], component, customIds);
}

function checkTextInput(
  faults: FormFaults,
  path: Path,
  input: JsonObject,
  customIds: Set<string>,
): void {
  requiredText(faults, [...path, "custom_id"], input["custom_id"], 100);
  const customId = textOf(input["custom_id"]) ?? "";
  if (customIds.has(customId))
    faults.add(
      [...path, "custom_id"],
      "COMPONENT_CUSTOM_ID_DUPLICATED",
      "Component custom id cannot be duplicated",
    );
  customIds.add(customId);
  if (input["style"] !== 1 && input["style"] !== 2)
    faults.add([...path, "style"], "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.");
  const min = numberOf(input["min_length"]) ?? 0;
  const max = numberOf(input["max_length"]) ?? 4_000;
  if (min < 0 || min > 4_000 || max < 1 || max > 4_000 || min > max)
    faults.add([...path, "max_length"], "NUMBER_TYPE_MAX", "int value should be 1 to 4000.");
  faults.length([...path, "value"], input["value"], { max });
  faults.length([...path, "placeholder"], input["placeholder"], { max: 100 });
}

function requiredText(faults: FormFaults, path: Path, value: unknown, max: number): void {
  if (!textOf(value)) faults.required(path);
  else faults.length(path, value, { min: 1, max });
}

/** The text inputs of an opened modal. */
function textInputsOf(modal: JsonObject): readonly JsonObject[] {
  return jsonObjects(modal["components"]).flatMap((part) =>
    isJsonObject(part["component"]) ? [part["component"]] : jsonObjects(part["components"]),
  );
}

/** What Discord sends of a submitted modal. Throws where Discord would not let anybody send it. */
export function submittedData(
  modal: JsonObject,
  typed: Readonly<Record<string, string>>,
): JsonObject {
  const typedIn = (input: JsonObject): string => {
    const name = String(input["custom_id"]);
    const value = typed[name] ?? textOf(input["value"]) ?? "";
    const isMissing = value === "" && input["required"] !== false;
    if (isMissing || [...value].length > (numberOf(input["max_length"]) ?? 4_000))
      throw new Error(`Discord would not send "${value}" in the field "${name}".`);
    return value;
  };
  const unknown = Object.keys(typed).find(
    (name) => !textInputsOf(modal).some((input) => input["custom_id"] === name),
  );
  if (unknown !== undefined) throw new Error(`The modal has no field "${unknown}".`);
  const field = (input: JsonObject, id: number): JsonObject => ({
    type: 4,
    id,
    custom_id: input["custom_id"],
    value: typedIn(input),
  });
  return {
    custom_id: modal["custom_id"],
    components: jsonObjects(modal["components"]).map((part, index) => {
      const id = 2 * index + 1;
      return isJsonObject(part["component"])
        ? { type: 18, id, component: field(part["component"], id + 1) }
        : {
            type: 1,
            id,
            components: jsonObjects(part["components"]).map((input) => field(input, id + 1)),
          };
    }),
  };
}
