import { describe, expect, expectTypeOf, it } from "vitest";
import { createFormatter, type MessageValues, say } from "../../src/messages/say.ts";

describe("a message", () => {
  it("without placeholders is said as it stands", () => {
    expect(say("en-US", "refusal.choose-coin")).toBe("Choose a coin");
    expect(createFormatter("It's <b>bold</b>, `so` #1.")({})).toBe("It's <b>bold</b>, `so` #1.");
  });

  it("takes values as they are, whatever they look like", () => {
    const text = createFormatter("{name} costs {price}.");
    expect(text({ name: "{evil} '{", price: "<$0.01" })).toBe("{evil} '{ costs <$0.01.");
  });

  it("chooses by number and by option", () => {
    const lambos = createFormatter(
      "{count, plural, =0 {none} one {# Lambo} other {{text} Lambos}}",
    );
    expect([0, 1, 1.5].map((count) => lambos({ count, text: "1.5" }))).toEqual([
      "none",
      "1 Lambo",
      "1.5 Lambos",
    ]);
    const sold = createFormatter("{how, select, dead {last priced {day}} other {sold}}");
    expect(sold({ how: "dead", day: "today" })).toBe("last priced today");
    expect(sold({ how: "other", day: "today" })).toBe("sold");
  });

  it("that is malformed is refused", () => {
    expect(() => createFormatter("{count, plural, one {1}}")).toThrow();
    expect(() => createFormatter("{name")).toThrow();
  });
});

describe("the types of a message's placeholders", () => {
  it("are text, a number for a plural, and the options of a select", () => {
    expectTypeOf<MessageValues<"Choose a coin">>().toEqualTypeOf<Record<never, never>>();
    expectTypeOf<MessageValues<"{name} of {other}">>().toEqualTypeOf<{
      readonly name: string;
      readonly other: string;
    }>();
    expectTypeOf<
      MessageValues<"{size, plural, =0 {none} one {{text} day} other {{text} days}} of {name}.">
    >().toEqualTypeOf<{
      readonly size: number;
      readonly text: string;
      readonly name: string;
    }>();
    expectTypeOf<
      MessageValues<"a {kind, select, up {x {count, plural, one {a} other {b}} of {name}} other {c}}.">
    >().toEqualTypeOf<{
      readonly kind: "up" | "other";
      readonly count: number;
      readonly name: string;
    }>();
  });

  it("are held by the compiler where a message is said", () => {
    const texts = () => [
      say("en-US", "refusal.unknown-car", { cars: "Urus" }),
      // @ts-expect-error missing
      say("en-US", "refusal.unknown-car"),
      // @ts-expect-error misspelt
      say("en-US", "refusal.unknown-car", { car: "Urus" }),
      // @ts-expect-error one too many
      say("en-US", "refusal.unknown-car", { cars: "Urus", price: "$1" }),
      // @ts-expect-error a number that nobody formatted
      say("en-US", "refusal.unknown-car", { cars: 5 }),
      // @ts-expect-error a message without placeholders
      say("en-US", "refusal.choose-coin", { coin: "bitcoin" }),
      // @ts-expect-error no such message
      say("en-US", "refusal.unknown-cat"),
    ];
    expect(texts).toBeTypeOf("function");
  });
});
