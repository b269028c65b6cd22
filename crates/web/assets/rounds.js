// @ts-check
// The agenda as the console has it, and to which round an entry goes: the one that is open, unless somebody at the
// table says otherwise.

/** @typedef {{ number: number, stage: string, title: string, question: string }} Round */

export class Rounds {
  constructor(/** @type {ParentNode} */ page, /** @type {number | null} */ moved) {
    /** @type {Round[]} */
    this.all = [];
    /** The one that the server last said is open. @type {number | null} */
    this.open = null;
    /** The one that was open before, whose late entries are still taken. @type {number | null} */
    this.last = null;
    /** The one that somebody has chosen, for a card or a late entry. @type {number | null} */
    this.chosen = null;
    /** The one that the room has moved on to, as somebody said while there was no network. @type {number | null} */
    this.moved = moved;
    this.open = this.read(page);
    const selected = /** @type {HTMLSelectElement | null} */ (page.querySelector("select[name=round]"));
    if (this.open === null && this.all.some((round) => round.stage === "closed")) this.last = Number(selected?.value) || null;
  }

  /** Takes up the agenda as the server draws it, and gives the round that was open then. @returns {number | null} */
  read(/** @type {ParentNode} */ page) {
    const rows = [...page.querySelectorAll("[data-agenda] > li")].map((row) => /** @type {HTMLElement} */ (row));
    this.all = rows.map(({ dataset, textContent }) => ({
      number: Number(dataset.round), stage: dataset.stage ?? "", title: dataset.title ?? "", question: textContent ?? "",
    }));
    return this.all.find((round) => round.stage === "open")?.number ?? null;
  }

  /** Where an entry goes when nobody chooses. */
  usual() {
    return this.moved ?? this.open ?? this.last;
  }

  /** Where an entry goes that is begun now. */
  showing() {
    return this.chosen ?? this.usual();
  }

  get(/** @type {number | null} */ number) {
    return this.all.find((round) => round.number === number);
  }

  next() {
    const showing = this.showing() ?? 0;
    return this.all.find((round) => round.number > showing && round.stage !== "closed")?.number ?? null;
  }

  /** The server says which round is open; says whether that is news. @param {number | null} open */
  turn(open) {
    if (open === this.open) return false;
    for (const round of this.all) {
      if (round.number === this.open) round.stage = "closed";
      if (round.number === open) round.stage = "open";
    }
    [this.last, this.open] = [this.open ?? this.last, open];
    [this.chosen, this.moved] = [null, null];
    return true;
  }
}
