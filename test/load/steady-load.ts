import { setTimeout as wait } from "node:timers/promises";
import type { InteractionHandle } from "../support/fake-discord/interaction-handle.ts";
import type { SeenMessage } from "../support/fake-discord/seen-message.ts";
import type { FakeGuild } from "../support/fake-discord/world.ts";
import type { Cluster, Member } from "./cluster.ts";

/** The outcome of one interaction as its caller saw it. */
export type Carried = {
  /** `answered`, `died` with the process that had it, or what went wrong in words. */
  readonly outcome: string;
  /** The process that had it last. */
  readonly by: string | undefined;
  /** From the sending to the first response, in milliseconds. */
  readonly firstMs: number;
  readonly message: SeenMessage | undefined;
};

/**
 * A coin (by its id), asked about on a server where files may have so many bytes (10 MiB by
 * default).
 */
export type Question = {
  readonly coinId: string;
  readonly guild: FakeGuild;
  readonly attachmentLimitBytes?: number;
};

/** One `/lambo`; its outcome says `refused` when no card about the coin came. */
export type Asked = Carried & { readonly coinId: string };

/** A load that goes on until it is stopped. */
export type SteadyLoad = {
  /** How many questions have been asked so far. */
  count(): number;
  /** Stops asking; resolves when every question asked so far has ended. */
  stop(): Promise<readonly Asked[]>;
};

/** An answer that takes longer than this was forgotten: the program gives up after two minutes. */
const ANSWERED_WITHIN_MS = 125_000;

/** Sees an interaction through, with any web process or with one. Never rejects. */
export async function carry(
  cluster: Cluster,
  handle: InteractionHandle,
  to?: Member,
): Promise<Carried> {
  const sentAtMs = performance.now();
  const delivery = await cluster.deliver(handle, to);
  const firstMs = performance.now() - sentAtMs;
  const ended = (outcome: string, message?: SeenMessage): Carried => {
    return {
      outcome,
      by: "member" in delivery ? delivery.member.name : undefined,
      firstMs,
      message,
    };
  };

  if (delivery.kind === "nobody") return ended("no process took it");
  if (delivery.kind === "broken") return ended(`the connection broke: ${delivery.error}`);
  if (delivery.kind === "died") return ended("died");
  const { member, response } = delivery;
  if (response.status !== 200) return ended(`status ${response.status}: ${await response.text()}`);
  try {
    await handle.answeredOverHttp(response);
  } catch (error) {
    return ended(
      `Discord did not take the response after ${Math.round(firstMs)} ms: ${String(error)}`,
    );
  }
  const late = new AbortController();
  const message = await Promise.race([
    handle.answer().catch(() => undefined),
    member.program.finished.then(() => undefined),
    wait(ANSWERED_WITHIN_MS, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
  if (message !== undefined) return ended("answered", message);
  return ended(member.isKilled ? "died" : "deferred, and then never answered");
}

/** Asks what a purchase of a coin (by its id) is worth. Never rejects. */
export async function ask(
  cluster: Cluster,
  { coinId, guild, attachmentLimitBytes }: Question,
  to?: Member,
): Promise<Asked> {
  const { discord } = cluster;
  const scene = {
    user: discord.user(),
    guild,
    ...(attachmentLimitBytes !== undefined && { attachmentLimitBytes }),
  };
  const handle = discord.payload.command({ ...scene, name: "lambo", options: { coin: coinId } });
  const carried = await carry(cluster, handle, to);
  const refusal = carried.message === undefined ? undefined : refusalIn(carried.message, coinId);
  return { coinId, ...carried, ...(refusal !== undefined && { outcome: refusal }) };
}

/** Asks so many questions a second, evenly, whether the ones before are answered or not. */
export function startLoad(cluster: Cluster, perSecond: number, about: () => Question): SteadyLoad {
  const asked: Promise<Asked>[] = [];
  const startedAtMs = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAtMs) / 1_000) * perSecond;
    while (asked.length < due) asked.push(ask(cluster, about()));
  }, 1_000 / perSecond);
  return {
    count: () => asked.length,
    stop() {
      clearInterval(timer);
      return Promise.all(asked);
    },
  };
}

function refusalIn(message: SeenMessage, coinId: string): string | undefined {
  const [embed] = message.embeds;
  if (embed?.author?.name.toLowerCase().startsWith(`${coinId.replace("-", " ")} ·`) === true)
    return undefined;
  return `refused: ${message.content || embed?.title || embed?.description}`;
}
