// The run of show and the hall's screen in a real Chromium. Reads besides what common.mjs reads {"command": […],
// "config": …}: how the server is started.
import { writeFileSync } from "node:fs";
import { as, audit, check, fits, input, link, pictures, run, SIZES, slug } from "./common.mjs";
import { freePort, Server } from "./line.mjs";

const port = await freePort();
writeFileSync(input.config, `listen = "127.0.0.1:${port}"\n[log]\nfilter = "warn"\n`);
const server = new Server(input.command, port);
await server.start();
// It must not outlive a test that failed.
process.on("exit", () => server.child.kill("SIGKILL"));
for (const known of input.links) known.url = `http://127.0.0.1:${port}/a/${slug}/join#${known.url.split("#")[1]}`;
const home = `http://127.0.0.1:${port}/a/${slug}`;

/** What somebody does who holds a role's link, without a page. */
async function ask(role, frame) {
  const headers = { Authorization: `Bearer ${link(role).split("#")[1]}`, "Content-Type": "application/json" };
  const id = crypto.randomUUID();
  const answer = await fetch(`${home}/submit`, { method: "POST", headers, body: JSON.stringify({ id, ...frame }) });
  const said = await answer.json();
  if (said.type !== "ack") throw new Error(`${frame.type}: ${said.reason}`);
  return id;
}

const onPage = async (role, path, options) => {
  const page = await as(role, options);
  await page.goto(home + path);
  return page;
};
const screen = () => onPage("screen", "/screen", { viewport: { width: 1920, height: 1080 } });
const shows = (page, scene) => page.waitForSelector(`[data-screen].scene-${scene}`);
const close = (...pages) => Promise.all(pages.map((page) => page.context().close()));

async function looked(page, name) {
  for (const size of ["phone", "tablet", "projector"]) {
    const [width, height] = SIZES[size];
    await page.setViewportSize({ width, height });
    await fits(page, `${name}, ${size}`);
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${size}.png`, fullPage: size !== "projector" });
  }
  await audit(page, name);
}

/** A phone, a table and the hall all stand before the next question after one press of one button. */
async function oneActionMovesEveryone() {
  const [organiser, hall] = [await onPage("organiser", "/run"), await screen()];
  await organiser.fill("#minutes", "20");
  await organiser.click(".advance button");
  await organiser.waitForSelector(".notice.good");
  check("advance: the first round is open", (await organiser.textContent("#now")).includes("Evenings"));
  const [phone, idle] = [await onPage("participant", "/take-part"), await onPage("participant", "/take-part")];
  const table = await onPage("facilitator", "/table");
  await phone.fill("textarea[name=text]", "Half a sentence");
  await hall.waitForSelector(".screen .countdown");
  const left = await hall.textContent(".screen .countdown");
  check("countdown: the hall sees how much time is left", /^(19:\d\d|20:00) left$/.test(left), left);
  await organiser.fill("#minutes", "15");
  await organiser.click(".advance button");
  await organiser.waitForSelector(".notice.good");
  const asks = (page) => page.waitForFunction(() => document.querySelector("h1, .question")?.textContent.includes("What would a fair fare be?"));
  for (const [who, page] of [["hall", hall], ["table", table], ["phone", idle]]) {
    await asks(page);
    check(`advance: the ${who} stands before the next question`, true);
  }
  await phone.waitForSelector("[data-part='moved'] a");
  const typed = await phone.inputValue("textarea[name=text]");
  check("advance: who is typing is told, and keeps what they typed", typed === "Half a sentence", typed);
  await looked(organiser, "run");
  await close(organiser, hall, phone, idle, table);
}

/** What comes next is looked at first; blank is at once. */
async function cueConfirmShowAndBlank() {
  const id = await ask("participant", { type: "submit", text: "The last bus goes before the shift ends." });
  const theme = await ask("theme-team", { type: "name-theme", name: "Night buses" });
  await ask("theme-team", { type: "assign", contribution: id, theme });
  const poll = await ask("organiser", { type: "open-poll", question: "How is it going?", method: "temperature", lag_s: 5 });
  const [organiser, hall] = [await onPage("organiser", "/run"), await screen()];
  await shows(hall, "hearing");
  await hall.waitForSelector("text=Night buses");
  for (const [scene, cue, says] of [
    ["quote", `cue?scene=quote&of=${id}`, "before the shift ends"],
    ["poll", `cue?scene=poll&of=${poll}`, "How is it going?"],
    ["question", "cue?scene=question", "What would a fair fare be?"],
    ["join", "cue?scene=join", "Take part from your phone"],
  ]) {
    await organiser.goto(`${home}/run/${cue}`);
    check(`cue ${scene}: it is looked at first`, (await organiser.textContent(".cue-box")).includes(says));
    await audit(organiser, `cue ${scene}`);
    check(`cue ${scene}: nobody else sees it yet`, (await hall.locator(`[data-screen].scene-${scene}`).count()) === 0);
    await organiser.click("main .button:not(.secondary)");
    await shows(hall, scene);
    check(`cue ${scene}: confirmed, it is shown`, (await hall.textContent("[data-screen]")).includes(says));
    await audit(hall, `screen, ${scene}`);
    const overflow = await hall.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    check(`screen, ${scene}: everything is on it`, overflow <= 0, `${overflow} px too long`);
    if (pictures) await hall.screenshot({ path: `${pictures}/screen-${scene}.png` });
  }
  await organiser.goto(`${home}/run`);
  await organiser.click("button.warn:has-text('Blank')");
  await shows(hall, "blank");
  check("blank: nothing is to be seen", !(await hall.locator(".screen-main").isVisible()));
  await ask("organiser", { type: "close-poll", poll });
  await ask("organiser", { type: "set-screen", scene: "poll", of: poll });
  await shows(hall, "poll");
  await hall.waitForSelector(".scene-poll [data-lags], .scene-poll[data-lags]");
  check("closed poll: while people at home may vote there is no result", (await hall.locator(".poll-result").count()) === 0);
  await hall.waitForSelector(".poll-result");
  check("closed poll: the result has its denominators", /0 of 0/.test(await hall.textContent(".poll-result")));
  await ask("organiser", { type: "set-screen", scene: "quote", of: id });
  await shows(hall, "quote");
  await ask("moderator", { type: "hold", contribution: id, reason: "personal-data" });
  await shows(hall, "hearing");
  check("held back: its words leave the screen", !(await hall.textContent("body")).includes("before the shift ends"));
  await close(organiser, hall);
}

/** The code on the screen lets a phone in, without a link and without an account. */
async function inByTheCode() {
  const hall = await screen();
  const [code, address] = [await hall.textContent(".screen-code"), await hall.textContent(".screen-home")];
  const phone = await as(null, { viewport: { width: 390, height: 844 } });
  await phone.goto(`http://${address}/${code.replace(" ", "")}`);
  await audit(phone, "join by code");
  await phone.click("main form button");
  await phone.waitForURL((now) => now.pathname.endsWith("/take-part"));
  check("code: it leads to the place where one speaks", true);
  await phone.goto(`http://${address}/ZZZZZZ`);
  check("code: a wrong one says so", (await phone.textContent("main")).includes("leads nowhere"));
  await phone.goto(`http://127.0.0.1:${port}/`);
  await phone.fill("#code", code.toLowerCase());
  await phone.click("form.by-code button");
  check("code: it may be typed on the first page", phone.url().includes(`/a/${slug}/join?code=`), phone.url());
  await close(hall, phone);
}

/** The server dies and comes back: the screen says so in between, and is right again afterwards. */
async function neverSilentlyOld() {
  const hall = await screen();
  await hall.waitForFunction(() => /^Live/.test(document.querySelector("[data-age]").textContent));
  await server.kill();
  await hall.waitForFunction(() => /^paused \d\d:\d\d$/.test(document.querySelector("[data-age]").textContent));
  check("server gone: the screen says paused, and for how long", await hall.evaluate(() => document.body.classList.contains("paused")));
  if (pictures) await hall.screenshot({ path: `${pictures}/screen-paused.png` });
  await server.start();
  await ask("theme-team", { type: "name-theme", name: "Named while nobody looked" });
  await hall.waitForSelector("text=Named while nobody looked");
  await hall.waitForFunction(() => /^Live/.test(document.querySelector("[data-age]").textContent));
  check("server back: the screen is live and shows what came", true);
  await close(hall);
}

/** Tables merge, split and move by the forms of the page, and the page says so. */
async function tablesMove() {
  const organiser = await onPage("organiser", "/run");
  const change = async (fields, button, says) => {
    await organiser.click("summary:has-text('Merge, split')");
    for (const [field, value] of fields) await organiser.fill(field, value);
    await organiser.click(`button:has-text("${button}")`);
    await organiser.waitForSelector(".notice.good");
    const told = await organiser.textContent(".changes");
    check(`tables: ${says}`, told.includes(says), told);
  };
  await change([["#merge-table", "3"], ["#merge-into", "2"]], "Merge", "Table 3 was merged into table 2.");
  await change([["#split-table", "2"], ["#split-into", "9"], ["#split-seats", "4"]], "Split", "Some of table 2 sit at table 9.");
  await change([["#move-table", "9"], ["#move-place", "By the door"]], "Move", "Table 9 moved: By the door.");
  const rows = await organiser.textContent(".health");
  check("tables: room health lists those that are there", rows.includes("By the door") && !rows.includes("Table 3"));
  await close(organiser);
}

await run([oneActionMovesEveryone, cueConfirmShowAndBlank, inByTheCode, neverSilentlyOld, tablesMove]);
await server.kill();
