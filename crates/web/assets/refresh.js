// @ts-check
// Parts of a page that the server draws again every few seconds, while somebody looks and nobody has put a finger on them.

const EVERY_MS = 5_000;

for (const found of document.querySelectorAll("[data-refresh]")) {
  const part = /** @type {HTMLElement} */ (found);
  const again = () => setTimeout(async () => {
    const busy = document.hidden || part.contains(document.activeElement);
    const answer = busy ? null : await fetch(part.dataset.refresh ?? "").catch(() => null);
    if (answer?.ok && !part.contains(document.activeElement)) part.innerHTML = await answer.text();
    again();
  }, EVERY_MS * (0.8 + Math.random() * 0.4));
  again();
}
