/**
 * The result of something that may fail for expected reasons: `ok` tells success from failure, and
 * `Failure` usually has a closed `reason`. Surprises are thrown instead.
 */
export type Result<Value extends object, Failure extends object> =
  | ({ readonly ok: true } & Value)
  | ({ readonly ok: false } & Failure);
