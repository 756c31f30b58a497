import { ApplicationIntegrationType, InteractionContextType } from "discord-api-types/v10";
import { aboutCard } from "../src/cards/about-card.ts";
import { defineCommand } from "../src/discord/command.ts";
import { say } from "../src/messages/say.ts";

/** `/about`: sources, what is stored and how to delete it, the policies and the invite links. */
export const about = defineCommand({
  name: "about",
  description: say("command.about"),
  integrationTypes: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
  options: {},
  visibility: () => "private",
  async run({ applicationId }, { sources, pages }) {
    const sourceNames = sources.health().map(({ name }) => name);
    return { kind: "answer", reply: aboutCard({ applicationId, sourceNames, pages }) };
  },
});
