import type { Config } from "../config.ts";
import { stackOf } from "../lifetime.ts";
import type { Log } from "../log.ts";
import type { Bot } from "./bot.ts";
import type { Command } from "./command.ts";
import type { Dispatch } from "./dispatch.ts";
import { startGateway } from "./gateway.ts";
import type { GuildPresence } from "./guild-presence.ts";
import type { PermissionChange } from "./permission-changes.ts";
import { registerCommands } from "./register.ts";

/** The bot on the gateway: logs in and tells Discord the commands. Rejects, already logged, when Discord cannot be reached or refuses the token. */
export async function startGatewayBot(options: {
  config: Pick<Config, "discordApiUrl">;
  token: string;
  commands: readonly Command[];
  dispatch: Pick<Dispatch, "handle">;
  /** Told of the servers that the bot is in. */
  guilds?: GuildPresence;
  /** Told when the bot may have other permissions. */
  permissionsChanged?: ((change: PermissionChange) => void) | undefined;
  log: Log;
  /** Discord ended the session for good. */
  onLost: () => void;
}): Promise<Bot> {
  const { config, token, commands, dispatch, guilds, permissionsChanged, log, onLost } = options;
  const apiUrl = config.discordApiUrl;
  const gateway = await startGateway({ token, apiUrl, commands, dispatch, guilds, permissionsChanged, log, onLost });
  const { rest, applicationId } = gateway;
  try {
    await registerCommands({ rest, applicationId, commands, log });
  } catch (error) {
    // Discord still has the commands of the last start, and they can be answered.
    log.error({ stack: stackOf(error) }, "the commands could not be registered: starting again tries again");
  }
  return { isReachable: gateway.isConnected, stop: gateway.stop };
}
