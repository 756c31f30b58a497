import { describe, expect, expectTypeOf, it } from "vitest";
import type { MessageValues } from "../../src/messages/message-values.ts";
import { say } from "../../src/messages/say.ts";
import { readMessage } from "../../src/messages/speaker.ts";

describe("a message", () => {
  it("without placeholders is said as it stands", () => {
    expect(say("en-US", "refusal.choose-coin")).toBe("Choose a coin");
    expect(readMessage("It's <b>bold</b>, `so` #1.", "en").format({})).toBe(
      "It's <b>bold</b>, `so` #1.",
    );
  });

  it("takes values as they are, whatever they look like", () => {
    const { format } = readMessage("{name} costs {price}.", "en");
    expect(format({ name: "{evil} '{", price: "<$0.01" })).toBe("{evil} '{ costs <$0.01.");
  });

  it("chooses by number and by option", () => {
    const lambos = readMessage(
      "{count, plural, =0 {none} one {# Lambo} other {{text} Lambos}}",
      "en",
    );
    expect([0, 1, 1.5].map((count) => lambos.format({ count, text: "1.5" }))).toEqual([
      "none",
      "1 Lambo",
      "1.5 Lambos",
    ]);
    const sold = readMessage("{how, select, dead {last priced {day}} other {sold}}", "en");
    expect(sold.format({ how: "dead", day: "today" })).toBe("last priced today");
    expect(sold.format({ how: "other", day: "today" })).toBe("sold");
  });

  it("that is malformed is refused", () => {
    expect(() => readMessage("{count, plural, one {1}}", "en")).toThrow();
    expect(() => readMessage("{name", "en")).toThrow();
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
