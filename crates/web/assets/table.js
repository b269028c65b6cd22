// @ts-check
// The facilitator's console. Nothing here waits for the network: what is typed goes into the outbox, the list shows it
// at once, and the sender does the rest. What the server tells changes what stands around the box, never what is in it.
import { Entries } from "./entries.js";
import { follow } from "./live.js";
import { newId, Outbox } from "./outbox.js";
import { forget, sending } from "./page.js";
import { Rounds } from "./rounds.js";
import { Sender } from "./sender.js";
import { put, Status } from "./status.js";

/** @typedef {import("./outbox.js").Item} Item */
/** @typedef {import("./outbox.js").Draft} Draft */

const REFRESH_MS = 5_000;
const POLL_MS = 20_000;
/** A correction that nobody went on with is not kept over night. */
const ABANDONED_MS = 12 * 60 * 60 * 1_000;

const root = /** @type {HTMLElement} */ (document.querySelector("[data-console]"));
const form = /** @type {HTMLFormElement} */ (root.querySelector("form.say"));
const box = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
const section = /** @type {HTMLElement} */ (root.querySelector("section"));

/** @template {HTMLElement} T @returns {T} */
const part = (/** @type {string} */ name) => /** @type {T} */ (root.querySelector(name));
/** A sentence of the catalogue, which the page brings with it. @param {string} name @param {Record<string, unknown>} [values] */
const say = (name, values = {}) => (root.dataset[`say${name}`] ?? "").replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone || "UTC" });
const time = (/** @type {number} */ at) => clock.format(at);
const status = new Status(root, say, time);
const trouble = (/** @type {string} */ text) => status.trouble(text);

/** @type {Outbox} */
let outbox;
/** @type {Sender} */
let sender;
/** @type {Rounds} */
let rounds;
/** @type {Draft | null} */
let draft = null;
/** Whether the feed is there. */
let live = false;
const entries = new Entries(section, say, time);

begin();

async function begin() {
  try {
    outbox = await Outbox.open(`${root.dataset.slug}/${root.dataset.table}`);
  } catch {
    // As on any other page: the form keeps the words and goes on trying for as long as the page is open.
    trouble(say("NoStore"));
    form.dataset.say = "";
    sending();
    return;
  }
  rounds = new Rounds(root, (await outbox.about({})).moved);
  const to = { submit: root.dataset.submit ?? "", presence: root.dataset.presence ?? "", table: Number(root.dataset.table) };
  sender = new Sender(outbox, to, draw);
  await restore();
  typing();
  choosing();
  listing();
  await settle();
  outbox.listen(() => { sender.fresh(); draw(); });
  await sender.start();
  navigator.storage?.persist?.().catch(() => {});
  follow(root.dataset.live ?? "", hear, (open) => { live = open; if (!open) sender.report(); });
  addEventListener("pageshow", (event) => { if (event.persisted) refresh(0); });
  // Where a proxy lets no feed through, the page itself is asked.
  setInterval(() => { if (!live && sender.connected) refresh(0); }, POLL_MS);
  work();
}

/** Where there is a service worker, the console opens without a network. Over plain HTTP there is none. */
function work() {
  const absent = () => part("[data-no-worker]").removeAttribute("hidden");
  if (!("serviceWorker" in navigator)) return absent();
  navigator.serviceWorker.register(root.dataset.worker ?? "", { scope: root.dataset.page }).catch(absent);
}

// What is typed.

/** @param {string} name @returns {string} */
const field = (name) => String(new FormData(form).get(name) ?? "");

function typing() {
  part("[data-enter]").hidden = false;
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("[data-step]"))) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const heard = /** @type {HTMLInputElement} */ (form.elements.namedItem("heard_from"));
      heard.value = String(Math.min(1_000, Math.max(0, Number(heard.value) + Number(button.dataset.step))));
      keep();
    });
  }
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    record();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); record(); });
  // The last strokes do not wait their turn when the page goes.
  addEventListener("pagehide", () => { if (draft?.words.trim()) outbox.keepDraft(draft).catch(() => {}); });
  form.addEventListener("input", (event) => { if (/** @type {HTMLElement} */ (event.target).id !== "round") keep(); });
  // One tap chooses the kind and the hands are back in the box; whoever uses the arrow keys stays where they are.
  for (const choice of form.querySelectorAll(".choice, .check")) {
    choice.addEventListener("click", (event) => { if (/** @type {MouseEvent} */ (event).detail > 0) box.focus(); });
  }
}

/** The draft as it now stands, with the id and the round that it got when it was begun. */
function drafted() {
  const begun = draft ?? { id: newId(), typed: Date.now(), round: rounds.showing() };
  return {
    ...begun, place: outbox.place, tab: outbox.tab, contribution: "", words: box.value, kind: field("kind"), form: field("form"),
    heard: field("heard_from"), readBack: field("read_back") === "true", card: field("card"),
  };
}

/** @type {Promise<void> | null} */
let keeping = null;
/** Every stroke is kept; while one is being written, only the latest waits its turn. */
function keep() {
  const empty = !box.value.trim() && !draft;
  if (empty) return;
  draft = drafted();
  around();
  const write = async () => {
    keeping = null;
    if (!draft) return;
    if (draft.words.trim()) await outbox.keepDraft(draft);
    else {
      const { id } = draft;
      draft = null;
      await outbox.dropDrafts([id]);
      around();
    }
  };
  keeping ??= written.then(write).catch(() => trouble(say("NotKept")));
  written = keeping;
}
/** @type {Promise<void>} */
let written = Promise.resolve();

async function record() {
  const words = box.value.trim();
  if (!words) return box.focus();
  const own = drafted();
  draft = null;
  clear();
  const heard = own.heard === "" ? null : Number(own.heard);
  const item = { ...command("submit", own.id, ""), words, kind: own.kind, form: own.form, heard, readBack: own.readBack, card: own.card.trim().toUpperCase(), round: own.round, typed: own.typed };
  try {
    await outbox.add(item, own.id);
    trouble("");
  } catch {
    box.value = box.value ? `${words}\n${box.value}` : words;
    trouble(say("NotKept"));
  }
  await draw();
  sender.fresh();
}

/** An empty box, with the hands in it. */
function clear() {
  const { value } = /** @type {HTMLSelectElement} */ (form.elements.namedItem("round"));
  form.reset();
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("textarea, input[type=number], input[type=text]"))) input.value = "";
  /** @type {HTMLSelectElement} */ (form.elements.namedItem("round")).value = value;
  around();
  box.focus();
}

/** @param {Item["type"]} type @param {string} id @param {string} contribution @returns {Item} */
function command(type, id, contribution) {
  return {
    id, place: outbox.place, type, contribution, words: "", kind: "", form: "", heard: null, readBack: false, card: "", round: null,
    typed: Date.now(), offset: sender.offset, saidAt: null, state: "waiting", position: 0, receipt: "", code: "", reason: "",
  };
}

/** What was half-typed when the page was closed. */
async function restore() {
  const drafts = await outbox.drafts();
  const abandoned = drafts.filter((it) => it.contribution && Date.now() - it.typed > ABANDONED_MS);
  await outbox.dropDrafts(abandoned.map((it) => it.id));
  const left = drafts.find((it) => !it.contribution);
  // Somebody was quicker than the page, or the server has just given back what it refused: that goes first.
  if (!left || (box.value.trim() && box.value !== left.words)) return;
  draft = left;
  box.value = left.words;
  for (const [name, value] of [["kind", left.kind], ["form", left.form], ["heard_from", left.heard], ["card", left.card]]) {
    const control = /** @type {RadioNodeList | HTMLInputElement} */ (form.elements.namedItem(name));
    control.value = value;
  }
  /** @type {HTMLInputElement} */ (form.elements.namedItem("read_back")).checked = left.readBack;
}

// Which round it is.

function choosing() {
  const select = /** @type {HTMLSelectElement} */ (form.elements.namedItem("round"));
  select.addEventListener("change", () => choose(Number(select.value)));
  part("[data-elsewhere] button").addEventListener("click", () => {
    if (rounds.chosen === null) move(null);
    else choose(rounds.usual());
  });
  part("[data-moved] button").addEventListener("click", () => move(rounds.next()));
  part("[data-draft] button").addEventListener("click", () => {
    if (draft) draft.round = rounds.showing();
    keep();
    box.focus();
  });
  around();
}

/** @param {number | null} round */
function choose(round) {
  rounds.chosen = round === rounds.usual() ? null : round;
  if (draft) draft.round = rounds.showing();
  keep();
  around();
  box.focus();
}

/** @param {number | null} round */
function move(round) {
  [rounds.moved, rounds.chosen] = [round, null];
  outbox.about({ moved: round });
  around();
  box.focus();
}

/** Everything that stands around the box. */
function around() {
  const [showing, connected] = [rounds.showing(), sender.connected];
  put(part("[data-round-said]"), showing === null ? "" : `· ${say("Round", { round: showing })}`);
  const asked = rounds.get(showing);
  if (asked) put(part("[data-question]"), asked.question);
  form.hidden = showing === null;
  part("[data-no-round]").hidden = rounds.open !== null || rounds.moved !== null || rounds.chosen !== null;
  const here = showing === rounds.open || (showing === rounds.last && rounds.open === null && rounds.chosen === null);
  const back = rounds.chosen === null ? rounds.open ?? rounds.last : rounds.usual();
  line("[data-elsewhere]", here ? "" : say(asked?.stage === "planned" ? "Planned" : "Closed", { round: showing }), back === null ? "" : say("Back", { round: back }));
  const next = connected || rounds.chosen !== null ? null : rounds.next();
  part("[data-moved]").hidden = next === null;
  if (next !== null) put(part("[data-moved] button"), say("Next", { round: next }));
  const strays = draft !== null && draft.words.trim() !== "" && draft.round !== showing;
  line("[data-draft]", strays ? say("Draft", { round: draft?.round }) : "", say("DraftMove", { round: showing }));
  const select = /** @type {HTMLSelectElement} */ (form.elements.namedItem("round"));
  for (const option of select.options) option.disabled = connected && rounds.get(Number(option.value))?.stage === "planned";
  if (showing !== null) select.value = String(showing);
}

function line(/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ button) {
  const element = part(name);
  element.hidden = !text;
  put(/** @type {HTMLElement} */ (element.querySelector("span")), text);
  put(/** @type {HTMLElement} */ (element.querySelector("button")), button);
  /** @type {HTMLElement} */ (element.querySelector("button")).hidden = !button;
}

// What was recorded, and what was done to it.

function listing() {
  section.addEventListener("submit", (event) => {
    const sent = /** @type {HTMLFormElement} */ (event.target);
    const row = sent.closest("li");
    const words = /** @type {HTMLTextAreaElement | null} */ (sent.elements.namedItem("text"))?.value.trim() ?? "";
    const type = /** @type {HTMLInputElement | null} */ (sent.elements.namedItem("type"))?.value ?? "correct";
    const id = row?.querySelector("[data-contribution]")?.getAttribute("data-contribution") ?? "";
    if (type === "erase") {
      if (!sender.connected) { event.preventDefault(); trouble(say("EraseOnline")); }
      return;
    }
    event.preventDefault();
    const item = entries.items.find((it) => it.id === row?.dataset.item && it.state === "refused");
    const card = /** @type {HTMLInputElement | null} */ (sent.elements.namedItem("card"))?.value.trim().toUpperCase() ?? "";
    if (item) again(item, words, card);
    else act(/** @type {Item["type"]} */ (type), id, words);
  });
  section.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-do]");
    const item = entries.items.find((it) => it.id === button?.closest("li")?.dataset.item);
    if (!button || !item) return;
    const what = button.getAttribute("data-do");
    if (what === "remove") outbox.remove([item]).then(draw);
    else act(/** @type {Item["type"]} */ (what), item.id, "");
    box.focus();
  });
  section.addEventListener("input", (event) => {
    const typed = /** @type {HTMLTextAreaElement} */ (event.target);
    const contribution = typed.closest("li")?.querySelector("[data-contribution]")?.getAttribute("data-contribution");
    if (!contribution) return;
    const blank = { place: outbox.place, tab: outbox.tab, kind: "", form: "", heard: "", readBack: false, card: "", round: null };
    const kept = outbox.keepDraft({ ...blank, id: `correct:${contribution}`, contribution, words: typed.value, typed: Date.now() });
    kept.catch(() => trouble(say("NotKept")));
  });
  section.addEventListener("focusout", () => setTimeout(() => { if (missed) refresh(0); }));
}

/** @param {Item["type"]} type @param {string} contribution @param {string} words */
async function act(type, contribution, words) {
  await outbox.add({ ...command(type, newId(), contribution), words }, `correct:${contribution}`);
  await finish();
}

/** @param {Item} item @param {string} words @param {string} card */
async function again(item, words, card) {
  const round = ["round-not-open", "no-round-open", "unknown-round"].includes(item.code) ? rounds.showing() : item.round;
  await outbox.again(item, { words, round, card });
  await finish();
}

async function finish() {
  for (const open of section.querySelectorAll("details[open]")) /** @type {HTMLDetailsElement} */ (open).open = false;
  box.focus();
  await draw();
  sender.fresh();
}

/** Draws the list and the line above everything from what the outbox holds now. */
async function draw() {
  const items = await outbox.list();
  entries.show(items);
  const count = (/** @type {Item["state"]} */ state) => items.filter((item) => item.state === state).length;
  const { connected, shut, lastSync } = sender;
  status.show({ fine: connected && !shut, shut, waiting: count("waiting"), refused: count("refused"), lastSync });
  around();
  const other = (await outbox.elsewhere())[0];
  part("[data-other]").hidden = !other;
  if (other) put(part("[data-other]"), say("Other", { table: other[0], n: other[1] }));
  if (items.some((item) => item.state === "received")) refresh(missed ? REFRESH_MS : 300);
}

// What the server tells.

function hear(/** @type {any} */ frame) {
  if (!sender.connected) sender.report();
  // One way only, so it may have been long under way: it serves until the first answer.
  if (typeof frame.server_time_ms === "number" && sender.offset === null) sender.clock(frame.server_time_ms, Date.now());
  const gone = frame.type === "erased" ? [frame.id] : frame.type === "snapshot" ? frame.erased ?? [] : [];
  if (gone.length) {
    forget(gone, say("Erased"));
    outbox.forget(gone).then((some) => { if (some) draw(); });
  }
  if (!frame.state) return;
  if (turn(frame.state.round)) refresh(0);
  if (frame.state.position > (entries.position() ?? -1)) refresh(REFRESH_MS);
}

/** The server says which round is open; says whether that is news. @param {number | null} open */
function turn(open) {
  if (!rounds.turn(open)) return false;
  outbox.about({ moved: null });
  around();
  if (open !== null) status.announce(say("RoundNow", { round: open }));
  return true;
}

let missed = false;
/** @type {number | undefined} */
let refreshing;
/** Has the list drawn afresh by the server, at most as often as `waitMs` says. */
function refresh(/** @type {number} */ waitMs) {
  if (refreshing !== undefined && waitMs) return;
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    await redraw().catch(() => {});
    refreshing = undefined;
  }, waitMs * (.5 + Math.random() / 2));
}

async function redraw() {
  const answer = await fetch(root.dataset.page ?? "", { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = /** @type {HTMLElement | null} */ (page.querySelector("[data-console]"));
  if (fresh?.dataset.table !== root.dataset.table) return;
  agenda(page);
  // Nothing is put under hands that are at work: it is fetched again when they have gone.
  missed = entries.busy();
  if (!missed) entries.replace(page);
  await settle();
}

/** @param {Document} page */
function agenda(page) {
  part("[data-agenda]").replaceWith(/** @type {Element} */ (page.querySelector("[data-agenda]")));
  const [select, fresh] = [root, page].map((where) => /** @type {HTMLSelectElement} */ (where.querySelector("select[name=round]")));
  if (select.options.length !== fresh.options.length) select.replaceChildren(...fresh.options);
  else [...select.options].forEach((option, at) => put(option, fresh.options[at].text));
  // The feed says sooner which round is open, and in order; a page that was asked for before may come after.
  const open = rounds.read(root);
  if (!live) turn(open);
}

/** What the page shows from the server is no longer kept on the tablet. */
async function settle() {
  const position = entries.position();
  const shown = (await outbox.list()).filter((item) => item.state === "received" && position !== null && item.position <= position);
  const hands = document.activeElement?.closest("li")?.dataset.item;
  await outbox.remove(shown.filter((item) => item.id !== hands));
  await draw();
  entries.restore(await outbox.drafts());
}
