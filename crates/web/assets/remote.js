// @ts-check
// Keeps the parts of an open page as the server would draw them now: where one's words stand, what others have said,
// polls. It never touches what somebody is marking or typing, and asks for nothing more often than once in two seconds.
import "./draft.js";
import { follow } from "./live.js";

const GAP_MS = 2_000;
/** Not everybody asks in the same moment when a poll opens. */
const SPREAD_MS = 2_000;
/** What only moves counts, such as somebody else's reaction, can wait. */
const LATER_MS = 8_000;
const ANNOUNCE_MS = 15_000;

/** @type {number | undefined} */
let due;
let dueAt = 0;
/** @type {number | undefined} */
let ending;
let asked = 0;
let announced = 0;
let unsaid = "";
let greeted = false;
let numbers = "";
/** @type {Element | null} */
let held = null;

const root = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-parts]"));
const data = (/** @type {Element} */ element) => /** @type {HTMLElement} */ (element).dataset;

document.addEventListener("plenary:frame", (event) => {
  const { frame, paused } = /** @type {CustomEvent} */ (event).detail;
  if (!paused) hear(frame);
});
const feed = root()?.dataset.feed;
if (feed) follow(feed, hear, () => {});
document.addEventListener("visibilitychange", () => soon());
document.addEventListener("submit", onSubmit);
document.addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest("[data-show-new]")) showNew();
});
watchTheEnd();

function hear(/** @type {any} */ frame) {
  if (frame.type === "state" && !feed && !isNews(frame.state)) return soon(LATER_MS, LATER_MS);
  // A page that was just drawn knows what the first hello would tell it; after a break it has to ask.
  const knows = frame.type === "hb" || (frame.type === "hello" && !greeted);
  greeted ||= frame.type === "hello";
  if (!knows) soon();
}

/** Whether something was read, themed or held, or a round turned: what only adds to the unread changes nothing here. */
function isNews(/** @type {any} */ { round, order, coverage }) {
  const now = JSON.stringify([round, order, { ...coverage, contributions: 0, unread: 0 }]);
  const same = now === numbers;
  numbers = now;
  return !same;
}

/** Asks within that many milliseconds after the least; what is due earlier stays due. */
function soon(spread = SPREAD_MS, least = 200) {
  const at = Math.max(asked + GAP_MS, Date.now() + least) + Math.random() * spread;
  if (document.hidden || !root() || (due && dueAt <= at)) return;
  clearTimeout(due);
  dueAt = at;
  due = setTimeout(ask, at - Date.now());
}

async function ask() {
  due = undefined;
  asked = Date.now();
  const answer = await fetch(root()?.dataset.parts ?? "").catch(() => null);
  if (answer?.ok) draw(await parsed(answer));
}

async function parsed(/** @type {Response} */ answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function draw(/** @type {Document} */ fresh) {
  const news = [...fresh.querySelectorAll("[data-part]")].flatMap((part) => {
    const old = document.querySelector(`[data-part="${data(part).part}"]`);
    return old ? renewed(old, part) : [];
  });
  follows();
  watchTheEnd();
  moveOn();
  // That people can vote is said at once, everything else now and then.
  const urgent = news.some((line) => line.urgent);
  if (news.length) unsaid = news.map((line) => line.text).filter(Boolean).join(" ") || (root()?.dataset.news ?? "");
  if (unsaid && (urgent || Date.now() - announced > ANNOUNCE_MS)) tell(unsaid);
}

/** When everybody has moved on, so does who stands before the question and has neither typed nor marked anything. */
function moveOn() {
  const next = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-part='moved'] a"));
  const form = document.querySelector("form[data-say]");
  const reads = scrollY > innerHeight / 2;
  if (next && !reads && (!form || !isMarked(form))) location.replace(next.href);
}

/** The line that says what was just recorded goes on saying where it stands. */
function follows() {
  for (const line of document.querySelectorAll("[data-follows]")) {
    const own = document.querySelector(`[data-part="mine"] [data-id="${CSS.escape(data(line).follows ?? "")}"] .stands`);
    if (own && line.textContent !== own.textContent) line.textContent = own.textContent;
  }
}

function tell(/** @type {string} */ text) {
  announced = Date.now();
  unsaid = "";
  const status = document.querySelector("[data-parts-status]");
  if (status) status.textContent = text;
}

/** @typedef {{ text: string, urgent?: boolean }} News */

/** @returns {News[]} */
function renewed(/** @type {Element} */ old, /** @type {Element} */ fresh) {
  const [list, items] = [old.querySelector("[data-keyed]"), fresh.querySelector("[data-keyed]")];
  if (list && items) return data(list).keyed === "held" ? hold(list, items, old) : merge(list, items);
  if (old.innerHTML.trim() === fresh.innerHTML.trim() || isTouched(old)) return [];
  old.innerHTML = fresh.innerHTML;
  return [{ text: "" }];
}

/** Whether somebody is in it, or has marked something in it and not sent it. */
function isTouched(/** @type {Element} */ element) {
  return element.contains(document.activeElement) || element.querySelector("details[open]") !== null || isMarked(element);
}

function isMarked(/** @type {Element} */ element) {
  return [...element.querySelectorAll("input, select, textarea")].some((field) => {
    if (field instanceof HTMLSelectElement) {
      const drawn = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(drawn, 0);
    }
    const { type, checked, defaultChecked, value, defaultValue } = /** @type {HTMLInputElement} */ (field);
    return type === "checkbox" || type === "radio" ? checked !== defaultChecked : value !== defaultValue;
  });
}

/** Puts what is new where it belongs, takes out what is gone, and draws anew only what has another key. */
function merge(/** @type {Element} */ list, /** @type {Element} */ fresh) {
  const there = new Map([...list.children].map((item) => [data(item).id, item]));
  /** @type {News[]} */
  const news = [];
  let cursor = list.firstElementChild;
  for (const item of [...fresh.children]) {
    const old = there.get(data(item).id);
    there.delete(data(item).id);
    if (!old) {
      list.insertBefore(item, cursor);
      news.push(about(item));
      continue;
    }
    if (old === cursor) cursor = old.nextElementSibling;
    else if (!old.contains(document.activeElement)) list.insertBefore(old, cursor);
    // Where nothing can be marked any more, whoever is still in the form is told so too.
    if (data(old).key !== data(item).key && (!isTouched(old) || !item.querySelector("form"))) {
      const within = old.contains(document.activeElement);
      old.replaceWith(item);
      if (within) item.querySelector("h2")?.focus();
      news.push(about(item));
    } else patch(old, item);
  }
  for (const gone of there.values()) gone.remove();
  return news;
}

/** The sentence in which an item says what is new about it. */
function about(/** @type {Element} */ item) {
  const text = [...item.querySelectorAll("[data-fate], h2")].map((part) => part.textContent).join(" ");
  return { text, urgent: item.matches(".poll") };
}

/** What may change around somebody who is in the middle of it. */
function patch(/** @type {Element} */ old, /** @type {Element} */ fresh) {
  for (const part of ["[data-fate]", "[data-stage]", "[data-own]", "[data-counts]"]) {
    const [before, now] = [old.querySelector(part), fresh.querySelector(part)];
    if (before && now && before.textContent !== now.textContent) before.textContent = now.textContent;
  }
}

/** New contributions wait behind a button, so that nothing moves under the eyes of whoever is reading. */
function hold(/** @type {Element} */ list, /** @type {Element} */ fresh, /** @type {Element} */ part) {
  const now = new Map([...fresh.children].map((item) => [data(item).id, item]));
  const shown = [...list.children];
  const added = [...now.keys()].filter((id) => !shown.some((item) => data(item).id === id));
  if (!shown.length) {
    if (added.length) part.querySelector("[data-none]")?.remove();
    list.append(...fresh.children);
    return added.length ? [{ text: "" }] : [];
  }
  shown.forEach((item, at) => {
    const same = now.get(data(item).id);
    if (same) patch(item, same);
    // The list has an end, and what is new pushes out as many; whatever else is missing was taken back or held.
    else if (at < shown.length - added.length) item.remove();
  });
  held = added.length ? fresh : null;
  return offer(added.length);
}

/** @returns {News[]} */
function offer(/** @type {number} */ count) {
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-show-new]"));
  if (!button) return [];
  const text = ((count === 1 ? button.dataset.one : button.dataset.more) ?? "").replace("{n}", String(count));
  const same = button.textContent === text;
  button.textContent = text;
  button.hidden = count === 0;
  return count && !same ? [{ text }] : [];
}

function showNew() {
  const list = document.querySelector('[data-keyed="held"]');
  if (!list || !held) return;
  const there = new Map([...list.children].map((item) => [data(item).id, item]));
  const first = [...held.children].find((item) => !there.has(data(item).id));
  // Those that were there stay the very same, with what was said of them meanwhile.
  list.replaceChildren(...[...held.children].map((item) => there.get(data(item).id) ?? item));
  held = null;
  offer(0);
  /** @type {HTMLElement | null | undefined} */ (first?.querySelector("article"))?.focus();
}

function onSubmit(/** @type {SubmitEvent} */ event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  const back = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("back"));
  const marks = form.matches("[data-react]") || (form.matches("[data-ballot]") && back?.value === "take-part");
  if (!marks || !button) return;
  event.preventDefault();
  mark(form, button);
}

/** Sends a reaction or a ballot, and puts the form as the server draws it now in the place of the old one. */
async function mark(/** @type {HTMLFormElement} */ form, /** @type {HTMLButtonElement} */ button) {
  const fields = new FormData(form);
  if (button.name) fields.set(button.name, button.value);
  const of = fields.get("contribution");
  const parts = (root()?.dataset.parts ?? "").split("/").pop() ?? "now";
  fields.set("back", of ? `latest?of=${of}` : parts);
  const body = new URLSearchParams(/** @type {[string, string][]} */ ([...fields]));
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  const line = form.querySelector("[data-counts], [data-own]");
  if (!answer?.ok) {
    const why = answer ? await answer.text() : (root()?.dataset.unsent ?? "");
    if (line) line.textContent = why;
    tell(why);
    return;
  }
  const fresh = await parsed(answer);
  const item = [...fresh.querySelectorAll("[data-id]")].find((item) => data(item).id === (of ?? fields.get("poll")));
  const now = item?.querySelector("form");
  if (!now) return soon();
  form.replaceWith(now);
  tell(now.querySelector("[data-counts], [data-own]")?.textContent ?? "");
  const again = [...now.querySelectorAll("button")].find((other) => other.value === button.value);
  (again ?? now.querySelector("button"))?.focus();
}

/** No event says that the time of people at home is up, so the page asks when it should be. */
function watchTheEnd() {
  clearTimeout(ending);
  const left = [...document.querySelectorAll("[data-ends]")].map((poll) => Number(data(poll).ends));
  if (left.length) ending = setTimeout(() => soon(), Math.min(...left) + 500);
}
