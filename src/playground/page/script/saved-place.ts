import type { OptionValue } from "./option-values.ts";

/** What stands unsent in the message box. */
export type Draft = {
  /** The command as it is typed after the slash; absent for a text without a command. */
  readonly command?: string;
  /** The command's filled-in options. */
  readonly values: readonly {
    readonly name: string;
    readonly typed: string;
    /** The value that was chosen from the list under the name `typed`. */
    readonly chosen?: OptionValue;
  }[];
  /** The text that stands outside the options. */
  readonly text: string;
};

/** Where the visitor was when the page was last open in this tab. */
export type SavedPlace = {
  readonly channelId?: string;
  readonly memberId?: string;
  readonly guildLocale?: string;
  readonly draft?: Draft | undefined;
};

const KEY = "place";

/** What a reload keeps; it is private to this tab, and gone when the tab is closed. */
export function readSavedPlace(): SavedPlace {
  try {
    // Written by `savePlace`, perhaps of an older page: a draft is checked where it is restored.
    const saved = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as SavedPlace | null;
    return saved ?? {};
  } catch {
    return {};
  }
}

/** Adds to what a reload keeps. A browser that stores nothing just forgets it. */
export function savePlace(change: SavedPlace): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...readSavedPlace(), ...change }));
  } catch {
    // The page works without it.
  }
}
