/** Nothing from elsewhere, no script or style in the page itself, and no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HSTS_SECONDS = 31_536_000;

/** Headers of everything that the pages' routes send. */
export function safeHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    ...(origin.startsWith("https:") && {
      "strict-transport-security": `max-age=${HSTS_SECONDS}`,
    }),
  };
}
