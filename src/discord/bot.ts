/** The bot as Discord reaches it, whatever the transport. */
export type Bot = {
  /** True when an interaction sent now would be answered. */
  isReachable(): boolean;
  /** Ends the intake and the connections; to be called once nothing is in flight. */
  stop(): Promise<void>;
};
