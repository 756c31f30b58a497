/**
 * What the program counts about itself. Each room is handed the one function it needs, and knows
 * nothing of where the numbers go.
 */
export type Metrics = {
  /** One interaction has ended; the names are our own declarations'. */
  interactionEnded(of: {
    readonly kind: string;
    readonly command: string;
    readonly outcome: string;
    readonly ms: number;
  }): void;
  /** A price source was asked; `outcome` is `ok` or the reason of its failure. */
  sourceCalled(source: string, outcome: string): void;
  /**
   * Rows of a price source's response were left out, because they cannot be right; `kind` is one of
   * the row gate's.
   */
  rowsDropped(source: string, kind: string, count: number): void;
  /**
   * A question about prices was answered from a whole history in memory, from the cache, or went to
   * the source.
   */
  pricesAnswered(source: string, from: "memory" | "cache" | "source"): void;
  /** What became of one server's digest. */
  digestCame(to: DigestEvent): void;
  /** A web request was answered. `route` is one of our own, never what was asked for. */
  webAnswered(of: { readonly route: string; readonly status: number; readonly ms: number }): void;
};

/**
 * The stations of a digest that are counted: `due` when it is taken up for the first time, `failed`
 * at every try that has to be repeated, the others when that is what became of it.
 */
export const DIGEST_EVENTS = ["due", "sent", "failed", "paused", "missed"] as const;

/** One of {@link DIGEST_EVENTS}. */
export type DigestEvent = (typeof DIGEST_EVENTS)[number];

/** Counts nothing. */
export const uncounted: Metrics = {
  interactionEnded() {},
  sourceCalled() {},
  rowsDropped() {},
  pricesAnswered() {},
  digestCame() {},
  webAnswered() {},
};
