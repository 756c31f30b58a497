/**
 * Node's flags in `npm start`, the container image and the systemd service (`deploy.test.ts` sees
 * that they agree); docs/performance.md says what they are for.
 */
export const SHIPPED_FLAGS = ["--max-semi-space-size=4", "--no-allocation-site-pretenuring"];

/** The environment variable that goes with {@link SHIPPED_FLAGS}. */
export const SHIPPED_ENVIRONMENT = { MALLOC_MMAP_THRESHOLD_: "262144" };
