// The core of the page in WebKit, the engine of Safari and of every browser on a phone from Apple:
// a person plays, edits, maps, learns and trains. Driven by WebKitGTK's own WebDriver, since
// Playwright's WebKit is one of its own making. `cargo xtask test --only webkit`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, before, test } from "node:test";

import { Builder, By, Key, until } from "selenium-webdriver";

const page = process.env.FLATLAND_URL;
const WAIT = 20_000;
const children = [];
let driver;

/** A port that nobody uses. */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts a screen without a monitor, and returns its name. */
function startScreen() {
  const screen = spawn(process.env.XVFB, ["-displayfd", "3", "-screen", "0", "1400x1000x24"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  children.push(screen);
  return new Promise((resolve, reject) => {
    screen.stdio[3].once("data", (number) => resolve(`:${String(number).trim()}`));
    screen.once("error", reject);
    screen.once("exit", (code) => reject(new Error(`Xvfb has ended with ${code}`)));
  });
}

/** Starts a screen, a driver and a browser. */
async function start() {
  const [display, port] = [await startScreen(), await freePort()];
  // Containers let no sandbox of its own be made.
  const env = { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", LIBGL_ALWAYS_SOFTWARE: "1" };
  children.push(spawn(process.env.WEBKIT_DRIVER, [`--port=${port}`], { env, stdio: "inherit" }));
  const options = { binary: process.env.WEBKIT_BROWSER, args: ["--automation"] };
  const build = () =>
    new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": options })
      .build();
  for (let attempt = 0; driver === undefined; attempt += 1) {
    try {
      driver = await build();
    } catch (error) {
      if (attempt > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await driver.manage().window().setRect({ width: 1280, height: 800 });
}

/** Ends all of them. */
async function end() {
  await driver?.quit().catch(() => {});
  driver = undefined;
  for (const child of children.splice(0)) child.kill();
}

before(start);
after(end);

/**
 * A test that may fail once, and then says so. On machines that are very busy about one page in a
 * hundred stops in WebKitGTK 2.50 with an access out of bounds, or a panic of the allocator, each
 * time elsewhere; never in Chromium or Firefox. Why is not known. What fails twice, in a new browser,
 * is something else.
 */
const story = (name, tell) =>
  test(name, async (t) => {
    try {
      await tell();
    } catch (error) {
      t.diagnostic(`failed at its first try: ${error}`);
      await end();
      await start();
      await tell();
      t.diagnostic(`at its second try: ${name}`);
    }
  });

const css = (selector) => driver.findElement(By.css(selector));
const seen = async (selector) => driver.wait(until.elementIsVisible(await driver.wait(until.elementLocated(By.css(selector)), WAIT)), WAIT);
const press = (...keys) => driver.actions().sendKeys(...keys).perform();
/** A button by what it is called, within an element. */
const button = (name, within = "body") => driver.findElement(By.xpath(`//${within}//button[@aria-label="${name}" or normalize-space(.)="${name}"]`));
/** What stands in an element, without its spaces between boxes. */
const textOf = (selector) => driver.executeScript("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
const stepOf = async () => Number((await textOf(".clock strong")).replace(/\D/g, ""));
const holds = (what, message) => driver.wait(what, WAIT, message);

/** Opens the page, with what follows its address, and hears of every error from then on. */
async function open(rest = "") {
  await driver.get("about:blank");
  await driver.get(page + rest);
  await driver.executeScript(`
    window.errors = [];
    for (const name of ["error", "unhandledrejection", "securitypolicyviolation"])
      window.addEventListener(name, (event) => window.errors.push(name + ": " + (event.message ?? event.reason ?? event.violatedDirective)));
  `);
  await holds(() => driver.executeScript("return document.querySelector('#app:not(.boot):not([aria-busy]) > *') !== null"), "the page does not start");
}

const link = (experiment, rest = "") => `#lab=${encodeURIComponent(JSON.stringify({ version: 1, ...experiment }))}${rest}`;

/** Nothing has gone wrong, and nothing is said to have. */
async function isWell() {
  assert.deepEqual(await driver.executeScript("return window.errors"), []);
  assert.deepEqual(await driver.executeScript("return [...document.querySelectorAll('[role=alert]')].map((notice) => notice.textContent).filter((text) => text.trim())"), []);
}

/** Different colors on a canvas. */
const colorsOf = (selector) =>
  driver.executeScript(
    `const canvas = document.querySelector(arguments[0]);
     const copy = Object.assign(document.createElement("canvas"), { width: 120, height: 90 });
     const pen = copy.getContext("2d", { willReadFrequently: true });
     pen.drawImage(canvas, 0, 0, 120, 90);
     const { data } = pen.getImageData(0, 0, 120, 90);
     return new Set(Array.from({ length: 120 * 90 }, (_, at) => data.slice(4 * at, 4 * at + 3).join())).size;`,
    selector,
  );

story("the default scene plays, pauses and steps, and a run crosses its threshold", async () => {
  await open();
  await holds(async () => (await stepOf()) > 20, "time does not move");
  await holds(async () => (await driver.findElements(By.css(".tick.crossed"))).length > 0, "no run crosses its threshold");
  await button("Pause").click();
  const paused = await stepOf();
  await press(Key.ARROW_RIGHT);
  await holds(async () => (await stepOf()) === paused + 1, "one step is not one step");
  assert.ok((await colorsOf("figure.is-slot0 canvas")) > 10, "the chart is empty");
  assert.ok((await colorsOf("figure.is-landscape canvas")) > 30, "the landscape is empty");
  await isWell();
});

story("λ₁ of the river is that of the closed form", async () => {
  // At (x, y) = (0, y) the Hessian is diag(y², a): λ₁ = y², see the objective's description.
  await open(link({ objective: { name: "river", a: 0.05, y0: 3 }, start: [0, 2], runs: [{ policy: { name: "constant", eta: 0.1 } }], steps: 10 }, "&step=0"));
  await holds(async () => /λ₁4η/.test(await textOf("li.policy .readings")), "λ₁ is not 4");
  await isWell();
});

story("a new η is typed and leaves a mark; undo takes it back", async () => {
  await open(link({ objective: { name: "river" }, start: [0.001, 1], runs: [{ policy: { name: "constant", eta: 0.5 } }], steps: 200 }, "&step=100"));
  await holds(async () => (await stepOf()) === 100);
  const find = () => driver.findElement(By.xpath('//input[@aria-label="step size of run 1" or @id=//label[contains(., "step size of run 1")]/@for]'));
  const eta = await find();
  await eta.click();
  await eta.sendKeys(...Array(6).fill(Key.BACK_SPACE), ...Array(6).fill(Key.DELETE), "0.25", Key.ENTER);
  await holds(async () => (await driver.findElements(By.css(".tick.changed"))).length === 1, "no mark");
  await button("Undo").click();
  // A list that is drawn anew while it is looked at gives an error.
  await holds(() => find().then((eta) => eta.getAttribute("value")).then((value) => value === "0.5", () => false), "undo does not take it back");
  await isWell();
});

story("a typed formula runs", async () => {
  const experiment = { objective: { name: "formula", expression: "log(cosh(x*y)) + (x - 2)^2/20" }, start: [1, 1.5], runs: [{ policy: { name: "constant", eta: 0.3 } }], steps: 50 };
  await open(link(experiment, "&step=50"));
  await holds(async () => (await stepOf()) === 50, "its chunk does not come");
  assert.ok((await colorsOf("figure.is-landscape canvas")) > 20);
  await isWell();
});

story("the Atlas draws a map, by workers, and reads it under the pointer", async () => {
  await open(link({ objective: { name: "double-well" }, start: [0.3], runs: [{ policy: { name: "constant", eta: 1.1 } }], steps: 300 }, "&step=0"));
  await button("Atlas").click();
  await seen("#atlas canvas");
  await holds(async () => /steps a second/.test(await textOf(".atlas-way")), "the map is not drawn");
  assert.ok((await colorsOf("#atlas canvas")) > 3);
  const map = await css("#atlas canvas");
  await driver.actions().move({ origin: map }).move({ origin: map, x: 20, y: 20 }).perform();
  await holds(async () => /η = .* start x = /.test(await textOf(".atlas-readout")), "nothing is read");
  await press(Key.ESCAPE);
  await holds(async () => !(await driver.executeScript("return document.querySelector('dialog[open]') !== null")), "Escape does not close it");
  await isWell();
});

story("a network trains", async () => {
  const network = { objective: { name: "network", data: { name: "moons" }, hidden: [8] }, runs: [{ policy: { name: "constant", eta: 0.5 } }], steps: 60 };
  await open(link(network, "&step=60"));
  await holds(async () => (await stepOf()) === 60, "it does not train");
  await holds(async () => (await colorsOf("figure.is-landscape canvas")) > 10, "its picture does not come");
  await isWell();
});

story("a lesson opens, goes on, and sets the Lab", async () => {
  await open("#lesson=catapult-1");
  await holds(async () => /catapult/i.test(await (await seen(".lesson-body")).getText()), "no lesson");
  const before = await driver.getCurrentUrl();
  await press(Key.PAGE_DOWN);
  await holds(async () => (await driver.getCurrentUrl()) !== before && (await driver.getCurrentUrl()).includes("catapult-2"), "it does not go on");
  await isWell();
});

story("lists are as wide as what is chosen in them", async () => {
  await open();
  const widths = () =>
    driver.executeScript(`return [...document.querySelectorAll("select.bare")].filter((list) => list.offsetWidth > 0).map((list) => {
      const style = getComputedStyle(list);
      const words = Object.assign(document.createElement("span"), { textContent: list.selectedOptions[0].label });
      for (const name of ["fontFamily", "fontSize", "fontWeight", "letterSpacing"]) words.style[name] = style[name];
      Object.assign(words.style, { position: "absolute", whiteSpace: "nowrap" });
      document.body.append(words);
      const width = words.getBoundingClientRect().width + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
      words.remove();
      return [words.textContent, list.getBoundingClientRect().width, width];
    })`);
  await holds(async () => (await widths()).every(([, width, wanted]) => Math.abs(width - wanted) < 8), "some are not");
  assert.ok((await widths()).length >= 6);
  const scene = await css("select.bare.scene");
  await scene.sendKeys("Sharp");
  await holds(async () => (await widths()).every(([, width, wanted]) => Math.abs(width - wanted) < 8), "not after another choice");
  await isWell();
});

story("rooms open by their keys, and Back is the Lab again", async () => {
  await open();
  for (const [key, name] of [["c", "Scores"], ["s", "Export"], ["d", "Gallery"], ["?", "help"]]) {
    await press(key);
    await holds(() => driver.executeScript("return document.querySelector('dialog[open]') !== null"), `${name} does not open`);
    await press(Key.ESCAPE);
    await holds(() => driver.executeScript("return document.querySelector('dialog[open]') === null"), `${name} does not close`);
  }
  await isWell();
});
