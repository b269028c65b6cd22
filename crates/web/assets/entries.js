// @ts-check
// The table's entries: those that the tablet still holds, drawn here, above those that the server has drawn; and on
// either what was done to it and has not arrived yet.

/** @typedef {import("./outbox.js").Item} Item */
/** @typedef {import("./outbox.js").Draft} Draft */

/** @param {string} id @returns {HTMLElement | null} the entry of that id, wherever it was drawn */
function drawn(/** @type {ParentNode} */ section, id) {
  const article = section.querySelector(`[data-contribution="${CSS.escape(id)}"]`);
  return /** @type {HTMLElement | null} */ (article?.closest("li") ?? null);
}

export class Entries {
  /**
   * @param {HTMLElement} section
   * @param {(name: string, values?: Record<string, unknown>) => string} say
   * @param {(at: number) => string} time
   */
  constructor(section, say, time) {
    this.section = section;
    this.say = say;
    this.time = time;
    this.local = /** @type {HTMLElement} */ (section.querySelector("[data-local]"));
    this.template = /** @type {HTMLTemplateElement} */ (section.querySelector("template[data-item]"));
    /** @type {Item[]} */
    this.items = [];
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
  }

  /** Whether somebody is at work in the list, so that nothing in it may be drawn afresh under their hands. */
  busy() {
    return this.section.contains(document.activeElement);
  }

  /** Draws what the tablet holds. @param {Item[]} items */
  show(items) {
    this.items = items;
    // A command has a row of its own only where it was refused; until then it stands with the entry that it is about.
    const listed = items.filter((item) => item.type === "submit" || item.state === "refused");
    const ids = new Set(listed.map((item) => item.id));
    for (const [id, row] of this.rows) {
      if (ids.has(id) && Number(row.dataset.n) === listed.find((item) => item.id === id)?.n) continue;
      row.remove();
      this.rows.delete(id);
    }
    for (const item of listed) this.fill(this.rows.get(item.id) ?? this.begin(item), item);
    this.local.hidden = listed.length === 0;
    this.mark();
  }

  /** A new row, on top. @param {Item} item */
  begin(item) {
    const row = /** @type {HTMLElement} */ (/** @type {Element} */ (this.template.content.firstElementChild).cloneNode(true));
    row.dataset.item = item.id;
    row.dataset.n = String(item.n);
    if (item.type === "submit") row.querySelector("article")?.setAttribute("data-contribution", item.id);
    row.querySelectorAll("textarea").forEach((box) => { box.value = item.words; });
    /** @type {HTMLInputElement} */ (row.querySelector("input[name=card]")).value = item.card;
    this.rows.set(item.id, row);
    this.local.prepend(row);
    return row;
  }

  /** @param {HTMLElement} row @param {Item} item */
  fill(row, item) {
    const refused = item.state === "refused";
    const command = item.type !== "submit";
    const corrections = this.items.filter((it) => it.type === "correct" && it.contribution === item.id && it.state !== "refused");
    set(row, ".words", corrections.at(-1)?.words ?? item.words);
    const meta = command ? [] : this.about(item);
    const line = /** @type {HTMLElement} */ (row.querySelector(".meta"));
    if (line.textContent !== meta.join("")) line.replaceChildren(...meta.map((text) => span(text)));
    set(row, "[data-state]", refused ? this.say("Refused") : item.state === "received" ? this.say("Received") : this.say("Waiting"));
    const receipt = /** @type {HTMLElement} */ (row.querySelector("[data-receipt]"));
    receipt.hidden = !item.receipt;
    set(receipt, "code", item.receipt);
    const why = /** @type {HTMLElement} */ (row.querySelector("[data-why]"));
    why.hidden = !refused;
    const label = command && refused ? `${this.label(item)} ` : "";
    if (why.textContent !== label + item.reason) why.textContent = label + item.reason;
    row.classList.toggle("is-refused", refused);
    const [usual, again] = /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".actions")]);
    usual.hidden = refused;
    again.hidden = !refused;
    if (command) again.querySelector("details")?.remove();
    const card = /** @type {HTMLElement | null} */ (again.querySelector("[data-card]"));
    if (card) card.hidden = !item.card;
  }

  /** @param {Item} item */
  about(item) {
    const kind = document.querySelector(`input[name=kind][value="${item.kind}"] + span`)?.textContent ?? "";
    return [
      kind,
      item.form === "paraphrase" ? this.say("Paraphrase") : "",
      item.readBack ? this.say("ReadBack") : "",
      item.heard === null ? "" : this.say("Heard", { n: item.heard }),
      item.card ? this.say("Card", { card: item.card }) : "",
      item.round === null ? "" : this.say("Round", { round: item.round }),
      this.time(item.saidAt ?? item.typed + (item.offset ?? 0)),
    ].filter(Boolean);
  }

  /** Says on each entry what was done to it here and has not arrived; it cannot be done twice. */
  mark() {
    const names = { correct: "CorrectWaiting", withdraw: "WithdrawWaiting", "read-back": "ReadBackWaiting", submit: "" };
    const wanted = new Map();
    for (const item of this.items) {
      const row = item.type !== "submit" && item.state !== "refused" ? drawn(this.section, item.contribution) : null;
      if (!row) continue;
      if (item.type === "correct") set(row, ".words", item.words);
      wanted.set(row, [...(wanted.get(row) ?? []), item]);
    }
    for (const row of this.section.querySelectorAll(".entries > li")) {
      const items = /** @type {Item[]} */ (wanted.get(row) ?? []);
      const text = [...new Set(items.map((item) => this.say(names[item.type])))].join(" · ");
      note(/** @type {HTMLElement} */ (row), text);
      const does = (/** @type {string} */ type) => items.some((item) => item.type === type);
      for (const part of actions(row, "read-back")) part.hidden = does("read-back") || does("withdraw");
      for (const part of [...actions(row, "withdraw"), ...actions(row, "correct")]) part.hidden = does("withdraw");
    }
  }

  label(/** @type {Item} */ item) {
    return this.say("NotDone", { id: item.id });
  }

  /** Puts half-typed corrections back where they were typed. @param {Draft[]} drafts */
  restore(drafts) {
    for (const draft of drafts) {
      const row = draft.contribution ? drawn(this.section, draft.contribution) : null;
      const box = /** @type {HTMLTextAreaElement | null} */ (row?.querySelector(".actions:not([hidden]) textarea") ?? null);
      if (!box || box.value === draft.words) continue;
      box.value = draft.words;
      /** @type {HTMLDetailsElement} */ (box.closest("details")).open = true;
    }
  }

  /** Puts what the server has drawn in the place of what stands there. */
  replace(/** @type {Document} */ page) {
    for (const part of ["[data-said]", "[data-entries]"]) {
      const [old, fresh] = [this.section.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceWith(fresh);
    }
    this.mark();
  }

  /** The position of the record up to which the server's entries stand here; `null` where they do not stand here. */
  position() {
    const list = /** @type {HTMLElement | null} */ (this.section.querySelector("[data-entries]"));
    return !list || "wordless" in list.dataset ? null : Number(list.dataset.position);
  }
}

/** The forms or buttons by which one does `type` to the entry in that row. @returns {HTMLElement[]} */
function actions(/** @type {Element} */ row, /** @type {string} */ type) {
  const forms = [...row.querySelectorAll(`form:has(input[name=type][value="${type}"])`)];
  const own = [...row.querySelectorAll(`[data-do="${type}"], [data-${type}]`)];
  return /** @type {HTMLElement[]} */ ([...forms.map((form) => form.closest("details") ?? form), ...own]);
}

function note(/** @type {HTMLElement} */ row, /** @type {string} */ text) {
  const known = row.querySelector(".pending");
  if (!text) return known?.remove();
  const line = known ?? document.createElement("p");
  line.className = "pending";
  if (line.textContent !== text) line.textContent = text;
  if (!known) row.querySelector(".fate")?.after(line);
}

function set(/** @type {ParentNode} */ place, /** @type {string} */ part, /** @type {string} */ text) {
  const element = place.querySelector(part);
  if (element && element.textContent !== text) element.textContent = text;
}

function span(/** @type {string} */ text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}
