// Somebody asks to be told by e-mail, says yes behind the link of the message, and ends it: each page in a real Chromium.
// Reads what `plenary new` prints, with the address of a server that serves it and the link of a confirmation.
import { as, audit, check, fits, input, pictures, run, slug } from "./common.mjs";

const home = `${input.url}/a/${slug}`;
const SIZES = [["phone", 390, 844, "light"], ["small", 320, 640, "light"], ["tablet", 820, 1180, "light"], ["projector", 1920, 1080, "light"], ["dark", 390, 844, "dark"]];

async function look(page, name) {
  for (const [size, width, height, scheme] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await audit(page, `${name}, ${size}`);
    await fits(page, `${name}, ${size}`);
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${size}.png`, fullPage: true });
  }
}

const heading = (page) => page.textContent("h1");

async function somebodyAsks() {
  for (const path of ["/duties", "/duty/2"]) {
    const page = await as(null);
    await page.goto(home + path);
    await look(page, `mail-form${path.replaceAll("/", "-")}`);
    await page.context().close();
  }
  const page = await as(null, { javaScriptEnabled: false });
  await page.goto(`${home}/duties`);
  await page.fill("#mail-address", "eve@example");
  await page.click(".by-mail button");
  check("what is no address is refused, and stands there to be put right", (await page.inputValue("#mail-address")) === "eve@example");
  await page.fill("#mail-address", "eve@example.org");
  await page.click(".by-mail button");
  check("who asks is told to look into the mailbox", (await heading(page)) === "Please look into your mailbox");
  await page.context().close();
  const again = await as(null);
  await again.goto(`${home}/duties`);
  await again.fill("#mail-address", "eve@example");
  await again.click(".by-mail button");
  await look(again, "mail-refused");
  await again.context().close();
}

async function somebodySaysYesAndEndsIt() {
  const page = await as(null);
  await page.goto(`${home}/${input.link}`);
  check("the link asks", (await heading(page)) === "News by e-mail?");
  await look(page, "mail-confirm");
  await page.keyboard.press("Tab");
  await page.locator("main form button").focus();
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  check("the button does it", (await heading(page)) === "You get our news by e-mail");
  await look(page, "mail-confirmed");
  await page.goto(`${home}/${input.link}/stop`);
  await look(page, "mail-stop");
  await page.click("main form button");
  check("the other button ends it", (await heading(page)) === "No more e-mail");
  await look(page, "mail-stopped");
  const gone = await page.goto(`${home}/${input.link}`);
  check("then the link leads nowhere", gone.status() === 404 && (await heading(page)) === "This link leads nowhere any more");
  await look(page, "mail-gone");
  await page.context().close();
}

await run([somebodyAsks, somebodySaysYesAndEndsIt]);
