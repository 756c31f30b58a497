import { describe, expect, it } from "vitest";
import { spokenLanguages } from "../../src/messages/say.ts";
import { REPLIES_CHOICES } from "../../src/settings/answer-input.ts";
import { RIDDLE_CHOICES } from "../../src/settings/digest-input.ts";
import { RESET_CHOICES } from "../../src/settings/reset.ts";
import { type LabelledChoice, typedChoice } from "../../src/settings/typed-choice.ts";

const OPTIONS: readonly (readonly LabelledChoice<string>[])[] = [
  REPLIES_CHOICES,
  RIDDLE_CHOICES,
  RESET_CHOICES,
];

describe("a choice of /config", () => {
  it.each(spokenLanguages())("is taken by its label, whole or its first words: %s", (locale) => {
    for (const choices of OPTIONS)
      for (const { name, value } of choices) {
        const label = name(locale);
        const word = label.split(/[:：]/)[0] ?? "";
        for (const typed of [value, label, ` ${word.toUpperCase()} `])
          expect(typedChoice(typed, choices, locale), typed).toBe(value);
      }
  });

  it("is taken in another language than the member's, too", () => {
    expect(typedChoice("öffentlich", REPLIES_CHOICES, "ja")).toBe("public");
    expect(typedChoice("wyl", RIDDLE_CHOICES, "en-US")).toBe("off");
    expect(typedChoice("digest-time", RESET_CHOICES, "fr")).toBe("digest time");
  });

  it("is none of them where nothing like it is offered", () => {
    for (const choices of OPTIONS)
      for (const typed of ["", ":", "perhaps", "öffent", "__proto__"])
        expect(typedChoice(typed, choices, "de")).toBeUndefined();
  });
});
