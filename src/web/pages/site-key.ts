import { hkdfSync, randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { makeFolder } from "../../process/data-folder.ts";
import type { Log } from "../../process/log.ts";

/** Signs the addresses of pictures. */
export type SiteKey = Buffer;

const FILE = "site.key";
const KEY_BYTES = 32;
const WRITTEN = /^[0-9a-f]{64}\n$/;
/** Another use of the same secret would say something else here, and get another key. */
const PURPOSE = "picture addresses, 1";

/**
 * The key of this installation: derived from the configured secret, else from one that is made once
 * and kept in the data folder, where processes that start at once agree on it. If the folder cannot
 * be used, a key for this run alone, with a warning in the log.
 */
export async function openSiteKey(
  { siteSecret, dataDir }: Pick<Config, "siteSecret" | "dataDir">,
  log: Log,
): Promise<SiteKey> {
  return derived(siteSecret ?? (await keptSecret(dataDir, log)));
}

function derived(secret: string): SiteKey {
  return Buffer.from(hkdfSync("sha256", secret, "", PURPOSE, KEY_BYTES));
}

async function keptSecret(dataDir: string, log: Log): Promise<string> {
  const file = join(dataDir, FILE);
  const fresh = `${randomBytes(KEY_BYTES).toString("hex")}\n`;
  try {
    await makeFolder(dataDir);
    const kept = await readKept(file);
    if (kept !== undefined) return kept;
    const own = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    await writeFile(own, fresh, { mode: 0o600, flag: "wx" });
    try {
      // Unlike a rename, a link does not replace the file of a process that was quicker.
      await link(own, file);
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    } finally {
      await rm(own, { force: true });
    }
    return (await readKept(file)) ?? fresh;
  } catch (error) {
    log.warn(
      { err: error, file },
      "The key of the web pages cannot be kept: until the next start their pictures have one of their own. Let the bot write DATA_DIR, or set SITE_SECRET",
    );
    return fresh;
  }
}

/** The secret in the file; undefined when there is no file. Rejects when it holds anything else. */
async function readKept(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, "utf8");
    if (!WRITTEN.test(text)) throw new Error(`${FILE} is damaged: delete it to have a new one`);
    return text;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && "code" in error && error.code === code;
