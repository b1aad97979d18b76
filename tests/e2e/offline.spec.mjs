// A lecturer opens the page at home, and again in a room without a network. The page is served from
// 127.0.0.1 here, under a path of its own: from localhost it is not kept, since people work on it there.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { anywhere, started } from "./fixtures.mjs";
import { Site } from "../lib/site.mjs";

const DIST = join(import.meta.dirname, "../../dist");
const UNDER = "/talks/flatland/";

const test = anywhere.extend({
  site: async ({}, use) => {
    const site = new Site(DIST, UNDER);
    await site.start();
    await use(site);
    await site.stop().catch(() => {});
  },
});

/** What the page knows of being kept. */
const offline = (page) => page.evaluate(() => document.documentElement.dataset.offline);
const isKept = (page) => expect.poll(() => offline(page), { timeout: 30_000 }).toBe("kept");

async function open(page, site, rest = "") {
  await page.goto(site.url + rest);
  await started(page);
}

/** A copy of the built page that says of itself that it is another build. */
function newer(title) {
  const folder = mkdtempSync(join(tmpdir(), "flatland-"));
  cpSync(DIST, folder, { recursive: true });
  const page = join(folder, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace(/<title>[^<]*/, `<title>${title}`));
  const digest = createHash("sha256").update(readFileSync(page)).digest("base64");
  const worker = join(folder, "offline.js");
  const text = readFileSync(worker, "utf8");
  const build = JSON.parse(text.match(/BUILD ?= ?(\{.*?\}\})/s)[1]);
  const changed = { ...build, version: `${build.version}${title}`, files: { ...build.files, "index.html": digest } };
  writeFileSync(worker, text.replace(/(BUILD ?= ?)\{.*?\}\}/s, (_, begin) => begin + JSON.stringify(changed)));
  return folder;
}

test("with the network cut the page opens, computes, and has every room, lesson and picture", { tag: "@chromium" }, async ({ page, site }) => {
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await open(page, site);
  await isKept(page);
  await site.stop();
  await page.reload();
  await started(page);
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog", { name: "Atlas" }).locator(".atlas-way")).toContainText(/ [1-9]\d* %|steps a second/, { timeout: 30_000 });
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  const gallery = page.getByRole("dialog", { name: "Gallery" });
  await expect(gallery.locator("img").first()).toHaveJSProperty("naturalWidth", 288);
  await gallery.getByRole("button", { name: "Handwritten digits" }).click();
  await expect(page.getByRole("combobox", { name: "Objective" })).toHaveValue("network");
  await expect.poll(async () => Number((await page.locator(".clock strong").textContent()).replace(/\D/g, "")), { timeout: 60_000 }).toBeGreaterThan(1);
  await page.keyboard.press("g");
  await page.getByRole("button", { name: /The catapult/ }).click();
  await expect(page.getByRole("complementary", { name: "Lesson" })).toContainText("Up, and down again");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "What you see" })).toContainText("opens without a network");
  expect(errors).toEqual([]);
});

test("a link opens without a network too, also one of the page's file by name", async ({ page, site }) => {
  await open(page, site);
  await isKept(page);
  await site.stop();
  const link = "#lab=" + encodeURIComponent(JSON.stringify({ version: 1, objective: { name: "double-well" }, runs: [{ policy: { name: "constant", eta: 1.1 } }] }));
  for (const address of [`${site.url}${link}`, `${site.url}index.html${link}`]) {
    await page.goto("about:blank");
    await page.goto(address);
    await started(page);
    await expect(page.getByRole("combobox", { name: "Objective" })).toHaveValue("double-well");
  }
});

test("what is large is kept once somebody has asked for it", async ({ page, site }) => {
  await open(page, site);
  await isKept(page);
  expect(site.asked.filter((path) => path.includes("mnist"))).toEqual([]);
  const name = "data/mnist/train-5000-labels.idx1-ubyte.gz";
  const size = (path) => page.evaluate(async (path) => (await (await fetch(path)).arrayBuffer()).byteLength, path);
  await page.reload();
  await started(page);
  const length = await size(name);
  await site.stop();
  expect(await size(name)).toBe(length);
});

test("a newer build takes over as a whole, once no tab shows the older one", async ({ context, page, site }) => {
  test.setTimeout(150_000);
  await open(page, site);
  await isKept(page);
  const folder = newer("Newer");
  try {
    const other = await context.newPage();
    await open(other, site);
    await site.stop();
    await site.start(folder);
    const waits = () => page.evaluate(async () => (await (await navigator.serviceWorker.getRegistration()).update(), (await navigator.serviceWorker.getRegistration()).waiting !== null));
    await expect.poll(waits, { timeout: 60_000 }).toBe(true);
    await page.reload();
    await started(page);
    expect(await page.title()).toMatch(/^Flatland/);
    await other.close();
    await page.close();
    const titles = async () => {
      const next = await context.newPage();
      await open(next, site, "#lesson=catapult-2");
      const title = await next.title();
      if (title !== "Newer") await next.close();
      return title;
    };
    await expect.poll(titles, { timeout: 60_000, intervals: [500] }).toBe("Newer");
    const [last] = context.pages();
    expect(last.url()).toContain("lesson=catapult-2");
    await expect.poll(() => last.evaluate(async () => (await globalThis.caches.keys()).length)).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("where a file does not arrive nothing is kept, the page works, and the help says why", async ({ page, site }) => {
  site.broken.set(`${UNDER}lessons/edge.json`, 503);
  await open(page, site);
  await expect.poll(() => offline(page), { timeout: 30_000 }).toContain("lessons/edge.json: HTTP status 503");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "What you see" })).toContainText("lessons/edge.json: HTTP status 503");
  expect(await page.evaluate(async () => (await globalThis.caches.keys()).length)).toBe(0);
});

test("where a server rewrites a file nothing is kept either", async ({ page, site }) => {
  const folder = newer("Flatland");
  const file = join(folder, "lessons/edge.json");
  writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
  try {
    await site.stop();
    await site.start(folder);
    await open(page, site);
    await expect.poll(() => offline(page), { timeout: 30_000 }).toContain("lessons/edge.json is not that of this version");
    expect(await page.evaluate(async () => (await globalThis.caches.keys()).length)).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("where the browser refuses, the page works, and the help says why", async ({ page, site }) => {
  await page.addInitScript(() => {
    navigator.serviceWorker.register = () => Promise.reject(new DOMException("storage is blocked", "SecurityError"));
  });
  await open(page, site);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "What you see" })).toContainText("storage is blocked");
});

test("a full cache is said too", { tag: "@chromium" }, async ({ context, page, site }) => {
  const session = await context.newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(site.url).origin, quotaSize: 200_000 });
  await open(page, site);
  await expect.poll(() => offline(page), { timeout: 30_000 }).toContain("uota");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "What you see" })).toContainText("free some space");
});

test("the page can be installed: its manifest and icons are there", { tag: "@chromium" }, async ({ page, site }) => {
  await open(page, site);
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
});

test("every file of the build is kept, or is large and on the list of what is kept later", () => {
  const text = readFileSync(join(DIST, "offline.js"), "utf8");
  const { files, later } = JSON.parse(text.match(/BUILD ?= ?(\{.*?\}\})/s)[1]);
  const all = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = all.map((entry) => join(entry.parentPath, entry.name).slice(DIST.length + 1).replaceAll("\\", "/"));
  expect(paths.filter((path) => path !== "offline.js" && !(path in files) && !(path in later))).toEqual([]);
  for (const [path, digest] of Object.entries({ ...files, ...later })) {
    expect(createHash("sha256").update(readFileSync(join(DIST, path))).digest("base64"), path).toBe(digest);
  }
});
