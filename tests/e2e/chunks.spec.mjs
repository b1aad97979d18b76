// Parts of the program that are fetched on request: each arrives when it is wanted, in the page and
// in a worker, and one that does not arrive is asked for again.
import { expect, open, test } from "./fixtures.mjs";
import { cards, notice, objective, openDefault, pause, policy, readings, seek } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"], allowed: /No available adapters/ });

/** The rooms, by the key that opens them and their title. */
const ROOMS = [
  ["a", "Atlas"],
  ["v", "What happened"],
  ["c", "Scores"],
  ["?", "What you see"],
  ["d", "Gallery"],
  ["m", "Networks"],
];

const dialog = (page, name) => page.getByRole("dialog", { name });

/** Asks a worker for a run as a script, and waits for the answer. */
async function copyPython(page) {
  await page.keyboard.press("s");
  await dialog(page, "Export").getByRole("button", { name: "Copy as Python" }).click();
}

/** Has the server answer the first request for a file with 503. Returns how often it was asked for. */
async function failOnce(page, file) {
  const asked = [];
  await page.route(file, async (route) => {
    asked.push(route.request().url());
    if (asked.length === 1) await route.fulfill({ status: 503, body: "busy" });
    else await route.continue();
  });
  return asked;
}

test("no chunk is fetched before it is wanted, and each of them works, in the page and in a worker", async ({ page }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url().split("/").at(-1)));
  await openDefault(page, 200);
  const link = asked.find((name) => name.endsWith("-chunks.js"));
  const text = await page.evaluate(async (name) => (await fetch(name)).text(), link);
  const chunks = [...text.matchAll(/"\.\/([^"]+\.wasm)"/g)].map(([, name]) => name);
  expect(chunks.length).toBeGreaterThan(1);
  expect(asked.filter((name) => chunks.includes(name))).toEqual([]);
  for (const [key, name] of ROOMS) {
    await page.keyboard.press(key);
    await expect(dialog(page, name)).toBeVisible();
    // Its workers have the chunk too once a part of the map is there.
    if (name === "Atlas") await expect(dialog(page, name).locator(".atlas-way")).toContainText(/ [1-9]\d* %|steps a second/, { timeout: 30_000 });
    await page.keyboard.press("Escape");
    await expect(dialog(page, name)).toHaveCount(0);
  }
  await copyPython(page);
  await expect(dialog(page, "Export").getByRole("status")).toContainText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("import numpy as np");
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Scene" }).selectOption("lens");
  await expect(page.locator(".scene-says")).toContainText("λ₁ =");
  await policy(page, 1).selectOption("expression");
  await expect(cards(page).first()).toHaveAccessibleName("Policy 1: Your own rule");
  expect(chunks.filter((name) => !asked.includes(name)), "each chunk has been wanted").toEqual([]);
});

test.describe("where a chunk does not arrive", () => {
  test.use({ allowed: /503|console error: (Type)?Error|No available adapters/ });

  test("the page says so, goes on, and fetches it again at the next try", async ({ page }) => {
    const asked = await failOnce(page, /-rooms\.wasm$/);
    await open(page);
    await page.keyboard.press("?");
    await expect(notice(page)).toContainText("This part of the page could not be fetched");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("?");
    await expect(dialog(page, "What you see")).toBeVisible();
    expect(asked).toHaveLength(2);
  });

  test("the Atlas says so, and opens at the next try", async ({ page }) => {
    const asked = await failOnce(page, /-atlas\.wasm$/);
    await open(page);
    await page.keyboard.press("a");
    await expect(notice(page)).toContainText("This part of the page could not be fetched");
    await page.keyboard.press("a");
    await expect(dialog(page, "Atlas").locator(".atlas-way")).toContainText(/ [1-9]\d* %|steps a second/, { timeout: 30_000 });
    expect(asked.length).toBeGreaterThan(1);
  });

  test("a formula waits for what reads it, in the page and in the worker that runs it", async ({ page }) => {
    const asked = await failOnce(page, /-formulas\.wasm$/);
    await openDefault(page, 20);
    const before = await readings(page);
    await objective(page).selectOption("formula");
    await expect(notice(page)).toContainText("This part of the page could not be fetched");
    expect(await readings(page)).toEqual(before);
    await objective(page).selectOption("formula");
    await expect(page.getByRole("textbox", { name: "the formula" })).toHaveValue(/b\*\(y - x\^2\)\^2/);
    await pause(page).click();
    await seek(page, 10);
    // The page, the worker that runs it, and perhaps one that evaluates its landscape.
    expect(asked.length).toBeGreaterThan(1);
  });

  test("a worker says so as well, and the next one fetches it", async ({ page }) => {
    const asked = await failOnce(page, /-export\.wasm$/);
    await openDefault(page, 20);
    const status = dialog(page, "Export").getByRole("status");
    await copyPython(page);
    await expect(status).toContainText("This part of the page could not be fetched");
    await expect(status).toContainText("Nothing was saved");
    await dialog(page, "Export").getByRole("button", { name: "Copy as Python" }).click();
    await expect(status).toContainText("Copied");
    expect(asked).toHaveLength(2);
  });
});
