import { restErrors } from "./rest-error.ts";

/**
 * What goes wrong with a request. With `afterEffect` the request takes effect and only its response
 * is lost or replaced.
 */
export type FaultKind =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly afterEffect?: boolean;
    }
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code: number;
      readonly message: string;
    }
  | { readonly kind: "hang"; readonly afterEffect?: boolean }
  | { readonly kind: "reset"; readonly afterEffect?: boolean }
  /** Handled only after so many ms. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Handled only when the promise resolves; until then the request has no effect. */
  | { readonly kind: "hold"; readonly until: Promise<unknown> };

/**
 * Which requests a fault affects: by method, by path (text matches any part of it), and how many
 * (default: all).
 */
export type Fault = FaultKind & {
  readonly method?: string;
  readonly path?: string | RegExp;
  readonly times?: number;
};

/** A fault that leaves the request without its real response. */
export type LosingFault = Extract<Fault, { kind: "hang" | "reset" | "status" }>;

/** Narrows a fault to those that lose or replace the response. */
export function losingFault(fault: Fault | undefined): LosingFault | undefined {
  return fault?.kind === "hang" || fault?.kind === "reset" || fault?.kind === "status"
    ? fault
    : undefined;
}

/** The faults that are switched on. */
export class Faults {
  readonly #active = new Set<{ fault: Fault; left: number }>();

  /** Switches a fault on; the returned function switches it off. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.add(entry);
    return () => {
      this.#active.delete(entry);
    };
  }

  /** The oldest fault for this request, counted as used. */
  take(method: string, path: string): Fault | undefined {
    for (const entry of this.#active) {
      const { fault } = entry;
      const pathFits =
        fault.path === undefined ||
        (typeof fault.path === "string" ? path.includes(fault.path) : fault.path.test(path));
      if ((fault.method !== undefined && fault.method !== method) || !pathFits) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#active.delete(entry);
      return fault;
    }
    return undefined;
  }
}

/** Why a channel or a person refuses the bot. */
export type Refusal =
  | "missing-access"
  | "missing-permissions"
  | "unknown-channel"
  | "cannot-message-user";

/** What a channel refuses to let the bot do. */
export type RefusedAction = "post" | "read" | "publish" | "all";

/** The channels that refuse the bot, whatever its permissions say. */
export class Refusals {
  readonly #byChannel = new Map<string, { action: RefusedAction; why: Refusal }[]>();

  /** Makes a channel refuse; the returned function ends that. */
  add(channelId: string, why: Refusal, action: RefusedAction = "all"): () => void {
    const entry = { action, why };
    this.#byChannel.set(channelId, [...this.#in(channelId), entry]);
    return () => {
      this.#byChannel.set(
        channelId,
        this.#in(channelId).filter((other) => other !== entry),
      );
    };
  }

  /** Throws Discord's error when the channel refuses the action. */
  check(channelId: string, action: Exclude<RefusedAction, "all">): void {
    const refusal = this.#in(channelId).find(
      (entry) => entry.action === action || entry.action === "all",
    );
    if (!refusal) return;
    switch (refusal.why) {
      case "missing-access":
        throw restErrors.missingAccess();
      case "missing-permissions":
        throw restErrors.missingPermissions();
      case "unknown-channel":
        throw restErrors.unknownChannel();
      case "cannot-message-user":
        throw restErrors.cannotMessageUser();
    }
  }

  /** Throws Discord's error when the channel is gone or hidden, whatever the refused action. */
  checkVisible(channelId: string): void {
    const reasons = this.#in(channelId).map(({ why }) => why);
    if (reasons.includes("unknown-channel")) throw restErrors.unknownChannel();
    if (reasons.includes("missing-access")) throw restErrors.missingAccess();
  }

  #in(channelId: string): { action: RefusedAction; why: Refusal }[] {
    return this.#byChannel.get(channelId) ?? [];
  }
}
