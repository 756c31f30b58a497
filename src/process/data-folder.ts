import { access, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and its parents. Node's own recursive mkdir never returns if a parent exists but
 * cannot contain folders, such as below /proc (Node 20.20).
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  const error = await mkdir(folder).then(
    () => undefined,
    (reason: NodeJS.ErrnoException) => reason,
  );
  if (error === undefined || error.code === "EEXIST") return;
  const parent = dirname(folder);
  const isParentMissing =
    error.code === "ENOENT" &&
    parent !== folder &&
    (await access(parent).then(
      () => false,
      () => true,
    ));
  if (!isParentMissing) throw error;
  await makeFolder(parent);
  await makeFolder(folder);
}
