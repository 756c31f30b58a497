import { byId, icon } from "./dom.ts";
import { say } from "./say.ts";

const SUN =
  "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12 1v3M12 20v3M1 12h3M20 12h3M4 4l2 2M18 18l2 2M4 20l2-2M18 6l2-2";
const MOON = "M20 14.5A8.5 8.5 0 1 1 9.5 4 7 7 0 0 0 20 14.5z";

/** Shows the theme that the visitor has chosen, else the system's; the button switches it. */
export function startTheme(): void {
  const button = byId("theme", HTMLButtonElement);
  button.addEventListener("click", () => {
    localStorage.setItem("theme", isDark() ? "light" : "dark");
    drawTheme(button);
  });
  drawTheme(button);
}

function drawTheme(button: HTMLButtonElement): void {
  const chosen = localStorage.getItem("theme");
  document.documentElement.className =
    chosen === "dark" || chosen === "light" ? `theme-${chosen}` : "theme-system";
  button.replaceChildren(icon(isDark() ? SUN : MOON));
  button.setAttribute(
    "aria-label",
    say(isDark() ? "playground.theme.light" : "playground.theme.dark"),
  );
}

function isDark(): boolean {
  const root = document.documentElement.classList;
  return (
    root.contains("theme-dark") ||
    (root.contains("theme-system") && matchMedia("(prefers-color-scheme: dark)").matches)
  );
}
