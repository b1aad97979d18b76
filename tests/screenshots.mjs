// Takes pictures of the page as it first appears. `cargo xtask screenshots [--out DIR]` calls this with the folder.
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

const PICTURES = [
  { name: "wide-light", width: 1280, height: 720, colorScheme: "light" },
  { name: "wide-dark", width: 1280, height: 720, colorScheme: "dark" },
  { name: "tablet-light", width: 1024, height: 768, colorScheme: "light" },
  { name: "phone-light", width: 390, height: 844, colorScheme: "light" },
];

const folder = process.argv[2] ?? "../docs/screenshots";
await mkdir(folder, { recursive: true });
const browser = await chromium.launch(launchOptions());
let troubles = 0;
try {
  for (const { name, width, height, colorScheme } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1, colorScheme, reducedMotion: "reduce" });
    const complain = (text) => {
      troubles += 1;
      console.error(`${name}: ${text}`);
    };
    page.on("pageerror", (error) => complain(error.stack ?? String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") complain(message.text());
    });
    await page.goto(pageUrl() + SCENE);
    await page.waitForSelector("#app:not(.boot):not([aria-busy]) > *", { state: "attached", timeout: 30_000 });
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
