import type { Picture } from "../pictures/picture-maker.ts";
import type { Log } from "../process/log.ts";

/** No picture is smaller than this: if less may be attached, none is drawn. */
const SMALLEST_PICTURE_BYTES = 10_000;

/**
 * A card's picture, or undefined when it may not be attached or cannot be drawn: the card is then
 * sent without one. `about` names in the log what it would have shown.
 */
export async function cardPicture(
  make: () => Promise<Picture>,
  {
    attachmentLimitBytes,
    log,
    about,
  }: { readonly attachmentLimitBytes: number; readonly log: Log; readonly about: object },
): Promise<Picture | undefined> {
  if (attachmentLimitBytes < SMALLEST_PICTURE_BYTES) return undefined;
  try {
    const picture = await make();
    return picture.png.byteLength <= attachmentLimitBytes ? picture : undefined;
  } catch (error) {
    log.error(
      { err: error, ...about },
      "the picture could not be made: the answer went out without it",
    );
    return undefined;
  }
}
