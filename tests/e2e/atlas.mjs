// The Atlas as a person sees it, for stories about it.
import { expect } from "./fixtures.mjs";
import { constant, openAt } from "./lab.mjs";

/** The double well, and two policies on a factorization. */
export const WELL = { objective: { name: "double-well" }, start: [0.3], runs: [constant(1.1)], steps: 300 };
export const FACTORIZATION = { objective: { name: "scalar-factorization" }, start: [3, 0.5], runs: [constant(0.3), { policy: { name: "nonmonotone-line-search" } }], steps: 100 };

/** The room, its first map, a field by its name, and the fields of the axis across. */
export const room = (page) => page.getByRole("dialog", { name: "Atlas" });
export const map = (page) => room(page).locator("canvas").first();
export const field = (page, name) => room(page).getByLabel(name, { exact: true });
export const across = (page) => room(page).getByRole("group", { name: "Across" });
/** The line that says who computes, and how fast. */
export const status = (page) => room(page).locator(".atlas-way");

/** Waits until the map is there, and whole. */
export async function finished(page) {
  await expect(room(page).locator("progress")).toBeAttached();
  await expect(room(page).locator("progress")).toBeHidden({ timeout: 30_000 });
  await expect(status(page)).toContainText("steps a second", { timeout: 30_000 });
}

/** Opens an experiment and the Atlas over it. */
export async function openAtlas(page, experiment, rest = "") {
  await openAt(page, experiment, 0, rest);
  await page.getByRole("button", { name: "Atlas" }).click();
  await expect(room(page)).toBeVisible();
  await finished(page);
}

/** The colors of the map at shares of its width and height. */
export const colors = (page, places) =>
  map(page).evaluate((canvas, places) => {
    // A copy to read from: reading the page's own canvas would slow it.
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const ratio = canvas.width / canvas.clientWidth;
    const [left, top, width, height] = [54, 24, canvas.clientWidth - 64, canvas.clientHeight - 62];
    return places.map(([x, y]) => [...context.getImageData(Math.floor((left + x * width) * ratio), Math.floor((top + y * height) * ratio), 1, 1).data].slice(0, 3).join(","));
  }, places);

/** Where a share of the map is on the screen. */
export async function pointAt(page, x, y) {
  const box = await map(page).boundingBox();
  return { x: box.x + 54 + x * (box.width - 64), y: box.y + 24 + y * (box.height - 62) };
}

/** What the room says of the point under the pointer. */
export async function hover(page, x, y) {
  const point = await pointAt(page, x, y);
  await page.mouse.move(point.x, point.y);
  return room(page).locator(".atlas-readout").textContent();
}

/** Types where the axis across begins and ends. */
export async function rangeAcross(page, from, to) {
  await across(page).getByLabel("from").fill(String(from));
  await across(page).getByLabel("from").press("Enter");
  await across(page).getByLabel("to", { exact: true }).fill(String(to));
  await across(page).getByLabel("to", { exact: true }).press("Enter");
  await finished(page);
}
