// @ts-check
// Every element with `data-until` says how much time is left, by the server's clock: `data-now` is what that clock showed
// when the element was drawn. Elements may come and go; they are looked for once a second.

/** @type {WeakMap<Element, number>} the server's clock minus ours, as of when the element was first seen */
const offsets = new WeakMap();

export function tick() {
  for (const element of document.querySelectorAll("[data-until]")) {
    const { until, now, left, over } = /** @type {HTMLElement} */ (element).dataset;
    if (!offsets.has(element)) offsets.set(element, Number(now) - Date.now());
    const remains = Number(until) - Date.now() - (offsets.get(element) ?? 0);
    const seconds = Math.ceil(Math.abs(remains) / 1_000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const text = ((remains < 0 ? over : left) ?? "").replace("{time}", time);
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("over", remains < 0);
    element.classList.toggle("soon", remains >= 0 && remains < 120_000);
  }
}

tick();
setInterval(tick, 1_000);
