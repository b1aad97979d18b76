// Takes pictures of the page as it first appears or, with `--rooms`, of every room and dialog at five
// sizes, light and dark. `cargo xtask screenshots [--out DIR] [--rooms]` calls this with the folder.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { launchOptions, pageUrl } from "./lib/browser.mjs";

/** Time for the first experiment to draw itself. */
const WAIT_MS = 4000;
/** Time for a room to open, or to follow a choice. */
const ROOM_MS = 700;

/** The scene that a fresh page begins with, at the step where all three runs have met their edge. */
const SCENE =
  "#lab={'version':1,'objective':{'name':'river'},'start':[0.001,1],'runs':[{'policy':{'name':'constant','eta':0.5}}," +
  "{'policy':{'name':'constant','eta':0.35}},{'policy':{'name':'nonmonotone-line-search'}}],'steps':500}&step=250";

/** Three policies of which maps are soon there. */
const POLICIES =
  "#lab={'version':1,'objective':{'name':'scalar-factorization'},'start':[3,0.5],'runs':[{'policy':{'name':'constant','eta':0.3}}," +
  "{'policy':{'name':'nonmonotone-line-search'}},{'policy':{'name':'polyak'}}],'steps':60}&step=30";

/** The double well over its step size and its start. */
const MAP =
  "#lab={'version':1,'objective':{'name':'double-well'},'runs':[{'policy':{'name':'constant','eta':1.1}}],'steps':1000}&step=0&atlas=" +
  encodeURIComponent(
    JSON.stringify({
      run: 0,
      x: { field: "runs[0].policy.eta", from: 0.5, to: 2.2, scale: "linear" },
      y: { field: "start[0]", from: -1.8, to: 1.8, scale: "linear" },
      measure: "outcome",
    }),
  );

const PICTURES = [
  { name: "wide-light", width: 1280, height: 720, colorScheme: "light" },
  { name: "wide-dark", width: 1280, height: 720, colorScheme: "dark" },
  { name: "tablet-light", width: 1024, height: 768, colorScheme: "light" },
  { name: "phone-light", width: 390, height: 844, colorScheme: "light" },
  { name: "atlas-light", width: 1280, height: 720, colorScheme: "light", scene: MAP },
];

/** Data of a person's own. */
const TABLE = {
  name: "points.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(["x,y,class", ...Array.from({ length: 60 }, (_, i) => [Math.cos(i / 3), Math.sin(i / 2), i % 2 ? "out" : "in"].join(","))].join("\n")),
};

/** A large screen, a laptop, a projector, a phone held sideways, and one held upright. */
const SIZES = [[1600, 1000], [1280, 720], [1024, 768], [844, 390], [390, 844]];

/** Presses keys one after the other. */
const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };

const choose = (label, value) => (page) => page.getByRole("dialog").getByLabel(label, { exact: true }).selectOption(value);

/** What stands across in the Atlas. */
const across = (field) => (page) => page.getByRole("group", { name: "Across" }).getByRole("combobox").selectOption(field);

/** Pastes a text into the page. */
const paste = (text) => (page) =>
  page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
  }, text);

/** Shows the end of what can be scrolled in a dialog. */
const scrollDown = (page) =>
  page.getByRole("dialog").evaluate((dialog) => {
    for (const part of [dialog, ...dialog.querySelectorAll("*")]) part.scrollTop = part.scrollHeight;
  });

/** What is open in each picture: what is done one after the other. */
const ROOMS = {
  lab: [],
  atlas: { scene: MAP.replace("'steps':1000", "'steps':100"), acts: [] },
  "atlas-all": { scene: POLICIES, acts: [press("a"), across("start[1]"), choose("Policy", "all")] },
  "atlas-diagram": { scene: POLICIES, acts: [press("a"), choose("Draw", "bifurcation")] },
  events: [press("v")],
  export: [press("s")],
  "export-foot": [press("s"), scrollDown],
  gallery: [press("d")],
  "gallery-foot": [press("d"), scrollDown],
  help: [press("?")],
  "help-foot": [press("?"), scrollDown],
  lessons: [press("g")],
  lesson: [press("g"), (page) => page.locator(".lesson-item").first().click()],
  networks: [press("m")],
  "networks-foot": [press("m"), scrollDown],
  "networks-data": [press("m"), (page) => page.getByRole("dialog").locator("input[type=file]").setInputFiles(TABLE), scrollDown],
  scores: [press("c")],
  table: [(page) => page.getByRole("button", { name: /as a table/ }).first().click()],
  words: [press("w")],
  "words-foot": [press("w"), scrollDown],
  refusal: [paste("{ 'version': 1, 'objective': { 'name': 'rivers' } }")],
  projector: [press("p")],
  embed: { query: "?embed=1", acts: [] },
  "embed-controls": { query: "?embed=1&show=controls", acts: [] },
  "embed-two": { query: "?embed=1&show=chart1,scene", acts: [] },
};

function roomPictures() {
  const pictures = [];
  for (const [room, what] of Object.entries(ROOMS)) {
    const { acts, scene, query } = Array.isArray(what) ? { acts: what } : what;
    for (const [width, height] of SIZES) {
      for (const colorScheme of ["light", "dark"]) pictures.push({ name: `${room}-${width}x${height}-${colorScheme}`, width, height, colorScheme, acts, scene, query });
    }
  }
  return pictures;
}

const values = process.argv.slice(2);
const hasRooms = values.includes("--rooms");
const [folder = "../docs/screenshots", only = ""] = values.filter((value) => !value.startsWith("--"));
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(launchOptions());
let troubles = 0;
try {
  for (const { name, width, height, colorScheme, scene = SCENE, query = "", acts = [] } of hasRooms ? roomPictures() : PICTURES) {
    if (!name.startsWith(only)) continue;
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1, colorScheme, reducedMotion: "reduce" });
    const complain = (text) => {
      troubles += 1;
      console.error(`${name}: ${text}`);
    };
    page.on("pageerror", (error) => complain(error.stack ?? String(error)));
    page.on("console", (message) => {
      // Without a graphics card the browser says so.
      if (message.type() === "error" && !message.text().includes("No available adapters")) complain(message.text());
    });
    await page.goto(pageUrl().replace(/\/$/, "") + "/" + query + scene);
    await page.waitForSelector("#app:not(.boot):not([aria-busy]) > *", { state: "attached", timeout: 30_000 });
    try {
      for (const act of acts) {
        await act(page);
        await page.waitForTimeout(ROOM_MS);
      }
      // Maps take their time on a machine with much else to do.
      if (await page.locator(".atlas-canvas").count()) await page.waitForFunction(() => performance.getEntriesByName("atlas: done").length > 0, null, { timeout: 120_000 });
    } catch (error) {
      complain(String(error));
    }
    await page.waitForTimeout(hasRooms ? ROOM_MS : WAIT_MS);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    console.log(file);
    await page.close();
  }
} finally {
  await browser.close();
}
if (troubles > 0) process.exitCode = 1;
