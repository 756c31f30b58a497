// A mutation round: single lines of the source are changed one at a time, and the tests of their
// room must fail.
//
//   npm run mutants -- draw SEED COUNT     prints a list of mutants, the same for the same source
//   npm run mutants -- run LIST [FIRST] [LAST]
//                                          tries those of a list, and says which survive; in a
//                                          work tree without changes, which it leaves as it was
//
// The list is committed before the run, so that nobody chooses what is convenient.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What is mutated, and the tests that must notice. */
const ROOMS = [
  ["src/valuation", "", ["test/valuation", "test/cards"]],
  [
    "src/prices/history",
    "join|outlier|gather|fetched|builder|price-history",
    [
      "test/prices/history/price-history",
      "test/prices/history/outliers",
      "test/prices/history/joining",
      "test/prices/history/frugal-history",
      "test/prices/history/day-by-day",
    ],
  ],
  [
    "src/digest",
    "^due|poster|ledger|publisher|recovery|outcome|delivery|attempts",
    ["test/digest/due", "test/digest/poster", "test/digest/crash"],
  ],
  [
    "src/storage",
    "digest-(?:ledger|claims|troubles)",
    ["test/storage/digest-ledger", "test/digest/poster"],
  ],
  ["src/discord", "dispatch|deliver", ["test/discord/dispatch"]],
  ["src/settings", "", ["test/settings", "test/commands/config"]],
  ["src/messages", "format", ["test/messages"]],
];
const LIMIT_MS = 300_000;

const SWAPS = [
  [" < ", " <= "],
  [" > ", " >= "],
  [" === ", " !== "],
  [" && ", " || "],
  [" + ", " - "],
  [" * ", " / "],
  ["Math.min(", "Math.max("],
  ["true", "false"],
];
const CHANGES = [
  ...SWAPS.flatMap(([from, to]) => [
    [from, to],
    [to, from],
  ]),
  ["if (!", "if ("],
  [" += 1", " += 2"],
];
/** Lines that are no code: comments, imports, types. */
const NO_CODE = /^\s*(?:\/\/|\/?\*|import |export \{|\} from|type |export type |readonly |\||it\()/;

/** Every way to change one line of a file. */
function mutantsOf(file) {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) =>
      NO_CODE.test(line)
        ? []
        : CHANGES.filter(([from]) => line.includes(from)).map(([from, to]) => ({
            file,
            number: index + 1,
            was: line.trim(),
            is: line.replace(from, to).trim(),
          })),
    );
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function draw(seed, count) {
  const random = randomFrom(seed);
  const pools = ROOMS.map(([folder, name]) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".ts") && new RegExp(name).test(file))
      .sort()
      .flatMap((file) => mutantsOf(join(folder, file))),
  ).filter((pool) => pool.length > 0);
  // From each room in turn, so that a small one is drawn from as often as a large one.
  for (let at = 0, drawn = 0; drawn < count; at += 1) {
    if (pools.every((pool) => pool.length === 0)) throw new Error("there are no more mutants");
    const pool = pools[at % pools.length];
    if (pool.length === 0) continue;
    const [mutant] = pool.splice(Math.floor(random() * pool.length), 1);
    process.stdout.write(`${JSON.stringify(mutant)}\n`);
    drawn += 1;
  }
}

/**
 * The tests that must notice, one run each: those of the file itself first, as they are fastest.
 */
function testsOf(file) {
  const ofFile = file.replace(/^src\//, "test/").replace(/\.ts$/, ".test.ts");
  const ofRoom = ROOMS.filter(([folder, name]) => {
    const rest = file.slice(folder.length + 1);
    return file.startsWith(`${folder}/`) && new RegExp(name).test(rest);
  }).flatMap(([, , tests]) => tests);
  return existsSync(ofFile) ? [ofFile, ...ofRoom] : ofRoom;
}

function passes(tests) {
  const args = ["vitest", "run", "--bail=1", "--reporter=dot", ...tests];
  return spawnSync("npx", args, { stdio: "ignore", timeout: LIMIT_MS }).status === 0;
}

/** Whether a test fails; a run that takes too long counts, as it would on anybody's machine. */
function isKilled(mutant) {
  const source = readFileSync(mutant.file, "utf8");
  const lines = source.split("\n");
  const line = lines[mutant.number - 1] ?? "";
  if (line.trim() !== mutant.was) throw new Error(`${mutant.file} is not what was drawn from`);
  lines[mutant.number - 1] = line.replace(mutant.was, () => mutant.is);
  writeFileSync(mutant.file, lines.join("\n"));
  try {
    return !testsOf(mutant.file).every((tests) => passes([tests]));
  } finally {
    writeFileSync(mutant.file, source);
  }
}

function run(list, first, last) {
  const changed = execFileSync("git", ["status", "--porcelain", "src"], { encoding: "utf8" });
  if (changed !== "") throw new Error("src has changes: commit them first");
  const mutants = readFileSync(list, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .slice(first - 1, last);
  const tests = new Set(mutants.flatMap(({ file }) => testsOf(file)));
  for (const each of tests)
    if (!passes([each])) throw new Error(`${each} fails without any mutant`);
  let killed = 0;
  for (const [index, mutant] of mutants.entries()) {
    const isDead = isKilled(mutant);
    if (isDead) killed += 1;
    const where = `${mutant.file}:${mutant.number}`;
    process.stdout.write(
      `${index + first} ${isDead ? "killed" : `SURVIVED ${mutant.was} -> ${mutant.is}`} ${where}\n`,
    );
  }
  process.stdout.write(`${killed} of ${mutants.length} killed\n`);
}

const [what, one, two, three] = process.argv.slice(2);
if (what === "draw") draw(Number(one), Number(two));
else if (what === "run") run(one, Number(two ?? 1), Number(three ?? Number.MAX_SAFE_INTEGER));
else throw new Error("draw SEED COUNT, or run LIST [FIRST] [LAST]");
