/** An offset from UTC, and the instants between which a zone has it. */
export type OffsetSpan = {
  readonly startMs: number;
  readonly endMs: number;
  readonly offsetMs: number;
};

/** A set of time zone data. */
export type ZoneData = {
  /** The tzdata release, such as `2026f`; empty where it is not known. */
  readonly version: string;
  /** Where it comes from, for people. */
  readonly from: string;
  /**
   * A zone's offsets between two instants, in order and without gaps; the first and last may reach
   * beyond. Undefined for an unknown zone.
   */
  spans(zone: string, fromMs: number, toMs: number): readonly OffsetSpan[] | undefined;
  /** The zone that a text names, in any case, spelled as IANA does; an alias stays an alias. */
  nameOf(text: string): string | undefined;
  /** Names worth suggesting; some may be outdated. */
  names(): readonly string[];
};
