// People at home in a real Chromium: they come in, say something and see where it stands, react, vote; the room votes
// beside them. Reads what `plenary new` prints, with the address of a server that serves it.
import { as, audit, browser, check, fits, input, joined, link, opened, pictures, run, slug } from "./common.mjs";

const home = `${input.url}/a/${slug}`;
for (const known of input.links) known.url = `${home}/join#${known.url.split("#")[1]}`;
const PHONE = { viewport: { width: 390, height: 844 } };
const SIZES = [["phone", 390, 844, "light"], ["small", 320, 640, "light"], ["tablet", 820, 1180, "light"], ["dark", 390, 844, "dark"]];
const secret = (role, table) => link(role, table).split("#")[1];

/** A UUIDv7, as programs make them. */
function uuid() {
  const time = Date.now().toString(16).padStart(12, "0");
  const rest = crypto.randomUUID().split("-");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest[2].slice(1)}-${rest[3]}-${rest[4]}`;
}

/** What the staff do beside; it has to be taken. */
async function does(role, command) {
  const body = JSON.stringify({ id: uuid(), ...command });
  const headers = { authorization: `Bearer ${secret(role)}`, "content-type": "application/json" };
  const answer = await (await fetch(`${home}/submit`, { method: "POST", headers, body })).json();
  if (answer.type !== "ack") throw new Error(`${role} ${command.type}: ${JSON.stringify(answer)}`);
  return answer;
}

async function says(page, words) {
  await page.fill("#text", words);
  await page.click("form.say button.button");
  await page.waitForSelector(".notice.good");
  return page.locator(`[data-part="mine"] li:has-text("${words}")`).first().getAttribute("data-id");
}

/** Every new page and state: WCAG, nothing sideways, and a picture to be looked at. */
async function look(page, name) {
  for (const [size, width, height, scheme] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await audit(page, `${name}, ${size}`);
    await fits(page, `${name}, ${size}`);
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${size}.png`, fullPage: true });
  }
  await page.setViewportSize(PHONE.viewport);
  await page.emulateMedia({ colorScheme: "light" });
}

const mine = (page, words) => page.locator(`[data-part="mine"] li:has-text("${words}")`);
const until = (page, words, text) =>
  page.waitForFunction(([words, text]) => [...document.querySelectorAll('[data-part="mine"] li')].some((item) => item.textContent.includes(words) && item.textContent.includes(text)), [words, text]);

async function joinsOnAPhone() {
  const context = await browser.newContext(PHONE);
  const page = await opened(context, "participant");
  await page.goto(link("participant"));
  await page.waitForSelector("[data-asks]");
  const lines = await page.locator("[data-asks] li").allTextContents();
  check("join: three short lines say what happens", lines.length === 3 && lines.every((line) => line.length < 100), lines.join(" | "));
  check("join: the secret is not in the address", !page.url().includes("#"), page.url());
  const box = await page.locator("[data-asks] button").boundingBox();
  check("join: the target is large", box.height >= 60 && box.width >= 300, JSON.stringify(box));
  await look(page, "join");
  await page.click("[data-asks] button");
  await page.waitForURL((now) => now.pathname.endsWith("/take-part"));
  check("join: one tap leads to the live page, without an account", (await page.locator("input[type=password], input[type=email]").count()) === 0);
  await look(page, "take-part-empty");
  await page.goto(link("participant"));
  await page.waitForURL((now) => now.pathname.endsWith("/take-part"));
  check("join: nobody is asked a second time", true);
  await context.close();
}

/** Waiting, public, in a theme, held back: without a reload, while somebody is typing. */
async function wordsAreFollowed() {
  const page = await as("participant", PHONE);
  const first = await says(page, "The last bus leaves before my shift ends");
  const notice = await page.textContent(".notice.good");
  check("said: the receipt and where it stands are there at once", /[0-9A-Z]{4}-[0-9A-Z]{4}-/.test(notice) && notice.includes("Waiting"), notice);
  check("said: nobody has read anything, so there is no estimate", notice.includes("No estimate yet"), notice);
  const second = await says(page, "Two changes to get to the hospital");
  await until(page, "Two changes", "1 before yours");
  check("said: how many come before is told", true);
  await page.evaluate(() => { window.stays = true; });
  await page.fill("#text", "Half a sentence");
  await page.evaluate(() => document.querySelector("#text").setSelectionRange(4, 8));
  await does("theme-team", { type: "mark-read", contribution: first });
  await until(page, "The last bus", "Public");
  await until(page, "Two changes", "about 1 min");
  check("followed: read is public, and the pace gives an estimate", true);
  const theme = uuid();
  await does("theme-team", { type: "name-theme", id: theme, theme, name: "Night buses" });
  await does("theme-team", { type: "assign", contribution: first, theme });
  await until(page, "The last bus", "Night buses");
  const chip = mine(page, "The last bus").locator("a:has-text('Night buses')");
  check("followed: the theme is there, with the way to it", (await chip.getAttribute("href")).includes(theme));
  await does("moderator", { type: "hold", contribution: second, reason: "off-topic" });
  await until(page, "Two changes", "Held back");
  check("followed: held back is said with its reason", (await mine(page, "Two changes").textContent()).includes("off the question"));
  await does("moderator", { type: "release", contribution: second });
  await does("theme-team", { type: "set-aside", contribution: second, reason: "About trains" });
  await until(page, "Two changes", "About trains");
  const typing = await page.evaluate(() => [document.querySelector("#text").value, document.activeElement.id, document.querySelector("#text").selectionStart, window.stays]);
  check("followed: what is being typed, its place and the page stay", typing.join() === "Half a sentence,text,4,true", typing.join());
  await look(page, "take-part-said");
  await page.locator("[data-part='mine'] .receipt a").last().click();
  await page.waitForSelector("[data-part='stands']");
  check("receipt: it says where it stands", (await page.textContent("[data-part='stands']")).includes("Public"));
  await does("moderator", { type: "hold", contribution: first, reason: "abuse" });
  await page.waitForFunction(() => document.querySelector("[data-part='stands']").textContent.includes("Held back"));
  check("receipt: it says so while it is open", true);
  await does("moderator", { type: "release", contribution: first });
  await page.context().close();
}

/** Reactions: hidden until one has reacted oneself, changeable, never on one's own words. */
async function reacts() {
  const [speaker, page, other] = [await as("participant", PHONE), await as("participant", PHONE), await as("participant", PHONE)];
  const said = await says(speaker, "Fares should be one price for everybody");
  await says(page, "I would pay a little more");
  await does("theme-team", { type: "mark-read", contribution: said });
  const item = (on) => on.locator(`[data-part="latest"] li[data-id="${said}"]`);
  const text = (on, has) => on.waitForFunction(([said, has]) => document.querySelector(`[data-part="latest"] li[data-id="${said}"]`)?.textContent.includes(has), [said, has]);
  for (const reader of [page, other]) {
    await reader.waitForSelector("[data-show-new]:not([hidden])");
    if (reader === page) check("latest: what is new waits behind a button", (await item(page).count()) === 0 && (await page.textContent("[data-show-new]")).includes("1 new"));
    await reader.click("[data-show-new]");
  }
  check("latest: shown, it has the focus", await page.evaluate((said) => document.activeElement.closest("li")?.dataset.id === said, said));
  await speaker.reload();
  check("react: nobody reacts to their own words", (await item(speaker).locator("button").count()) === 0 && (await item(speaker).textContent()).includes("You said this"));
  const button = item(page).locator("button[value=agree]");
  check("react: the targets are large", (await button.boundingBox()).height >= 44);
  check("react: no counts before one's own", !(await item(page).textContent()).includes(" agree ·"));
  await page.evaluate(() => { window.stays = true; });
  await button.click();
  await text(page, "1 agree");
  check("react: the own choice is marked and keeps the focus", await page.evaluate(() => document.activeElement.getAttribute("aria-pressed") === "true" && window.stays));
  await item(other).locator("button[value=disagree]").click();
  await text(other, "1 agree · 1 disagree · 0 pass · of 2 voices");
  await item(other).locator("button[value=pass]").click();
  await text(other, "1 agree · 0 disagree · 1 pass · of 2 voices");
  check("react: it can be changed, and one voice counts once", true);
  await text(page, "1 agree · 0 disagree · 1 pass");
  check("react: whoever has reacted sees the others move", true);
  await look(page, "take-part-reacted");
  await does("moderator", { type: "hold", contribution: said, reason: "abuse" });
  await page.waitForFunction((said) => !document.querySelector(`[data-part="latest"] li[data-id="${said}"]`), said);
  check("latest: what is held back goes from open pages", true);
  for (const opened of [speaker, page, other]) await opened.context().close();
}

async function opens(method, more) {
  const poll = uuid();
  await does("organiser", { type: "open-poll", id: poll, poll, method, ...more });
  return poll;
}

/** Each of the three kinds: appears while the page is open, is cast, changed, closed, and shows its denominators. */
async function votes() {
  const [page, tablet] = [await as("participant", PHONE), await as("facilitator")];
  await tablet.waitForSelector("[data-console]");
  await page.fill("#text", "Typed before the vote");
  await page.evaluate(() => { window.stays = true; });
  const poll = await opens("temperature", { question: "Shall buses run all night?", lag_s: 20 });
  const at = (id) => page.locator(`section[data-id="${id}"]`);
  await at(poll).waitFor();
  await tablet.locator(".voting:has-text('Shall buses run all night?')").waitFor();
  check("poll: the console of a table says so too", (await tablet.getAttribute(".voting a", "href")).endsWith(`/ballots?poll=${poll}`));
  await tablet.context().close();
  const told = await page.textContent("[data-parts-status]");
  check("poll: it opens while the page is open, and is announced", told.includes("Shall buses run all night?"), told);
  await look(page, "poll-lights");
  await at(poll).locator("button:has-text('Amber')").click();
  await page.waitForSelector(".light-2[aria-pressed='true']");
  check("poll: one's choice counts and can be changed", (await at(poll).locator("[data-own]").textContent()).includes("You can change it until the poll closes"));
  await at(poll).locator("button:has-text('Green')").click();
  await page.waitForSelector(".light-3[aria-pressed='true']");
  check("poll: only the latest choice is marked", (await at(poll).locator("[aria-pressed='true']").count()) === 1);
  await does("organiser", { type: "close-poll", poll });
  await page.waitForFunction((id) => document.querySelector(`section[data-id="${id}"] [data-stage]`)?.textContent.includes("You can still vote until"), poll);
  check("poll: at home it says until when one may still vote", true);
  await at(poll).locator("button:has-text('Red')").click();
  await page.waitForSelector(".light-1[aria-pressed='true']");
  const early = await (await fetch(`${home}/polls.json`)).json();
  const row = early.polls.find((known) => known.poll === poll);
  check("poll: while anybody can vote no result is public", row.window === "open-at-home" && row.remote_voted === 1 && !row.options, JSON.stringify(row));
  const choose = await opens("choose", { question: "What comes first?", most: 2, options: "Later buses\nOne ticket\nSafer stops", lag_s: 0 });
  await at(choose).waitFor();
  for (const option of [0, 1, 2]) await at(choose).locator("input[type=checkbox]").nth(option).check();
  await at(choose).locator("button").click();
  await page.waitForFunction((id) => document.querySelector(`section[data-id="${id}"] [data-own]`).textContent.includes("as many"), choose);
  check("poll: too many marks are refused and stay marked", (await at(choose).locator(":checked").count()) === 3);
  await at(choose).locator("input[type=checkbox]").nth(1).uncheck();
  await at(choose).locator("button").click();
  await page.waitForFunction((id) => document.querySelector(`section[data-id="${id}"] [data-own]`).textContent.includes("Later buses, Safer stops"), choose);
  const rank = await opens("rank", { question: "Your order?", options: "Speed\nPrice\nSafety", lag_s: 0 });
  await at(rank).waitFor();
  const places = at(rank).locator("select");
  await places.nth(0).selectOption({ label: "Safety" });
  await places.nth(1).selectOption({ label: "Speed" });
  await look(page, "poll-places");
  await at(rank).locator("button").click();
  await page.waitForFunction((id) => document.querySelector(`section[data-id="${id}"] [data-own]`).textContent.includes("Safety, Speed"), rank);
  await places.nth(0).selectOption({ label: "Price" });
  await at(rank).locator("button").click();
  await page.waitForFunction((id) => document.querySelector(`section[data-id="${id}"] [data-own]`).textContent.includes("Price, Speed"), rank);
  check("poll: an order of preference is given and changed without dragging", true);
  check("poll: what was being typed is still there", (await page.inputValue("#text")) === "Typed before the vote" && (await page.evaluate(() => window.stays)));
  await seats(choose);
  await hands(choose);
  for (const id of [choose, rank]) await does("organiser", { type: "close-poll", poll: id });
  await page.waitForFunction((id) => document.querySelector(`section[data-id="${id}"] table`), rank);
  check("poll: the result comes to the open page", true);
  await results(page, { poll, choose, rank });
  await page.context().close();
}

/** A table's tablet goes from seat to seat. */
async function seats(poll) {
  const tablet = await as("facilitator", { viewport: { width: 820, height: 1180 } });
  await tablet.goto(`${home}/ballots`);
  const at = tablet.locator(`section[data-id="${poll}"]`);
  for (const [seat, option] of [[1, 0], [2, 0], [3, 2]]) {
    check(`seats: it is seat ${seat}'s turn`, (await at.locator(".turn").textContent()).includes(`Seat ${seat} `));
    check(`seats: nobody sees what seat ${seat - 1} chose`, (await at.locator(":checked").count()) === 0);
    await at.locator("input[type=checkbox]").nth(option).check();
    await at.locator("form.ballot button").click();
    await tablet.waitForSelector(`.notice.good:has-text("Seat ${seat} has voted")`);
  }
  check("seats: who has voted is marked with more than colour", (await at.locator(".seats a.voted").count()) === 3 && (await at.locator(".seats a.voted").first().textContent()).includes("has voted"));
  await look(tablet, "ballots-seats");
  await tablet.context().close();
}

/** Two people count hands at another table; the second has not seen what the first has found. */
async function hands(poll) {
  const [first, second] = [await joined(link("facilitator", 2), "facilitator"), await as("theme-team")];
  for (const page of [first, second]) await page.goto(`${home}/ballots`);
  const at = (page) => page.locator(`section[data-id="${poll}"]`);
  const fill = async (form, counts) => { for (const [index, count] of counts.entries()) await form.locator("input[type=number]").nth(index).fill(String(count)); };
  await at(first).locator("summary").click();
  await fill(at(first).locator("form.hands:not(.second)"), [5, 2, 1]);
  await at(first).locator("form.hands:not(.second) button").click();
  await first.waitForSelector(".notice.good");
  await at(second).locator("form.second").waitFor();
  check("hands: the count waits on the second person's open page, without its figures", (await at(second).locator("form.second").textContent()).includes("Table 2") && (await at(second).locator("form.second input[type=number]").first().inputValue()) === "");
  await fill(at(first).locator("form.second"), [5, 2, 1]);
  await at(first).locator("form.second button").click();
  await first.waitForSelector(".notice.bad");
  check("hands: nobody checks their own count", (await first.textContent(".notice.bad")).includes("somebody else"));
  await fill(at(second).locator("form.second"), [5, 1, 1]);
  await at(second).locator("form.second button").click();
  await second.waitForSelector(".notice.bad");
  check("hands: counts that differ are refused", (await second.textContent(".notice.bad")).includes("differ"));
  await look(second, "ballots-hands");
  await fill(at(second).locator("form.second"), [5, 2, 1]);
  await at(second).locator("form.second button").click();
  await second.waitForSelector(".notice.good >> nth=0");
  check("hands: two people have found the same", (await at(second).textContent()).includes("counted by two people"));
  for (const page of [first, second]) await page.context().close();
}

async function results(page, { poll, choose, rank }) {
  // People at home have twenty seconds more than the room; the page is asked again until they are over.
  const end = Date.now() + 60_000;
  await page.goto(`${home}/polls`);
  while (!(await page.locator(`section:has(#q${poll}) table`).count()) && Date.now() < end) await page.reload();
  const table = async (id) => (await page.locator(`section:has(#q${id}) table`).textContent()).replace(/\s+/g, " ");
  const text = await page.locator(`section:has(#q${choose})`).textContent();
  // Three seats and at least five hands: where people may choose two, a hand can be raised twice.
  check("result: the room and home say how many of how many voted", text.includes("8 of 24 seats") && text.includes("At home 1 have voted"), text);
  check("result: each option has both denominators", (await table(choose)).includes("7 of 81 of 1"), await table(choose));
  check("result: the ballot changed after the room had closed counts", (await table(poll)).includes("Red0 of 01 of 1"), await table(poll));
  check("result: an order says its points and who is first", (await table(rank)).includes("first for 1 of 1"), await table(rank));
  check("result: the picture has the numbers beside it", (await page.locator("[role=img][aria-label]").count()) === 3 && (await page.locator("table").count()) === 3);
  await look(page, "polls");
}

/** Everything as plain forms. */
async function withoutScript() {
  const context = await browser.newContext({ javaScriptEnabled: false, ...PHONE });
  const page = await context.newPage();
  await page.goto(`${home}/join`);
  check("without script: the three lines stand beside the button", (await page.locator("form li").count()) === 3);
  await page.fill("#secret", link("participant"));
  await page.click("main form button");
  const speaker = await as("participant", PHONE);
  const said = await says(speaker, "A bell at the stop would help me");
  await does("theme-team", { type: "mark-read", contribution: said });
  const temperature = await opens("temperature", { question: "Is that enough?", lag_s: 0 });
  const rank = await opens("rank", { question: "In which order?", options: "A\nB", lag_s: 0 });
  await page.goto(`${home}/take-part`);
  const item = page.locator(`[data-part="latest"] li[data-id="${said}"]`);
  await item.locator("button[value=agree]").click();
  check("without script: a reaction is a plain form", (await item.textContent()).includes("1 agree") && page.url().includes("/take-part"), page.url());
  await page.locator(`section[data-id="${temperature}"] .light-3`).click();
  check("without script: red, amber, green", (await page.locator(`section[data-id="${temperature}"] [data-own]`).textContent()).includes("Green"));
  const places = page.locator(`section[data-id="${rank}"] select`);
  for (const index of [0, 1]) await places.nth(index).selectOption("1");
  await page.locator(`section[data-id="${rank}"] button`).click();
  check("without script: a refused ballot keeps its marks and says why", (await page.textContent(".notice.bad")).includes("none of them twice") && (await places.first().inputValue()) === "1");
  await places.nth(1).selectOption("2");
  await page.locator(`section[data-id="${rank}"] button`).click();
  check("without script: an order of preference", (await page.locator(`section[data-id="${rank}"] [data-own]`).textContent()).includes("A, B"));
  for (const poll of [temperature, rank]) await does("organiser", { type: "close-poll", poll });
  for (const opened of [page, speaker]) await opened.context().close();
}

/** Half a sentence outlives live updates, a reload, a lost connection, a refusal and the end of its round. */
async function halfTyped() {
  const page = await as("participant", PHONE);
  await page.fill("#text", "Half a thought about the fares");
  await page.check("input[name=kind][value=story]", { force: true });
  await page.reload();
  check("typed: a reload keeps it, and the page says so", (await page.inputValue("#text")).startsWith("Half a thought") && (await page.textContent("[data-kept]")).includes("kept on this device"));
  check("typed: its kind too", await page.isChecked("input[name=kind][value=story]"));
  await page.context().setOffline(true);
  await page.fill("#text", "Half a thought about the fares, longer");
  await page.click("form.say button.button");
  await page.waitForFunction(() => document.querySelector(".unsent")?.textContent);
  await page.context().setOffline(false);
  await page.waitForSelector(".notice.good", { timeout: 20_000 });
  check("typed: sent after the line came back, once", (await mine(page, "Half a thought about the fares, longer").count()) === 1);
  check("typed: once it is recorded, nothing is kept", (await page.inputValue("#text")) === "" && (await page.evaluate(() => Object.keys(localStorage).length)) === 0);
  await page.fill("#text", "long ".repeat(1_000));
  await page.click("form.say button.button");
  await page.waitForSelector(".notice.bad");
  await page.reload();
  check("typed: what was refused stays", (await page.inputValue("#text")).startsWith("long long"));
  await page.fill("#text", "Begun in the first round");
  await does("organiser", { type: "advance", round: 2 });
  await page.waitForSelector("[data-part='moved'] .notice");
  check("round: the open page says that everybody has moved on", (await page.textContent("[data-part='moved']")).includes("Round 2 is open now"));
  check("round: and leaves what is being typed alone", (await page.inputValue("#text")) === "Begun in the first round");
  await audit(page, "take-part, moved on");
  await page.click("[data-part='moved'] a");
  await page.waitForSelector("[data-drafts] section");
  check("round: in the next one it is offered, with its round", (await page.textContent("[data-drafts]")).includes("round 1") && (await page.inputValue("#text")) === "");
  await look(page, "take-part-draft");
  await page.click("[data-draft-does=use]");
  check("round: it can be used", (await page.inputValue("#text")) === "Begun in the first round" && (await page.locator("[data-drafts] section").count()) === 0);
  await does("organiser", { type: "advance" });
  await page.waitForFunction(() => document.querySelector("[data-part='moved']").textContent.includes("This round has closed"));
  await page.click("form.say button.button");
  await page.waitForSelector(".notice.good");
  check("round: what was being typed as it closed can still be sent", (await mine(page, "Begun in the first round").textContent()).includes("Round 2"));
  await page.context().close();
}

await does("organiser", { type: "open-round", round: 1 });
await run([joinsOnAPhone, wordsAreFollowed, reacts, votes, withoutScript, halfTyped]);
