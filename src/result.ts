/**
 * What may fail for reasons that are expected: `ok` says which, `Failure` carries a closed
 * `reason`. Surprises are thrown instead.
 */
export type Result<Value extends object, Failure extends object> =
  | ({ readonly ok: true } & Value)
  | ({ readonly ok: false } & Failure);
