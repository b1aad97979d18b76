// The score table: what somebody who compares methods does with it.
import { readFile } from "node:fs/promises";

import { expect, test } from "./fixtures.mjs";
import { constant, openAt, openDefault, seek } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const dialog = (page) => page.getByRole("dialog", { name: "Scores" });
const table = (page) => dialog(page).getByRole("table");
const head = (page, name) => table(page).getByRole("columnheader", { name });
const names = (page) => table(page).getByRole("rowheader").allTextContents();
const cells = async (page, column) => {
  const heads = await table(page).getByRole("columnheader").allTextContents();
  const index = heads.findIndex((text) => text.startsWith(column));
  return table(page).locator("tbody tr").evaluateAll((rows, i) => rows.map((row) => row.children[i].textContent), index);
};

/** Constant steps on a parabola, whose every number has a closed form: the loss is ½(1 − η)²ᵏ. The third diverges. */
const parabola = { objective: { name: "quadratic", curvatures: [1] }, start: [1], runs: [constant(0.5), constant(1.6), constant(2.5)], steps: 40 };

test("the scores of a parabola are those of its closed form, up to the step shown", async ({ page }) => {
  await openAt(page, parabola, 12);
  await page.getByRole("button", { name: "Scores" }).click();
  await expect(table(page)).toContainText("Quadratic, steps 0 to 12");
  expect(await cells(page, "Steps to 0.01")).toEqual(["3", "4", "–"]);
  // A constant step pays one gradient a step.
  expect(await cells(page, "Calls to 0.01")).toEqual(["3", "4", "–"]);
  expect(await cells(page, "Final λ₁")).toEqual(["1", "1", "1"]);
  expect(await cells(page, "Steps with ηλ₁ > 2")).toEqual(["0.0 %", "0.0 %", "100.0 %"]);
  expect(await cells(page, "Steps uphill")).toEqual(["0.0 %", "0.0 %", "100.0 %"]);
  const [final] = await cells(page, "Final loss");
  expect(final).toBe("2.98·10⁻⁸");
});

test("a click on a head sorts, another one turns the order; what does not exist stands last", async ({ page }) => {
  await openAt(page, parabola, 30);
  await page.keyboard.press("c");
  await head(page, /^Final loss/).getByRole("button").click();
  await expect(head(page, /^Final loss/)).toHaveAttribute("aria-sort", "ascending");
  const ascending = await names(page);
  await page.keyboard.press("Enter");
  await expect(head(page, /^Final loss/)).toHaveAttribute("aria-sort", "descending");
  expect(await names(page)).toEqual(ascending.reverse());
  await head(page, /^Steps to 10⁻⁴/).getByRole("button").click();
  expect((await cells(page, "Steps to 10⁻⁴")).at(-1)).toBe("–");
  await head(page, /^Steps to 10⁻⁴/).getByRole("button").click();
  expect((await cells(page, "Steps to 10⁻⁴")).at(-1)).toBe("–");
  await page.keyboard.press("c");
  await expect(dialog(page)).toHaveCount(0);
});

test("levels can be typed; what is no level is said and changes nothing", async ({ page }) => {
  await openAt(page, parabola, 30);
  await page.keyboard.press("c");
  const field = dialog(page).getByRole("textbox", { name: "Levels" });
  await field.fill("0.1, tiny");
  await field.press("Tab");
  await expect(dialog(page).getByRole("alert")).toContainText("“tiny”");
  await expect(head(page, /^Steps to 0.01/)).toBeVisible();
  await field.fill("0.1");
  await field.press("Tab");
  await expect(dialog(page).getByRole("alert")).toHaveText("");
  expect(await cells(page, "Steps to 0.1")).toEqual(["2", "2", "–"]);
  await expect(head(page, /^Steps to 0.01/)).toHaveCount(0);
});

test("the table leaves as CSV and as Markdown", async ({ page }) => {
  await openDefault(page, 200);
  await page.keyboard.press("c");
  const saved = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "Save CSV" }).click();
  const lines = (await readFile(await (await saved).path(), "utf8")).trim().split("\n");
  expect(lines[0]).toMatch(/^run,name,final_loss,best_loss,worst_loss_after_10,steps_to_0.01,/);
  expect(lines).toHaveLength(4);
  expect(lines.every((line) => line.split(",").length === lines[0].split(",").length)).toBe(true);
  await dialog(page).getByRole("button", { name: "Copy as Markdown" }).click();
  await expect(dialog(page).getByRole("status")).toContainText("Copied");
  const markdown = (await page.evaluate(() => navigator.clipboard.readText())).trim().split("\n");
  expect(markdown).toHaveLength(5);
  expect(markdown[2]).toMatch(/^\| Constant step η = 0.5 \| /);
});

test("the table follows the step shown furthest, and stays inside a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openDefault(page, 100);
  await page.keyboard.press("c");
  await expect(table(page)).toContainText("steps 0 to");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  await page.keyboard.press("Escape");
  await seek(page, 400);
  await page.keyboard.press("c");
  await expect(table(page)).toContainText("steps 0 to 400");
});
