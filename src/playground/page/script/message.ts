type Part =
  | string
  | { readonly placeholder: string }
  | { readonly choice: string; readonly options: ReadonlyMap<string, readonly Part[]> };

/** What fills in placeholders: text, an element, or a number that chooses a plural. */
type Values<Element> = Readonly<Record<string, string | number | Element>>;

/**
 * An ICU message with its placeholders filled in, as a sequence of texts and elements. Of the
 * format it knows what the catalogues use: placeholders, plurals and selects.
 */
export function filledIn<Element = never>(
  message: string,
  values: Values<Element>,
  plurals: Intl.PluralRules,
): (string | Element)[] {
  return resolved(new Reader(message).parts(), values, plurals);
}

function resolved<Element>(
  parts: readonly Part[],
  values: Values<Element>,
  plurals: Intl.PluralRules,
): (string | Element)[] {
  return parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    if ("placeholder" in part) {
      const value = values[part.placeholder] ?? "";
      return [typeof value === "number" ? String(value) : value];
    }
    const chosen = values[part.choice] ?? "";
    const option =
      typeof chosen === "number"
        ? (part.options.get(`=${chosen}`) ?? part.options.get(plurals.select(chosen)))
        : part.options.get(String(chosen));
    return resolved(option ?? part.options.get("other") ?? [], values, plurals);
  });
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Everything up to the brace that closes an option, or to the end. */
  parts(): readonly Part[] {
    const parts: Part[] = [];
    let literal = "";
    const endLiteral = () => {
      if (literal !== "") parts.push(literal);
      literal = "";
    };
    while (this.#at < this.#text.length && this.#text[this.#at] !== "}") {
      const quoted = /^'('|\{[^']*'|\}[^']*')/.exec(this.#text.slice(this.#at));
      if (quoted !== null) {
        literal += quoted[0] === "''" ? "'" : quoted[0].slice(1, -1);
        this.#at += quoted[0].length;
      } else if (this.#text[this.#at] === "{") {
        endLiteral();
        this.#at += 1;
        parts.push(this.#placeholder());
      } else {
        literal += this.#text[this.#at];
        this.#at += 1;
      }
    }
    endLiteral();
    return parts;
  }

  #placeholder(): Part {
    const name = this.#until(/[,}]/).trim();
    if (this.#text[this.#at] !== ",") {
      this.#at += 1;
      return { placeholder: name };
    }
    this.#at += 1;
    this.#until(/,/);
    this.#at += 1;
    const options = new Map<string, readonly Part[]>();
    for (let key = this.#until(/[{}]/).trim(); key !== ""; key = this.#until(/[{}]/).trim()) {
      this.#at += 1;
      options.set(key, this.parts());
      this.#at += 1;
    }
    this.#at += 1;
    return { choice: name, options };
  }

  #until(end: RegExp): string {
    const rest = this.#text.slice(this.#at);
    const length = rest.search(end);
    const read = length === -1 ? rest : rest.slice(0, length);
    this.#at += read.length;
    return read;
  }
}
