// @ts-check
// What script adds to pages that are complete without it: the link lets you in by itself, counts move while you read,
// and words that could not be sent stay where they are.
import "./countdown.js";
import { follow } from "./live.js";
import "./refresh.js";

const ANNOUNCE_MS = 15_000;

join();
live();
sending();

/** The secret stands behind the # of the link; it goes into the form once, and out of the address. */
function join() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-join]"));
  const secret = location.hash.slice(1);
  if (!form || !secret) return;
  history.replaceState(null, "", location.pathname);
  /** @type {HTMLInputElement} */ (form.elements.namedItem("secret")).value = secret;
  // Nobody has pressed anything yet, so whoever speaks for themselves is asked first.
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "unasked", value: "yes" }));
  form.requestSubmit();
}

function live() {
  const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));
  const target = /** @type {HTMLElement | null} */ (document.querySelector("[data-hearing]"));
  if (!line || !target) return;
  const text = /** @type {HTMLElement} */ (line.querySelector("[data-live-text]"));
  const button = /** @type {HTMLButtonElement} */ (line.querySelector("[data-live-pause]"));
  const status = /** @type {HTMLElement} */ (document.querySelector("[data-live-status]"));
  const fragment = line.dataset.fragment ?? "";
  let paused = false;
  let open = false;
  /** @type {any} */
  let missed = null;
  let announced = Date.now();

  const say = () => {
    text.textContent = (paused ? text.dataset.paused : open ? text.dataset.on : text.dataset.off) ?? "";
    button.textContent = (paused ? button.dataset.resume : button.dataset.pause) ?? "";
    line.classList.toggle("is-live", open && !paused);
  };
  const show = (/** @type {any} */ frame) => {
    if (missed) frame = { ...frame, themes: [...missed.themes.filter(not(frame.themes)), ...frame.themes] };
    if (paused || target.contains(document.activeElement)) { missed = frame; return; }
    missed = null;
    if (fragment.includes("?") || !patch(target, frame)) refetch(target, fragment);
    if (Date.now() - announced > ANNOUNCE_MS && frame.state) {
      announced = Date.now();
      status.textContent = (text.dataset.news ?? "").replace("{contributions}", frame.state.coverage.contributions);
    }
  };
  button.addEventListener("click", () => {
    paused = !paused;
    say();
    if (!paused && missed) show(missed);
    document.dispatchEvent(new CustomEvent("plenary:frame", { detail: { frame: { type: "resumed" }, paused } }));
  });
  target.addEventListener("focusout", () => setTimeout(() => { if (missed) show(missed); }));
  const seen = Number(line.dataset.position);
  line.hidden = false;
  say();
  follow(line.dataset.live ?? "", (frame) => {
    document.dispatchEvent(new CustomEvent("plenary:frame", { detail: { frame, paused } }));
    if (frame.type === "erased") {
      forget([frame.id], line.dataset.erased ?? "");
      refetch(target, fragment);
    }
    if (frame.type === "snapshot") forget(frame.erased ?? [], line.dataset.erased ?? "");
    if (frame.type === "snapshot" && frame.state.position === seen) return;
    if (frame.type === "snapshot" || frame.type === "state") show(frame);
  }, (now) => { open = now; say(); });
}

/** Whether a row is none of these: a frame holds the rows that changed with it and no others. */
const not = (/** @type {any[]} */ rows) => (/** @type {any} */ row) => rows.every((other) => other.id !== row.id);

/**
 * Puts the new numbers where the old ones stand. Says no when themes came, went or changed places: then the list is
 * drawn afresh by the server, by the same template.
 * @param {HTMLElement} target
 * @param {any} frame
 */
function patch(target, frame) {
  const shown = [...target.querySelectorAll("[data-theme]")].map((item) => item.getAttribute("data-theme"));
  const order = frame.state?.order ?? [];
  if (shown.length !== order.length || shown.some((id, at) => id !== order[at])) return false;
  for (const theme of frame.themes) {
    const item = target.querySelector(`[data-theme="${theme.id}"]`);
    if (!item || item.querySelector("h3")?.textContent !== theme.name) return false;
    for (const part of theme.parts) {
      const figure = item.querySelector(`[data-figure="${part.side}"]`);
      if (!figure) { if (part.percent) return false; continue; }
      figure.textContent = part.text;
      item.querySelector(`[data-bar="${part.side}"]`)?.setAttribute("width", part.percent);
    }
  }
  const coverage = target.querySelector("[data-coverage]");
  if (coverage) coverage.textContent = frame.state.coverage_text;
  return true;
}

/**
 * Words that were erased go from pages that are open, and from boxes that hold them.
 * @param {string[]} ids
 * @param {string} instead
 */
export function forget(ids, instead) {
  for (const id of ids) {
    for (const entry of document.querySelectorAll(`[data-contribution="${CSS.escape(id)}"]`)) {
      const words = entry.querySelector(".words");
      if (!words || words.classList.contains("instead")) continue;
      words.textContent = instead;
      words.classList.add("instead");
      entry.classList.add("muted");
      entry.closest("li")?.querySelectorAll("details").forEach((form) => form.remove());
    }
  }
}

/** @type {number | undefined} */
let fetching;
/** A little later and not everybody at once: a merge makes every open page ask. */
function refetch(/** @type {HTMLElement} */ target, /** @type {string} */ fragment) {
  if (fetching) return;
  fetching = setTimeout(async () => {
    fetching = undefined;
    const answer = await fetch(fragment).catch(() => null);
    if (answer?.ok && !target.contains(document.activeElement)) target.innerHTML = await answer.text();
  }, 200 + Math.random() * 1_300);
}

/**
 * A form whose words cannot reach the server keeps them, says so, and sends the very same contribution again: its id
 * stands in the form, so it is recorded once however often it arrives.
 */
export function sending() {
  for (const element of document.querySelectorAll("form[data-say]")) {
    const form = /** @type {HTMLFormElement} */ (element);
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.className = "unsent";
    form.append(note);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, note);
    });
  }
}

/** @type {number | undefined} */
let sendingAgain;

async function send(/** @type {HTMLFormElement} */ form, /** @type {HTMLElement} */ note) {
  clearTimeout(sendingAgain);
  const pairs = /** @type {[string, string][]} */ ([...new FormData(form)]);
  const body = new URLSearchParams(pairs);
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!answer) {
    note.textContent = form.dataset.unsent ?? "";
    sendingAgain = setTimeout(() => send(form, note), 4_000);
    return;
  }
  note.textContent = "";
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  // Refused: the same page with the reason at its top and the words still in it.
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("main")?.replaceWith(page.querySelector("main") ?? "");
  sending();
  document.getElementById("notice")?.focus();
}
