import { readFileSync, renameSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";

const WRAPPER = "(function (exports, require, module, __filename, __dirname) {";

/**
 * Runs a bundled program (CommonJS) and returns what it exports. What V8 makes of it and its parts
 * is kept beside them by the first process that ends, where the folder can be written, and spares
 * the next ones a quarter of a terminal's answer. Bundled files have a hash of their content in
 * their names, so what is kept always belongs to the text.
 */
export function loadProgram(file: string): unknown {
  // Node's own way, from 22.1 on. Source maps are read only of what Node loads itself.
  const enableCompileCache: unknown = Reflect.get(nodeModule, "enableCompileCache");
  if (typeof enableCompileCache === "function") enableCompileCache();
  if (typeof enableCompileCache === "function" || process.sourceMapsEnabled) {
    const require = nodeModule.createRequire(file);
    // Each call runs the program, as below.
    delete require.cache[file];
    return require(file);
  }
  const notKept = new Map<string, Script>();
  process.once("exit", () => {
    for (const [keptFile, script] of notKept) keep(keptFile, script);
  });
  return loadPart(file, { loaded: new Map(), notKept });
}

type Program = {
  readonly loaded: Map<string, { exports: unknown }>;
  /** Scripts that were compiled here, by where to keep them. */
  readonly notKept: Map<string, Script>;
};

function loadPart(file: string, program: Program): unknown {
  const known = program.loaded.get(file);
  if (known !== undefined) return known.exports;
  const keptFile = `${file}.${cachedDataVersionTag()}`;
  const cachedData = contentOf(keptFile);
  const script = new Script(`${WRAPPER}${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    columnOffset: -WRAPPER.length,
    ...(cachedData !== undefined && { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true)
    program.notKept.set(keptFile, script);
  const module = { exports: {} };
  program.loaded.set(file, module);
  const requireOther = nodeModule.createRequire(file);
  const require = (name: string): unknown =>
    name.startsWith("./") ? loadPart(join(dirname(file), name), program) : requireOther(name);
  script
    .runInThisContext()
    .call(module.exports, module.exports, require, module, file, dirname(file));
  return module.exports;
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Nothing is kept in a folder that cannot be written. */
function keep(file: string, script: Script): void {
  try {
    // Another process must never read half a file.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, file);
  } catch {}
}
