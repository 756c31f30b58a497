import { createPublicKey, verify } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * The least that a server can do for the same requests, to compare with: it verifies Discord's
 * signature, parses the body and sends a fixed one. `POST /<bytes>` and `GET /<bytes>` choose the
 * size of the response's body. PUBLIC_KEY is the application's key, in hexadecimal digits.
 */
const key = createPublicKey({
  key: {
    kty: "OKP",
    crv: "Ed25519",
    x: Buffer.from(process.env["PUBLIC_KEY"] ?? "", "hex").toString("base64url"),
  },
  format: "jwk",
});

const bodies = new Map<number, Buffer>();
function bodyOf(bytes: number): Buffer {
  const known = bodies.get(bytes);
  if (known !== undefined) return known;
  const body = Buffer.alloc(bytes, "x");
  bodies.set(bytes, body);
  return body;
}

function send(request: IncomingMessage, response: ServerResponse): void {
  const body = bodyOf(Number(request.url?.slice(1)));
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": body.byteLength,
  });
  response.end(body);
}

function refuse(response: ServerResponse): void {
  response.writeHead(401, { "content-length": 0 });
  response.end();
}

const server = createServer((request, response) => {
  if (request.method === "GET") return send(request, response);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const timestamp = String(request.headers["x-signature-timestamp"]);
    const signature = String(request.headers["x-signature-ed25519"]);
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    if (!verify(null, signed, key, Buffer.from(signature, "hex"))) return refuse(response);
    JSON.parse(body.toString("utf8"));
    send(request, response);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");
  // Read by startServer, as the line of the program itself.
  process.stderr.write(`ready: listening on http://127.0.0.1:${address.port}\n`);
});
process.once("SIGTERM", () => process.exit(0));
