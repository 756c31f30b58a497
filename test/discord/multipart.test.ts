import { describe, expect, it } from "vitest";
import { multipartOf } from "../../src/discord/multipart.ts";

describe("a message with files", () => {
  it("arrives unchanged: JSON, names, types and every byte", async () => {
    const picture = Uint8Array.from({ length: 300 }, (_, at) => at % 256);
    const { body, headers } = multipartOf({ content: "Größe 🏎️\r\n--x" }, [
      { name: "lambo.png", data: picture },
      { name: "notes.txt", data: Buffer.from("\r\n--\r\n") },
    ]);
    const form = await new Response(Buffer.concat(body), { headers }).formData();
    expect(JSON.parse(String(form.get("payload_json")))).toEqual({ content: "Größe 🏎️\r\n--x" });
    const [first, second] = [form.get("files[0]"), form.get("files[1]")];
    if (!(first instanceof File) || !(second instanceof File)) throw new Error("files are missing");
    expect([first.name, first.type, second.name, second.type]).toEqual([
      "lambo.png",
      "image/png",
      "notes.txt",
      "application/octet-stream",
    ]);
    expect(new Uint8Array(await first.arrayBuffer())).toEqual(picture);
    expect(await second.text()).toBe("\r\n--\r\n");
  });

  it("cannot be broken by a file's name", async () => {
    const { body, headers } = multipartOf({}, [
      { name: 'a"\r\nX: y\r\n\r\n.png', data: new Uint8Array([1]) },
    ]);
    const form = await new Response(Buffer.concat(body), { headers }).formData();
    expect([...form.keys()]).toEqual(["payload_json", "files[0]"]);
  });
});
