import type { Config } from "../config.ts";
import type { Clock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { GuildPresence } from "./bot/guild-presence.ts";
import type { PermissionChange } from "./bot/permission-changes.ts";
import type { Command } from "./command.ts";
import { keepRegistering } from "./command-registration.ts";
import type { Dispatch } from "./dispatch.ts";
import { startGateway } from "./gateway.ts";
import { LOST_AFTER_MS, type RunningBot } from "./running-bot.ts";

/**
 * Starts the bot on the gateway: it logs in, then registers the commands, and retries both forever.
 */
export function startGatewayBot(options: {
  config: Pick<Config, "discordApiUrl" | "discordApplicationId">;
  token: string;
  commands: readonly Command[];
  dispatch: Pick<Dispatch, "handle">;
  /** Records which servers the bot is in. */
  guilds?: GuildPresence;
  /** Called when the bot's permissions may have changed. */
  permissionsChanged?: ((change: PermissionChange) => void) | undefined;
  log: Log;
  /** Called once when there has been no session for {@link LOST_AFTER_MS}. */
  onLost?: (() => void) | undefined;
  clock?: Clock;
}): RunningBot {
  const { config, token, commands, dispatch, guilds, permissionsChanged, log, onLost, clock } =
    options;
  const apiUrl = config.discordApiUrl;
  const timing = clock && { clock };
  const lost = onLost && { afterMs: LOST_AFTER_MS, tell: onLost };
  const gateway = startGateway({
    token,
    apiUrl,
    commands,
    dispatch,
    guilds,
    permissionsChanged,
    log,
    onLost: lost,
    ...timing,
  });
  // A token that is refused at the start ends the process, so there is nothing to register.
  const whenKnown = gateway.started.catch(() => new Promise<never>(() => {}));
  let applicationId = config.discordApplicationId;
  void whenKnown.then((id) => {
    applicationId = id;
  });
  const registration = keepRegistering({
    ...{ token, apiUrl, commands, log, ...timing },
    applicationId: () => whenKnown,
  });
  return {
    started: gateway.started.then(() => undefined),
    isReachable: gateway.isConnected,
    commands: registration,
    applicationId: () => applicationId,
    gateway,
    async stop() {
      registration.stop();
      await gateway.stop();
    },
  };
}
