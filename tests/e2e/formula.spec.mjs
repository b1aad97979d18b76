// A student types a formula of her own and descends it.
import { copyLink, cards, expectStep, experimentOf, objective, openDefault, policy, readings, seek, start, type } from "./lab.mjs";
import { expect, open, test } from "./fixtures.mjs";

const field = (page) => page.getByRole("textbox", { name: "the formula" });
const parameter = (page, name) => page.getByRole("slider", { name: `Parameter ${name}` });

/** The default scene with the objective “Your own formula”, paused at step 40. */
async function openFormula(page) {
  await openDefault(page, 0);
  await objective(page).selectOption("formula");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await seek(page, 40);
}

test("a typed formula is descended, and its numbers are those of the built-in objective", async ({ page }) => {
  await openFormula(page);
  await type(field(page), "log(cosh(x*y)) + 0.05/2*(y - 3)^2");
  await type(start(page, "x"), "0.001");
  await type(start(page, "y"), "1");
  await seek(page, 0);
  const { runs } = await readings(page);
  // λ₁ = y² at the river’s bed, and so 1 at the start (to the four digits that are shown).
  expect(runs[0]["λ₁"]).toBe("1");
  expect((await experimentOf(page)).objective.expression).toBe("log(cosh(x*y)) + 0.05/2*(y - 3)^2");
});

test("a slider changes its parameter in the text, and the picture in place", async ({ page }) => {
  await openFormula(page);
  const before = await readings(page);
  await parameter(page, "b").fill("600");
  await expect(field(page)).toHaveValue(/b = 12 \[0, 20\]/);
  await expectStep(page, 40);
  await expect.poll(async () => (await readings(page)).runs[0]["λ₁"]).not.toBe(before.runs[0]["λ₁"]);
});

test("a faulty formula is refused with the column and what was expected, and nothing is lost", async ({ page }) => {
  await openFormula(page);
  const before = await readings(page);
  const text = await field(page).inputValue();
  for (const [formula, message] of [
    ["x + * y", /column 5: expected a number, a name/],
    ["2x", /column 2: expected an operator before it/],
    ["x + w", /column 5: expected a variable or parameter/],
    ["alert(1)", /column 1: expected one of the functions/],
    ["", /column 1: expected a formula/],
    ["x +".repeat(40_000), /at most 1000 characters/],
  ]) {
    await type(field(page), formula);
    await expect(page.getByRole("alert").filter({ hasText: message })).toBeVisible();
    await expect(field(page)).toHaveAttribute("aria-invalid", "true");
  }
  expect(await readings(page)).toEqual(before);
  await field(page).press("Escape");
  await expect(field(page)).toHaveValue(text);
  await expect(field(page)).not.toHaveAttribute("aria-invalid", "true");
});

test("the formula decides how many variables there are", async ({ page }) => {
  await openFormula(page);
  await type(field(page), "f(u) = (u^2 - 1)^2/4");
  await expect(page.getByRole("figure", { name: "Graph of f" })).toBeVisible();
  await type(field(page), "f(x1 … x4) = (x1*x2*x3*x4 - 1)^2/2");
  await expect(page.getByRole("figure", { name: "Coordinates" })).toBeVisible();
  await expect(cards(page)).toHaveCount(3);
});

test("a formula that is NaN everywhere ends its runs by name", async ({ page }) => {
  await openFormula(page);
  await type(field(page), "log(-1 - x^2)");
  await expect(page.locator(".policy .phase").first()).toHaveText("diverged");
});

test("the link restores a formula, odd characters included", async ({ page, context }) => {
  await openFormula(page);
  await type(field(page), "f(x, y) = (x² − 1)²/4 + 3·y^2; a = 1 [0, 2]");
  await seek(page, 25);
  const link = await copyLink(page);
  const before = await readings(page);
  const other = await context.newPage();
  await open(other, new URL(link).hash);
  await expectStep(other, 25);
  expect(await readings(other)).toEqual(before);
});

test("a typed rule chooses the steps, and a faulty one is refused", async ({ page }) => {
  await openDefault(page, 0);
  await policy(page, 1).selectOption("expression");
  await cards(page).first().locator("summary").click();
  const rule = page.getByRole("textbox", { name: "the rule for the step size of run 1" });
  await type(rule, "1.5/lambda");
  await seek(page, 30);
  await expect.poll(async () => (await readings(page)).runs[0]["η·λ₁"]).toBe("1.5");
  const before = await readings(page);
  await type(rule, "1.5/sharpness");
  await expect(page.getByRole("alert").filter({ hasText: /column 5: expected a variable or parameter \(k, f,/ })).toBeVisible();
  await rule.press("Escape");
  expect(await readings(page)).toEqual(before);
});
