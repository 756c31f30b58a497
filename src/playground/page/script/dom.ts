/**
 * An element's attributes, and its listeners under names such as `onclick`. `false` and `undefined`
 * leave an attribute out.
 */
export type Attributes = Readonly<
  Record<string, string | number | boolean | undefined | ((event: Event) => void)>
>;

/** Makes an element. Strings become text nodes: no string is ever parsed as HTML. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(attribute.slice(2), value);
    else if (value === true) element.setAttribute(attribute, "");
    else if (value !== undefined && value !== false) element.setAttribute(attribute, String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** An icon of one outlined path on a 24 × 24 grid, hidden from screen readers. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** The icon of what removes something. */
export const CROSS = "M7 7l10 10M17 7L7 17";

/** The element with this id in the HTML that the server wrote. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no ${id}.`);
  return element;
}

/** Makes a screen reader say what others can see. */
export function announce(sentence: string): void {
  byId("announcer", HTMLElement).textContent = sentence;
}
