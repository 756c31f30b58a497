import type { SentBody } from "./interaction-handle.ts";
import { RestError, restErrors } from "./rest-error.ts";
import type { UploadedFile } from "./seen-message.ts";

/** Parses a body as Discord does: JSON, or multipart with `payload_json` and `files[n]`. */
export async function readBody(
  bytes: Uint8Array | ArrayBuffer,
  contentType: string,
): Promise<SentBody> {
  if (contentType.startsWith("multipart/form-data")) {
    const form = await new Response(bytes, { headers: { "content-type": contentType } })
      .formData()
      .catch(() => {
        throw restErrors.invalidJson();
      });
    const uploads: UploadedFile[] = [];
    let json: unknown = {};
    for (const [key, value] of form) {
      if (typeof value === "string") {
        if (key === "payload_json") json = parseJson(value);
        continue;
      }
      const index = /^files\[(\d+)\]$/.exec(key)?.[1];
      if (index === undefined) continue;
      uploads.push({
        index: Number(index),
        name: value.name,
        contentType: value.type,
        bytes: new Uint8Array(await value.arrayBuffer()),
      });
    }
    return { json, uploads };
  }
  const text = await new Response(bytes).text();
  if (text === "") return { json: undefined, uploads: [] };
  if (!contentType.startsWith("application/json"))
    throw new RestError(
      400,
      50035,
      "Expected \"Content-Type\" header to be one of {'application/json'}.",
    );
  return { json: parseJson(text), uploads: [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw restErrors.invalidJson();
  }
}
