// The last step of `npm run build`, after the compiler: joins the modules of each program, ours and
// those of packages, to a few files without whitespace (docs/decisions/0019-bundled-programs.md).
// The compiled modules stay where they are: threads, scripts and tests load them one by one, and
// what a module reads beside itself lies beside them.
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const OUT = join(ROOT, "dist/src");
const STAMP = join(ROOT, "dist/finished.stamp");
const DATE_WORDS = join(OUT, "reading/date-words.json");
const PROGRAMS = ["main", "backup", "move", "gallery"];
/** Bundled as CommonJS, for `src/process/kept-code.ts` (docs/decisions/0022-kept-code.md). */
const TERMINAL = "terminal";
/** How a bundled file says its own URL. */
const OWN_URL = { esm: "import.meta.url", cjs: 'require("node:url").pathToFileURL(__filename)' };
/** Prefix of the shared files. They lie beside the programs: `withOldUrl` counts on that folder. */
const PART = "part-";
/** A program that runs during a build may load its own parts later: old ones stay for a day. */
const KEPT_MS = 86_400_000;
/**
 * Machine code; `ws`, which `src/process/network.ts` changes for discord.js too, so that there must
 * be one of it; and optional packages that are not installed.
 */
const NOT_BUNDLED = [
  ...[/^better-sqlite3/, /^sharp/, /^sqlite3/, "ws"],
  ...["pg-native", "bufferutil", "utf-8-validate", "zlib-sync", "erlpack"],
];
/**
 * discord.js evaluates code for shards in processes of their own, which the bot does not have; and
 * in the lines of `withOldUrl`, source maps are right about lines alone.
 */
const EXPECTED = new Set(["EVAL", "SOURCEMAP_BROKEN"]);

if (isUpToDate()) process.exit(0);
await writeDateWords();
await bundle(PROGRAMS, "esm");
await bundleTerminal();
removeOldParts();
writeFileSync(STAMP, "");

/** Whether nothing was compiled or installed since the last time, as before most starts. */
function isUpToDate() {
  try {
    const finishedMs = statSync(STAMP).mtimeMs;
    const compiled = ["dist/src", "dist/commands", "dist/locales"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true })
        .filter((name) => name.endsWith(".js"))
        .map((name) => join(ROOT, folder, name)),
    );
    return [
      ...compiled,
      DATE_WORDS,
      join(ROOT, "package-lock.json"),
      fileURLToPath(import.meta.url),
    ].every((file) => statSync(file).mtimeMs <= finishedMs);
  } catch {
    return false;
  }
}

/** Writes the words of dates in all languages beside the module that reads them. */
async function writeDateWords() {
  const { dateWordsJson } = await import("../dist/src/reading/date-words.js");
  writeFileSync(DATE_WORDS, dateWordsJson());
}

/** Bundles programs: as `<name>.js`, or in CommonJS as a part that another file loads. */
async function bundle(programs, format) {
  const bundled = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(programs.map((name) => [name, `src/${name}.ts`])),
    platform: "node",
    external: NOT_BUNDLED,
    plugins: [
      {
        name: "old-urls",
        transform: {
          filter: { code: "import.meta.url" },
          handler: (code, id) => withOldUrl(code, id, OWN_URL[format]),
        },
      },
      { name: "latin-1", generateBundle: escapeToLatin1 },
    ],
    onLog(level, log, report) {
      if (!EXPECTED.has(log.code)) report(level, log);
    },
  });
  const extension = format === "esm" ? "js" : "cjs";
  return bundled.write({
    dir: OUT,
    format,
    entryFileNames: format === "esm" ? "[name].js" : `${PART}[name]-[hash].${extension}`,
    chunkFileNames: `${PART}[name]-[hash].${extension}`,
    // Code that is kept cannot import.
    dynamicImportInCjs: false,
    sourcemap: true,
    // Node keeps the source of what it has loaded in memory. Names stay, for the stacks of errors.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
}

/** Bundles the terminal, and writes what loads it in place of its compiled entry point. */
async function bundleTerminal() {
  const { output } = await bundle([TERMINAL], "cjs");
  const { fileName } = output.find(({ isEntry }) => isEntry);
  const loader = `import { fileURLToPath } from "node:url";
import { loadProgram } from "./process/kept-code.js";
await loadProgram(fileURLToPath(new URL("${fileName}", import.meta.url))).finished;
`;
  writeFileSync(join(OUT, `${TERMINAL}.js`), loader);
}

function removeOldParts() {
  for (const name of readdirSync(OUT)) {
    const file = join(OUT, name);
    if (name.startsWith(PART) && statSync(file).mtimeMs < Date.now() - KEPT_MS) rmSync(file);
  }
}

/**
 * Writes characters beyond Latin-1 as escapes, as strings, templates and expressions allow: Node
 * keeps a file with a single one of them at two bytes for each character, 3 MB in all.
 */
function escapeToLatin1(_options, files) {
  for (const file of Object.values(files))
    if (file.type === "chunk")
      file.code = file.code.replace(
        /[^\0-\xff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
}

/** Writes the URL of a module's own compiled file in place of its `import.meta.url`. */
function withOldUrl(code, id, ownUrl) {
  const path = relative(ROOT, id);
  if (path.startsWith("node_modules")) return null;
  const compiled = relative(OUT, join(ROOT, "dist", path.replace(/\.ts$/, ".js")));
  const url = `new URL(${JSON.stringify(compiled)}, ${ownUrl}).href`;
  return code.replaceAll("import.meta.url", url);
}
