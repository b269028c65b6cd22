// @ts-check
// The theme desk by keyboard: one key chooses a theme, Enter saves, the next contribution comes without a new page. The
// page is a form and works without all this.

const EVERY_MS = 5_000;
/** Two presses of a suggested theme's key within this time save it. */
const TWICE_MS = 450;
const THEMES_MAX = 3;
const STORED = "plenary-desk-keys";

const root = /** @type {HTMLElement} */ (document.querySelector("[data-desk]"));
const status = /** @type {HTMLElement} */ (document.querySelector("[data-desk-status]"));
const unsent = /** @type {HTMLElement} */ (document.querySelector("[data-desk-unsent]"));
const toggle = /** @type {HTMLInputElement} */ (document.querySelector("[data-keys-on]"));
const help = /** @type {HTMLDetailsElement} */ (document.querySelector("[data-keys-help]"));
let busy = false;
let pressed = { key: "", at: 0 };

/** @template {HTMLElement} T @param {string} selector @returns {T | null} */
const find = (selector) => root.querySelector(selector);
const boxes = () => /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll("#code-form input[name=theme]")]);
const chosen = () => boxes().filter((box) => box.checked);
const nameOf = (/** @type {HTMLInputElement} */ box) => box.closest("label")?.dataset.name ?? "";

setUp();
fresh();
later();

function setUp() {
  /** @type {HTMLElement} */ (document.querySelector("[data-desk-tools]")).hidden = false;
  toggle.checked = stored() !== "off";
  shown();
  toggle.addEventListener("change", () => {
    try { localStorage.setItem(STORED, toggle.checked ? "on" : "off"); } catch { /* It holds for this page then. */ }
    shown();
  });
  root.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-code]")) return;
    event.preventDefault();
    send(form, /** @type {HTMLButtonElement | null} */ (event.submitter));
  });
  root.addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.name !== "theme") return;
    if (chosen().length > THEMES_MAX) { box.checked = false; tell(root.dataset.textMost); } else tellChosen();
  });
  root.addEventListener("input", (event) => {
    if (/** @type {HTMLElement} */ (event.target).id === "find") narrow();
  });
  addEventListener("keydown", key);
}

function stored() {
  try { return localStorage.getItem(STORED); } catch { return null; }
}

/** Keys are shown on the buttons only while they work. */
function shown() {
  document.body.classList.toggle("keys-on", toggle.checked);
  for (const box of boxes()) {
    const keys = [box.dataset.suggested, box.dataset.key].filter(Boolean);
    if (toggle.checked && keys.length) box.setAttribute("aria-keyshortcuts", keys.join(" ")); else box.removeAttribute("aria-keyshortcuts");
  }
}

/** What script adds to a part that has just been drawn. */
function fresh() {
  const search = find("[data-find]");
  if (search) search.hidden = false;
  pressed = { key: "", at: 0 };
  shown();
}

/** @param {string | undefined} text */
function tell(text) {
  status.textContent = "";
  status.textContent = text ?? "";
}

function tellChosen() {
  tell((root.dataset.textChosen ?? "").replace("{themes}", chosen().map(nameOf).join(", ") || "0"));
}

/** Only what stands in no text field and is no command of the browser is ours. @param {KeyboardEvent} event */
function key(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (typing(target)) { typed(event, target); return; }
  if (!toggle.checked || busy) return;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (event.shiftKey && !digit && event.key !== "?" && event.key !== "/") return;
  if (acts(digit ?? event.key.toLowerCase(), event.shiftKey, target)) event.preventDefault();
}

/** @param {HTMLElement} element */
function typing(element) {
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

/** In a field, Escape leads back to the contribution, and Enter takes the first theme that was found. @param {KeyboardEvent} event @param {HTMLElement} target */
function typed(event, target) {
  const search = target.id === "find";
  if (event.key !== "Escape" && !(search && event.key === "Enter")) return;
  if (!root.contains(target)) return;
  event.preventDefault();
  if (search) {
    const first = event.key === "Enter" ? boxes().find((box) => !box.closest("label")?.hidden) : null;
    /** @type {HTMLInputElement} */ (target).value = "";
    narrow();
    if (first) choose(first, true);
  }
  find("#next")?.focus();
}

/** @param {string} key @param {boolean} shift @param {HTMLElement} target @returns {boolean} whether it meant something */
function acts(key, shift, target) {
  const form = /** @type {HTMLFormElement | null} */ (find("#code-form"));
  if (key === "enter") {
    if (!form || target.matches("button, a, summary")) return false;
    const named = /** @type {HTMLInputElement | null} */ (find("#new-theme"))?.value.trim();
    if (chosen().length || named) send(form, find("#code-form button[value=assign]")); else tell(root.dataset.textNone);
    return true;
  }
  if (key === "?") { help.open = !help.open; if (help.open) help.querySelector("summary")?.focus(); return true; }
  if (key === "u") return press("[data-undo] button");
  if (key === "/") return focus("#find");
  if (key === "n") return focus("#new-theme");
  if (key === "0") return press("#code-form button[value=read]");
  if (key === "s") return press("#code-form button[value=skip]");
  if (key === "x") {
    const aside = /** @type {HTMLDetailsElement | null} */ (find("[data-aside]"));
    if (aside) aside.open = true;
    return focus("#reason");
  }
  const box = boxes().find((box) => box.dataset.suggested === key || box.dataset.key === key);
  if (!box || !form) return false;
  const twice = pressed.key === key && performance.now() - pressed.at < TWICE_MS;
  pressed = { key, at: performance.now() };
  const atOnce = box.dataset.suggested === key && (shift || twice);
  if (!choose(box, atOnce || !box.checked)) return true;
  if (atOnce) send(form, find("#code-form button[value=assign]"));
  return true;
}

/** @param {string} selector */
function press(selector) {
  const button = /** @type {HTMLButtonElement | null} */ (find(selector));
  button?.click();
  return Boolean(button);
}

/** @param {string} selector */
function focus(selector) {
  find(selector)?.focus();
  return Boolean(find(selector));
}

/** @param {HTMLInputElement} box @param {boolean} on @returns {boolean} whether it is so now */
function choose(box, on) {
  if (on && !box.checked && chosen().length >= THEMES_MAX) { tell(root.dataset.textMost); return false; }
  box.checked = on;
  tellChosen();
  return true;
}

/** Leaves the themes whose name or definition has what was typed. */
function narrow() {
  const wanted = /** @type {HTMLInputElement | null} */ (find("#find"))?.value.trim().toLowerCase() ?? "";
  for (const box of boxes()) {
    const label = /** @type {HTMLLabelElement} */ (box.closest("label"));
    label.hidden = !`${label.dataset.name} ${label.title}`.toLowerCase().includes(wanted);
  }
}

/** Sends one of the desk's forms, whose buttons hide its address behind their name; the answer is what is to be read next. @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
async function send(form, button) {
  if (busy) return;
  busy = true;
  root.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]));
  if (button) body.append(button.name, button.value);
  body.append("part", "yes");
  const answer = await fetch(form.getAttribute("action") ?? "", { method: "POST", body }).catch(() => null);
  const text = answer && (answer.ok || answer.status === 422) ? await answer.text().catch(() => null) : null;
  busy = false;
  root.removeAttribute("aria-busy");
  // A link that was revoked leads to the page that says so.
  if (answer?.status === 403) { location.reload(); return; }
  unsent.textContent = text === null ? root.dataset.textUnsent ?? "" : "";
  if (text !== null) show(text);
}

/** Puts what is to be read next in its place, and says so. @param {string} text */
function show(text) {
  root.innerHTML = text;
  fresh();
  find("#next")?.focus();
  scrollTo(0, 0);
  const parts = [find(".notice"), find("#next"), find("[data-words]"), find(".desk-item .empty")];
  tell(parts.map((part) => part?.textContent?.trim()).filter(Boolean).join(" "));
}

/** How the others are doing; whoever looks keeps what they hold, and is given something as soon as there is anything. */
function later() {
  setTimeout(async () => {
    if (!document.hidden && !busy) await (find(".desk-item article") ? beside() : more()).catch(() => {});
    later();
  }, EVERY_MS * (0.8 + Math.random() * 0.4));
}

async function beside() {
  const part = /** @type {HTMLElement} */ (find("[data-beside]"));
  const id = find(".desk-item article")?.dataset.contribution;
  const answer = await fetch(`${root.dataset.besideFrom}?contribution=${id}`);
  const text = answer.ok ? await answer.text() : null;
  if (text !== null && part.isConnected && !part.contains(document.activeElement)) part.innerHTML = text;
}

async function more() {
  const address = new URL(location.href);
  address.searchParams.delete("done");
  address.searchParams.set("part", "yes");
  const answer = await fetch(address);
  const text = answer.ok ? await answer.text() : "";
  if (text.includes("data-words") && !busy && !typing(/** @type {HTMLElement} */ (document.activeElement ?? root))) show(text);
}
