const DEEPEST_CAUSE = 10;

/**
 * An error and its causes in one line, without stacks. For a host with several addresses, every
 * address that was tried is listed with its error.
 */
export function errorText(error: unknown): string {
  return chainOf(error).map(ownText).join(": ");
}

/** An error as a line of the log holds it. */
export type LoggedError = {
  /** Its name, such as `TypeError`. */
  readonly type: string;
  /** Its {@link errorText}. */
  readonly message: string;
  /** Its stack and those of its causes. */
  readonly stack?: string;
  /** The code from Node, a database or Discord, such as `ECONNREFUSED`. */
  readonly code?: string | number;
};

/**
 * An error as logged. Its other fields are left out: those of a REST error contain the whole
 * request, with the reply and its files.
 */
export function serializeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code: unknown = "code" in error ? error.code : undefined;
  return {
    type: error.name,
    message: errorText(error),
    stack: chainOf(error).map(stackOf).join("\ncaused by: "),
    ...((typeof code === "string" || typeof code === "number") && { code }),
  };
}

/** The error itself, then its cause, and so on. */
function chainOf(error: unknown): readonly unknown[] {
  const chain = [error];
  for (let last = error; last instanceof Error && last.cause !== undefined; last = last.cause) {
    if (chain.length > DEEPEST_CAUSE) break;
    chain.push(last.cause);
  }
  return chain;
}

function ownText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text =
    error instanceof AggregateError ? error.errors.map(errorText).join("; ") : error.message;
  return text === "" ? error.name : text;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
