import { randomUUID } from "node:crypto";
import type { ReplyFile } from "./reply.ts";

/**
 * A body of JSON and files, as Discord wants it
 * (discord.com/developers/docs/reference#uploading-files, 2026-11), in pieces, of which the files
 * are some.
 */
export type Multipart = {
  readonly body: readonly Uint8Array[];
  readonly headers: { readonly "content-type": string };
};

/** Writes a multipart body. */
export function multipartOf(
  json: unknown,
  files: readonly Pick<ReplyFile, "name" | "data">[],
): Multipart {
  const boundary = `lambo-${randomUUID()}`;
  const part = (headers: string): Buffer => Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`);
  const end = Buffer.from("\r\n");
  const chunks: Uint8Array[] = [
    part('Content-Disposition: form-data; name="payload_json"\r\nContent-Type: application/json'),
    Buffer.from(JSON.stringify(json)),
    end,
  ];
  for (const [at, { name, data }] of files.entries()) {
    // As browsers do
    // (html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data).
    const filename = name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
    chunks.push(
      part(
        `Content-Disposition: form-data; name="files[${at}]"; filename="${filename}"\r\nContent-Type: ${typeOf(name)}`,
      ),
      data,
      end,
    );
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    body: chunks,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  };
}

/**
 * The options with which `@discordjs/rest` sends JSON, and files with it when there are any, in one
 * buffer. The client itself would turn the files into blobs, whose bytes the garbage collector does
 * not see: even after a thousand posts with pictures it would not run.
 */
export function requestBodyOf(
  json: unknown,
  files: readonly Pick<ReplyFile, "name" | "data">[] = [],
) {
  if (files.length === 0) return { body: json };
  const { body, headers } = multipartOf(json, files);
  return { body: Buffer.concat(body), headers, passThroughBody: true };
}

function typeOf(name: string): string {
  return name.toLowerCase().endsWith(".png") ? "image/png" : "application/octet-stream";
}
