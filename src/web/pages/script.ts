/**
 * The only script of the pages: it shows the button that copies the link, which works without it
 * too, as text to select.
 */
export const SCRIPT = `const button = document.getElementById("copy");
const link = document.getElementById("link");
const told = document.getElementById("copied");
if (button && link && told) {
  button.classList.add("works");
  link.addEventListener("focus", () => link.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
    } catch {
      link.select();
      if (!document.execCommand("copy")) return;
    }
    told.textContent = button.dataset.copied;
    button.textContent = button.dataset.copied;
    setTimeout(() => {
      told.textContent = "";
      button.textContent = button.dataset.copy;
    }, 2500);
  });
}
`;
