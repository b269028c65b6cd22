// @ts-check
// What somebody is typing is kept in this browser until it is recorded: through reloads, lost connections and the end
// of a round. The id of the form is kept with it, so that words which did arrive are not sent a second time.

const PLACE = "plenary-draft/";

/** @typedef {{ id: string, text: string, kind: string }} Draft */

document.addEventListener("input", (event) => keep(/** @type {Element} */ (event.target).closest("form[data-draft]")));
document.addEventListener("click", (event) => onClick(/** @type {Element} */ (event.target)));
restore();
others();

function read(/** @type {string} */ name) {
  try {
    const draft = JSON.parse(localStorage.getItem(PLACE + name) ?? "null");
    return typeof draft?.text === "string" ? /** @type {Draft} */ (draft) : null;
  } catch {
    return null;
  }
}

function write(/** @type {string} */ name, /** @type {Draft | null} */ draft) {
  try {
    if (draft) localStorage.setItem(PLACE + name, JSON.stringify(draft));
    else localStorage.removeItem(PLACE + name);
  } catch {
    // A browser that keeps nothing loses a draft on reload, as it would without this script.
  }
}

function keep(/** @type {Element | null} */ element) {
  if (!(element instanceof HTMLFormElement)) return;
  const fields = new FormData(element);
  const [id, text, kind] = ["id", "text", "kind"].map((name) => String(fields.get(name) ?? ""));
  write(element.dataset.draft ?? "", text.trim() ? { id, text, kind } : null);
}

/** Whether what was typed under that id stands among what the visitor has said. */
function isRecorded(/** @type {string} */ id) {
  return Boolean(document.querySelector(`[data-contribution="${CSS.escape(id)}"]`));
}

function restore() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-draft]"));
  if (!form) return;
  const name = form.dataset.draft ?? "";
  const draft = read(name);
  const box = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  if (!draft) return;
  if (isRecorded(draft.id)) {
    write(name, null);
    return;
  }
  // Words that were refused come back from the server, and those are the later ones.
  if (box.value) return keep(form);
  box.value = draft.text;
  /** @type {HTMLInputElement} */ (form.elements.namedItem("id")).value = draft.id;
  const kind = form.querySelector(`[name="kind"][value="${CSS.escape(draft.kind)}"]`);
  if (kind instanceof HTMLInputElement) kind.checked = true;
  const note = /** @type {HTMLElement | null} */ (form.querySelector("[data-kept]"));
  if (note) note.textContent = note.dataset.keptText ?? "";
}

/** What was begun in rounds that are over: to be used in this one, or thrown away. */
function others() {
  const place = /** @type {HTMLElement | null} */ (document.querySelector("[data-drafts]"));
  if (!place) return;
  const open = /** @type {HTMLElement | null} */ (document.querySelector("form[data-draft]"));
  const start = PLACE + (place.dataset.drafts ?? "");
  place.replaceChildren();
  for (const key of stored().filter((key) => key.startsWith(start))) {
    const name = key.slice(PLACE.length);
    const draft = read(name);
    if (!draft || name === open?.dataset.draft) continue;
    if (isRecorded(draft.id)) write(name, null);
    else place.append(card(place, name, draft, Boolean(open)));
  }
  place.hidden = !place.children.length;
}

/** @returns {string[]} */
function stored() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} name
 * @param {Draft} draft
 * @param {boolean} usable
 */
function card(place, name, draft, usable) {
  const [section, why, words] = ["section", "p", "blockquote"].map((tag) => document.createElement(tag));
  section.className = "panel";
  section.dataset.name = name;
  why.textContent = (place.dataset.draftOf ?? "").replace("{round}", name.split("/").pop() ?? "");
  words.append(Object.assign(document.createElement("p"), { textContent: draft.text }));
  section.append(why, words, ...(usable ? [button("use", place.dataset.draftUse)] : []), button("drop", place.dataset.draftDrop));
  return section;
}

function button(/** @type {string} */ does, /** @type {string | undefined} */ text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain";
  made.dataset.draftDoes = does;
  made.textContent = text ?? "";
  return made;
}

function onClick(/** @type {Element} */ target) {
  const pressed = /** @type {HTMLElement | null} */ (target.closest("[data-draft-does]"));
  const name = /** @type {HTMLElement | null | undefined} */ (pressed?.closest("[data-name]"))?.dataset.name;
  if (!pressed || !name) return;
  const box = document.querySelector("form[data-draft] textarea");
  if (pressed.dataset.draftDoes === "use" && box instanceof HTMLTextAreaElement) {
    box.value = [box.value, read(name)?.text ?? ""].filter(Boolean).join("\n");
    keep(box.form);
    box.focus();
  }
  write(name, null);
  others();
}
