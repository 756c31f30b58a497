import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedMap } from "../../src/process/bounded-map.ts";

describe("a bounded map", () => {
  it("drops the least recently used entry when there are too many", () => {
    const map = new BoundedMap<string, number>({ maxEntries: 2 });
    map.set("a", 1);
    map.set("b", 2);
    map.get("a");
    map.set("c", 3);
    expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([1, undefined, 3]);
    expect(map.size).toBe(2);
  });

  it("computes a missing value once, and counts looking it up again as a use", () => {
    const map = new BoundedMap<string, string>({ maxEntries: 2 });
    const computed: string[] = [];
    const upperCaseOf = (key: string) =>
      map.getOrInsertComputed(key, (missing) => {
        computed.push(missing);
        return missing.toUpperCase();
      });
    expect(["a", "b", "a", "c", "a"].map(upperCaseOf)).toEqual(["A", "B", "A", "C", "A"]);
    expect(computed).toEqual(["a", "b", "c"]);
    expect([map.has("b"), map.size]).toEqual([false, 2]);
  });

  it("does not count asking whether an entry exists as a use", () => {
    const map = new BoundedMap<string, number>({ maxEntries: 2 });
    map.set("a", 1);
    map.set("b", 2);
    expect(map.has("a")).toBe(true);
    map.set("c", 3);
    expect(map.has("a")).toBe(false);
  });

  it("counts a replaced entry once, as the most recently used", () => {
    const map = new BoundedMap<string, number>({ maxEntries: 2 });
    map.set("a", 1);
    map.set("b", 2);
    map.set("a", 10);
    map.set("c", 3);
    expect([map.get("a"), map.has("b"), map.size]).toEqual([10, false, 2]);
  });

  it("drops the same entries as a list that is kept in order of use", () => {
    const key = fc.integer({ min: 0, max: 9 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant("set" as const), key, size: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ kind: fc.constant("get" as const), key }),
      fc.record({ kind: fc.constant("delete" as const), key }),
      fc.record({ kind: fc.constant("clear" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new BoundedMap<number, number>({ maxSize: 12, sizeOf: (size) => size });
        let list: (readonly [number, number])[] = [];
        for (const taken of steps) {
          if (taken.kind === "clear") {
            map.clear();
            list = [];
            continue;
          }
          const known = list.find(([at]) => at === taken.key);
          const others = list.filter(([at]) => at !== taken.key);
          if (taken.kind === "set") {
            map.set(taken.key, taken.size);
            list = [...others, [taken.key, taken.size]];
            while (list.reduce((sum, [, size]) => sum + size, 0) > 12) list.shift();
          } else if (taken.kind === "get") {
            expect(map.get(taken.key)).toBe(known?.[1]);
            if (known !== undefined) list = [...others, known];
          } else {
            map.delete(taken.key);
            list = others;
          }
          expect([...map.entries()]).toEqual(list);
        }
      }),
    );
  });

  it("can be cleared of entries while they are gone through", () => {
    const map = new BoundedMap<string, number>({ maxEntries: 5 });
    for (const [at, key] of ["a", "b", "c", "d"].entries()) map.set(key, at);
    for (const [key, value] of map.entries()) if (value % 2 === 0) map.delete(key);
    expect([...map.entries()]).toEqual([
      ["b", 1],
      ["d", 3],
    ]);
  });

  it("bounds the total size of its values where it can measure them", () => {
    const dropped: string[] = [];
    const map = new BoundedMap<string, string>(
      { maxSize: 5, sizeOf: (text) => text.length },
      (key, text) => dropped.push(`${key}=${text}`),
    );
    map.set("a", "xx");
    map.set("b", "xx");
    map.set("a", "x");
    map.set("c", "xxx");
    expect(dropped).toEqual(["b=xx"]);
    map.set("d", "too large to keep");
    expect(map.size).toBe(0);
  });

  it("does not report what was deleted or cleared as dropped", () => {
    const dropped: string[] = [];
    const map = new BoundedMap<string, number>({ maxEntries: 2 }, (key) => dropped.push(key));
    map.set("a", 1);
    expect([map.delete("a"), map.delete("a")]).toEqual([true, false]);
    map.set("b", 2);
    map.clear();
    for (const key of ["c", "d", "e"]) map.set(key, 3);
    expect(dropped).toEqual(["c"]);
  });
});
