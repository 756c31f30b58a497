import type { DailyClose, Valuation } from "../valuation/valuation.ts";
import type { LamboModel } from "../valuation/lambo-models.ts";

/** What the answer picture shows. */
export type PictureSubject = {
  readonly coinName: string;
  readonly symbol: string;
  readonly valuation: Valuation;
  /** Ascending daily closes, for the price line. */
  readonly points: readonly DailyClose[];
  readonly car: LamboModel;
  /** The reader's locale for numbers and dates. */
  readonly locale: string;
};

/** A finished picture and what it says in one or two sentences. */
export type Picture = {
  readonly png: Uint8Array;
  readonly altText: string;
};

/** Makes pictures; the same subject is drawn once. Rejects when drawing fails; the card then goes out without a picture. */
export type PictureMaker = {
  answer(subject: PictureSubject): Promise<Picture>;
};
