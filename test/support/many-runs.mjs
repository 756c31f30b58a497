// Runs a compiled entry point once for each list of arguments, all in one process, which saves the
// time of loading the program again: for runs that end before they open anything.
//
//   node many-runs.mjs ENTRY_FILE '[["--help"],["-x"]]'
//
// After each run both outputs get a NUL; standard output also gets the exit code and another NUL.

import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [file, lists] = process.argv.slice(2);
const entry = pathToFileURL(file);

class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}
process.exit = (code = 0) => {
  throw new Exit(code);
};

for (const [index, list] of JSON.parse(lists).entries()) {
  process.argv = [process.execPath, file, ...list];
  entry.search = `run=${index}`;
  const code = await import(entry.href).then(
    () => 0,
    (error) => {
      if (error instanceof Exit) return error.code;
      throw error;
    },
  );
  writeSync(1, `\0${code}\0`);
  writeSync(2, "\0");
}
