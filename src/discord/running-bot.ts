import type { Registration } from "./command-registration.ts";
import type { Gateway } from "./gateway.ts";

/**
 * How long there must be no session before the gateway counts as lost, in milliseconds; most of
 * Discord's outages are shorter.
 */
export const LOST_AFTER_MS = 15 * 60_000;

/** The bot as Discord reaches it, whatever the transport. */
export type RunningBot = {
  /**
   * Resolves when Discord reaches it for the first time. Rejects, already logged, when Discord
   * refuses the token before that.
   */
  readonly started: Promise<void>;
  /** True when an interaction sent now would get a response. */
  isReachable(): boolean;
  /** Whether Discord has the commands; undefined without a token. */
  readonly commands: Pick<Registration, "isDone" | "done"> | undefined;
  /** The application's id, as configured or as Discord has said; undefined if neither is there. */
  applicationId(): string | undefined;
  /** The connection that interactions arrive over; undefined when they come over HTTP. */
  readonly gateway: Pick<Gateway, "isConnected" | "lostForMs" | "identifies"> | undefined;
  /** Stops accepting interactions and closes connections; call it once nothing is in flight. */
  stop(): Promise<void>;
};
