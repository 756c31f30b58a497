import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const KNOWN_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

const executablePath = KNOWN_PLACES.find((path) => existsSync(path));

/**
 * Whether this machine has a Chromium: `describe.skipIf(!systemBrowser.available)`; `note` ends
 * such a title with the reason.
 */
export const systemBrowser: { readonly available: boolean; readonly note: string } =
  executablePath === undefined
    ? { available: false, note: " (skipped: no Chromium here; on Debian apt-get install chromium)" }
    : { available: true, note: "" };

/**
 * Starts the system's Chromium without a window, with a new empty profile, and without network
 * traffic of its own.
 */
export function launchBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error("There is no Chromium on this machine.");
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
