// @ts-check
// The hall's screen: drawn by the server, drawn again when something changed, and never silently old.
import { follow } from "./live.js";
import { tick } from "./countdown.js";

/** Not more often than this; the first change after a pause is drawn at once, so that blank is blank. */
const REDRAW_MS = 1_000;
/** The server speaks at least every ten seconds. */
const STALE_MS = 12_000;
const age = /** @type {HTMLElement} */ (document.querySelector("[data-age]"));
let heard = Date.now();
let open = false;
let drawnAt = 0;
/** @type {number | undefined} */
let waiting;

follow(document.body.dataset.live ?? "", (frame) => {
  heard = Date.now();
  if (frame.type !== "hb" && frame.type !== "presence") redraw();
}, (now) => { open = now; tell(); });
setInterval(tell, 1_000);
// That people at home have finished too is no event: it is so when their time is up.
setInterval(() => { if (document.querySelector("[data-lags]")) redraw(); }, 3_000);
// A projector that goes to sleep shows nothing to anybody; where the browser may not prevent it, the venue has to.
const stayAwake = () => navigator.wakeLock?.request("screen").catch(() => {});
stayAwake();
document.addEventListener("visibilitychange", () => { if (!document.hidden) stayAwake(); });

function tell() {
  const silent = Math.round((Date.now() - heard) / 1_000);
  const paused = !open || silent * 1_000 > STALE_MS;
  const clock = `${String(Math.floor(silent / 60)).padStart(2, "0")}:${String(silent % 60).padStart(2, "0")}`;
  const text = ((paused ? age.dataset.paused : age.dataset.fresh) ?? "").replace("{time}", clock).replace("{seconds}", String(silent));
  if (age.textContent !== text) age.textContent = text;
  document.body.classList.toggle("paused", paused);
}

function redraw() {
  if (waiting) return;
  waiting = setTimeout(async () => {
    drawnAt = Date.now();
    waiting = undefined;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [document.querySelector("[data-screen]"), page.querySelector("[data-screen]")];
    const newer = Number(fresh?.getAttribute("data-position")) >= Number(old?.getAttribute("data-position"));
    if (old && fresh && newer) old.replaceWith(fresh);
    tick();
  }, Math.max(0, drawnAt + REDRAW_MS - Date.now()));
}
