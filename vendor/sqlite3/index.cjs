// Stands in for the archived package `sqlite3`, so that one native SQLite is loaded
// (docs/decisions/0001-one-native-sqlite.md). `@keyv/sqlite` 4.0.8 makes these four calls and no
// others (its dist/index.js, checked 2026-11).
"use strict";

const SqliteFile = require("./driver.cjs");

/** A connection. As with `sqlite3`, outcomes arrive in callbacks, never before the call returns. */
class Database {
  #file;

  constructor(path, callback) {
    settle(callback, () => {
      this.#file = new SqliteFile(path);
    });
  }

  /** Only `busyTimeout`, in milliseconds: the process blocks while it waits. */
  configure(option, value) {
    if (option !== "busyTimeout") throw new TypeError(`expected busyTimeout, received ${option}`);
    this.#file.pragma(`busy_timeout = ${Number(value)}`);
  }

  /** Runs one statement; its rows, empty when it returns none. */
  all(sql, ...rest) {
    const callback = rest.pop();
    settle(callback, () => {
      const statement = this.#file.prepare(sql);
      // Parameters are passed one by one or as one array.
      const parameters = rest.flat();
      if (statement.reader) return statement.all(...parameters);
      statement.run(...parameters);
      return [];
    });
  }

  close(callback) {
    settle(callback, () => {
      this.#file.close();
    });
  }
}

function settle(callback, work) {
  let result;
  let failure = null;
  try {
    result = work();
  } catch (error) {
    failure = named(error);
  }
  setImmediate(callback, failure, result);
}

/** `sqlite3` puts SQLite's primary result code into `code` and before the message. */
function named(error) {
  const [code] = /^SQLITE_[A-Z]+/.exec(error.code) ?? [];
  if (code === undefined) return error;
  return Object.assign(new Error(`${code}: ${error.message}`, { cause: error }), { code });
}

module.exports = { Database };
