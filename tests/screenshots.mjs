// Takes pictures of the page as it first appears. `cargo xtask screenshots [--out DIR]` calls this
// with the folder.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium } from "@playwright/test";

import { launchOptions, pageUrl } from "./lib/browser.mjs";

/** Time for the first experiment to draw itself. */
const WAIT_MS = 4000;

/** The scene that a fresh page begins with, at the step where all three runs have met their edge. */
const SCENE =
  "#lab={'version':1,'objective':{'name':'river'},'start':[0.001,1],'runs':[{'policy':{'name':'constant','eta':0.5}}," +
  "{'policy':{'name':'constant','eta':0.35}},{'policy':{'name':'nonmonotone-line-search'}}],'steps':500}&step=250";

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

const folder = process.argv[2] ?? "../docs/screenshots";
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(launchOptions());
let troubles = 0;
try {
  for (const { name, width, height, colorScheme, scene = SCENE } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1, colorScheme, reducedMotion: "reduce" });
    const complain = (text) => {
      troubles += 1;
      console.error(`${name}: ${text}`);
    };
    page.on("pageerror", (error) => complain(error.stack ?? String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") complain(message.text());
    });
    await page.goto(pageUrl() + scene);
    await page.waitForSelector("#app:not(.boot):not([aria-busy]) > *", { state: "attached", timeout: 30_000 });
    if (scene === MAP) await page.waitForFunction(() => performance.getEntriesByName("atlas: done").length > 0);
    await page.waitForTimeout(WAIT_MS);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file });
    console.log(file);
    await page.close();
  }
} finally {
  await browser.close();
}
if (troubles > 0) process.exitCode = 1;
