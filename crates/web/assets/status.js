// @ts-check
// How the console is doing, in one quiet line for the eyes, and for those who listen only when it has turned.

/** @typedef {(name: string, values?: Record<string, unknown>) => string} Say */

const ANNOUNCE_MS = 15_000;

export class Status {
  /** @param {HTMLElement} root @param {Say} say @param {(at: number) => string} time */
  constructor(root, say, time) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(name));
    this.line = part("[data-line]");
    this.aloud = part("[data-announce]");
    this.alert = part("[data-trouble]");
    this.say = say;
    this.time = time;
    /** A console that comes up with a connection says nothing of it. */
    this.told = say("OnlineNow");
    this.toldAt = 0;
    this.refused = 0;
  }

  /** @param {{ fine: boolean, shut: boolean, waiting: number, refused: number, lastSync: number | null }} now */
  show({ fine, shut, waiting, refused, lastSync }) {
    const time = lastSync === null ? this.say("Never") : this.time(lastSync);
    const name = fine ? (waiting ? "Sending" : "Sent") : waiting ? "Offline" : "OfflineNone";
    this.line.hidden = false;
    this.line.classList.toggle("is-offline", !fine);
    put(this.line, this.say(name, { n: waiting, time }) + (refused ? ` ${this.say("Attention", { n: refused })}` : ""));
    if (shut) this.trouble(this.say("Shut"));
    else if (this.alert.textContent === this.say("Shut")) this.trouble("");
    if (refused > this.refused) this.announce(this.say("RefusedNow"));
    this.refused = refused;
    this.turn(this.say(fine ? "OnlineNow" : "OfflineNow"));
  }

  /** What somebody has to know now, because something was not done. */
  trouble(/** @type {string} */ text) {
    put(this.alert, text);
  }

  announce(/** @type {string} */ text) {
    this.aloud.textContent = text;
  }

  /** The state of the line is said seldom, however often it turns. */
  turn(/** @type {string} */ text) {
    if (text === this.told || Date.now() - this.toldAt < ANNOUNCE_MS) return;
    [this.told, this.toldAt] = [text, Date.now()];
    this.announce(text);
  }
}

/** Writes only what differs, so that nothing is announced or selected anew. */
export function put(/** @type {HTMLElement} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}
