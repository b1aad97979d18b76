// Nonsense in a field: it is refused with a reason beside the field, and nothing is lost. And runs
// that go wrong.
import { expect, open, test } from "./fixtures.mjs";
import {
  cards,
  constant,
  copyLink,
  eta,
  expectStep,
  fragment,
  objective,
  openAt,
  openDefault,
  readings,
  readingsOf,
  seek,
  start,
  stepOf,
  steps,
  type,
} from "./lab.mjs";

/** The message of a field. */
const message = (page, field) =>
  field.evaluate((element) => document.getElementById(element.getAttribute("aria-describedby"))?.id).then((id) => page.locator(`[id="${id}"][role=alert]`));

const nonsense = [
  ["η", (page) => eta(page, 1), "abc", /Expected a number such as 0\.3.*“abc”/],
  ["η", (page) => eta(page, 1), "", /Expected a number.*empty/],
  ["η", (page) => eta(page, 1), "1e999", /Expected a finite number/],
  ["η", (page) => eta(page, 1), "NaN", /Expected a finite number; got “NaN”/],
  ["η", (page) => eta(page, 1), "-1", /η must be above 0; got -1\./],
  ["η", (page) => eta(page, 1), "0", /η must be above 0; got 0\./],
  ["η", (page) => eta(page, 1), "0.3 0.4", /Expected a number/],
  ["η", (page) => eta(page, 1), "<b>1</b>", /got “<b>1<\/b>”/],
  ["the steps", steps, "0.5", /whole number of steps/],
  ["the steps", steps, "0", /whole number of steps, from 1 to 10.000.000/],
  ["the steps", steps, "-5", /whole number of steps/],
  ["the steps", steps, "1e30", /whole number|expected/i],
  ["the steps", steps, "99999999", /10\s?000\s?000|1e7|10000000/],
  ["the steps", steps, "", /empty/],
  ["the steps", steps, "10,000", /write 10000 or 10\.000/],
  ["the steps", steps, "10.000", /write 10000 or 10\./],
  ["η", (page) => eta(page, 1), "1.234,5", /write 1234\.5/],
  ["η", (page) => eta(page, 1), "1e-400", /too small/],
  ["the start", (page) => start(page, "x"), "1e200", /start x must be at most 1e150 in size/],
  ["the other start", (page) => start(page, "y"), "1e200", /start y must be at most 1e150 in size/],
  ["the start", (page) => start(page, "x"), "", /empty/],
  ["the start", (page) => start(page, "x"), "north", /“north”/],
  ["a parameter", (page) => page.locator("#objective-a"), "-7", /a must be /],
];

for (const [what, find, text, reason] of nonsense) {
  test(`“${text}” for ${what} is refused with a reason, nothing is lost, Escape brings the old value back`, async ({ page }) => {
    await openDefault(page, 90);
    const before = await readings(page);
    const link = await copyLink(page);
    const field = find(page);
    const old = await field.inputValue();

    await type(field, text);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(await message(page, field)).toContainText(reason);
    await expect(await message(page, field)).toBeVisible();
    await expect(field, "what was typed can be corrected").toHaveValue(text);
    expect(await stepOf(page)).toBe(90);
    const inField = (reading) => ({ ...reading, runs: reading.runs.map((run, index) => (index === 0 && what === "η" ? { ...run, η: "" } : run)) });
    expect(inField(await readings(page))).toEqual(inField(before));

    await field.press("Escape");
    await expect(field).toHaveValue(old);
    await expect(field).not.toHaveAttribute("aria-invalid");
    await expect(page.getByRole("alert")).toHaveCount(0);
    await field.press("Tab");
    await expect(field).toHaveValue(old);
    expect(await readings(page)).toEqual(before);
    expect(await copyLink(page)).toBe(link);
  });
}

test("nonsense is refused on leaving the field, too, and a number afterwards is taken", async ({ page }) => {
  await openDefault(page, 50);
  await eta(page, 1).fill("0,4x");
  await eta(page, 1).press("Tab");
  await expect(page.getByRole("alert")).toContainText("“0,4x”");
  await type(eta(page, 1), "0,4");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(eta(page, 1)).toHaveValue("0.4");
});

test("a refused text does not outlive what it was typed for: another objective has its own values", async ({ page }) => {
  await openDefault(page, 50);
  await type(start(page, "x"), "north");
  await expect(page.getByRole("alert")).toContainText("north");
  await objective(page).selectOption("rosenbrock");
  await expect(start(page, "x")).toHaveValue("-1.2");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a refused text gives way to a value that is set another way", async ({ page }) => {
  await openDefault(page, 50);
  await type(eta(page, 1), "abc");
  await expect(page.getByRole("alert")).toContainText("abc");
  await page.getByRole("slider", { name: "Step size of run 1" }).press("ArrowRight");
  await expect(eta(page, 1)).toHaveValue(/^0\.5\d*$/);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("numbers are read as people write them, and shown short", async ({ page }) => {
  await openAt(page, { objective: { name: "quadratic", curvatures: [1e-300, 1e-300] }, runs: [constant(0.1)], steps: 5000 }, 0);
  await expect(page.locator("#objective-curvatures")).toHaveValue("1e-300; 1e-300");
  await type(steps(page), "10 000");
  await expect(steps(page)).toHaveValue("10000");
  for (const [typed, shown] of [["0,5", "0.5"], ["1/8", "0.125"], ["2^-3", "0.125"], ["2.5·10⁻⁷", "2.5e-7"]]) {
    await type(eta(page, 1), typed);
    await expect(eta(page, 1), typed).toHaveValue(shown);
  }
});

test("lists are checked as numbers are", async ({ page }) => {
  await openAt(page, { objective: { name: "quadratic" }, runs: [constant(0.1)], steps: 50 }, 20);
  const before = await readings(page);
  const field = page.locator("#objective-curvatures");
  const old = await field.inputValue();
  for (const [text, reason] of [
    ["1; two", /“two”/],
    ["1; NaN", /“NaN”/],
    ["1; 1e300", /Each number of .* must be at most 1e150 in size; got 1e300/],
    ["", /expected|Expected/],
  ]) {
    await field.fill(text);
    await field.press("Enter");
    await expect(field, text).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByRole("alert"), text).toContainText(reason);
    expect(await readings(page)).toEqual(before);
  }
  await field.press("Escape");
  await expect(field).toHaveValue(old);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

for (const [what, experiment] of [
  ["far above 2/λ on the quadratic", { objective: { name: "quadratic" }, runs: [constant(3), constant(0.1)], steps: 400 }],
  ["η = 0.6 on the scalar factorization", { objective: { name: "scalar-factorization" }, start: [3, 0.5], runs: [constant(0.6), constant(0.21)], steps: 400 }],
]) {
  test(`a run that diverges says when and why, and the others go on: ${what}`, async ({ page }) => {
    await open(page, fragment(experiment));
    await expect(cards(page).nth(0).locator(".phase")).toHaveText("diverged");
    await page.getByRole("region", { name: "Charts" }).focus();
    await page.keyboard.press("End");
    await expect.poll(() => stepOf(page)).toBeGreaterThan(20);
    const ended = page.locator(".tick.ended");
    await expect(ended.first()).toBeAttached();
    await expect(cards(page).nth(1)).not.toContainText("diverged");
    expect((await readingsOf(page, 2))["λ₁"]).toMatch(/^\d/);
    const reason = cards(page).nth(0).locator(".end");
    await expect(reason).toBeVisible();
    await expect(reason).toContainText(/step \d+/);
    await expect(reason).toContainText(/diverged|overflow|infinite|finite|grew|beyond|threshold|2\/η/i);
    // Before its end it shows its numbers as ever.
    await seek(page, 1);
    expect((await readingsOf(page, 1))["λ₁"]).toMatch(/^\d/);
    await expect(cards(page).nth(0).locator(".phase")).not.toContainText("diverged");
  });
}

test("a run that has diverged goes on from there with a smaller η", async ({ page }) => {
  await open(page, fragment({ objective: { name: "quadratic" }, runs: [constant(3), constant(0.1)], steps: 400 }, "&step=300"));
  const phase = cards(page).nth(0).locator(".phase");
  await expect(phase).toHaveText("diverged");
  await seek(page, 3);
  await type(eta(page, 1), "0.1");
  await expect(phase).not.toHaveText("diverged");
  await page.getByRole("region", { name: "Charts" }).focus();
  await page.keyboard.press("End");
  await expect.poll(() => stepOf(page)).toBeGreaterThan(50);
  await expect(phase).toHaveText("converged");
});
