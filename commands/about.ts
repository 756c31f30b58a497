import { aboutCard } from "../src/cards/about-card.ts";
import { defineCommand, EVERYWHERE } from "../src/discord/command.ts";
import { replied } from "../src/discord/reply.ts";
import { say } from "../src/messages/say.ts";
import type { Services } from "../src/services.ts";

/** `/about`: sources, what is stored and how to delete it, the policies and the invite links. */
export const about = defineCommand({
  name: "about",
  description: (locale) => say(locale, "command.about"),
  ...EVERYWHERE,
  options: {},
  visibility: () => "private",
  async run({ applicationId, locale }, { sources, pages }: Pick<Services, "sources" | "pages">) {
    const sourceNames = sources.health().map(({ name }) => name);
    return replied(aboutCard({ applicationId, sourceNames, pages }, locale));
  },
});
