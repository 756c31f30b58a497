import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "../../../src/web/pages/html.ts";
import { anyText } from "../../support/any-text.ts";

const MEANT: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

describe("a page's markup", () => {
  it("takes every text as text, between tags and in attributes, without control characters", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const written = html`<p title="${text}">${[text]}</p>`.text;
        const [, title = "", content = ""] =
          /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(written) ?? [];
        const read = title.replace(/&(?:amp|lt|gt|quot|#39);/g, (code) => MEANT[code] ?? "");
        expect(title).toBe(content);
        expect(read).toBe(text.replace(/(?![\t\n])[\p{Cc}\p{Cs}]/gu, ""));
        expect(Buffer.from(written).toString()).toBe(written);
      }),
    );
  });

  it("leaves out what is absent, and takes markup as it is", () => {
    expect(html`<b>${false}${undefined}${html`<i>${1}</i>`}</b>`.text).toBe("<b><i>1</i></b>");
  });
});
