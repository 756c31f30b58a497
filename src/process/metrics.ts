/**
 * What the program counts about itself. Each part gets only the functions that it needs, and does
 * not know where the numbers go.
 */
export type Metrics = {
  /** An interaction has ended; names are those of our declarations. */
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
   * A question about prices was answered from a history in memory, from the cache, or by a source.
   */
  pricesAnswered(source: string, from: "memory" | "cache" | "source"): void;
  /** Something happened to a server's digest. */
  digestCame(to: DigestEvent): void;
  /** A web request was answered. `route` is one of ours, never the requested path. */
  webAnswered(of: { readonly route: string; readonly status: number; readonly ms: number }): void;
};

/**
 * The events of a digest that are counted: `due` when it is claimed for the first time, `failed` at
 * every try that has to be repeated, the others when it ends that way.
 */
export const DIGEST_EVENTS = ["due", "sent", "failed", "paused", "missed"] as const;

/** One of {@link DIGEST_EVENTS}. */
export type DigestEvent = (typeof DIGEST_EVENTS)[number];

/** Metrics that nobody reads. */
export const uncounted: Metrics = {
  interactionEnded() {},
  sourceCalled() {},
  rowsDropped() {},
  pricesAnswered() {},
  digestCame() {},
  webAnswered() {},
};
