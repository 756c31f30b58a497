import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { emptyFolder } from "./support/program.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Whether any process of a group is left, npm and its shell included. */
function isAnyLeft(groupId: number): boolean {
  try {
    process.kill(-groupId, 0);
    return true;
  } catch {
    return false;
  }
}

/** `npm start` as somebody types it, without building again, in a process group of its own. */
async function npmStart(): Promise<{ npm: ChildProcess; groupId: number; output: () => string }> {
  const folder = await emptyFolder();
  const npm = spawn("npm", ["start", "--ignore-scripts"], {
    cwd: root,
    detached: true,
    env: {
      PATH: process.env["PATH"],
      HOME: folder.path,
      DEMO: "1",
      PORT: "0",
      DATA_DIR: folder.path,
      LOG_LEVEL: "info",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const groupId = npm.pid ?? 0;
  open.push(folder.remove, () => isAnyLeft(groupId) && process.kill(-groupId, "SIGKILL"));
  let said = "";
  const isUp = new Promise<void>((resolve, reject) => {
    npm.once("exit", () => reject(new Error(`npm start ended:\n${said}`)));
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes("Ctrl+C")) resolve();
      });
    }
  });
  await isUp;
  return { npm, groupId, output: () => said };
}

// Windows has neither process groups nor the shell's `exec`.
describe.skipIf(process.platform === "win32")("npm start", { timeout: 60_000 }, () => {
  it("leaves no process behind when npm is told to stop, and ends as the bot did", async () => {
    const { npm, groupId, output } = await npmStart();
    const closed = once(npm, "close");
    npm.kill("SIGTERM");
    expect(await closed).toEqual([0, null]);
    expect(isAnyLeft(groupId)).toBe(false);
    expect(output()).toContain('"signal":"SIGTERM"');
  });

  it("takes one Ctrl+C, which reaches npm and the bot, for one", async () => {
    const { npm, groupId, output } = await npmStart();
    const closed = once(npm, "close");
    process.kill(-groupId, "SIGINT");
    await closed;
    expect(isAnyLeft(groupId)).toBe(false);
    expect(output()).toContain('"signal":"SIGINT"');
    expect(output()).not.toContain("asked again");
  });
});
