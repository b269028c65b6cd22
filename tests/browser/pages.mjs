// Opens every page of a running assembly in a real Chromium, as its own role, and checks what people with different
// eyes, hands and machines would meet. Prints one line per check and ends non-zero if one failed. PLENARY_PICTURES
// names a folder for pictures.
import { as, audit, browser, check, fits, input, link, pictures, run, SIZES, slug } from "./common.mjs";

const home = `${new URL(input.links[0].url).origin}/a/${slug}`;

/** A question has to be open before anybody can say something; the organiser opens it in the browser. */
async function openRound() {
  const page = await as("organiser");
  await page.goto(`${home}/run`);
  const button = page.locator("form:has(input[value='open-round']) button").last();
  if (!(await page.locator("input[value='close-round']").count())) {
    await button.click();
    await page.waitForSelector(".notice.good");
  }
  check("run of show: a round is open", (await page.locator("input[value='close-round']").count()) === 1);
  await page.context().close();
}
await openRound();

/** So that there is something to compare: who took part, an editor's words, a second version, and a decision on it. */
async function publishAgain() {
  const editor = await as("theme-team");
  await editor.goto(`${home}/edit`);
  await editor.locator("textarea[name='prose']").first().fill("The evenings matter most: [[contributions]] were made about them.");
  await editor.locator("form:has(textarea[name='prose']) button").first().click();
  await editor.waitForSelector(".notice.good");
  const organiser = await as("organiser");
  await organiser.goto(`${home}/publish`);
  await organiser.fill("#reference", "Census 2021, residents aged 16 and over");
  await organiser.fill("#table", "attribute\tgroup\tpopulation\tinvited\tmembers\nAge\tUnder 45\t21000\t3500\t38\nAge\t45 and over\t25100\t4500\t82\nPlace\tTown\t\t\t117\nPlace\tVillages\t\t\t3");
  await organiser.locator("form:has(#table) button").click();
  await organiser.waitForSelector(".notice.good");
  const panel = await organiser.textContent("section:has(#table)");
  check("publish: who took part is recorded", panel.includes("120 people by 2 attributes"), panel);
  await organiser.locator("button[value='interim']").click();
  await organiser.waitForSelector(".notice.good");
  const board = await as("board-member");
  await board.goto(`${home}/board`);
  await board.fill("#decide-name", "Evening appointments");
  await board.fill("#decide-text", "Every practice opens on one evening a week.");
  await board.fill("#decide-changed", "The draft had named the mornings only.");
  await board.locator("form:has(#decide-name) button").click();
  await board.waitForSelector(".notice.good");
  for (const page of [editor, organiser, board]) await page.context().close();
}
await publishAgain();

const PAGES = [
  [null, "", "home"],
  [null, "/join", "join"],
  [null, "/contributions", "contributions"],
  [null, "/contributions?state=held", "held-list"],
  [null, "/desk", "no-link"],
  [null, "/receipt", "find-receipt"],
  [null, "/log", "record"],
  [null, "/polls", "polls"],
  [null, "/frame", "frame"],
  [null, "/hearing?at=300", "as-of"],
  [null, "/frame/compare?from=300", "compare"],
  ["participant", "/take-part", "take-part"],
  ["facilitator", "/table", "table"],
  ["facilitator", "/ballots", "ballots"],
  ["theme-team", "/desk", "desk"],
  ["theme-team", "/frame", "frame-changing"],
  ["theme-team", "/quality", "quality"],
  ["theme-team", "/candidates", "candidates"],
  ["moderator", "/queue", "queue"],
  ["organiser", "/run", "run"],
  ["screen", "/screen", "screen"],
  ["board-member", "/summary", "summary"],
  ["board-member", "/board", "board"],
  [null, "/duties", "duties"],
  [null, "/duty/1", "duty"],
  ["theme-team", "/edit", "edit"],
  ["organiser", "/publish", "publish"],
  [null, "/published", "published"],
  [null, "/published/2", "version"],
  [null, "/published/2/since", "since"],
  [null, "/decisions", "decisions"],
  [null, "/decision/1", "decision"],
];

for (const [role, path, name] of PAGES) {
  const page = await as(role);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      if (scheme === "dark" && size !== "tablet") continue;
      await page.setViewportSize({ width, height });
      await page.goto(home + path);
      await audit(page, `${name}, ${size}, ${scheme}`);
      await fits(page, `${name}, ${size}`);
      if (pictures) await page.screenshot({ path: `${pictures}/${name}-${size}-${scheme}.png`, fullPage: size !== "projector" });
    }
  }
  await page.emulateMedia({ forcedColors: "active" });
  await audit(page, `${name}, forced colours`);
  if (path !== "/screen") await focusShows(page, name);
  await page.context().close();
}

/** Tab goes through the page, and whatever has the focus shows it. */
async function focusShows(page, name) {
  await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const marked = element.matches(".choice input") ? element.nextElementSibling : element;
      const style = getComputedStyle(marked);
      return { what: element.outerHTML.slice(0, 80), visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
    });
    if (seen && !seen.visible) return check(`${name}: the focus is visible`, false, seen.what);
  }
  check(`${name}: the focus is visible`, true);
}

async function withoutScript() {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${home}/join`);
  await page.fill("#secret", link("participant"));
  await page.click("main button");
  check("without script: the pasted link lets one in", page.url().endsWith("/take-part"), page.url());
  const words = `Said without script ${Date.now()}`;
  await page.fill("#text", words);
  await page.click("form.say button.button");
  const main = await page.textContent("main");
  check("without script: what was sent is on the page with its receipt", main.includes(words) && /[0-9A-Z]{4}-[0-9A-Z]{4}-/.test(main), main.slice(0, 300));
  await page.goto(`${home}/join`);
  await page.fill("#secret", link("facilitator"));
  await page.click("main button");
  await page.goto(`${home}/table`);
  await page.fill("#text", `${words} at a table`);
  await page.click("form.say button.button");
  check("without script: a table's entry is recorded", (await page.textContent("[data-entries]")).includes(`${words} at a table`));
  await page.goto(home);
  check("without script: the home page shows the themes", (await page.locator(".theme, .empty").count()) > 0);
  await context.close();
}

async function liveWhileReading() {
  const reader = await as(null);
  await reader.goto(home);
  await reader.waitForSelector(".is-live");
  const before = await reader.textContent("[data-coverage]");
  const speaker = await as("participant");
  await speaker.goto(`${home}/take-part`);
  await speaker.fill("#text", "Half a sentence that somebody is still typing");
  const other = await as("participant");
  await say(other, "Something new while others read");
  await reader.waitForFunction((old) => document.querySelector("[data-coverage]").textContent !== old, before);
  check("live: the count moves while the page is being read", true);
  await speaker.waitForFunction((old) => document.querySelector("[data-coverage]").textContent !== old, before);
  check("live: what is being typed stays", (await speaker.inputValue("#text")).startsWith("Half a sentence"));
  await reader.click("[data-live-pause]");
  const paused = await reader.textContent("[data-coverage]");
  const watcher = await as(null);
  await watcher.goto(home);
  await watcher.waitForSelector(".is-live");
  const seen = await watcher.textContent("[data-coverage]");
  await say(other, "One more while a reader has paused");
  await watcher.waitForFunction((old) => document.querySelector("[data-coverage]").textContent !== old, seen);
  check("live: a paused page stands still", (await reader.textContent("[data-coverage]")) === paused);
  await reader.click("[data-live-pause]");
  await reader.waitForFunction((old) => document.querySelector("[data-coverage]").textContent !== old, paused);
  check("live: a resumed page catches up", true);
  for (const page of [reader, speaker, other, watcher]) await page.context().close();
}

/** A proxy that swallows sockets, and one that lets no stream through at all: the numbers move all the same. */
async function linesThatAreBlocked() {
  const swallowed = await as(null);
  await swallowed.routeWebSocket(/\/live/, () => {});
  const streams = [];
  swallowed.on("request", (request) => { if (request.url().includes("/live/sse")) streams.push(request.url()); });
  const refused = await as(null);
  await refused.routeWebSocket(/\/live/, (socket) => socket.close());
  await refused.route(/\/live\/sse/, (route) => route.abort());
  const speaker = await as("participant");
  for (const [page, by] of [[swallowed, "server-sent events"], [refused, "asking again"]]) {
    await page.goto(home);
    await page.waitForSelector(".is-live", { timeout: 60_000 });
    const before = await page.textContent("[data-coverage]");
    await say(speaker, `Said to who listens by ${by}`);
    await page.waitForFunction((old) => document.querySelector("[data-coverage]").textContent !== old, before);
    check(`live: the count moves by ${by}`, true);
  }
  check("live: who lost a socket listens to a stream", streams.length > 0);
  for (const page of [swallowed, refused, speaker]) await page.context().close();
}

async function say(page, words) {
  await page.goto(`${home}/take-part`);
  await page.fill("#text", words);
  await page.click("form.say button.button");
  await page.waitForSelector(".notice.good");
}

/** A participant's Wi-Fi fails in the middle of a sentence. What a table does then stands in console.mjs. */
async function networkFails() {
  const page = await as("participant");
  await page.goto(`${home}/take-part`);
  const words = `Said while the network was down ${Date.now()}`;
  await page.fill("#text", words);
  await page.context().setOffline(true);
  await page.click("form.say button.button");
  await page.waitForFunction(() => document.querySelector(".unsent")?.textContent);
  check("network down: the words stay and the page says so", (await page.inputValue("#text")) === words);
  await page.context().setOffline(false);
  await page.waitForSelector(".notice.good", { timeout: 20_000 });
  const times = (await page.textContent("main")).split(words).length - 1;
  check("network back: it was recorded once", times === 1, `${times} times on the page`);
  await page.context().close();
}

async function keyboardOnly() {
  const page = await as("participant");
  await page.goto(`${home}/take-part`);
  await page.focus("#text");
  await page.keyboard.type("Typed and sent with the keyboard alone");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".notice.good");
  check("keyboard: a contribution can be typed and sent", true);
  await page.context().close();
}

async function refusedForm() {
  const page = await as("participant");
  await page.goto(`${home}/take-part`);
  const long = "too long ".repeat(500);
  await page.fill("#text", long);
  await page.click("form.say button.button");
  await page.waitForSelector(".notice.bad");
  check("refused: the words are still there", (await page.inputValue("#text")).trim() === long.trim());
  await audit(page, "take part, refused");
  await page.context().close();
}

/** A link that is made on the page works, and is dead from the moment that it is revoked. */
async function linkMadeAndRevoked() {
  const page = await as("organiser");
  await page.goto(`${home}/run`);
  await page.selectOption("#role", "observer");
  await page.fill("#label", "for the browser test");
  await page.click("form[action$='/links'] button");
  const made = await page.textContent(".link-url");
  const observer = await browser.newPage();
  await observer.goto(made.trim());
  await observer.waitForURL((now) => !now.pathname.endsWith("/join"));
  await observer.goto(`${home}/summary`);
  check("links: one that was just made opens its page", (await observer.locator(".paper").count()) === 1);
  await page.locator("details:has(tr:has-text('for the browser test')) > summary").click();
  await page.locator("tr:has-text('for the browser test') button").click();
  await page.waitForLoadState();
  await observer.reload();
  check("links: a revoked one opens nothing", (await observer.locator(".paper").count()) === 0);
  for (const opened of [page, observer]) await opened.context().close();
}

/** The theme team reads what somebody just said, gives it a theme of its own, and everybody sees it. */
async function codedAtTheDesk() {
  const speaker = await as("participant");
  const words = `To be coded at the desk ${Date.now()}`;
  await say(speaker, words);
  const stranger = await as(null);
  await stranger.goto(`${home}/contributions`);
  const desk = await as("theme-team");
  await desk.goto(`${home}/desk`);
  const shown = () => desk.textContent("#next ~ article");
  while (!(await shown()).includes(words)) {
    const before = await shown();
    await desk.click("button[value='read']");
    await desk.waitForFunction((before) => document.querySelector("#next ~ article")?.textContent !== before, before);
  }
  const theme = `Theme ${Date.now()}`;
  await desk.fill("#new-theme", theme);
  await desk.click("button[value='assign']");
  await desk.waitForSelector(".notice.good");
  await speaker.goto(`${home}/take-part`);
  const fate = await speaker.textContent("[data-part='mine'] li");
  check("desk: the person sees the theme that their words went to", fate.includes(theme), fate);
  await stranger.goto(home);
  await stranger.click(`a:has-text("${theme}")`);
  check("desk: from the theme anyone gets to the words", (await stranger.textContent("main")).includes(words));
  for (const page of [speaker, stranger, desk]) await page.context().close();
}

/** From the ack to the receipt's page, its proof and the signed checkpoint that is over it. */
async function receiptShowsWhatBecame() {
  const page = await as("participant");
  await say(page, `To be found again ${Date.now()}`);
  await page.locator("[data-part='mine'] li .receipt a").first().click();
  await page.waitForLoadState();
  await audit(page, "receipt");
  const code = await page.textContent(".receipt-code");
  await page.goto(`${home}/receipt`);
  await page.fill("#code", code.toLowerCase().replaceAll("-", " "));
  await page.click("main button");
  check("receipt: it is found however it is typed", (await page.textContent(".receipt-code")).trim() === code.trim());
  await page.waitForFunction(async () => {
    const answer = await fetch(`${location.pathname}/proof`);
    return answer.ok && (await answer.text()).startsWith("c2sp.org/tlog-proof@v1");
  }, null, { timeout: 20_000, polling: 500 });
  check("receipt: a signed checkpoint is over it, and its proof can be had", true);
  await page.goto(`${home}/receipt/0000-0000-0000-0000`);
  check("receipt: one that nobody was given says so", (await page.locator(".notice.bad").count()) === 1);
  await page.context().close();
}

/** In the paper every figure leads to a list that is as long as the figure says. */
async function figuresLeadToTheirWords() {
  const page = await as("board-member");
  await page.goto(`${home}/summary`);
  const figures = await page.$$eval(".finding a.figure", (links) => links.map((link) => [link.href, link.textContent]));
  check("paper: findings have figures", figures.length > 5, String(figures.length));
  for (const [href, text] of figures.filter(([, text]) => text.includes("contribution")).slice(0, 4)) {
    await page.goto(href);
    const counted = await page.textContent(".counted");
    check(`paper: “${text}” leads to as many`, counted.trim().startsWith(`${parseInt(text, 10)} contribution`), counted);
  }
  await page.context().close();
}

await run([withoutScript, liveWhileReading, linesThatAreBlocked, networkFails, keyboardOnly, refusedForm, linkMadeAndRevoked, codedAtTheDesk, receiptShowsWhatBecame, figuresLeadToTheirWords]);
