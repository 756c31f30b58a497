import type { WenAnswer } from "../questions/wen.ts";
import type { PictureSubject } from "./answer-subject.ts";
import { pictureSubject } from "./answer-subject.ts";

/** What the picture of a needed price shows. */
export type WenSubject = PictureSubject & Pick<WenAnswer, "needed">;

/** What the picture of an answer shows to a reader of this locale. */
export function wenSubject(answer: WenAnswer, locale: string): WenSubject {
  return { ...pictureSubject(answer, locale), needed: answer.needed };
}
