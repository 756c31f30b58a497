import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** The job of a load generator, on standard input as JSON. */
export type LoadJob = z.infer<typeof Job>;

/** What it prints on standard output when it is done, as JSON. */
export type LoadResult = {
  readonly answers: number;
  readonly seconds: number;
  /** Responses with another status than 200. */
  readonly failures: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly bytesPerAnswer: number;
};

const Job = z.object({
  ports: z.array(z.number()).min(1),
  /**
   * Requests that are made ready before the clock starts; the load ends when they are used up, or
   * after `seconds`.
   */
  requests: z.number(),
  seconds: z.number(),
  connections: z.number(),
  /** Requests a second, evenly spaced; null sends the next as soon as one was answered. */
  perSecond: z.number().nullable(),
  ask: z.union([
    z.object({
      kind: z.literal("interaction"),
      privateKeyPem: z.string(),
      /** Discord's JSON; every request gets an id, a token, a person and a server of its own. */
      payload: z.looseObject({}),
      /** True asks with another stake each time, so that no picture is known. */
      fresh: z.boolean(),
      /** `/interactions` when left out. */
      path: z.string().optional(),
      /**
       * What is asked instead of the payload's own question: the first as often as the second two
       * times, the third three times, and so on.
       */
      questions: z
        .array(z.object({ options: z.record(z.string(), z.string()), locale: z.string() }))
        .readonly()
        .optional(),
    }),
    z.object({
      kind: z.literal("get"),
      /** Asked in turn. */
      paths: z.array(z.string()).min(1).readonly(),
    }),
  ]),
});

/** The end of a response's head. */
const HEAD_END = Buffer.from("\r\n\r\n");

async function main(): Promise<void> {
  const job = Job.parse(JSON.parse(await text(process.stdin)));
  const requests = Array.from({ length: job.requests }, (_, at) => requestOf(job, at));
  process.stdout.write(`${JSON.stringify(await load(job, requests))}\n`);
}

/** Another run of this program has other callers: nobody reaches the limits. */
const firstCaller = Math.floor(Math.random() * 2 ** 24);

/** One whole HTTP request, ready to be written. */
function requestOf({ ask }: LoadJob, at: number): Buffer {
  if (ask.kind === "get") {
    // Many callers behind a load balancer on this machine.
    const caller = firstCaller + at;
    const from = `10.${(caller >> 16) & 255}.${(caller >> 8) & 255}.${caller & 255}`;
    return Buffer.from(
      `GET ${ask.paths[at % ask.paths.length]} HTTP/1.1\r\nhost: lambo\r\nx-forwarded-for: ${from}\r\n\r\n`,
    );
  }
  const body = Buffer.from(JSON.stringify(interaction(ask, at)));
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = sign(
    null,
    Buffer.concat([Buffer.from(timestamp), body]),
    keyOf(ask.privateKeyPem),
  ).toString("hex");
  const head = [
    `POST ${ask.path ?? "/interactions"} HTTP/1.1`,
    "host: lambo",
    "content-type: application/json",
    `content-length: ${body.byteLength}`,
    `x-signature-timestamp: ${timestamp}`,
    `x-signature-ed25519: ${signature}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

let key: KeyObject | undefined;
function keyOf(pem: string): KeyObject {
  key ??= createPrivateKey(pem);
  return key;
}

const Payload = z.looseObject({
  member: z.looseObject({ user: z.looseObject({}) }),
  data: z.looseObject({
    options: z.array(z.looseObject({ name: z.string(), value: z.unknown() })).optional(),
  }),
});

function interaction(
  { payload, fresh, questions }: Extract<LoadJob["ask"], { kind: "interaction" }>,
  at: number,
): object {
  const { member, data, ...rest } = Payload.parse(payload);
  // Another run of this program sends other ids: the server answers each once.
  const id = String(
    1_400_000_000_000_000_000n + BigInt(Date.now() % 1_000_000_000) * 1_000_000n + BigInt(at),
  );
  const options = data.options?.map((option) =>
    fresh && option.name === "amount"
      ? { ...option, value: String(1_000 + at * 7 + (Date.now() % 10_000) / 100) }
      : option,
  );
  const question = questions === undefined ? undefined : picked(questions, at);
  const caller = BigInt(firstCaller + at);
  return {
    ...rest,
    ...(question !== undefined && { locale: question.locale }),
    id,
    token: `${id}.${"x".repeat(120)}`,
    guild_id: String(2_000_000_000_000_000n + caller),
    member: {
      ...member,
      user: { ...member.user, id: String(3_000_000_000_000_000n + caller) },
    },
    data: {
      ...data,
      ...(options !== undefined && { options }),
      ...(question !== undefined && { options: typedOptions(question.options) }),
    },
  };
}

/** Options as Discord sends them: text, each with its type. */
function typedOptions(options: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(options).map(([name, value]) => ({ type: 3, name, value }));
}

/**
 * The item for a request: the n-th is taken in proportion to 1/n, as popular things are. Two runs
 * pick the same.
 */
function picked<Item>(items: readonly Item[], at: number): Item {
  const spread = (at * 0.618_033_988_749_895) % 1;
  // The sum of 1/n to N is about ln(N): the inverse of that distribution.
  const item = items[Math.floor((items.length + 1) ** spread) - 1];
  if (item === undefined) throw new Error("There are no questions.");
  return item;
}

type Answered = (status: number, bytes: number) => void;

async function load(job: LoadJob, requests: readonly Buffer[]): Promise<LoadResult> {
  const sockets = await Promise.all(
    Array.from({ length: job.connections }, (_, at) =>
      connect(job.ports[at % job.ports.length] ?? 0),
    ),
  );
  const latenciesMs: number[] = [];
  let failures = 0;
  let bytesRead = 0;
  let sent = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + job.seconds * 1_000;
  let lastAt = startedAt;

  const finished = new Promise<void>((resolve) => {
    let open = 0;
    const idle = [...sockets];
    const isOver = () => sent >= requests.length || performance.now() >= endsAt;
    /**
     * `dueAt` is when the request should have gone out: waiting for a free connection counts as
     * waiting for the response.
     */
    const send = (socket: Connection, dueAt: number) => {
      const request = requests[sent];
      if (request === undefined) return;
      sent += 1;
      open += 1;
      socket.ask(request, (status, bytes) => {
        lastAt = performance.now();
        latenciesMs.push(lastAt - dueAt);
        bytesRead += bytes;
        if (status !== 200) failures += 1;
        open -= 1;
        if (job.perSecond === null && !isOver()) send(socket, performance.now());
        else idle.push(socket);
        pump();
        endWhenDone();
      });
    };
    const due: number[] = [];
    const endWhenDone = () => {
      if (open === 0 && due.length === 0 && isOver()) resolve();
    };
    const pump = () => {
      while (due.length > 0 && idle.length > 0) {
        // The connection that has been idle longest: a server closes idle ones.
        const socket = idle.shift();
        const dueAt = due.shift();
        if (socket !== undefined && dueAt !== undefined) send(socket, dueAt);
      }
    };
    if (job.perSecond === null) {
      for (const socket of idle.splice(0)) send(socket, performance.now());
      return;
    }
    const everyMs = 1_000 / job.perSecond;
    let next = startedAt;
    const tick = () => {
      for (
        ;
        next <= performance.now() && next < endsAt && sent + due.length < requests.length;
        next += everyMs
      )
        due.push(next);
      pump();
      if (next < endsAt && sent + due.length < requests.length) setTimeout(tick, 1);
      // The last response may arrive before the time is over.
      else setTimeout(endWhenDone, Math.max(0, endsAt - performance.now()) + 1);
    };
    tick();
  });
  await finished;
  for (const socket of sockets) socket.end();
  latenciesMs.sort((a, b) => a - b);
  const at = (fraction: number) =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * fraction))] ??
    Number.NaN;
  return {
    answers: latenciesMs.length,
    seconds: (lastAt - startedAt) / 1_000,
    failures,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    bytesPerAnswer: Math.round(bytesRead / Math.max(1, latenciesMs.length)),
  };
}

type Connection = { ask(request: Buffer, answered: Answered): void; end(): void };

/**
 * One keep-alive connection with at most one request under way; reads no more of a response than
 * its length.
 */
async function connect(port: number): Promise<Connection> {
  const socket: Socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((resolve, reject) =>
    socket.once("connect", resolve).once("error", reject),
  );
  let answered: Answered = () => {};
  let head: Buffer | undefined;
  let left = 0;
  let status = 0;
  let bytes = 0;
  socket.on("data", (chunk) => {
    let body = chunk.byteLength;
    if (left === 0) {
      const all: Buffer = head === undefined ? chunk : Buffer.concat([head, chunk]);
      const headEnd = all.indexOf(HEAD_END);
      if (headEnd === -1) {
        head = all;
        return;
      }
      head = undefined;
      const lines = all.toString("latin1", 0, headEnd);
      status = Number(lines.slice(9, 12));
      const length = /\r\ncontent-length: *(\d+)/i.exec(lines)?.[1];
      if (length === undefined) throw new Error(`An answer without a length:\n${lines}`);
      bytes = Number(length);
      left = bytes;
      body = all.byteLength - headEnd - HEAD_END.byteLength;
    }
    left -= body;
    if (left === 0) answered(status, bytes);
  });
  return {
    ask(request, then) {
      answered = then;
      socket.write(request);
    },
    end: () => socket.destroy(),
  };
}

await main();
