// The theme desk: six people at once, four by plain posts and two in a real Chromium with the keyboard; then everything
// that a key does. Reads what `plenary new` prints, with the address of a server that serves it.
import { audit, browser, check, comeIn, fits, input, link, opened, pictures, run, slug } from "./common.mjs";

const home = `${input.url}/a/${slug}`;
const EACH = 10;
const VIEWS = [["desktop", 1440, 900, "light"], ["tablet", 820, 1180, "light"], ["dark", 1440, 900, "dark"], ["tablet-dark", 820, 1180, "dark"], ["small", 320, 640, "light"]];
const organiser = { authorization: `Bearer ${link("organiser").split("#")[1]}` };
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const uuid = () => {
  const [time, rest] = [Date.now().toString(16).padStart(12, "0"), crypto.randomUUID().split("-")];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest[2].slice(1)}-${rest[3]}-${rest[4]}`;
};

/** A link of the theme team's own, with somebody's name on it. */
async function linkFor(label, role = "theme-team") {
  const answer = await fetch(`${home}/links`, { method: "POST", headers: { ...organiser, ...FORM }, body: new URLSearchParams({ role, label }) });
  const url = /link-url"><a href="([^"]+)"/.exec(await answer.text())[1];
  return `${home}/join#${url.split("#")[1]}`;
}

const field = (html, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
const codeForm = (html) => html.slice(html.indexOf('id="code-form"')).split("</form>")[0];
const itemOf = (html) => /<article class="entry panel"[^>]*data-contribution="([^"]+)"/.exec(html)?.[1];
const themeIds = (html) => Object.fromEntries([...html.matchAll(/data-name="([^"]+)"[^>]*><input type="checkbox" name="theme" value="([^"]+)"/g)].map(([, name, id]) => [name, id]));

/** Somebody who works with plain posts, as a browser without script would. */
class Person {
  constructor(name) { this.name = name; }
  async comeIn() {
    const body = new URLSearchParams({ secret: (await linkFor(this.name)).split("#")[1] });
    const answer = await fetch(`${home}/join`, { method: "POST", headers: FORM, body, redirect: "manual" });
    this.cookie = answer.headers.get("set-cookie").split(";")[0];
    return this;
  }
  async look(query = "") {
    this.html = await (await fetch(`${home}/desk${query}`, { headers: { cookie: this.cookie } })).text();
    return itemOf(this.html);
  }
  async post(fields) {
    const answer = await fetch(`${home}/code`, { method: "POST", headers: { ...FORM, cookie: this.cookie }, body: new URLSearchParams(fields) });
    this.status = answer.status;
    this.html = await answer.text();
    return itemOf(this.html);
  }
  fields(more) {
    const form = codeForm(this.html);
    const kept = ["id", "contribution", "unread", "round", "table", "sample"].map((name) => [name, field(form, name)]);
    return [...kept.filter(([, value]) => value !== undefined), ...more];
  }
  codes(theme, more = []) {
    return this.post(this.fields([["action", "assign"], ["theme", themeIds(this.html)[theme]], ...more]));
  }
}

async function atTheDesk(name, query = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await opened(context, name);
  await page.goto(await linkFor(name));
  await comeIn(page);
  await page.goto(`${home}/desk${query}`);
  return page;
}

const current = (page) => page.evaluate(() => document.querySelector(".desk-item article")?.dataset.contribution ?? null);
const words = (page) => page.textContent("[data-words]");
const settled = (page, before) =>
  page.waitForFunction((before) => !document.querySelector("[data-desk]").hasAttribute("aria-busy") && (document.querySelector(".desk-item article")?.dataset.contribution ?? null) !== before, before);
const checkedNames = (page) => page.$$eval("#code-form input[name=theme]:checked", (boxes) => boxes.map((box) => box.closest("label").dataset.name).join());
const coverage = async () => (await (await fetch(`${home}/tallies.json`)).json()).coverage;

/** Skips until it is there. */
async function until(page, ready) {
  while (!(await ready())) {
    const before = await current(page);
    await page.keyboard.press("s");
    await settled(page, before);
  }
}

/** Where nothing is left to read, whoever looks holds nothing. */
async function leave(page) {
  await page.goto(`${home}/desk?round=1`);
  check("nobody keeps what they do not read", (await page.locator("[data-held] .own").count()) === 0);
  await page.context().close();
}

async function look(page, name) {
  for (const [size, width, height, scheme] of VIEWS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await audit(page, `${name}, ${size}`);
    await fits(page, `${name}, ${size}`);
    if (pictures) await page.screenshot({ path: `${pictures}/desk-${name}-${size}.png`, fullPage: size !== "desktop" });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** All at once, about ten each; two of them with one key and Enter. */
async function sixAtOnce() {
  const given = new Map();
  const twice = [];
  const note = (name, item) => {
    if (item && given.has(item) && given.get(item) !== name) twice.push(`${item}: ${given.get(item)} and ${name}`);
    if (item) given.set(item, name);
  };
  const posts = await Promise.all(["Ada", "Ben", "Cem", "Dee"].map((name) => new Person(name).comeIn()));
  const pages = [["Eva", await atTheDesk("Eva", "?round=1")], ["Kim", await atTheDesk("Kim", "?round=1")]];
  const coded = [];
  let allCoded;
  const all = new Promise((resolve) => (allCoded = resolve));
  const codes = (item) => {
    coded.push(item);
    if (coded.length === input.first_round) allCoded();
  };
  const refused = [];
  const byPost = async (person) => {
    for (let n = 0; n < EACH && itemOf(person.html); n += 1) {
      codes(itemOf(person.html));
      // After the last one they read at a table where nobody sits, and leave the rest to the others.
      note(person.name, await person.codes(n % 2 ? "Times" : "Fares", n + 1 < EACH ? [] : [["table", "99"]]));
      if (person.status !== 200) refused.push(`${person.name}: ${person.status} ${person.html.slice(0, 400)}`);
    }
  };
  const byKey = async ([name, page]) => {
    const begun = performance.now();
    let n = 0;
    for (let item = await current(page); coded.length < input.first_round || item; item = await current(page)) {
      note(name, item);
      if (item) {
        codes(item);
        n += 1;
        await page.keyboard.press(n % 2 ? "6" : "7");
        await page.keyboard.press("Enter");
        await settled(page, item);
      } else {
        // The others hold all that is left: one of them lets go of something, or codes the last of it.
        await Promise.race([settled(page, null).catch(() => {}), all]);
      }
    }
    return (performance.now() - begun) / n;
  };
  for (const person of posts) note(person.name, await person.look("?round=1"));
  const held = await (async () => {
    await pages[0][1].waitForFunction(() => document.querySelectorAll("[data-held] li").length === 6);
    return pages[0][1].textContent("[data-held]");
  })();
  check("six: everybody sees who holds what", ["Ada", "Ben", "Cem", "Dee", "Kim", "You"].every((name) => held.includes(name)) && held.includes("just now"), held);
  const begun = performance.now();
  const times = await Promise.all([...posts.map(byPost), ...pages.map(byKey)]);
  const perItem = times.filter(Boolean).map(Math.round);
  console.log(`six people coded ${coded.length} in ${Math.round(performance.now() - begun)} ms; with the keyboard ${perItem.join(" and ")} ms an item`);
  check("six: nobody was given another's contribution", twice.length === 0, twice.join("; "));
  check("six: nothing was refused", refused.length === 0, refused.join("; "));
  check("six: nothing was coded twice", new Set(coded).size === coded.length && coded.length === input.first_round, String(new Set(coded).size));
  const now = await coverage();
  check("six: all of it is in a theme", now.themed === input.first_round, JSON.stringify(now));
  check("six: with the keyboard an item takes less than five seconds, which is 12 a minute", perItem.every((ms) => ms < 5_000), perItem.join());
  const text = await pages[0][1].textContent("[data-own]");
  check("six: one's own count and pace", /[1-9]\d* in the last hour/.test(text) && /[1-9]\d* a minute/.test(text), text);
  check("six: the round is read", (await current(pages[0][1])) === null);
  await look(pages[0][1], "empty");
  await pages[0][1].keyboard.press("u");
  await settled(pages[0][1], null);
  check("undo: the last one is back, with all of its words", coded.includes(await current(pages[0][1])) && (await coverage()).themed === input.first_round - 1);
  const again = await current(pages[0][1]);
  await posts[0].look("?round=1");
  check("undo: nobody else is given it", itemOf(posts[0].html) === undefined, itemOf(posts[0].html));
  await pages[0][1].keyboard.press("8");
  await pages[0][1].keyboard.press("Enter");
  await settled(pages[0][1], again);
  for (const [, page] of pages) await leave(page);
}

/** What was coded by somebody else meanwhile is refused in a sentence, and the next one comes. */
async function codedMeanwhile() {
  const [first, second] = [await new Person("Finn").comeIn(), await new Person("Gita").comeIn()];
  const item = await first.look("?round=2");
  check("two: they are given different ones", (await second.look("?round=2")) !== item);
  const taken = await second.look(`?round=2&contribution=${item}`);
  check("two: a held one cannot be taken, and it is said who has it", taken !== item && second.html.includes("Finn has that one just now"), taken);
  const rush = second.fields([["action", "read"]]).map(([name, value]) => [name, name === "contribution" ? item : value]);
  await second.post(rush);
  const next = await first.codes("Times");
  check("two: the second is refused in a sentence", first.status === 422 && first.html.includes("has coded this one meanwhile"), String(first.status));
  check("two: and gets the next", next && next !== item, next);
  const undo = second.html.slice(second.html.indexOf("data-undo")).split("</form>")[0];
  await second.post([["action", "undo"], ["id", field(undo, "id")], ["step", field(undo, "step")], ["round", "2"]]);
  check("undo: a plain form is enough", itemOf(second.html) === item, itemOf(second.html));
  for (const person of [first, second]) await person.look("?round=1");
}

/** Audit first, suggestions and why, keys of every kind. */
async function byKeys() {
  const page = await atTheDesk("Hana", "?round=2");
  check("audit: those of the sample come first and say so", (await page.textContent(".desk-audit")).includes("Audit sample"));
  await until(page, async () => (await words(page)).includes("The last bus leaves at nine"));
  const marks = await page.$$eval("[data-words] mark", (marks) => marks.map((mark) => mark.textContent));
  check("why: the words that spoke for it are marked, no character cut", marks.join("|") === "bus leaves|café", marks.join("|"));
  check("why: nothing of the words is lost", (await words(page)) === "The last bus leaves at nine and my café shift ends at ten");
  const suggested = await page.$$eval(".desk-suggestion", (rows) => rows.map((row) => row.textContent.replace(/\s+/g, " ").trim()));
  check("suggested: best first, with a word for how sure", suggested[0].includes("Night buses strong, because of: bus leaves, café"), suggested.join(" / "));
  check("suggested: likely and possible", suggested[1].includes("likely") && suggested[2].includes("possible"), suggested.join(" / "));
  check("keys: they stand on the buttons", (await page.locator(".desk-suggestion kbd").first().isVisible()) && (await page.locator(".themes-choice .choices kbd").first().textContent()) === "7");
  await look(page, "suggested");

  await page.keyboard.press("1");
  await page.keyboard.press("7");
  check("keys: several keys choose several themes", (await checkedNames(page)) === "Night buses,Fares", await checkedNames(page));
  await page.keyboard.press("8");
  await page.keyboard.press("9");
  check("keys: three are the most, and it is said", (await checkedNames(page)).split(",").length === 3 && (await page.textContent("[data-desk-status]")).includes("Three"), await checkedNames(page));
  for (const key of ["7", "8"]) await page.keyboard.press(key);
  check("keys: a second press takes it out", (await checkedNames(page)) === "Night buses", await checkedNames(page));
  await page.keyboard.press("Control+7");
  await page.keyboard.press("Alt+8");
  check("keys: nothing with Ctrl or Alt", (await checkedNames(page)) === "Night buses");
  await page.keyboard.press("/");
  await page.keyboard.type("shel");
  const left = await page.$$eval(".themes-choice .choices .choice", (labels) => labels.filter((label) => !label.hidden).map((label) => label.dataset.name).join());
  check("find: typing leaves those with that name", left === "Shelters", left);
  await page.keyboard.press("Enter");
  check("find: Enter takes the first of them", (await checkedNames(page)) === "Night buses,Shelters" && (await page.inputValue("#find")) === "", await checkedNames(page));
  await page.keyboard.press("n");
  await page.keyboard.type("7 x u");
  check("keys: none acts while somebody types", (await page.inputValue("#new-theme")) === "7 x u" && (await checkedNames(page)) === "Night buses,Shelters");
  await page.waitForResponse((answer) => answer.url().includes("/desk/beside"), { timeout: 20_000 });
  check("typing: and the field keeps the focus", (await page.inputValue("#new-theme")) === "7 x u" && (await page.evaluate(() => document.activeElement.id)) === "new-theme");
  await page.fill("#new-theme", "");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  check("keys: ? shows them", await page.locator("[data-keys-help][open]").isVisible());
  await page.keyboard.press("?");
  await page.uncheck("[data-keys-on]");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("9");
  check("keys: they can be turned off", (await checkedNames(page)) === "Night buses,Shelters" && !(await page.locator(".choices kbd").first().isVisible()));
  await page.reload();
  check("keys: that is remembered", !(await page.isChecked("[data-keys-on]")));
  await page.check("[data-keys-on]");

  await page.evaluate(() => { window.stays = true; document.activeElement.blur(); });
  check("copies: the first of them says how many", (await page.textContent(".desk-alike")).includes("2 others say nearly the same"));
  let before = await current(page);
  await page.keyboard.press("Shift+Digit1");
  await settled(page, before);
  check("keys: Shift and a suggested theme saves at once", (await page.textContent(".notice.good")).includes("Saved: “Night buses”"), await page.textContent(".notice"));
  check("keys: without a new page, and the focus on what comes next", await page.evaluate(() => window.stays && document.activeElement.id === "next"));
  const said = await page.textContent("[data-desk-status]");
  check("keys: a screen reader hears what was saved and what is next", said.includes("Saved: “Night buses”") && said.includes(await words(page)), said);
  before = await current(page);
  await page.keyboard.press("u");
  await settled(page, before);
  check("undo: u brings it back", (await words(page)).includes("The last bus leaves at nine"));
  before = await current(page);
  await page.keyboard.press("2");
  await page.keyboard.press("2");
  await settled(page, before);
  check("keys: so does pressing it twice", (await page.textContent(".notice.good")).includes("Saved: “Times”"));

  await page.goto(`${home}/desk?round=2&table=1`);
  before = await current(page);
  await page.keyboard.press("n");
  await page.keyboard.type("Winter");
  await page.keyboard.press("Enter");
  await settled(page, before);
  check("keys: n names a new theme", (await page.textContent(".notice.good")).includes("Saved: “Winter”") && (await page.textContent(".desk-frame")).includes("Winter"));
  before = await current(page);
  await page.keyboard.press("x");
  await page.keyboard.type("About trains");
  await page.keyboard.press("Enter");
  await settled(page, before);
  check("keys: x sets aside, with a reason", (await page.textContent(".notice.good")).includes("set aside") && (await coverage()).set_aside === 1);
  check("aside: the reason is offered again", (await page.$$eval("#reasons option", (options) => options.map((option) => option.value).join())) === "About trains");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Enter");
  check("keys: Enter without a theme says what is missing", (await page.textContent("[data-desk-status]")).includes("Choose a theme first"));
  const kept = await current(page);
  await page.context().setOffline(true);
  await page.keyboard.press("8");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("[data-desk-unsent]").textContent);
  check("network down: it is said, and nothing is lost", (await checkedNames(page)) !== "" && (await current(page)) === kept);
  await page.context().setOffline(false);
  await page.keyboard.press("Enter");
  await settled(page, kept);
  check("network back: Enter sends it again", (await page.textContent("[data-desk-unsent]")) === "");
  await leave(page);
}

/** A copy is told from the others, or all of them are coded by one press. */
async function copies() {
  const page = await atTheDesk("Ines", "?round=2");
  const copy = page.locator(".desk-alike:has(blockquote)");
  await until(page, () => copy.count());
  const said = await copy.textContent();
  check("copies: a copy shows what it is like", said.includes("The last bus leaves at nine") && said.includes("and so does 1 other"), said);
  const before = await coverage();
  const item = await current(page);
  await page.keyboard.press("6");
  await page.click("button[value=all]");
  await settled(page, item);
  check("copies: one press codes all that are unread", (await page.textContent(".notice.good")).includes("for 2 contributions") && (await coverage()).themed === before.themed + 2, await page.textContent(".notice"));
  const next = await current(page);
  await page.keyboard.press("u");
  await settled(page, next);
  check("copies: and one step takes it back", (await coverage()).themed === before.themed, JSON.stringify(await coverage()));
  await page.click(".desk-alike button");
  await page.waitForSelector(".notice.good");
  check("copies: one that is none is told apart", (await page.locator(".desk-alike blockquote").count()) === 0 || (await current(page)) !== item);
  await page.goto(`${home}/desk?contribution=${input.long}`);
  check("long: it scrolls in its place", (await page.locator(".words.long").count()) === 1 && (await current(page)) === input.long);
  await look(page, "long");
  await leave(page);
}

/** Blind: neither the themes of the first coding nor suggestions. */
async function codedTwice() {
  const draw = { type: "draw-sample", id: uuid(), purpose: "double-coding", size: 12, round: 1 };
  const drawn = await (await fetch(`${home}/submit`, { method: "POST", headers: { ...organiser, "content-type": "application/json" }, body: JSON.stringify(draw) })).json();
  check("double: a sample is drawn", drawn.type === "ack", JSON.stringify(drawn));
  const page = await atTheDesk("Jo", "?sample=double");
  check("double: it says what it is", (await page.textContent("#next")).includes("second time"));
  check("double: it is blind", (await page.locator(".desk-item .chips, .desk-suggested, .desk-item mark, #code-form input:checked").count()) === 0 && (await page.locator("#waiting ~ ol .chips").count()) === 0);
  await audit(page, "double coding");
  const before = await current(page);
  await page.keyboard.press("7");
  await page.keyboard.press("Enter");
  await settled(page, before);
  check("double: one key and Enter codes it again, and the next comes", (await current(page)) !== null && (await page.locator(".notice.good").count()) === 1);
  const left = await page.textContent("[data-beside]");
  check("double: how many wait is said", left.includes("11 contributions wait for a second coding"), left.slice(0, 300));
  await leave(page);
}

async function withoutScript() {
  const person = await new Person("Lou").comeIn();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const [name, value] = person.cookie.split("=");
  await context.addCookies([{ name, value, url: home }]);
  const page = await context.newPage();
  await page.goto(`${home}/desk`);
  check("without script: no key is promised", (await page.locator("kbd:visible").count()) === 0 && !(await page.locator("[data-desk-tools]").isVisible()));
  const item = await page.getAttribute(".desk-item article", "data-contribution");
  await page.locator("#code-form .choices label").first().click();
  await page.click("button[value=assign]");
  check("without script: it is saved, and the next one is there", (await page.textContent(".notice.good")).includes("Saved") && (await page.getAttribute(".desk-item article", "data-contribution")) !== item);
  await page.click("[data-undo] button");
  check("without script: and undone", (await page.getAttribute(".desk-item article", "data-contribution")) === item);
  await page.selectOption("#filter-round", "1");
  await page.click(".desk-filter button");
  check("without script: the filter narrows", page.url().includes("round=1") && (await page.locator(".empty").count()) === 1, page.url());
  await context.close();
}

await run([sixAtOnce, codedMeanwhile, byKeys, copies, codedTwice, withoutScript]);
