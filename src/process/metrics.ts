/**
 * What the program counts about itself. Each part gets only the functions that it needs, and does
 * not know where the counts go.
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
   * Rows of a price source's response were dropped because they cannot be right; `kind` is one of
   * the row gate's.
   */
  rowsDropped(source: string, kind: string, count: number): void;
  /** A request for prices was served from a history in memory, from the cache, or by a source. */
  pricesAnswered(source: string, from: "memory" | "cache" | "source"): void;
  /** Of so many coins a source is still to give the closes, which digests wait for. */
  closesAwaited(source: string, coins: number): void;
  /** A server's digest reached an event. */
  digestCame(to: DigestEvent): void;
  /** A web request got its response. `route` is one of ours, never the requested path. */
  webAnswered(of: { readonly route: string; readonly status: number; readonly ms: number }): void;
};

/**
 * The counted events of a digest: `due` when it is first claimed, `failed` at every try that has to
 * be repeated, `quiet` when there was no news to post, the others when it
 * ends that way.
 */
export const DIGEST_EVENTS = ["due", "sent", "quiet", "failed", "paused", "missed"] as const;

/** One of {@link DIGEST_EVENTS}. */
export type DigestEvent = (typeof DIGEST_EVENTS)[number];

/** Metrics that count nothing. */
export const uncounted: Metrics = {
  interactionEnded() {},
  sourceCalled() {},
  rowsDropped() {},
  pricesAnswered() {},
  closesAwaited() {},
  digestCame() {},
  webAnswered() {},
};
