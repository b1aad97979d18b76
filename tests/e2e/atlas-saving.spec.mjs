// Maps to take away: pictures in any size, and numbers.
import { readFileSync } from "node:fs";

import { FACTORIZATION, WELL, across, field, finished, map, openAtlas, room } from "./atlas.mjs";
import { expect, test } from "./fixtures.mjs";

// Without a graphics card the browser says so on the console.
test.use({ allowed: /No available adapters/ });

/** What a button saves: its name, and its bytes. */
async function saved(page, button) {
  const download = page.waitForEvent("download");
  await room(page).getByRole("button", { name: button, exact: true }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** Width and height of a PNG. */
const sizeOf = (png) => [png.readUInt32BE(16), png.readUInt32BE(20)];

/** Has what is saved computed with so many pixels. */
async function chooseSize(page, width, height) {
  await field(page, "width").fill(String(width));
  await field(page, "height").fill(String(height));
  await field(page, "height").press("Enter");
}

test("a map leaves as a picture, in the size that is wanted", async ({ page }) => {
  await openAtlas(page, WELL);
  const { name, bytes } = await saved(page, "Save PNG");
  expect(name).toBe("flatland-double-well-map.png");
  const shown = await map(page).evaluate((canvas) => [canvas.width, canvas.height]);
  const [width, height] = sizeOf(bytes);
  expect(width > 0.9 * shown[0] && height > shown[1], "with its words around it").toBe(true);
  await chooseSize(page, 1600, 400);
  // 1600 pixels are as wide as 800 of the page: all words are twice as large, and 64 and 24 of them
  // lie beside the map.
  expect(sizeOf((await saved(page, "PNG")).bytes)[0]).toBe(1600 + 2 * (64 + 24));
  await field(page, "width").fill("12.5");
  await room(page).getByRole("button", { name: "PNG", exact: true }).click();
  await expect(room(page).getByRole("alert")).toContainText("Width must be a whole number of pixels");
  await field(page, "width").fill("9000");
  await room(page).getByRole("button", { name: "PNG", exact: true }).click();
  await expect(room(page).locator(".share-status")).toContainText("1 to 8192 pixels a side");
});

test("all maps leave together, and their numbers for NumPy and as text", async ({ page }) => {
  await openAtlas(page, FACTORIZATION);
  await across(page).getByRole("combobox").selectOption("start[1]");
  await finished(page);
  await field(page, "Policy").selectOption("all");
  await finished(page);
  await chooseSize(page, 400, 300);
  expect(sizeOf((await saved(page, "PNG")).bytes)[0], "both maps, side by side").toBe(2 * (400 + 64) + 24);
  await field(page, "Policy").selectOption("0");
  await finished(page);
  await chooseSize(page, 7, 5);
  const npy = await saved(page, "NPY");
  expect(npy.name).toBe("flatland-scalar-factorization-map.npy");
  const begin = 10 + npy.bytes.readUInt16LE(8);
  expect(npy.bytes.subarray(10, begin).toString()).toContain("'shape': (5, 7, 4)");
  expect(npy.bytes.length - begin).toBe(4 * 5 * 7 * 4);
  const csv = await saved(page, "CSV");
  const rows = csv.bytes.toString().trim().split("\n");
  expect(rows[0]).toBe("x,y,fate,number,last_1,last_2");
  expect(rows).toHaveLength(1 + 5 * 7);
  // Both say the same of the last pixel, and it is where the axes end.
  const [x, , fate, , last] = rows.at(-1).split(",").map(Number);
  expect(fate).toBe(npy.bytes.readFloatLE(npy.bytes.length - 16));
  expect(Math.fround(last)).toBe(npy.bytes.readFloatLE(npy.bytes.length - 8));
  const [from, to] = [await across(page).getByLabel("from").inputValue(), await across(page).getByLabel("to", { exact: true }).inputValue()].map(Number);
  expect(x).toBeCloseTo(to - (to - from) / 14, 6);
});
