import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A separate disk with little room. */
export type SmallDisk = {
  readonly path: string;
  /** Fills all the room that is left. */
  fill(): void;
  /** Frees that room. */
  makeRoom(): void;
  remove(): void;
};

/**
 * Why no small disk can be created here; undefined when one can. Tests that need one skip with this
 * text in their name.
 */
export function smallDiskMissing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "only root on Linux can mount a small disk";
  const folder = mkdtempSync(join(tmpdir(), "lambo-disk-"));
  const isMounted =
    spawnSync("mount", ["-t", "tmpfs", "none", folder], { stdio: "ignore" }).status === 0;
  if (isMounted) execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return isMounted ? undefined : "mounting a small disk is not allowed here";
}

/** Mounts a disk in memory with room for `kilobytes`. */
export function mountSmallDisk(kilobytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "lambo-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "none", path]);
  const filler = join(path, "filler");
  return {
    path,
    fill() {
      // Written page by page until the disk refuses, so that not one page is free.
      for (;;) {
        try {
          writeFileSync(filler, Buffer.alloc(4_096), { flag: "a" });
        } catch (error) {
          if (error instanceof Error && "code" in error && error.code === "ENOSPC") return;
          throw error;
        }
      }
    },
    makeRoom() {
      if (existsSync(filler)) rmSync(filler);
    },
    remove() {
      execFileSync("umount", [path]);
      rmSync(path, { recursive: true });
    },
  };
}
