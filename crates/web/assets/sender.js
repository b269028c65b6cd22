// @ts-check
// Sends what the outbox holds: one at a time, in order, again and again until the server has answered. It also keeps
// track of how far this device's clock is off and of when the server was last heard.

/** @typedef {import("./outbox.js").Outbox} Outbox */
/** @typedef {import("./outbox.js").Item} Item */
/** @typedef {{ status: number, body: any, retryAfterS: number, date: number | null }} Answer `date` is the server's clock. */

const REQUEST_MS = 20_000;
const PRESENCE_MS = 10_000;
const WAIT_MS_MAX = 15_000;
const LOST_MS = 3_000;
/** A clock that was looked at over a slower line than this is not believed. */
const ROUND_TRIP_MS_MAX = 5_000;
/** Nothing is wrong with the words: this browser may not speak for the table just now. */
const SHUT = ["no-role", "bad-link", "link-expired", "link-revoked", "not-for-this-role", "no-table", "not-your-table"];

export class Sender {
  /**
   * @param {Outbox} outbox
   * @param {{ submit: string, presence: string, table: number }} to
   * @param {() => void} changed called whenever something that people see may have changed
   */
  constructor(outbox, to, changed) {
    this.outbox = outbox;
    this.to = to;
    this.changed = changed;
    this.connected = false;
    this.shut = false;
    this.device = "";
    /** @type {number | null} */
    this.offset = null;
    /** @type {number | null} */
    this.lastSync = null;
    this.failures = 0;
    this.woken = false;
    this.wake = () => { this.woken = true; };
    /** @type {Promise<void> | undefined} one question at a time is enough */
    this.reported = undefined;
    /** @type {{ since: number, stop: () => void } | null} */
    this.asking = null;
  }

  async start() {
    const known = await this.outbox.about({});
    [this.device, this.offset, this.lastSync] = [known.device, known.offset, known.lastSync];
    this.connected = navigator.onLine;
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.heard(false));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.now(); });
    this.reporting();
    this.outbox.stand(() => this.wake());
    this.sending();
  }

  /** Tries at once, whatever it was waiting for. */
  now() {
    this.failures = 0;
    // An answer that has not come by now was lost with the old line.
    if (this.asking && Date.now() - this.asking.since > LOST_MS) this.asking.stop();
    this.report();
    this.wake();
  }

  /** Something new waits. After a failure it waits with the rest. */
  fresh() {
    this.report();
    if (!this.failures) this.wake();
  }

  /** The server was heard, or could not be. */
  heard(/** @type {boolean} */ connected) {
    const turned = connected !== this.connected;
    this.connected = connected;
    if (connected) {
      this.failures = 0;
      this.lastSync = Date.now() + (this.offset ?? 0);
    }
    if (turned && connected) this.wake();
    this.changed();
  }

  /** The server's clock stood at `server` when ours stood at `here`. */
  clock(/** @type {number} */ server, /** @type {number} */ here) {
    this.offset = Math.round(server - here);
  }

  async sending() {
    for (;;) {
      this.woken = false;
      const waitMs = await this.step().catch(() => this.backoff());
      if (waitMs) await this.pause(waitMs);
    }
  }

  async step() {
    const item = (await this.outbox.mine()) ? await this.outbox.next() : undefined;
    return item ? this.send(item) : PRESENCE_MS;
  }

  /** Until `ms` have passed or somebody says that there is something to do. */
  pause(/** @type {number} */ ms) {
    if (this.woken) return null;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), ms);
      this.wake = () => { this.woken = true; clearTimeout(timer); resolve(null); };
    });
  }

  /** Full jitter: when the hall's access point comes back, not every tablet knocks in the same second. */
  backoff() {
    this.failures += 1;
    return 250 + Math.random() * Math.min(WAIT_MS_MAX, 500 * 2 ** this.failures);
  }

  /** Sends one, and gives how long to wait before the next try. @param {Item} item @returns {Promise<number>} */
  async send(item) {
    // Where the clock was never compared, it is now: the time that goes out first is the one that stays.
    if (item.offset === null && this.offset === null) await this.report();
    if (item.saidAt === null && !item.card && (item.offset ?? this.offset) !== null) {
      item = { ...item, saidAt: item.typed + (item.offset ?? this.offset ?? 0) };
      await this.outbox.update(item);
    }
    const stop = new AbortController();
    this.asking = { since: Date.now(), stop: () => stop.abort() };
    const answer = await post(this.to.submit, frame(item, this.to.table), stop);
    this.asking = null;
    if (!answer || (answer.status !== 403 && !answer.body?.type)) {
      // No answer, or one of somebody in between, such as a captive portal.
      this.heard(false);
      return this.backoff();
    }
    this.heard(true);
    const { body } = answer;
    if (answer.status === 403 && (!body?.code || SHUT.includes(body.code))) return this.shutOut(true);
    this.shutOut(false);
    if (body.type === "ack" && body.id === item.id) await this.received(item, body);
    else if (body.type === "refused" && body.retry_after_s === null && answer.status < 500) await this.refused(item, body);
    else return Math.max(1_000 * Math.max(answer.retryAfterS, body.retry_after_s ?? 0), this.backoff());
    this.changed();
    return 0;
  }

  shutOut(/** @type {boolean} */ shut) {
    const turned = this.shut !== shut;
    this.shut = shut;
    if (turned) this.changed();
    return PRESENCE_MS;
  }

  /** @param {Item} item @param {any} ack */
  async received(item, ack) {
    await this.outbox.update({ ...item, state: "received", position: ack.position, receipt: ack.receipt });
    await this.outbox.about({ offset: this.offset, lastSync: this.lastSync });
  }

  /** @param {Item} item @param {any} no */
  async refused(item, no) {
    if (no.code === "contribution-erased") await this.outbox.remove([item]);
    else await this.outbox.refuse({ ...item, code: no.code, reason: no.reason });
  }

  /** For as long as the tab lives. */
  async reporting() {
    for (;;) {
      await this.report();
      await new Promise((resolve) => setTimeout(resolve, PRESENCE_MS));
    }
  }

  /** Says how this console is doing, and hears what time it is over there. */
  report() {
    this.reported ??= this.ask().catch(() => {}).finally(() => { this.reported = undefined; });
    return this.reported;
  }

  async ask() {
    const waiting = (await this.outbox.list()).filter((item) => item.state === "waiting");
    const here = Date.now();
    const answer = await post(this.to.presence, {
      device: this.device,
      waiting: waiting.length,
      oldest_waiting_ms: waiting.length ? Math.max(0, here - waiting[0].typed) : null,
      offset_ms: this.offset,
      last_sync_ms: this.lastSync,
    });
    const back = Date.now();
    if (answer?.status === 403) this.shutOut(true);
    const server = answer?.body?.server_time_ms ?? answer?.date;
    if (typeof server === "number" && back - here >= 0 && back - here < ROUND_TRIP_MS_MAX) this.clock(server, (here + back) / 2);
    if (answer?.status === 200 && answer.body?.table) this.shutOut(answer.body.table !== this.to.table);
    this.heard(answer?.status === 403 || Boolean(answer?.body?.table));
    if (this.connected) await this.outbox.about({ offset: this.offset, lastSync: this.lastSync });
  }
}

/** An item as the server takes it. @param {Item} item @param {number} table */
function frame(item, table) {
  const { type, id, contribution } = item;
  if (type === "correct") return { type, id, contribution, text: item.words };
  if (type !== "submit") return { type, id, contribution };
  return {
    type, id, table, text: item.words, kind: item.kind, form: item.form, read_back: item.readBack,
    ...(item.heard === null ? {} : { heard_from: item.heard }),
    ...(item.round === null ? {} : { round: item.round }),
    ...(item.saidAt === null ? {} : { said_at: item.saidAt }),
    ...(item.card ? { card: item.card } : {}),
  };
}

/**
 * @param {string} path
 * @param {object} json
 * @param {AbortController} stop
 * @returns {Promise<Answer | null>} `null` where there was no answer.
 */
async function post(path, json, stop = new AbortController()) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const timer = setTimeout(() => stop.abort(), REQUEST_MS);
  try {
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(json), signal: stop.signal, redirect: "error" });
    const body = await answer.json().catch(() => null);
    // It is cut off to the second.
    const date = Date.parse(answer.headers.get("Date") ?? "") + 500 || null;
    return { status: answer.status, body, retryAfterS: Number(answer.headers.get("Retry-After")) || 0, date };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
