import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { silentLog } from "../../../src/process/log.ts";
import { openSiteKey } from "../../../src/web/pages/site-key.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lambo-key-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe("the key of the pages' pictures", () => {
  it("is kept for the owner alone, and the same for all that start at once and later", async () => {
    const dataDir = join(await folder(), "new");
    const open = () => openSiteKey({ siteSecret: undefined, dataDir }, silentLog);
    const keys = await Promise.all(Array.from({ length: 8 }, open));
    const all = [...keys, await open()].map((key) => key.toString("hex"));
    expect(new Set(all).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(["site.key"]);
    expect((await stat(join(dataDir, "site.key"))).mode & 0o777).toBe(0o600);
  });

  it("comes from SITE_SECRET where that is set, and leaves no file", async () => {
    const dataDir = await folder();
    const keyOf = (siteSecret: string) => openSiteKey({ siteSecret, dataDir }, silentLog);
    const key = await keyOf("a secret of 16 characters");
    expect(await keyOf("a secret of 16 characters")).toEqual(key);
    expect(await keyOf("another secret of this kind")).not.toEqual(key);
    expect(key.toString("latin1")).not.toContain("secret");
    expect(await readdir(dataDir)).toEqual([]);
  });

  it("is one for this run, with a warning, where the folder cannot be used or the file is damaged", async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (_fields: object, text: string) => void warnings.push(text) };
    const open = (dataDir: string) => openSiteKey({ siteSecret: undefined, dataDir }, log);
    expect((await open("/proc/nowhere")).length).toBe(32);
    const damaged = await folder();
    await writeFile(join(damaged, "site.key"), "short");
    expect((await open(damaged)).length).toBe(32);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain("set SITE_SECRET");
  });
});
