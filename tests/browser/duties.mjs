// What the board owes, in a real Chromium: a board member answers, the representatives answer back, something is promised
// and kept and decided, and after each step anybody can read it. Reads what `plenary new` prints, with the address of a server that
// serves it; the paper is published already, one answer is due today and one has been overdue since October.
import { as, audit, check, fits, input, link, pictures, run, slug } from "./common.mjs";

const home = `${input.url}/a/${slug}`;
for (const known of input.links) known.url = `${home}/join#${known.url.split("#")[1]}`;
const SIZES = [["phone", 390, 844, "light"], ["small", 320, 640, "light"], ["tablet", 820, 1180, "light"], ["projector", 1920, 1080, "light"], ["dark", 390, 844, "dark"], ["dark-projector", 1920, 1080, "dark"]];

/** Every page and state: WCAG, nothing sideways, and a picture to be looked at. */
async function look(page, name) {
  for (const [size, width, height, scheme] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await audit(page, `${name}, ${size}`);
    await fits(page, `${name}, ${size}`);
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${size}.png`, fullPage: true });
  }
}

/** Somebody without any role. */
async function anyone(path, options) {
  const page = await as(null, options);
  await page.goto(home + path);
  return page;
}

/** What anybody reads, without script. */
async function reads(path, ...expected) {
  const page = await anyone(path, { javaScriptEnabled: false });
  const text = (await page.textContent("main")).replace(/\s+/g, " ");
  for (const part of expected) check(`anybody reads on ${path}: ${part}`, text.includes(part), text.slice(0, 900));
  await page.context().close();
}

async function sends(page, kind, fields, of = "") {
  const form = page.locator(`form:has(input[value="${kind}"])`).last();
  const folded = page.locator(`details:not([open]):has(input[value="${kind}"])`).last();
  if (await folded.count()) await folded.locator("summary").first().click();
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`);
    if (name === "verdict") await form.locator(`label:has([value="${value}"])`).click();
    else await field.fill(value);
  }
  await form.locator("button").last().click();
  await page.waitForLoadState();
  check(`${kind}${of}: it is recorded`, (await page.locator(".notice.good").count()) === 1, (await page.textContent("main")).slice(0, 400));
}

async function beforeAnybodyAnswers() {
  await reads("/duties", "2 owed · 0 answered · 1 due", "1 overdue by", "The paper as a whole", "Director of buses answers.", "working days of the day", "England and Wales", "Due today");
  const page = await anyone("/duties");
  await look(page, "duties-open");
  await page.context().close();
}

async function theBoardAnswers() {
  const board = await as("board-member");
  check("board: the link leads to what is owed", board.url().endsWith("/board"), board.url());
  const mine = (await board.textContent("main")).replace(/\s+/g, " ");
  for (const part of ["1 overdue by", "Night buses", "The last bus leaves before my shift ends", "of 2 voices", "Nothing is noted unless you press"]) check(`board: ${part}`, mine.includes(part), mine.slice(0, 900));
  await look(board, "board");
  await board.click("#findings button");
  await board.waitForSelector(".notice.good");
  check("board: what was read is noted, and nothing else", (await board.locator(".parts .calm").count()) === 1 && (await board.textContent("#findings")).includes("Read on"));
  await board.goto(`${home}/duty/2`);
  check("duty: it says that what is typed is public for ever", (await board.textContent("main")).includes("public for ever"));
  await look(board, "duty-board");
  await sends(board, "give-holding-reply", { text: "We are asking the operators." });
  await reads("/duties", "Holding reply given; the answer is still owed", "Due today");
  await sends(board, "reply", { text: "There will be a night bus on two lines from May." });
  await reads("/duties", "2 owed · 1 answered · 0 due", "in time");
  await reads("/duty/2", "The last bus leaves before my shift ends", "2 of 2 voices", "There will be a night bus", "We are asking the operators.", "Read all 2 contributions");
  await sends(board, "reply", { text: "There will be a night bus on three lines from May." });
  const open = await anyone("/duty/2");
  check("duty: the difference shows what went and what came", (await open.textContent("del")).includes("two") && (await open.textContent("ins")).includes("three"));
  check("duty: the versions are read out with their marks", (await open.textContent("del .visually-hidden")).includes("Removed"));
  await open.context().close();
  const refused = "There will be a night bus on three lines from May.";
  await board.locator("summary:has-text('new version')").click();
  await board.locator("form:has(input[value='reply']) button").click();
  await board.waitForSelector(".notice.bad");
  check("duty: what was refused is still there", (await board.inputValue("#reply-text")) === refused);
  await audit(board, "duty, refused");
  await board.goto(`${home}/duty/1`);
  await sends(board, "reply", { text: "The whole paper was discussed." }, " of the law");
  await reads("/duties", "2 owed · 2 answered · 1 of them late · 0 due", "days late");
  await board.context().close();
}

async function overTheYears() {
  const page = await as(null);
  await page.goto(`${input.url}/duties`);
  const text = (await page.textContent("main")).replace(/\s+/g, " ");
  check("all assemblies: the sum and the assembly are there", text.includes("2 owed") && text.includes("Buses after six"), text.slice(0, 500));
  await look(page, "all-duties");
  await page.context().close();
}

async function theRepresentativesAnswerBack() {
  const person = await as("representative");
  check("representative: the link leads to the duties", person.url().endsWith("/duties"), person.url());
  await person.click("a:has-text('Night buses')");
  await look(person, "duty-representative");
  await sends(person, "rejoin", { verdict: "partly", reason: "Nothing is said of Sundays." });
  await reads("/duties", "The representatives say: this answers it partly");
  await reads("/duty/2", "This answers it partly", "Nothing is said of Sundays.", "about version 2 of the answer");
  await person.context().close();
}

async function anotherOfficeAnswers() {
  const page = await as("organiser");
  await page.goto(`${home}/duty/2`);
  await sends(page, "reassign", { owner: "Head of everything", reason: "The offices were merged." });
  await reads("/duty/2", "Head of everything answers instead of Director of buses. The day stays.", "The offices were merged.");
  await page.context().close();
}

async function somethingIsPromisedAndKept() {
  const board = await as("board-member");
  await board.goto(`${home}/duty/2`);
  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await sends(board, "commit", { text: "A bus on Sundays, too", owner: "Head of buses", due: day });
  await reads("/duties", "1 made · 0 kept · 1 open", "A bus on Sundays, too", "Answered, with a promise that is still open", "Next progress report due");
  await sends(board, "report-progress", { text: "Drivers are being trained." });
  await reads("/duty/2", "Progress,", "Drivers are being trained.");
  await look(board, "duty-promise");
  await sends(board, "deliver", { text: "It has run since Sunday." });
  await reads("/duties", "1 made · 1 kept · 0 open", "Answered, and every promise kept");
  await reads("/duty/2", "It has run since Sunday.");
  const done = await anyone("/duties");
  await look(done, "duties-done");
  await done.goto(`${home}/duty/2`);
  await look(done, "duty-done");
  for (const page of [board, done]) await page.context().close();
}

/** What it decided, and how: the form keeps what was typed, and anybody can read the evidence. */
async function theBoardDecides() {
  const board = await as("board-member");
  const decision = { title: "Night buses from May", text: "Three lines run until midnight.\n\nThe others follow.", changed: "Nothing was to run after nine." };
  for (const [name, value] of Object.entries({ ...decision, changed: " " })) await board.fill(`form:has(input[value="decide"]) [name="${name}"]`, value);
  await board.click('form:has(input[value="decide"]) button');
  check("decide: what was refused is still there", (await board.inputValue("#decide-text")) === decision.text && (await board.locator(".notice.bad").count()) === 1);
  await sends(board, "decide", { changed: decision.changed });
  await board.context().close();
  await reads("", "What the board decided");
  await reads("/decisions", decision.title, decision.changed, "Version 1 of the paper lay before the board");
  await reads("/decision/1", decision.title, "What the record cannot tell", "link of position", "In time.", "days late", "This answers it partly");
  const page = await anyone("/decisions");
  await look(page, "decisions");
  await page.click("a:has-text('the evidence')");
  await look(page, "decision");
  await page.context().close();
}

await run([beforeAnybodyAnswers, theBoardAnswers, theRepresentativesAnswerBack, anotherOfficeAnswers, somethingIsPromisedAndKept, theBoardDecides, overTheYears]);
