// The one native SQLite of the program: better-sqlite3 13 where it runs, else 12
// (docs/decisions/0023-two-majors-of-better-sqlite3.md).
"use strict";

/** Version 13 is built for this version of Node-API: on an earlier one its code crashes. */
const NODE_API = 10;

function driver() {
  if (Number(process.versions.napi) >= NODE_API) {
    try {
      const Driver = require("better-sqlite3-13");
      new Driver(":memory:").close();
      return Driver;
    } catch {
      // It brings binaries for common platforms only.
    }
  }
  return require("better-sqlite3");
}

module.exports = driver();
