// @ts-check
// What was typed at a table, kept on the tablet until the server has it and the page shows it. Everything goes through
// here before anything else happens to it. An item keeps its id for good, so sending it twice records it once.

/**
 * @typedef {{
 *   n?: number, id: string, place: string, type: "submit" | "correct" | "withdraw" | "read-back",
 *   contribution: string, words: string, kind: string, form: string, heard: number | null, readBack: boolean,
 *   card: string, round: number | null, typed: number, offset: number | null, saidAt: number | null,
 *   state: "waiting" | "received" | "refused", position: number, receipt: string, code: string, reason: string,
 * }} Item `n` is the order in which items are sent; `typed` is the device's clock, `offset` the server's minus it.
 * @typedef {{ id: string, place: string, tab: string, contribution: string, words: string, kind: string, form: string,
 *   heard: string, readBack: boolean, card: string, round: number | null, typed: number }} Draft
 * @typedef {{ place: string, device: string, offset: number | null, lastSync: number | null, moved: number | null,
 *   lease: { owner: string, until: number } | null }} Place
 * @typedef {{ item: Item, draft?: string, spare: string }} Left `spare` is its id where another entry has its own
 */

const DATABASE = "plenary-console";
/** Longer than one request may take, so that nobody takes over from a tab that waits for its answer. */
const LEASE_MS = 30_000;
/** Where an entry lies while it is on its way into the database: this is written at once, even if the tab closes now. */
const LEFT = "plenary-left/";

/** A UUIDv7 (RFC 9562). Over plain HTTP there is no `randomUUID`, and this is wanted in order of time anyway. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let at = 0; at < 6; at += 1) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function got(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {Item} item @param {Left | null} left */
function leave(item, left) {
  try {
    const key = `${LEFT}${item.place}/${item.id}`;
    if (left) localStorage.setItem(key, JSON.stringify(left));
    else localStorage.removeItem(key);
  } catch {
    // Full, or forbidden: the database takes it all the same, a moment later.
  }
}

/** In the order in which they were begun. @param {string} place @returns {Left[]} */
function abandoned(place) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${LEFT}${place}/`)).sort();
    return keys.map((key) => JSON.parse(localStorage.getItem(key) ?? "null")).filter((left) => left?.item);
  } catch {
    return [];
  }
}

/** @returns {Promise<IDBDatabase>} */
async function database() {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => {
    const items = opening.result.createObjectStore("items", { keyPath: "n", autoIncrement: true });
    items.createIndex("place", "place");
    items.createIndex("id", "id", { unique: true });
    opening.result.createObjectStore("drafts", { keyPath: "id" }).createIndex("place", "place");
    opening.result.createObjectStore("places", { keyPath: "place" });
  };
  const store = await got(opening);
  // A newer page in another tab must be able to change the shape of it.
  store.onversionchange = () => store.close();
  return store;
}

export class Outbox {
  /**
   * @param {IDBDatabase} store
   * @param {string} place the assembly and the table, such as `gp/7`
   */
  constructor(store, place) {
    this.store = store;
    this.place = place;
    /** A tab keeps its name over a reload. */
    this.tab = sessionStorage.getItem("plenary-tab") ?? newId();
    sessionStorage.setItem("plenary-tab", this.tab);
    this.sends = false;
    this.others = "BroadcastChannel" in globalThis ? new BroadcastChannel(`plenary-console/${place}`) : null;
  }

  /** Fails where the browser cannot keep anything. */
  static async open(/** @type {string} */ place) {
    const outbox = new Outbox(await database(), place);
    await outbox.about({});
    await outbox.adopt();
    return outbox;
  }

  /** Calls back when another tab of this table has changed something. */
  listen(/** @type {() => void} */ changed) {
    if (this.others) this.others.onmessage = changed;
    addEventListener("storage", (event) => {
      if (event.newValue && event.key?.startsWith(`${LEFT}${this.place}/`)) this.adopt().then(changed, () => {});
    });
  }

  /**
   * One transaction, done when the disk has it.
   * @template T
   * @param {(stores: { items: IDBObjectStore, drafts: IDBObjectStore, places: IDBObjectStore }) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  async change(work) {
    const names = ["items", "drafts", "places"];
    const write = this.store.transaction(names, "readwrite", { durability: "strict" });
    const [items, drafts, places] = names.map((name) => write.objectStore(name));
    const done = new Promise((resolve, reject) => {
      write.oncomplete = () => resolve(null);
      // What one request failed for is known before the whole is given up.
      write.onerror = (event) => reject(/** @type {IDBRequest} */ (event.target).error);
      write.onabort = () => reject(write.error ?? new Error("not kept"));
    });
    done.catch(() => {});
    const working = work({ items, drafts, places });
    // Where all is asked for already, the browser is told so at once: then it is kept even if the tab closes now.
    if (!(working instanceof Promise)) write.commit?.();
    const result = await working;
    await done;
    return result;
  }

  tell() {
    this.others?.postMessage("changed");
  }

  /** Everything of this table that is still on the device, in the order in which it was said. @returns {Promise<Item[]>} */
  list() {
    return got(this.store.transaction("items").objectStore("items").index("place").getAll(this.place));
  }

  /** Entries of other tables of the assembly that wait on this device, as pairs of table and number. */
  async elsewhere() {
    /** @type {Item[]} */
    const items = await got(this.store.transaction("items").objectStore("items").getAll());
    const slug = this.place.split("/")[0];
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { place, state } of items) {
      const [there, table] = place.split("/");
      if (there === slug && place !== this.place && state !== "received") counts.set(table, (counts.get(table) ?? 0) + 1);
    }
    return [...counts];
  }

  /**
   * Keeps what was typed, and in the same stroke lets go of the draft that it was typed as.
   * @param {Item} item
   * @param {string} [draft]
   */
  async add(item, draft) {
    const left = { item, draft, spare: newId() };
    leave(item, left);
    try {
      await this.keep(left);
    } finally {
      leave(item, null);
    }
    this.tell();
  }

  /** @param {Left} left */
  async keep({ item, draft, spare }) {
    const add = (/** @type {Item} */ kept) => this.change(({ items, drafts }) => {
      items.add(kept);
      if (draft) drafts.delete(draft);
    });
    await add(item).catch(async (error) => {
      if (error?.name !== "ConstraintError") throw error;
      const there = await got(this.store.transaction("items").objectStore("items").index("id").get(item.id));
      // Another tab has kept what it saw on its way; or two tabs took up the same draft, and then these are two entries.
      if (there?.words === item.words) await this.dropDrafts(draft ? [draft] : []);
      else await add({ ...item, id: spare }).catch((again) => { if (again?.name !== "ConstraintError") throw again; });
    });
  }

  /** Keeps what tabs that are gone had not kept yet. One that is still there keeps its own; twice is once, by the id. */
  async adopt() {
    for (const left of abandoned(this.place)) {
      await this.keep(left);
      leave(left.item, null);
    }
  }

  /** @param {Item} item */
  async update(item) {
    await this.change(async ({ items }) => {
      // What was erased in the meantime does not come back.
      if ((await got(items.getKey(/** @type {number} */ (item.n)))) !== undefined) items.put(item);
    });
    this.tell();
  }

  /** @param {Item[]} gone */
  async remove(gone) {
    if (!gone.length) return;
    await this.change(({ items }) => gone.forEach((item) => items.delete(/** @type {number} */ (item.n))));
    this.tell();
  }

  /** The next to be sent. */
  async next() {
    return (await this.list()).find((item) => item.state === "waiting");
  }

  /**
   * The server has said no to an entry. What was done to it here meanwhile goes into it, because there is nothing that
   * it could be done to over there.
   * @param {Item} refused
   */
  async refuse(refused) {
    const later = (await this.list()).filter((item) => item.state === "waiting" && item.contribution === refused.id);
    const own = refused.type === "submit" ? later : [];
    const folded = { ...refused, state: /** @type {"refused"} */ ("refused") };
    for (const item of own) {
      if (item.type === "correct") folded.words = item.words;
      if (item.type === "read-back") folded.readBack = true;
    }
    const withdrawn = own.some((item) => item.type === "withdraw");
    await this.change(({ items }) => {
      for (const item of own) items.delete(/** @type {number} */ (item.n));
      if (withdrawn) items.delete(/** @type {number} */ (refused.n));
      else items.put(folded);
    });
    this.tell();
  }

  /**
   * A refused entry goes to the end of the queue, as somebody has changed it. It was never recorded, so it keeps its id,
   * unless this very id was what was wrong.
   * @param {Item} item
   * @param {Partial<Item>} changed
   */
  async again(item, changed) {
    const id = item.code === "id-conflict" ? newId() : item.id;
    await this.change(({ items, drafts }) => {
      items.delete(/** @type {number} */ (item.n));
      const { n: _, ...rest } = item;
      items.add({ ...rest, ...changed, id, state: "waiting", code: "", reason: "" });
      drafts.delete(`correct:${item.id}`);
    });
    this.tell();
  }

  /** Words that were erased are not kept here either. @param {string[]} ids */
  async forget(ids) {
    const gone = new Set(ids);
    const items = (await this.list()).filter((item) => gone.has(item.id) || gone.has(item.contribution));
    const drafts = (await this.drafts()).filter((draft) => gone.has(draft.contribution));
    await this.remove(items);
    await this.dropDrafts(drafts.map((draft) => draft.id));
    return items.length > 0;
  }

  /** @param {Draft} draft */
  async keepDraft(draft) {
    await this.change(({ drafts }) => void drafts.put(draft));
  }

  async dropDrafts(/** @type {string[]} */ ids) {
    if (ids.length) await this.change(({ drafts }) => ids.forEach((id) => drafts.delete(id)));
  }

  /** Half-typed: this tab's own first, then what a tab that is gone has left behind. @returns {Promise<Draft[]>} */
  async drafts() {
    /** @type {Draft[]} */
    const drafts = await got(this.store.transaction("drafts").objectStore("drafts").index("place").getAll(this.place));
    const own = (/** @type {Draft} */ draft) => Number(draft.tab === this.tab);
    return drafts.sort((a, b) => own(b) - own(a) || b.typed - a.typed);
  }

  /** What is known of this table on this device, changed by `now`. @param {Partial<Place>} now @returns {Promise<Place>} */
  about(now) {
    return this.change(async ({ places }) => {
      const empty = { place: this.place, device: newId(), offset: null, lastSync: null, moved: null, lease: null };
      const known = { ...empty, ...(await got(places.get(this.place))), ...now };
      places.put(known);
      return known;
    });
  }

  /**
   * One tab sends: the one that somebody looks at, for a tab in the background may be asleep. Calls back when it has
   * become this one.
   * @param {() => void} begun
   */
  stand(begun) {
    if (!navigator.locks) return;
    let queued = false;
    const take = (/** @type {boolean} */ steal) => {
      if (!steal && queued) return;
      queued = queued || !steal;
      const forLife = () => {
        queued = queued && steal;
        this.sends = true;
        begun();
        return new Promise(() => {});
      };
      const stolen = () => { this.sends = false; take(false); };
      navigator.locks.request(`plenary-console/${this.place}`, { steal }, forLife).catch(stolen);
    };
    take(!document.hidden);
    document.addEventListener("visibilitychange", () => { if (!document.hidden && !this.sends) take(true); });
  }

  /** Whether this is the tab that sends. Where there are no locks, it is the one that has renewed its lease. */
  async mine() {
    return navigator.locks ? this.sends : this.lease();
  }

  lease() {
    return this.change(async ({ places }) => {
      const known = await got(places.get(this.place));
      const [now, lease] = [Date.now(), known?.lease];
      // A lease that ends too late was given by a clock that has been put right since.
      const free = !lease || lease.owner === this.tab || lease.until < now || lease.until > now + LEASE_MS;
      if (free) places.put({ ...known, lease: { owner: this.tab, until: now + LEASE_MS } });
      return free;
    });
  }
}
