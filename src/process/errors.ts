/**
 * An error and its causes in one line without stacks. Of a host with several addresses each one
 * that was tried is named, with what became of it.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own =
    error instanceof AggregateError ? error.errors.map(errorText).join("; ") : error.message;
  const said = own === "" ? error.name : own;
  return error.cause === undefined ? said : `${said}: ${errorText(error.cause)}`;
}
