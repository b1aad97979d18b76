// A first visit: the scene that plays by itself, and what a person does with time and with the
// runs.
import { expect, open, test } from "./fixtures.mjs";
import {
  cards,
  eta,
  expectBeyond,
  expectStep,
  experimentOf,
  frames,
  openDefault,
  pause,
  play,
  policy,
  readings,
  readingsOf,
  scrubber,
  seek,
  stepOf,
  steps,
  type,
} from "./lab.mjs";

const add = (page) => page.getByRole("combobox", { name: "Add a policy" });
const marks = (page) => page.locator(".tick.changed");

test("the default scene plays by itself, and within three seconds a run has crossed its threshold", async ({ page }) => {
  await open(page);
  await expect(page.getByText(/crossed 2\/η at step \d+|above 2\/η from the first step/)).toBeVisible({ timeout: 3_000 });
  await expect(page.locator(".tick.crossed").first()).toBeAttached();
  await expectBeyond(page, await stepOf(page));
  await expect(pause(page)).toBeVisible();
});

test("the default scene ends at its last step, and playing again begins at the first", async ({ page }) => {
  await open(page);
  await page.getByRole("slider", { name: "Speed", exact: true }).fill("10");
  await expectStep(page, 500);
  await expect(play(page)).toBeVisible();
  await play(page).click();
  await expect.poll(() => stepOf(page)).toBeLessThan(500);
  await expectStep(page, 500);
});

test("pause holds time at once, and play lets it go on", async ({ page }) => {
  await open(page);
  await expectBeyond(page, 10);
  await pause(page).click();
  const held = await readings(page);
  await frames(page, 20);
  expect(await readings(page)).toEqual(held);
  await play(page).click();
  await expectBeyond(page, Number(held.step));
});

test("a new η takes effect from the step shown on, leaves a mark, and leaves alone what lies before and the other runs", async ({ page }) => {
  await openDefault(page, 150);
  const after = [await readingsOf(page, 1), await readingsOf(page, 2), await readingsOf(page, 3)];
  await seek(page, 60);
  const before = await readings(page);
  await seek(page, 100);
  await type(eta(page, 1), "0.62");

  await expect(marks(page)).toHaveCount(1);
  const { runs } = await experimentOf(page);
  expect(runs[0]).toEqual({ policy: { name: "constant", eta: 0.5 }, changes: [{ step: 100, policy: { name: "constant", eta: 0.62 } }] });
  expect(runs[1].changes).toBeUndefined();

  await seek(page, 60);
  expect(await readings(page)).toEqual(before);
  await seek(page, 150);
  const then = [await readingsOf(page, 1), await readingsOf(page, 2), await readingsOf(page, 3)];
  expect(then[0].η).toBe("0.62");
  expect(then[0].loss).not.toBe(after[0].loss);
  expect(then.slice(1)).toEqual(after.slice(1));
});

test("at step 0 a new η is how the run begins: there is no mark", async ({ page }) => {
  await openDefault(page, 0);
  await type(eta(page, 1), "0.4");
  await expect(eta(page, 1)).toHaveValue("0.4");
  const { runs } = await experimentOf(page);
  expect(runs[0]).toEqual({ policy: { name: "constant", eta: 0.4 } });
  await seek(page, 50);
  await expect(marks(page)).toHaveCount(0);
  expect((await readingsOf(page, 1)).η).toBe("0.4");
});

test("after the end a new η begins the runs again with it and plays, and a word and a button say so", async ({ page }) => {
  await openDefault(page, 500);
  await expect(play(page)).toBeVisible();
  await page.getByRole("slider", { name: "Speed", exact: true }).fill("9");
  await type(eta(page, 1), "0.45");
  await expect(page.getByRole("status").filter({ hasText: "All runs were over: they begin again, now with Constant step η = 0.45." })).toBeVisible();
  await expect(pause(page)).toBeVisible();
  await expect(eta(page, 1)).toHaveValue("0.45");
  await expectStep(page, 500);
  await expect(play(page)).toBeVisible();
  const { runs } = await experimentOf(page);
  expect(runs[0]).toEqual({ policy: { name: "constant", eta: 0.45 } });
  expect(runs[1]).toEqual({ policy: { name: "constant", eta: 0.35 } });
  // Playing again throws nothing away.
  await play(page).click();
  await expect(pause(page)).toBeVisible();
  await expect(eta(page, 1)).toHaveValue("0.45");
  await expect(marks(page)).toHaveCount(0);
});

test("instead of a restart the runs can go on from the end with more steps", async ({ page }) => {
  await openDefault(page, 500);
  await page.getByRole("slider", { name: "Speed", exact: true }).fill("9");
  const before = await readingsOf(page, 1);
  await page.getByRole("slider", { name: "Step size of run 1" }).press("ArrowLeft");
  const shown = Number(await eta(page, 1).inputValue());
  await page.getByRole("button", { name: "Go on from step 500 to 1000 instead" }).click();
  await expect(steps(page)).toHaveValue("1000");
  await expectBeyond(page, 500);
  await expect(marks(page)).toHaveCount(1);
  const { runs } = await experimentOf(page);
  expect(runs[0]).toEqual({ policy: { name: "constant", eta: 0.5 }, changes: [{ step: 500, policy: { name: "constant", eta: shown } }] });
  await expectStep(page, 1000);
  await seek(page, 499);
  expect((await readingsOf(page, 1)).η).toBe("0.5");
  // One edit, one step back.
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(steps(page)).toHaveValue("500");
  await expectStep(page, 500);
  expect(await readingsOf(page, 1)).toEqual(before);
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
});

test("the slider of a run sets η as typing does", async ({ page }) => {
  await openDefault(page, 100);
  const slider = page.getByRole("slider", { name: "Step size of run 2" });
  await slider.press("ArrowRight");
  await slider.press("ArrowRight");
  await expect(eta(page, 2)).not.toHaveValue("0.35");
  const shown = Number(await eta(page, 2).inputValue());
  expect(shown).toBeGreaterThan(0.35);
  const { runs } = await experimentOf(page);
  expect(runs[1].changes).toEqual([{ step: 100, policy: { name: "constant", eta: shown } }]);
});

test("reset goes back to the start with the policies of now and without marks", async ({ page }) => {
  await openDefault(page, 100);
  await type(eta(page, 1), "0.62");
  await expect(marks(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Reset to the start" }).click();
  await expectStep(page, 0);
  await expect(marks(page)).toHaveCount(0);
  await expect(eta(page, 1)).toHaveValue("0.62");
  const { runs } = await experimentOf(page);
  expect(runs[0]).toEqual({ policy: { name: "constant", eta: 0.62 } });
});

test("a policy that is added starts where the others did, catches up at once, and can be removed again", async ({ page }) => {
  await openDefault(page, 200);
  const before = await readings(page);
  for (const [index, name] of ["Nonmonotone line search", "Polyak step", "Adaptive gradient descent"].entries()) {
    await add(page).selectOption({ label: name });
    await expect(cards(page)).toHaveCount(4 + index);
    await expect(policy(page, 4 + index).locator("option:checked")).toHaveText(name);
    await expect.poll(async () => (await readingsOf(page, 4 + index))["λ₁"]).toMatch(/^\d/);
  }
  expect(await stepOf(page)).toBe(200);
  // The same policy as the third run's from the same start: the same numbers.
  const [third, fourth] = [await readingsOf(page, 3), await readingsOf(page, 4)];
  expect({ ...fourth, fields: undefined }).toEqual({ ...third, fields: undefined });
  await seek(page, 0);
  expect((await readings(page)).places.match(/is at \(0\.001, 1\)/g)).toHaveLength(6);

  await seek(page, 200);
  for (const name of ["Adaptive gradient descent", "Polyak step", "Nonmonotone line search"]) {
    const last = await cards(page).count();
    await page.getByRole("button", { name: `Remove run ${last}, ${name}` }).click();
    await expect(cards(page)).toHaveCount(last - 1);
  }
  expect(await readings(page)).toEqual(before);
});

test("eight policies are the most, and the page says so; the last one stays", async ({ page }) => {
  await openDefault(page, 20);
  for (let count = 4; count <= 8; count += 1) {
    await add(page).selectOption({ label: "Constant step" });
    await expect(cards(page)).toHaveCount(count);
  }
  await expect(page.getByText("Eight policies are the most")).toBeVisible();
  await expect(add(page)).toHaveCount(0);
  const { runs } = await experimentOf(page);
  expect(runs).toHaveLength(8);
  for (let count = 7; count >= 1; count -= 1) {
    await page.getByRole("button", { name: /^Remove run 1,/ }).click();
    await expect(cards(page)).toHaveCount(count);
  }
  await expect(page.getByRole("button", { name: /^Remove run/ })).toHaveCount(0);
  await expect(add(page)).toBeVisible();
  await expect.poll(async () => (await readingsOf(page, 1))["λ₁"]).toMatch(/^\d/);
});

test("stepping back shows the very numbers of the earlier step, by every way there is", async ({ page }) => {
  await openDefault(page, 140);
  const [zero, here] = [[], await readings(page)];
  await seek(page, 0);
  zero.push(await readings(page));
  await seek(page, 140);

  const forward = page.getByRole("button", { name: "One step forward" });
  const back = page.getByRole("button", { name: "One step back" });
  for (let i = 1; i <= 10; i += 1) {
    await forward.click();
    await expectStep(page, 140 + i);
  }
  expect(await readings(page)).not.toEqual(here);
  for (let i = 9; i >= 0; i -= 1) {
    await back.click();
    await expectStep(page, 140 + i);
  }
  expect(await readings(page)).toEqual(here);

  await page.getByRole("region", { name: "Charts" }).focus();
  await page.keyboard.press("End");
  await expectStep(page, 500);
  await seek(page, 140);
  expect(await readings(page)).toEqual(here);
  await page.getByRole("region", { name: "Charts" }).focus();
  await page.keyboard.press("Home");
  await expectStep(page, 0);
  expect(await readings(page)).toEqual(zero[0]);
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowLeft");
  await expectStep(page, 0);
  expect(await readings(page)).toEqual(zero[0]);
});

test("a click on a chart shows that step, and the readout tells its numbers", async ({ page }) => {
  await openDefault(page, 200);
  const figure = page.getByRole("figure", { name: /^Product/ });
  const canvas = figure.getByRole("img");
  const { width, height } = await canvas.boundingBox();
  // The plot lies between margins of 40 and 52 pixels.
  const position = { x: 40 + (width - 92) / 2, y: height / 2 };
  await canvas.hover({ position });
  const table = figure.getByRole("table");
  await expect(table.getByRole("columnheader", { name: "step 100" })).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(4);
  const row = await table.getByRole("row").nth(1).getByRole("cell").allTextContents();
  await canvas.click({ position });
  await expectStep(page, 100);
  const run = await readingsOf(page, 1);
  expect([row[0], ...row.slice(2)]).toEqual([run.loss, run["λ₁"], run.η, run["η·λ₁"]]);
});

test("fewer and more steps: what has been computed stays", async ({ page }) => {
  await openDefault(page, 80);
  const before = await readings(page);
  await type(steps(page), "100");
  await page.getByRole("region", { name: "Charts" }).focus();
  await page.keyboard.press("End");
  await expectStep(page, 100);
  await type(steps(page), "700");
  await expect(scrubber(page)).toHaveAttribute("max", "700");
  await seek(page, 80);
  expect(await readings(page)).toEqual(before);
  await seek(page, 700);
  expect((await experimentOf(page)).steps).toBe(700);
});
