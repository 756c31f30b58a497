import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FAVICON } from "../../web/pages/favicon.ts";
import { STYLE } from "./style.ts";

/** The files that the page loads, by the last part of their address. */
export type PageAssets = readonly {
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
}[];

/** Where the build puts the page's compiled scripts. */
const SCRIPTS = fileURLToPath(new URL("./script/", import.meta.url));

/** Reads the page's compiled scripts from `folder`. Rejects when they have not been compiled. */
export async function readPageAssets(folder: string = SCRIPTS): Promise<PageAssets> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  const scripts = names.map(async (name) => ({
    name,
    contentType: "text/javascript; charset=utf-8",
    text: await readFile(join(folder, name), "utf8"),
  }));
  return [
    { name: "style.css", contentType: "text/css; charset=utf-8", text: STYLE },
    { name: "favicon.svg", contentType: "image/svg+xml", text: FAVICON },
    ...(await Promise.all(scripts)),
  ];
}
