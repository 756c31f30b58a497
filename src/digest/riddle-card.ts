import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIEmbed,
  ButtonStyle,
  ComponentType,
} from "discord-api-types/v10";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { ReplyFile } from "../discord/reply.ts";
import { shortened } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { boardName } from "./digest-wording.ts";
import type { Riddle } from "./riddle.ts";
import { riddleId } from "./riddle-control-id.ts";

/** What a riddle adds to the message of a digest. */
export type RiddleParts = {
  readonly embed: APIEmbed;
  readonly row: APIActionRowComponent<APIComponentInMessageActionRow>;
  readonly file: ReplyFile;
};

const PICTURE_FILE = "riddle.png";
/** Edge colour of a riddle and of its right answer. */
export const RIDDLE_COLOUR = 0xa05bd6;

/** A riddle below a digest: its chart, and a row of buttons with names. */
export function riddleParts(
  { right, options, fromOn, picture, ...day }: Riddle,
  locale: string,
): RiddleParts {
  return {
    embed: {
      title: say(locale, "riddle.title"),
      description: say(locale, "riddle.how", { year: fromOn.slice(0, 4) }),
      color: RIDDLE_COLOUR,
      image: { url: `attachment://${PICTURE_FILE}` },
    },
    row: {
      type: ComponentType.ActionRow,
      components: options.map((coin) => ({
        type: ComponentType.Button,
        style: ButtonStyle.Primary,
        label: boardName(coin, locale, "plain"),
        custom_id: riddleId(day, coin.coinId, right.coinId),
      })),
    },
    file: {
      name: PICTURE_FILE,
      data: picture.png,
      description: shortened(picture.altText, DISCORD_LIMITS.altTextLength),
    },
  };
}
