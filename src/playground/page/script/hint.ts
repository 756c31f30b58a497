import { byId } from "./dom.ts";

/** Writes the line below the message box; an empty sentence clears it. */
export function showHint(sentence: string, isProblem = false): void {
  const hint = byId("hint", HTMLElement);
  hint.textContent = sentence;
  hint.classList.toggle("problem", isProblem);
}

/** Shows why something failed below the message box. */
export function showError(error: unknown): void {
  showHint(error instanceof Error ? error.message : String(error), true);
}

/** Waits for `work`, and shows why if it fails. Never rejects. */
export async function attempt(work: Promise<unknown>): Promise<void> {
  try {
    await work;
    showHint("");
  } catch (error) {
    showError(error);
  }
}
