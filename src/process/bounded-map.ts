/** How much a {@link BoundedMap} holds: a number of entries, or a total size. */
export type Bound<Value> =
  | { readonly maxEntries: number }
  /** `sizeOf` must always return the same number for the same value. */
  | { readonly maxSize: number; readonly sizeOf: (value: Value) => number };

/**
 * A map that drops its least recently used entries when it holds too much; `get` and `set` count as
 * use, `has` does not. `onDrop` is called with every entry that was dropped to stay within the
 * bound.
 */
export class BoundedMap<Key, Value extends {}> {
  readonly #entries = new Map<Key, Value>();
  readonly #maxSize: number;
  readonly #sizeOf: (value: Value) => number;
  readonly #onDrop: ((key: Key, value: Value) => void) | undefined;
  #totalSize = 0;
  #walk = this.#entries.entries();

  constructor(bound: Bound<Value>, onDrop?: (key: Key, value: Value) => void) {
    this.#maxSize = "maxEntries" in bound ? bound.maxEntries : bound.maxSize;
    this.#sizeOf = "maxEntries" in bound ? () => 1 : bound.sizeOf;
    this.#onDrop = onDrop;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#totalSize += this.#sizeOf(value);
    while (this.#totalSize > this.#maxSize) {
      const [oldestKey, oldest] = this.#oldest();
      this.delete(oldestKey);
      this.#onDrop?.(oldestKey, oldest);
    }
  }

  /**
   * The least recently used entry. Everything in front of the walk has been deleted; a walk that
   * began anew would pass the gaps that deleted entries leave, thousands of them in a large map.
   */
  #oldest(): [Key, Value] {
    let next = this.#walk.next();
    if (next.done) {
      this.#walk = this.#entries.entries();
      next = this.#walk.next();
    }
    if (next.done) throw new Error("Expected an entry in a map that holds too much, received none");
    return next.value;
  }

  /** The value of a key, like `get`; one that is missing is computed and set. */
  getOrInsertComputed(key: Key, compute: (key: Key) => Value): Value {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    this.set(key, value);
    return value;
  }

  delete(key: Key): boolean {
    const value = this.#entries.get(key);
    if (value !== undefined) this.#totalSize -= this.#sizeOf(value);
    return this.#entries.delete(key);
  }

  /** All entries, least recently used first; does not count as use. */
  entries(): IterableIterator<[Key, Value]> {
    return this.#entries.entries();
  }

  clear(): void {
    this.#entries.clear();
    this.#totalSize = 0;
  }
}
