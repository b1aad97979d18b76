// Reading without seeing: the crosshair by keyboard, charts as tables, and what happened as a list.
import { expect, test } from "./fixtures.mjs";
import { cards, constant, expectStep, openAt, openDefault, stepOf } from "./lab.mjs";

const crosshair = (page, name) => page.getByRole("slider", { name: `Crosshair in ${name}` });
const dialog = (page, name) => page.getByRole("dialog", { name });

test("the arrows move a chart’s crosshair and say what it meets, and time stays", async ({ page }) => {
  await openDefault(page, 100);
  const cursor = crosshair(page, "Loss f");
  await cursor.focus();
  await expect(cursor).toHaveAttribute("aria-valuenow", "100");
  await page.keyboard.press("ArrowLeft");
  await expect(cursor).toHaveAttribute("aria-valuenow", "99");
  await expect(cursor).toHaveAttribute("aria-valuetext", /^step 99\. Constant step η = 0\.5: 0\.\d+; Constant step η = 0\.35: /);
  await expect(page.locator(".readout:not([hidden])")).toContainText("step 99");
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(cursor).toHaveAttribute("aria-valuenow", "89");
  await page.keyboard.press("PageDown");
  await expect(cursor).toHaveAttribute("aria-valuenow", "79");
  await page.keyboard.press("Home");
  await expect(cursor).toHaveAttribute("aria-valuenow", "0");
  await page.keyboard.press("ArrowLeft");
  await expect(cursor).toHaveAttribute("aria-valuenow", "0");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  await expect(cursor).toHaveAttribute("aria-valuenow", "100");
  expect(await stepOf(page)).toBe(100);

  // Enter shows and pins the step, as a click does; leaving the chart keeps the pin.
  for (let i = 0; i < 4; i += 1) await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Enter");
  await expectStep(page, 60);
  await cursor.blur();
  await expect(page.locator(".is-slot0 .readout")).toContainText("step 60");
  await page.keyboard.press("Escape");
  await expect(page.locator(".is-slot0 .readout")).toBeHidden();
});

test("a zoomed chart’s crosshair stays within what is seen", async ({ page }) => {
  await openDefault(page, 100);
  await openAt(page, { objective: { name: "river" }, start: [0.001, 1], runs: [constant(0.5)], steps: 200 }, 150, "&view=zoom:40~60");
  await crosshair(page, "Sharpness").focus();
  await expect(crosshair(page, "Sharpness")).toHaveAttribute("aria-valuenow", "60");
  await page.keyboard.press("Home");
  await expect(crosshair(page, "Sharpness")).toHaveAttribute("aria-valuetext", /^step 40\. Constant step η = 0\.5, λ₁: .*, 2\/η: 4$/);
});

test("every chart is a table on demand, with both sides of an oscillation", async ({ page }) => {
  await openAt(page, { objective: { name: "quadratic", curvatures: [1] }, start: [1], runs: [constant(1.6), constant(0.5)], steps: 40 }, 20);
  await page.getByRole("button", { name: "Loss f as a table" }).click();
  const table = dialog(page, "Loss f").getByRole("table");
  await expect(table.getByRole("columnheader")).toHaveText(["step", "Constant step η = 1.6", "Constant step η = 0.5"]);
  await expect(table.getByRole("rowheader")).toHaveText(Array.from({ length: 21 }, (_, k) => String(k)));
  // ½(1 − η)²ᵏ.
  await expect(table.locator("tbody tr").nth(2).getByRole("cell")).toHaveText(["0.0648", "0.03125"]);
  await page.keyboard.press("Escape");
  await expect(dialog(page, "Loss f")).toHaveCount(0);

  await openAt(page, { objective: { name: "quadratic" }, runs: [constant(0.01)], stop: { gradient_norm: 0 }, steps: 5000 }, 5000);
  await page.getByRole("button", { name: "Sharpness λ₁ and threshold 2/η as a table" }).click();
  const steps = (await dialog(page, "Sharpness").getByRole("rowheader").allTextContents()).map((text) => Number(text.replace(/\D/g, "")));
  expect(steps.length).toBeLessThanOrEqual(124);
  expect(steps.at(-1)).toBe(await stepOf(page));
  expect((steps[1] - steps[0]) % 2, "even and odd steps take turns").toBe(1);
});

test("what happened is a list, and a click goes there", async ({ page }) => {
  await openDefault(page, 300);
  await page.getByRole("button", { name: "All events" }).click();
  const list = dialog(page, "What happened").getByRole("listitem");
  const crossed = list.filter({ hasText: /Constant step η = 0\.5 crossed its threshold: η·λ₁ was 2\.\d+/ }).first();
  await expect(crossed).toBeVisible();
  const steps = (await list.locator(".share-step").allTextContents()).map(Number);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  const step = Number(await crossed.locator(".share-step").textContent());
  await crossed.getByRole("button").click();
  await expect(dialog(page, "What happened")).toHaveCount(0);
  await expectStep(page, step);
  await page.keyboard.press("v");
  await expect(dialog(page, "What happened")).toBeVisible();
  await page.keyboard.press("v");
  await expect(dialog(page, "What happened")).toHaveCount(0);
});

test("a flow can be laid over a run: the central flow keeps to the threshold that gradient flow passes", async ({ page }) => {
  await openDefault(page, 400);
  await cards(page).nth(0).locator("summary").click();
  await page.getByRole("button", { name: "+ gradient flow" }).click();
  await page.getByRole("button", { name: "+ central flow" }).click();
  await expect(cards(page)).toHaveCount(5);
  await expect(page.getByRole("combobox", { name: "Horizontal axis of all charts" }).first()).toHaveValue("time");
  const sharpness = async (run) => Number(await cards(page).nth(run).locator(".readings > div").nth(2).locator(".value").textContent());
  await expect.poll(() => sharpness(4)).toBeCloseTo(4, 1);
  await expect.poll(() => sharpness(3)).toBeGreaterThan(4.5);
});
