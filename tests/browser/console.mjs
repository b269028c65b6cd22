// The table console in a real Chromium, over lines that are cut at the worst moment, with a server that is killed. In
// the end the record itself is read and counted: nothing lost, nothing doubled, in order, in the right round. Reads
// besides what common.mjs reads {"command": […], "config": …}: how the server is started.
// PLENARY_SCENARIOS names the scenarios to run; all of them, where it is not set.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { as, audit, browser, check, fits, input, joined, link, opened, pictures, run, SIZES, slug } from "./common.mjs";
import { freePort, Line, Server, Tablet } from "./line.mjs";

const port = await freePort();
writeFileSync(input.config, `listen = "127.0.0.1:${port}"\n[log]\nfilter = "warn"\n`);
const server = new Server(input.command, port);
await server.start();
// It must not outlive a test that failed.
process.on("exit", () => server.child.kill("SIGKILL"));
const straight = `http://127.0.0.1:${port}`;
for (const known of input.links) known.url = `${straight}/a/${slug}/join#${known.url.split("#")[1]}`;

const here = (line) => `${line?.origin ?? straight}/a/${slug}`;
/** The link of a table over a line of its own. */
const over = (line, table) => link("facilitator", table).replace(straight, line.origin);

let numbered = 0;
const newId = () => `01900000-0000-7000-8000-${String(Date.now() * 100 + (numbered += 1)).padStart(12, "0").slice(-12)}`;

/** What a person does who holds a role's link, without a page. */
async function ask(role, path, body) {
  const bearer = { Authorization: `Bearer ${link(role).split("#")[1]}`, "Content-Type": "application/json" };
  const answer = await fetch(`${straight}/a/${slug}/${path}`, { method: body ? "POST" : "GET", headers: bearer, body: body && JSON.stringify(body) });
  return answer;
}

async function organise(type, fields) {
  const answer = await (await ask("organiser", "submit", { type, id: newId(), ...fields })).json();
  if (answer.type !== "ack") throw new Error(`${type}: ${answer.reason}`);
  return answer.position;
}

/** Every event of the record, as the signed log gives it to anybody, up to `position` at least. */
async function record(position) {
  let size = 0;
  await until(async () => {
    size = Number((await (await ask("organiser", "log/checkpoint")).text()).split("\n")[1]);
    return size >= position;
  }, "a checkpoint over everything");
  const events = [];
  for (let tile = 0; tile * 256 < size; tile += 1) {
    const width = Math.min(256, size - tile * 256);
    const name = String(tile).padStart(3, "0") + (width < 256 ? `.p/${width}` : "");
    const bytes = Buffer.from(await (await ask("organiser", `log/tile/entries/${name}`)).arrayBuffer());
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at)) {
      events.push(JSON.parse(bytes.toString("utf8", at + 2, at + 2 + bytes.readUInt16BE(at))));
    }
  }
  return events;
}

/** What stands in the record from a table: the words as they are now, with the event that recorded them. */
async function recorded(table) {
  const page = await shared();
  const entries = [];
  for (let from = 0, total = 1; from < total; from += 100) {
    await page.goto(`${straight}/a/${slug}/contributions?table=${table}&from=${from}`);
    total = parseInt(await page.textContent(".counted"), 10);
    entries.push(...await page.$$eval("article.entry", (found) => found.map((entry) => ({ position: Number(entry.id.slice(1)), id: entry.dataset.contribution, words: entry.querySelector(".words").textContent }))));
  }
  const last = Math.max(0, ...entries.map((entry) => entry.position));
  const events = await record(last);
  return entries.map((entry) => ({ ...entry, event: events[entry.position - 1] })).sort((a, b) => a.position - b.position);
}

/** @type {import("playwright-core").Page | undefined} */
let organiser;
async function shared() {
  organiser ??= await as("organiser");
  return organiser;
}

const ASK_AGAIN_MS = 50;
/** Asks again until it is so, for as long as a person would wait. */
async function until(holds, what, patienceMs = 45_000) {
  const end = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

async function console_(line, table, options) {
  const page = await joined(over(line, table), `table ${table}`, options);
  await page.waitForSelector("[data-line]:not([hidden])");
  return page;
}

async function type(page, words) {
  await page.fill("#text", words);
  await page.press("#text", "Enter");
}

const state = (page) => page.textContent("[data-line]");
const says = (page, text) => page.waitForFunction((text) => document.querySelector("[data-line]").textContent.includes(text), text, { timeout: 45_000 });
const local = (page) => page.$$eval("[data-local] > li", (rows) => rows.map((row) => `${row.querySelector(".words").textContent} | ${row.querySelector("[data-state]").textContent}`));
/** How much the tablet itself still holds. */
const held = (page) => page.evaluate(() => new Promise((resolve) => {
  indexedDB.open("plenary-console").onsuccess = (event) => {
    const store = event.target.result;
    const [items, drafts] = ["items", "drafts"].map((name) => store.transaction(name).objectStore(name).getAll());
    drafts.onsuccess = () => { store.close(); resolve({ items: items.result.length, drafts: drafts.result.length }); };
  };
}));
const gone = async (page) => until(async () => (await held(page)).items === 0, "a tablet that holds nothing");
const ready = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => caches.keys()).then((names) => names.length));

/** The record has exactly these words from a table, each once, in this order, all in this round. */
async function holds(what, table, words, round = 1) {
  const found = await recorded(table);
  const said = found.map((entry) => entry.words);
  check(`${what}: nothing lost, nothing doubled, in order (${words.length})`, JSON.stringify(said) === JSON.stringify(words), JSON.stringify(said));
  const rounds = new Set(found.map((entry) => entry.event.payload.round));
  if (round) check(`${what}: all in round ${round}`, [...rounds].join() === String(round), [...rounds].join());
  return found;
}

async function picture(page, name, schemes = ["light", "dark"]) {
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const size of ["tablet", "phone"]) {
      const [width, height] = SIZES[size];
      await page.setViewportSize({ width, height });
      await fits(page, `console ${name}, ${size}, ${scheme}`);
      if (pictures) await page.screenshot({ path: `${pictures}/console-${name}-${size}-${scheme}.png`, fullPage: size === "phone" });
    }
    await audit(page, `console ${name}, ${scheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 820, height: 1180 });
}

async function anEntryInTenSeconds() {
  const line = await Line.to(port);
  const page = await console_(line, 1);
  await page.click("label.choice:has-text('Story')");
  check("console: one tap for the kind, and the hands are back in the box", await page.evaluate(() => document.activeElement.id) === "text");
  await page.keyboard.type("We waited three weeks");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and then it was the wrong doctor");
  await page.click("[data-step='1']");
  await page.click("[data-step='1']");
  await page.focus("#text");
  await page.keyboard.press("Enter");
  check("console: Enter empties the box and stays in it", await page.evaluate(() => document.activeElement.id === "text" && document.activeElement.value === ""));
  await page.waitForSelector("[data-entries] article.entry .words:text('We waited three weeks')");
  await gone(page);
  check("console: what the page shows from the server is no longer on the tablet", (await held(page)).drafts === 0);
  await says(page, "All sent");
  const [entry] = await holds("console", 1, ["We waited three weeks\nand then it was the wrong doctor"]);
  const { kind, heard_from: heard } = entry.event.payload;
  check("console: its kind and who it was heard from", kind === "story" && heard === 2, JSON.stringify(entry.event.payload));
  check("console: in the room", entry.event.channel === "room", entry.event.channel);
  await page.context().close();
  line.close();
}

/** Requests that never arrive, answers that never arrive, lines that hang: the same entry is sent again. */
async function cutWhileSending() {
  const line = await Line.to(port);
  const page = await console_(line, 2);
  const words = [];
  const say = async () => { words.push(`cut ${words.length + 1}`); await type(page, words.at(-1)); };
  for (const mode of ["open", "deaf", "down", "open", "deaf", "down", "deaf"]) {
    line.set(mode);
    for (let each = 0; each < 3; each += 1) await say();
    if (mode === "deaf") await until(() => line.lost > 0, "an answer that got lost");
    line.lost = 0;
  }
  line.set("down");
  await says(page, "Working offline");
  await say();
  check("cut: the console says how many wait", /Working offline · \d+ waiting · last sync \d\d:\d\d/.test(await state(page)), await state(page));
  line.set("open");
  await gone(page);
  await holds("cut while sending", 2, words);
  await page.context().close();
  line.close();
}

async function serverKilled() {
  const page = await console_(await Line.to(port), 3);
  const words = [];
  for (let round = 0; round < 3; round += 1) {
    for (let each = 0; each < 4; each += 1) { words.push(`killed ${words.length + 1}`); await type(page, words.at(-1)); }
    await server.kill();
    for (let each = 0; each < 3; each += 1) { words.push(`killed ${words.length + 1}`); await type(page, words.at(-1)); }
    await server.start();
  }
  await gone(page);
  await holds("server killed and restarted", 3, words);
  await page.context().close();
}

/** A reload, a closed tab and a tab opened again, all without a network, and a sentence that was half typed. */
async function reloadedWithoutNetwork() {
  const page = await console_(await Line.to(port), 4);
  await ready(page);
  const { context } = { context: page.context() };
  await context.setOffline(true);
  const words = ["offline 1", "offline 2", "offline 3"];
  for (const each of words) await type(page, each);
  await says(page, "Working offline · 3 waiting");
  await page.fill("#text", "half a sent");
  await until(async () => (await held(page)).drafts === 1, "a draft that is kept");
  await page.reload();
  await says(page, "Working offline · 3 waiting");
  check("reloaded offline: the entries are there", (await local(page)).join() === "offline 3 | Saved here,offline 2 | Saved here,offline 1 | Saved here", (await local(page)).join());
  check("reloaded offline: the half sentence is there", await page.inputValue("#text") === "half a sent");
  check("reloaded offline: the question is there", (await page.textContent("[data-question]")).includes("after six"));
  const address = page.url();
  await page.close();
  const again = await opened(context, "table 4");
  await again.goto(address);
  await says(again, "Working offline · 3 waiting");
  await until(async () => (await again.inputValue("#text")) === "half a sent", "the half sentence in a new tab");
  await again.press("#text", "End");
  await again.keyboard.type("ence");
  await again.keyboard.press("Enter");
  await says(again, "4 waiting");
  await context.setOffline(false);
  await gone(again);
  await holds("reload, closed tab", 4, [...words, "half a sentence"]);
  await context.close();
}

/** Whether the folder is gone: what a dying process wrote while it was being emptied is met at the next try. */
function removed(folder) {
  try { rmSync(folder, { recursive: true, force: true }); } catch (error) { if (error.code !== "ENOTEMPTY") throw error; }
  return !existsSync(folder);
}

/** The whole browser is gone at one stroke, in the middle of a word, and is started again on the same tablet. */
async function emptyBattery() {
  const line = await Line.to(port);
  const folder = mkdtempSync(join(tmpdir(), "plenary-tablet-"));
  const first = await Tablet.start(folder);
  const page = await opened(first.context, "table 19");
  await page.goto(over(line, 19));
  await says(page, "All sent");
  await ready(page);
  line.set("down");
  for (const words of ["battery 1", "battery 2"]) await type(page, words);
  await says(page, "2 waiting");
  await page.fill("#text", "battery 3, half ty");
  await until(async () => (await held(page)).drafts === 1, "a draft that is kept");
  await first.kill();
  const second = await Tablet.start(folder);
  const again = await opened(second.context, "table 19");
  await again.goto(`${here(line)}/table`);
  await says(again, "2 waiting");
  await until(async () => (await again.inputValue("#text")) === "battery 3, half ty", "the half word");
  await again.press("#text", "End");
  await again.keyboard.type("ped");
  await again.keyboard.press("Enter");
  await says(again, "3 waiting");
  line.set("open");
  // Chromium writes cookies down late; where the power went before, the table's code is scanned again.
  await again.goto(over(line, 19));
  await gone(again);
  await holds("empty battery", 19, ["battery 1", "battery 2", "battery 3, half typed"]);
  await second.kill();
  await until(async () => removed(folder), "an empty folder");
  line.close();
}

/** Two tabs of one tablet: one of them sends, and when it is closed the other does. */
async function twoTabs() {
  const line = await Line.to(port);
  const one = await console_(line, 20);
  const other = await opened(one.context(), "table 20");
  await other.goto(`${here(line)}/table`);
  await says(other, "All sent");
  const words = [];
  const say = async (page) => { words.push(`tabs ${words.length + 1}`); await type(page, words.at(-1)); };
  for (const page of [one, other, one, other]) await say(page);
  line.set("down");
  for (const page of [other, one, other, one]) await say(page);
  // It is closed in the moment after Enter.
  await say(other);
  await other.close();
  await say(one);
  line.set("open");
  await gone(one);
  await holds("two tabs", 20, words);
  await one.context().close();
  line.close();
}

/** A line that takes everything and answers nothing is as good as none. */
async function lineHangs() {
  const line = await Line.to(port);
  const page = await console_(line, 21);
  await ready(page);
  line.set("hole");
  const began = Date.now();
  await page.reload();
  await type(page, "typed while the line hung");
  check("a line that hangs: the console is there all the same", Date.now() - began < 15_000, `${Date.now() - began} ms`);
  line.set("down");
  line.set("open");
  await gone(page);
  await holds("a line that hangs", 21, ["typed while the line hung"]);
  await page.context().close();
  line.close();
}

/** One is cut off for a while; both type all the time. */
async function twoTablets() {
  const lines = [await Line.to(port), await Line.to(port)];
  const tablets = [await console_(lines[0], 5), await console_(lines[1], 5)];
  const words = [[], []];
  const say = (which) => { words[which].push(`tablet ${which} says ${words[which].length + 1}`); return type(tablets[which], words[which].at(-1)); };
  for (let each = 0; each < 3; each += 1) await Promise.all([say(0), say(1)]);
  lines[0].set("down");
  for (let each = 0; each < 4; each += 1) await Promise.all([say(0), say(1)]);
  lines[0].set("open");
  for (let each = 0; each < 2; each += 1) await Promise.all([say(0), say(1)]);
  for (const page of tablets) await gone(page);
  const said = (await recorded(5)).map((entry) => entry.words);
  for (const which of [0, 1]) {
    const own = said.filter((each) => each.startsWith(`tablet ${which}`));
    check(`two tablets: tablet ${which} lost and doubled nothing, in order`, own.join() === words[which].join(), own.join());
  }
  check("two tablets: together they are all", said.length === words.flat().length, String(said.length));
  for (const page of tablets) {
    await page.waitForFunction((n) => document.querySelector("[data-said]").textContent.includes(`${n} entries`), said.length, { timeout: 45_000 });
  }
  check("two tablets: either shows what both have said", true);
  for (const page of tablets) await page.context().close();
  for (const line of lines) line.close();
}

/** Five minutes fast, five minutes slow; first met while there is a connection, then kept through a time without. */
async function clockOff() {
  for (const [table, offMs] of [[6, 300_000], [7, -300_000]]) {
    const line = await Line.to(port);
    const context = await browser.newContext({ viewport: { width: 820, height: 1180 } });
    await context.addInitScript((off) => {
      if (location.protocol === "http:" && sessionStorage.getItem("forget")) {
        sessionStorage.clear();
        indexedDB.deleteDatabase("plenary-console");
      }
      const Real = Date;
      globalThis.Date = class extends Real {
        constructor(...given) { if (given.length) super(...given); else super(Real.now() + off); }
        static now() { return Real.now() + off; }
      };
    }, offMs);
    const page = await opened(context, `table ${table}`);
    await page.goto(over(line, table));
    await says(page, "All sent");
    const times = [];
    await ready(page);
    line.set("down");
    if (offMs < 0) {
      // This tablet has never compared its clock with the server's before it is typed on.
      await page.evaluate(() => sessionStorage.setItem("forget", "yes"));
      await page.reload();
      await says(page, "last sync none yet");
    }
    for (const words of ["one", "two", "three"]) { times.push(Date.now()); await type(page, words); }
    await says(page, "3 waiting");
    await server.kill();
    await server.start();
    line.set("open");
    await gone(page);
    const found = await holds(`clock off by ${offMs / 60_000} minutes`, table, ["one", "two", "three"]);
    const errors = found.map((entry, at) => Math.abs(entry.event.payload.said_at - times[at]));
    check(`clock off by ${offMs / 60_000} minutes: the recorded times are right`, Math.max(...errors) < 2_000, errors.join(" ms, "));
    const { tablets } = await (await ask("organiser", "presence")).json();
    const skew = tablets.find((tablet) => tablet.table === table).skew_ms;
    check("clock off: the organiser sees by how much", Math.abs(skew - offMs) < 2_000, String(skew));
    await context.close();
    line.close();
  }
}

/** The organiser makes a link; the new tablet goes on while the old one still holds what it could not send. */
async function spareTablet() {
  const lines = [await Line.to(port), await Line.to(port)];
  const old = await console_(lines[0], 8);
  await type(old, "said before");
  await gone(old);
  lines[0].set("down");
  await type(old, "held 1");
  await type(old, "held 2");
  await says(old, "2 waiting");
  const page = await as("organiser");
  await page.goto(`${here()}/run`);
  const began = Date.now();
  await page.locator("tr:has-text('Table 8') form[action$='/spare'] button").click();
  const secret = (await page.textContent(".link-url")).trim();
  check("spare: its code is on the page, big", (await page.locator(".spare-code svg").boundingBox()).width > 300);
  const spare = await joined(`${lines[1].origin}/a/${slug}/join#${secret}`, "spare");
  await spare.waitForSelector("[data-entries] .words:text('said before')");
  await type(spare, "said on the spare");
  await gone(spare);
  const took = Date.now() - began;
  check("spare: it has taken over within 30 s", took < 30_000, `${took} ms`);
  await audit(page, "spare");
  if (pictures) await page.screenshot({ path: `${pictures}/spare-tablet-light.png` });
  lines[0].set("open");
  await gone(old);
  await holds("spare tablet", 8, ["said before", "said on the spare", "held 1", "held 2"]);
  for (const each of [old, spare, page]) await each.context().close();
  for (const line of lines) line.close();
}

/** What is done to entries while there is no network arrives after them, in order. */
async function correctedWithoutNetwork() {
  const line = await Line.to(port);
  const page = await console_(line, 9);
  await type(page, "on the server alredy");
  await gone(page);
  await page.waitForSelector("[data-entries] .words:text('alredy')");
  line.set("down");
  await type(page, "only here, withdrawn");
  await type(page, "only here, corected");
  await says(page, "2 waiting");
  const correct = async (row, words) => {
    await row.locator("summary:has-text('Correct')").click();
    await row.locator("textarea:visible").fill(words);
    await row.locator("button:has-text('Save the correction')").click();
  };
  await correct(page.locator("[data-entries] li").first(), "on the server already");
  await correct(page.locator("[data-local] li:has-text('corected')"), "only here, corrected");
  await page.locator("[data-local] li:has-text('withdrawn') [data-do='withdraw']").click();
  await page.locator("[data-local] li:has-text('corrected') [data-do='read-back']").click();
  await says(page, "6 waiting");
  check("offline: the correction is shown at once", (await page.textContent("[data-entries] .words")) === "on the server already");
  await ready(page);
  await page.reload();
  await says(page, "6 waiting");
  await picture(page, "six-waiting");
  line.set("open");
  await gone(page);
  const found = await recorded(9);
  const words = found.map((entry) => entry.words);
  check("offline: corrected and withdrawn in the record", words[0] === "on the server already" && words[2] === "only here, corrected" && words[1].startsWith("Withdrawn") && words.length === 3, words.join(" | "));
  const events = await record(found.at(-1).position);
  const done = events.filter((event) => found.some((entry) => entry.id === event.payload.contribution)).map((event) => event.kind);
  check("offline: each once", done.join() === "contributed,contributed,contributed,corrected,corrected,withdrawn,read-back", done.join());
  await page.context().close();
  line.close();
}

async function refusedAndSentAgain() {
  const line = await Line.to(port);
  const page = await console_(line, 10);
  await type(page, "too long ".repeat(500));
  await page.waitForSelector("[data-local] .is-refused");
  check("refused: it says why and keeps the words", (await page.textContent("[data-why]:not([hidden])")).length > 10);
  check("refused: the line says so", (await state(page)).includes("1 not taken"), await state(page));
  await type(page, "the next one goes through");
  await page.waitForSelector("[data-entries] .words:text('the next one')");
  await picture(page, "refused");
  await page.click("[data-again] summary");
  await page.fill("[data-again] textarea", "short enough");
  await page.click("[data-again] button:has-text('Send again')");
  await gone(page);
  await holds("refused, edited, sent again", 10, ["the next one goes through", "short enough"]);
  await page.context().close();
  line.close();
}

/** Each card once, whoever keys it in, also for a round that is over. */
async function paperCards() {
  const line = await Line.to(port);
  const page = await console_(line, 11);
  const key = async (words, card) => {
    if (!(await page.locator("[data-elsewhere-form]").getAttribute("open"))) await page.evaluate(() => { document.querySelector("[data-elsewhere-form]").open = true; });
    await page.fill("#card", card);
    await type(page, words);
  };
  await key("Written by hand", "a-0012");
  await gone(page);
  await key("Written by hand, keyed in again", "A-0012");
  await page.waitForSelector("[data-local] .is-refused");
  check("card: the same card twice is refused", (await page.textContent("[data-why]:not([hidden])")).includes("A-0012"));
  await page.click("[data-do='remove']");
  await gone(page);
  const [entry] = await holds("paper card", 11, ["Written by hand"]);
  check("card: it came in on paper", entry.event.channel === "paper", JSON.stringify(entry.event));
  await page.context().close();
  line.close();
}

/** Erased elsewhere, while this tablet still shows and holds the words. */
async function erasedElsewhere() {
  const lines = [await Line.to(port), await Line.to(port)];
  const [one, other] = [await console_(lines[0], 12), await console_(lines[1], 12)];
  await type(one, "to be erased");
  await gone(one);
  await other.waitForSelector("[data-entries] .words:text('to be erased')");
  lines[1].set("down");
  await other.locator("[data-entries] summary:has-text('Correct')").click();
  await other.locator("[data-entries] textarea").fill("to be erased, corrected");
  await other.locator("[data-entries] button:has-text('Save the correction')").click();
  await says(other, "1 waiting");
  const [{ id }] = await recorded(12);
  await organise("erase", { contribution: id, reason: "It names somebody" });
  lines[1].set("open");
  await gone(other);
  await other.waitForFunction(() => !document.querySelector("section").textContent.includes("to be erased"), null, { timeout: 45_000 });
  check("erased elsewhere: the words are gone from this tablet too", true);
  for (const page of [one, other]) await page.context().close();
  for (const line of lines) line.close();
}

/** Without locks, channels and service workers, as over plain HTTP; two tabs send in turn. */
async function overPlainHttp() {
  const line = await Line.to(port);
  const context = await browser.newContext({ viewport: { width: 820, height: 1180 } });
  await context.addInitScript(() => {
    for (const missing of ["locks", "serviceWorker", "storage"]) delete Navigator.prototype[missing];
    delete globalThis.BroadcastChannel;
    delete Crypto.prototype.randomUUID;
  });
  const [one, other] = [await opened(context, "table 13"), await opened(context, "table 13")];
  for (const page of [one, other]) {
    await page.goto(page === one ? over(line, 13) : `${here(line)}/table`);
    await page.waitForSelector("[data-line]:not([hidden])");
  }
  check("plain HTTP: the page says that it cannot be loaded again without a network", await one.isVisible("[data-no-worker]"));
  const words = [];
  for (let each = 0; each < 6; each += 1) { words.push(`plain ${each}`); await type(each % 2 ? one : other, words.at(-1)); }
  await gone(one);
  await holds("plain HTTP, two tabs", 13, words);
  await context.close();
  line.close();
}

/** A browser that keeps nothing says so, and the form still works. */
async function withoutStorage() {
  const line = await Line.to(port);
  const context = await browser.newContext();
  await context.addInitScript(() => { Object.defineProperty(globalThis, "indexedDB", { get() { throw new Error("no"); } }); });
  const page = await opened(context, "table 14");
  await page.goto(over(line, 14));
  await page.waitForSelector("[data-trouble]:text('cannot keep')");
  line.set("down");
  await page.fill("#text", "kept by the open page alone");
  await page.click("form.say button.wide");
  await page.waitForFunction(() => document.querySelector("form .unsent")?.textContent);
  line.set("open");
  await page.waitForSelector(".notice.good", { timeout: 45_000 });
  await holds("no storage", 14, ["kept by the open page alone"]);
  await context.close();
  line.close();
}

/** The round turns while a tablet is alone, and while somebody is in the middle of a sentence. */
async function roundsTurn() {
  const lines = [await Line.to(port), await Line.to(port)];
  const [alone, there] = [await console_(lines[0], 15), await console_(lines[1], 16)];
  lines[0].set("down");
  await type(alone, "in round 1, alone");
  await there.fill("#text", "begun in round 1");
  await says(alone, "1 waiting");
  await picture(alone, "offline");
  await alone.click("[data-moved] button");
  check("alone: the question is the next one", (await alone.textContent("[data-question]")).includes("fair fare"));
  await type(alone, "in round 2, alone");
  await alone.fill("#text", "begun in round 2, alone");
  await organise("close-round", { round: 1 });
  await there.waitForSelector("[data-no-round]:not([hidden])");
  check("between rounds: what is being typed stays", await there.inputValue("#text") === "begun in round 1");
  await picture(there, "between-rounds");
  await there.press("#text", "Enter");
  await gone(there);
  await there.fill("#text", "begun between rounds");
  await organise("open-round", { round: 2 });
  await there.waitForFunction(() => document.querySelector("[data-question]").textContent.includes("fair fare"));
  check("round 2: the draft of round 1 is still that, and says so", (await there.textContent("[data-draft]")).includes("round 1"));
  if (pictures) await there.screenshot({ path: `${pictures}/console-draft-tablet-light.png` });
  await there.press("#text", "Enter");
  await type(there, "said in round 2");
  await there.selectOption("#round", "1", { force: true });
  await type(there, "late for round 1");
  check("late entry: the page says where it goes", (await there.textContent("[data-elsewhere]")).includes("round 1"));
  await there.click("[data-elsewhere] button");
  await type(there, "back in round 2");
  lines[0].set("open");
  await gone(alone);
  await gone(there);
  check("back from alone: what is being typed stays", await alone.inputValue("#text") === "begun in round 2, alone");
  await alone.press("#text", "Enter");
  await gone(alone);
  const of = async (table) => (await recorded(table)).map((entry) => `${entry.words} → ${entry.event.payload.round}`).join(", ");
  const expected = "in round 1, alone → 1, in round 2, alone → 2, begun in round 2, alone → 2";
  check("alone through the turn: every entry in the round it was said in", await of(15) === expected, await of(15));
  const late = "begun in round 1 → 1, begun between rounds → 1, said in round 2 → 2, late for round 1 → 1, back in round 2 → 2";
  check("there through the turn: every entry in the round it was said in", await of(16) === late, await of(16));
  for (const page of [alone, there]) await page.context().close();
  for (const line of lines) line.close();
}

/** The link is revoked and a new one opened: what was typed in between is not lost. */
async function linkRevoked() {
  const line = await Line.to(port);
  const page = await console_(line, 17);
  await (await shared()).goto(`${here()}/run`);
  await (await shared()).locator("details:has(tr:has-text('Facilitator')) > summary").click();
  await (await shared()).locator("tr:has-text('Facilitator · Table 17') button").first().click();
  await type(page, "typed with a dead link");
  await page.waitForSelector("[data-trouble]:text('does not open this table')", { timeout: 45_000 });
  check("dead link: the entry stays", (await held(page)).items === 1);
  await (await shared()).goto(`${here()}/run`);
  await (await shared()).locator("tr:has-text('Table 17') form[action$='/spare'] button").click();
  const secret = (await (await shared()).textContent(".link-url")).trim();
  await page.goto(`${here(line)}/join#${secret}`);
  await page.waitForURL((now) => now.pathname.endsWith("/table"));
  await gone(page);
  await holds("dead link, new link", 17, ["typed with a dead link"], null);
  await page.context().close();
  line.close();
}

/** A tablet is lent to another table before it has sent everything; then it comes back to its own. */
async function lentToAnotherTable() {
  const line = await Line.to(port);
  const page = await console_(line, 22);
  line.set("down");
  await type(page, "said at table 22");
  await says(page, "1 waiting");
  // The other way round, it would be sent in the moment in which the line is back.
  await page.route("**/submit", (route) => route.abort());
  line.set("open");
  await page.goto(over(line, 23));
  await page.waitForSelector("[data-other]:text('typed for table 22')");
  await page.unroute("**/submit");
  await type(page, "said at table 23");
  await page.waitForSelector("[data-entries] .words:text('said at table 23')");
  await page.goto(over(line, 22));
  await gone(page);
  await holds("lent to another table: table 22", 22, ["said at table 22"], null);
  await holds("lent to another table: table 23", 23, ["said at table 23"], null);
  await page.context().close();
  line.close();
}

async function quiet() {
  const page = await console_(await Line.to(port), 18);
  await says(page, "All sent");
  await picture(page, "empty");
  await page.context().close();
}

await organise("open-round", { round: 1 });
const scenarios = [
  quiet, anEntryInTenSeconds, cutWhileSending, serverKilled, reloadedWithoutNetwork, emptyBattery, twoTabs, lineHangs, twoTablets, clockOff, spareTablet, correctedWithoutNetwork,
  refusedAndSentAgain, paperCards, erasedElsewhere, overPlainHttp, withoutStorage, roundsTurn, linkRevoked, lentToAnotherTable,
];
const wanted = process.env.PLENARY_SCENARIOS ? process.env.PLENARY_SCENARIOS.split(",") : null;
await run(scenarios.filter((scenario) => !wanted || wanted.includes(scenario.name)));
await server.kill();
process.exit();
