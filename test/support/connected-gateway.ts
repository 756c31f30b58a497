import { REST } from "discord.js";
import { type Gateway, startGateway } from "../../src/discord/gateway.ts";

/** A gateway that has logged in, with REST of its own under the bot's token. */
export type ConnectedGateway = Gateway & { readonly applicationId: string; readonly rest: REST };

/**
 * Starts the real gateway and waits for its first login. Rejects when Discord refuses the token.
 */
export async function connectGateway(
  options: Parameters<typeof startGateway>[0],
): Promise<ConnectedGateway> {
  const gateway = startGateway(options);
  const applicationId = await gateway.started.catch(async (error: unknown) => {
    await gateway.stop();
    throw error;
  });
  const rest = new REST(options.apiUrl === undefined ? {} : { api: options.apiUrl }).setToken(
    options.token,
  );
  async function stop(): Promise<void> {
    rest.clearHandlerSweeper();
    rest.clearHashSweeper();
    await gateway.stop();
  }
  return { ...gateway, applicationId, rest, stop };
}
