/** How much a {@link BoundedMap} holds: a number of entries, or a total size. */
export type Bound<Value> =
  | { readonly maxEntries: number }
  /** `sizeOf` must always return the same number for the same value. */
  | { readonly maxSize: number; readonly sizeOf: (value: Value) => number };

/** An entry between the one that was used before it and the one that was used after it. */
type Entry<Key, Value> = {
  readonly key: Key;
  value: Value;
  older: Entry<Key, Value> | undefined;
  newer: Entry<Key, Value> | undefined;
};

/**
 * A map that drops its least recently used entries when it holds too much; `get` and `set` count as
 * use, `has` does not. `onDrop` is called with every entry that was dropped to stay within the
 * bound.
 *
 * The order of use is a list of its own: in a `Map` whose entries are deleted and set again at each
 * use, the oldest entry comes after thousands of gaps.
 */
export class BoundedMap<Key, Value extends {}> {
  readonly #entries = new Map<Key, Entry<Key, Value>>();
  readonly #maxSize: number;
  readonly #sizeOf: (value: Value) => number;
  readonly #onDrop: ((key: Key, value: Value) => void) | undefined;
  #oldest: Entry<Key, Value> | undefined;
  #newest: Entry<Key, Value> | undefined;
  #totalSize = 0;

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
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#use(entry);
    return entry.value;
  }

  set(key: Key, value: Value): void {
    const known = this.#entries.get(key);
    if (known === undefined) {
      const entry = { key, value, older: undefined, newer: undefined };
      this.#entries.set(key, entry);
      this.#append(entry);
    } else {
      this.#totalSize -= this.#sizeOf(known.value);
      known.value = value;
      this.#use(known);
    }
    this.#totalSize += this.#sizeOf(value);
    while (this.#oldest !== undefined && this.#totalSize > this.#maxSize) {
      const { key: oldestKey, value: oldest } = this.#oldest;
      this.delete(oldestKey);
      this.#onDrop?.(oldestKey, oldest);
    }
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
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#totalSize -= this.#sizeOf(entry.value);
    this.#unlink(entry);
    return this.#entries.delete(key);
  }

  /**
   * All entries, least recently used first; does not count as use. The one that was given last may
   * be deleted before the next is asked for.
   */
  *entries(): IterableIterator<[Key, Value]> {
    let entry = this.#oldest;
    while (entry !== undefined) {
      const { key, value, newer } = entry;
      yield [key, value];
      entry = newer;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = undefined;
    this.#newest = undefined;
    this.#totalSize = 0;
  }

  #use(entry: Entry<Key, Value>): void {
    if (entry === this.#newest) return;
    this.#unlink(entry);
    this.#append(entry);
  }

  #append(entry: Entry<Key, Value>): void {
    entry.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry<Key, Value>): void {
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
    // An entry that is gone must not keep others from being collected.
    entry.older = undefined;
    entry.newer = undefined;
  }
}
