import type { REST } from "@discordjs/rest";

/** The bot as Discord reaches it, whatever the transport. */
export type Bot = {
  readonly transport: "gateway" | "http";
  /** Undefined over HTTP when it is neither configured nor can be asked for. */
  readonly applicationId: string | undefined;
  /** REST with the bot's own token, within Discord's 50 requests a second; undefined without a token. */
  readonly rest: REST | undefined;
  /** True when an interaction sent now would be answered. */
  isReachable(): boolean;
  /** Ends the intake and the connections; to be called once nothing is in flight. */
  stop(): Promise<void>;
};
