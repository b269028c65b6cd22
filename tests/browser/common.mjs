// What the browser tests share: the browser, people who come in by a link, and the checks that hold on every page.
// Reads {"slug", "links": [{"role", "table", "url"}], …} on standard input.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const input = JSON.parse(readFileSync(0, "utf8"));
export const { slug } = input;
export const pictures = process.env.PLENARY_PICTURES;
export const SIZES = { phone: [360, 740], narrow: [320, 640], tablet: [820, 1180], projector: [1920, 1080] };

let failed = 0;
export const check = (what, good, why = "") => {
  failed += good ? 0 : 1;
  console.log(`${good ? "ok" : "FAILED"} - ${what}${good ? "" : `: ${why}`}`);
};

export const LAUNCH = {
  executablePath: process.env.PLENARY_CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};
export const browser = await chromium.launch(LAUNCH);

/** The link of a role; of a facilitator, the one of that table. */
export function link(role, table = 1) {
  return input.links.find((found) => found.role === role && (!found.table || found.table === table)).url;
}

/** A page on which every violation of the policy and every error of a script is a failure. */
export async function opened(context, who) {
  const page = await context.newPage();
  page.on("console", (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) check(`${who}: content policy`, false, message.text());
  });
  page.on("pageerror", (error) => check(`${who}: script`, false, String(error)));
  return page;
}

/** The link lets staff in by itself; a participant is told first what happens to their words. */
export async function comeIn(page) {
  const asks = page.locator("[data-asks] button");
  await page.waitForFunction(() => !location.pathname.endsWith("/join") || document.querySelector("[data-asks]"));
  if (await asks.count()) await asks.click();
  await page.waitForURL((now) => !now.pathname.endsWith("/join"));
}

/** A browser of its own that has opened a link. */
export async function joined(url, who, options = {}) {
  const context = await browser.newContext({ viewport: { width: 820, height: 1180 }, ...options });
  const page = await opened(context, who);
  if (url) {
    await page.goto(url);
    await comeIn(page);
  }
  return page;
}

/** A browser of its own that has opened a role's link. */
export const as = (role, options) => joined(role && link(role), role, options);

export async function audit(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => globalThis.axe.run({ runOnly: rules }), RULES);
  const why = found.violations.map((v) => `${v.id} (${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")})`);
  check(`${name}: no WCAG A or AA violation`, why.length === 0, why.join("; "));
}

export async function fits(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${name}: nothing sticks out sideways`, overflow <= 0, `${overflow} px`);
}

/** Runs each, says what failed, and ends the browser. */
export async function run(scenarios) {
  for (const scenario of scenarios) {
    try {
      await scenario();
    } catch (error) {
      check(scenario.name, false, String(error).split("\n").slice(0, 3).join(" "));
    }
  }
  await browser.close();
  console.log(`${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
