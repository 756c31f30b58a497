import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  APIEmbed,
} from "discord-api-types/v10";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Reply } from "../discord/reply.ts";
import { shortened } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import type { Picture } from "../pictures/picture-maker.ts";

/** What a reply with a card has besides the card's text. */
export type CardReplyParts = {
  /** Absent when it could not be drawn; the card is then sent without a picture. */
  readonly picture?: Picture | undefined;
  /** The user who shared the card, by id; absent on other cards. */
  readonly sharedBy?: string | undefined;
  readonly components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
};

/** File name of the attached picture, by which the embed refers to it. */
const PICTURE_FILE = "lambo.png";

/** A card as a reply: its picture attached, with alt text, and above it who shared it. */
export function cardReply(
  embed: APIEmbed,
  { picture, sharedBy, components }: CardReplyParts,
  locale: string,
): Reply {
  const reply: Reply = {
    // No reply pings anybody, whatever it mentions.
    ...(sharedBy !== undefined && {
      content: `-# ${say(locale, "card.shared-by", { user: `<@${sharedBy}>` })}`,
    }),
    components,
    embeds: [embed],
  };
  return picture === undefined ? reply : withPicture(reply, picture);
}

/** A reply whose embed shows a picture. */
export function withPicture(reply: Reply, { png, altText }: Picture): Reply {
  return {
    ...reply,
    embeds: (reply.embeds ?? []).map((embed) => ({
      ...embed,
      image: { url: `attachment://${PICTURE_FILE}` },
    })),
    files: [
      {
        name: PICTURE_FILE,
        data: png,
        description: shortened(altText, DISCORD_LIMITS.altTextLength),
      },
    ],
  };
}
