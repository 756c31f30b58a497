import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** Discord's side of signed requests: one application's key pair. */
export type Signing = {
  /** 64 hexadecimal digits, as the developer portal shows it. */
  readonly publicKey: string;
  /** For a process that signs by itself. */
  readonly privateKeyPem: string;
  /** The headers that Discord would send with a body. */
  headers(body: string | Uint8Array, timestampSeconds: number): Record<string, string>;
};

/** A new application key. */
export function createSigning(): Signing {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: rawHex(publicKey),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    headers: (body, timestampSeconds) => ({
      "content-type": "application/json",
      "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
      "x-signature-timestamp": String(timestampSeconds),
      "x-signature-ed25519": sign(
        null,
        Buffer.concat([
          Buffer.from(String(timestampSeconds)),
          typeof body === "string" ? Buffer.from(body) : body,
        ]),
        privateKey,
      ).toString("hex"),
    }),
  };
}

function rawHex(key: KeyObject): string {
  const { x } = key.export({ format: "jwk" });
  return Buffer.from(x ?? "", "base64url").toString("hex");
}
