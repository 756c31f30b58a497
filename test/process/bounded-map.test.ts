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
