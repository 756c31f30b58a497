/** Whether a slash here begins a regular expression: after these, and not after a value. */
const BEFORE_REGEXP = /(?:^|[=(,:[!&|?{};+<>*%~^-]|\b(?:return|case))\s*$/;

/** Calls whose texts operators read, and nobody translates. */
const FOR_OPERATORS = /\b(?:log\??\.(?:debug|info|warn|error)|new (?:\w*Error|RegExp))$/;

/**
 * The texts in a TypeScript source that people may read: strings, and templates with "…" for each
 * of their expressions, whose own texts are listed too. Those of log lines and thrown errors are
 * left out; comments and regular expressions have none.
 */
export function literalsIn(source: string): readonly string[] {
  const found: string[] = [];
  let at = 0;

  function string(quote: string): void {
    const from = at;
    while (at < source.length && source[at] !== quote) at += source[at] === "\\" ? 2 : 1;
    found.push(source.slice(from, at));
    at += 1;
  }

  function template(): void {
    let text = "";
    while (at < source.length && source[at] !== "`") {
      if (source.startsWith("${", at)) {
        at += 2;
        code("}");
        text += "…";
      } else {
        const next = at + (source[at] === "\\" ? 2 : 1);
        text += source.slice(at, next);
        at = next;
      }
    }
    at += 1;
    found.push(text);
  }

  function regExp(): void {
    let isInClass = false;
    while (at < source.length && (source[at] !== "/" || isInClass)) {
      if (source[at] === "[") isInClass = true;
      if (source[at] === "]") isInClass = false;
      at += source[at] === "\\" ? 2 : 1;
    }
    at += 1;
  }

  /** Up to what closes what was open before, or to the end. */
  function code(end?: "}" | ")"): void {
    const open = end === ")" ? "(" : "{";
    let depth = 0;
    while (at < source.length) {
      const char = source[at];
      const two = source.slice(at, at + 2);
      if (two === "//" || two === "/*") {
        const close = source.indexOf(two === "//" ? "\n" : "*/", at + 2);
        at = close === -1 ? source.length : close + (two === "//" ? 0 : 2);
        continue;
      }
      const before = source.slice(Math.max(0, at - 40), at);
      at += 1;
      if (char === '"' || char === "'") string(char);
      else if (char === "`") template();
      else if (char === "/" && BEFORE_REGEXP.test(before)) regExp();
      else if (char === "(" && FOR_OPERATORS.test(before)) {
        const kept = found.length;
        code(")");
        found.length = kept;
      } else if (char === open) depth += 1;
      else if (char === end) {
        if (depth === 0) return;
        depth -= 1;
      }
    }
  }

  code();
  return found;
}
