// @ts-check
// The hall's screen: drawn by the server, drawn again when something changed, and never silently old.
import { follow } from "./live.js";

const REDRAW_MS = 1_000;
const STALE_MS = 15_000;
const age = /** @type {HTMLElement} */ (document.querySelector("[data-age]"));
let heard = Date.now();
let waiting = false;

follow(document.body.dataset.live ?? "", (frame) => {
  heard = Date.now();
  if (frame.type === "state" || frame.type === "snapshot") redraw();
}, () => tell());
setInterval(tell, 1_000);

function tell() {
  const silent = Date.now() - heard;
  const stale = silent > STALE_MS;
  const seconds = String(Math.round(silent / 1_000));
  const text = stale ? (age.dataset.stale ?? "").replace("{seconds}", seconds) : age.dataset.fresh ?? "";
  if (age.textContent !== text) age.textContent = text;
  age.classList.toggle("stale", stale);
  age.classList.toggle("fresh", !stale);
}

function redraw() {
  if (waiting) return;
  waiting = true;
  setTimeout(async () => {
    waiting = false;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["[data-screen]", ".screen-foot > div"]) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceWith(fresh);
    }
  }, REDRAW_MS);
}
