import { execFileSync } from "node:child_process";

/**
 * Compiles the program once before all tests, as `npm start` does: some of them run it as a process
 * of its own.
 */
export function setup(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "inherit", "inherit"] });
}
