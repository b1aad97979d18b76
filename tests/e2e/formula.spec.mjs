// A student types a formula of her own and descends it.
import { spawnSync } from "node:child_process";

import { cards, constant, copyLink, expectStep, experimentOf, objective, openAt, openDefault, policy, readings, readingsOf, seek, start, type } from "./lab.mjs";
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

test("while somebody types, the field says that nothing is shown yet, and what is still wrong", async ({ page }) => {
  await openFormula(page);
  const hint = page.locator(".formula-field .hint");
  await expect(hint).toHaveCount(0);
  await field(page).fill("x^2 + 2*y^2");
  await expect(hint).toContainText("press Enter");
  await field(page).fill("x^2 + q*");
  await expect(hint).toContainText("So far: at column");
  await type(field(page), "x^2 + w");
  await expect(page.getByRole("alert").filter({ hasText: "column" })).toBeVisible();
  // What was refused is no longer said of another text.
  await field(page).fill("");
  await expect(page.getByRole("alert").filter({ hasText: "column" })).toHaveCount(0);
  await expect(hint).toContainText("Empty");
  await type(field(page), "x^2 + 2*y^2");
  await expect(hint).toHaveCount(0);
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

for (const [what, make] of [
  ["is compiled in the page", "new kind(...given)"],
  ["goes on interpreted where the browser compiles nothing", "(() => { throw new RangeError('no') })()"],
]) {
  test(`a typed formula that runs long ${what}, and its numbers are the command line's`, { tag: "@chromium" }, async ({ page }) => {
    test.skip(process.env.FLATLAND_COMMAND === undefined, "FLATLAND_COMMAND does not name the command line");
    // Workers count how often they ask for a module.
    await page.route("**/worker.js", async (route) => {
      const response = await route.fetch();
      const counted = `self.asked = 0; WebAssembly.Module = new Proxy(WebAssembly.Module, { construct: (kind, given) => (self.asked += 1, ${make}) });`;
      await route.fulfill({ response, body: `${counted}\n${await response.text()}` });
    });
    // Chaotic but bounded: a single different bit would grow until nothing is alike.
    const chaos = { objective: { name: "formula", expression: "f(x) = 1/4*(x^2 - 1)^2 + logcosh(x)/100" }, start: [0.3], runs: [constant(1.7)], steps: 8000 };
    await openAt(page, chaos, 8000);
    const asked = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.asked)));
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(1);
    const command = spawnSync(process.env.FLATLAND_COMMAND, ["run", "-"], { input: JSON.stringify({ version: 1, ...chaos }), maxBuffer: 1 << 26 });
    const [names, ...rows] = command.stdout.toString().trim().split("\n").map((line) => line.split(","));
    const last = Object.fromEntries(names.map((name, i) => [name, Number(rows.at(-1)[i])]));
    expect(last.step).toBe(8000);
    // To the digits that are shown.
    const shown = await readingsOf(page, 1);
    expect(Number(shown["λ₁"].replace("−", "-"))).toBeCloseTo(last.sharpness, 2);
    expect(Number(shown.loss) / last.loss).toBeCloseTo(1, 2);
  });
}
