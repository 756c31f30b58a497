/** Markup that may go into a page as it is: what {@link html} made, with everything escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What {@link html} takes: text and numbers are escaped, absent parts are left out. */
export type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

/**
 * Markup from a template: `html`<p title="${text}">${text}</p>``. Everything filled in is text,
 * even between the quotes of an attribute, unless it is markup itself.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0] ?? "";
  parts.forEach((part, at) => {
    text += shown(part) + (strings[at + 1] ?? "");
  });
  return new Html(text);
}

function shown(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (part === false || part === undefined) return "";
  if (typeof part === "number") return String(part);
  return typeof part === "string" ? escaped(part) : part.map(shown).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, which no page may hold, and halves of characters, which UTF-8 cannot. */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Cs}]/gu;

function escaped(text: string): string {
  return text.replace(UNPRINTABLE, "").replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
