// Somebody puts the Lab into a blog: another site, on another origin, perhaps with a strict policy or in a
// sandbox.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Site } from "../lib/site.mjs";
import { anywhere, expect } from "./fixtures.mjs";

const ROOT = join(import.meta.dirname, "../..");
const WELL = { version: 1, objective: { name: "double-well" }, start: [0.3], steps: 200, runs: [{ policy: { name: "constant", eta: 1.1 } }] };

const test = anywhere.extend({
  lab: async ({}, use) => {
    const site = new Site(join(ROOT, "dist"), "/flatland/");
    await site.start();
    await use(site);
    await site.stop();
  },
  /** Serves pages of somebody else's: `blog(name, html)` returns the address. */
  blog: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "flatland-blog-"));
    cpSync(join(ROOT, "tests/node_modules/reveal.js/dist"), join(folder, "reveal"), { recursive: true });
    const site = new Site(folder);
    await site.start();
    await use((name, html) => {
      writeFileSync(join(folder, name), html);
      return `${site.url}${name}`;
    });
    await site.stop();
    rmSync(folder, { recursive: true });
  },
});

const page_of = (lab, element, head = "") => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A blog</title>${head}
<script src="${lab.url}flatland-lab.js"></script></head><body>${element}</body></html>`;

const attribute = (experiment) => JSON.stringify(experiment).replaceAll('"', "&quot;");
const frame = (page) => page.frameLocator("flatland-lab iframe");
const step = async (page) => Number((await frame(page).locator(".clock strong").textContent()).replace(/\D/g, ""));

test("the example of a blog works from another origin", async ({ page, lab, blog }) => {
  const html = readFileSync(join(ROOT, "examples/blog.html"), "utf8");
  expect(html).toContain("https://example.org/flatland/");
  await page.goto(blog("index.html", html.replace("https://example.org/flatland/", lab.url)));
  expect(new URL(page.url()).origin).not.toBe(new URL(lab.url).origin);
  await expect(frame(page).getByRole("slider", { name: "Step size of run 1" })).toBeVisible();
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.locator("#said")).toContainText(/step [1-9]|:/);
  await page.getByRole("button", { name: "To the end" }).click();
  await expect.poll(() => step(page)).toBe(200);
});

test("the example of slides: a Lab runs while its slide is shown, and leaves the slides their keys", async ({ page, lab, blog }) => {
  const html = readFileSync(join(ROOT, "examples/slides.html"), "utf8");
  const reveal = html.match(/https:\/\/cdn[^"]*\/dist\//)[0];
  await page.goto(blog("slides.html", html.replace("https://example.org/flatland/", lab.url).replaceAll(reveal, "./reveal/")));
  const current = () => page.evaluate(() => globalThis.Reveal.getIndices().h);
  const labs = page.locator("flatland-lab");
  const stateOf = (place) => labs.nth(place).evaluate((element) => element.state());
  await expect.poll(current).toBe(0);
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => (await stateOf(0)).step, { timeout: 20_000 }).toBeGreaterThan(5);
  expect((await stateOf(1)).playing).toBe(false);
  await page.keyboard.press("ArrowRight");
  await expect.poll(current).toBe(2);
  await expect.poll(async () => (await stateOf(1)).step).toBeGreaterThan(5);
  expect((await stateOf(0)).playing).toBe(false);
});

test("it answers for its state, opens another experiment, and says what is wrong", async ({ page, lab, blog }) => {
  await page.goto(blog("index.html", page_of(lab, `<flatland-lab experiment="${attribute(WELL)}"></flatland-lab>`)));
  const state = () => page.evaluate(() => document.querySelector("flatland-lab").state());
  expect((await state()).experiment.objective.name).toBe("double-well");
  await page.evaluate(() => document.querySelector("flatland-lab").set({ experiment: { version: 1, objective: { name: "river" }, runs: [{ policy: { name: "constant", eta: 0.5 } }] } }));
  await expect.poll(async () => (await state()).experiment.objective.name).toBe("river");
  const wrong = page.evaluate(
    () =>
      new Promise((resolve) => {
        const element = document.querySelector("flatland-lab");
        element.addEventListener("error", ({ detail }) => resolve(detail.message), { once: true });
        element.set({ experiment: { version: 1, objective: { name: "rivers" }, runs: [] } });
      }),
  );
  expect(await wrong).toMatch(/river/);
  // What was there stays.
  expect((await state()).experiment.objective.name).toBe("river");
});

test("an attribute that is changed shows something else, and one that is no document is said in its place", async ({ page, lab, blog }) => {
  await page.goto(blog("index.html", page_of(lab, `<flatland-lab show="chart1" experiment="${attribute(WELL)}"></flatland-lab>`)));
  await expect(frame(page).locator(".is-slot0 canvas")).toBeVisible();
  const change = (name, value) => page.evaluate(([name, value]) => document.querySelector("flatland-lab").setAttribute(name, value), [name, value]);
  await change("show", "chart3");
  await expect(frame(page).locator(".is-slot2 canvas")).toBeVisible();
  await expect(frame(page).locator(".is-slot0")).toBeHidden();
  await change("experiment", JSON.stringify({ ...WELL, objective: { name: "cosh" } }));
  await expect.poll(() => page.evaluate(async () => (await document.querySelector("flatland-lab").state()).experiment.objective.name)).toBe("cosh");
  await change("experiment", "{");
  await expect(page.locator("flatland-lab").getByRole("alert")).toContainText("cannot show this");
  await change("experiment", JSON.stringify(WELL));
  await expect(frame(page).locator(".is-slot2 canvas")).toBeVisible();
});

test("a strict policy of the page around does not touch it", async ({ page, lab, blog }) => {
  const origin = new URL(lab.url).origin;
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${origin}; frame-src ${origin}">`;
  await page.goto(blog("index.html", page_of(lab, `<flatland-lab autoplay experiment="${attribute(WELL)}"></flatland-lab>`, policy)));
  await expect.poll(() => step(page)).toBeGreaterThan(5);
  expect(await page.locator("flatland-lab").evaluate((element) => element.getBoundingClientRect().height)).toBe(420);
});

test("a sandboxed frame on another origin computes too, and its Lab keeps nothing offline", async ({ page, lab, blog }) => {
  const address = `${lab.url}?embed=1&amp;autoplay=1#lab=${encodeURIComponent(JSON.stringify(WELL))}`;
  await page.goto(blog("index.html", `<!doctype html><html lang="en"><title>Slides</title><iframe title="Flatland" sandbox="allow-scripts allow-same-origin" width="800" height="420" src="${address}"></iframe></html>`));
  const inside = page.frameLocator("iframe");
  await expect.poll(async () => Number((await inside.locator(".clock strong").textContent()).replace(/\D/g, ""))).toBeGreaterThan(5);
  const registered = await page.frames()[1].evaluate(async () => (await navigator.serviceWorker?.getRegistrations?.())?.length ?? 0);
  expect(registered).toBe(0);
});
