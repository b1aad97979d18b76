// The axes of losses that are hard to show: negative ones, and those that hardly move.
import { expect, open, test } from "./fixtures.mjs";
import { chart, constant, copyLink, expectStep, fragment, openAt, pixelsOf } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const own = (expression, start, eta, steps = 60) => ({ objective: { name: "formula", expression }, start, runs: [constant(eta)], steps, stop: { loss: 1e300 } });

test("a loss below 0 is drawn on a linear axis that says so, and f − f_best is offered, kept by the link", async ({ page }) => {
  await openAt(page, own("f(x) = x^4/4 - x^2/2", [0.5], 0.1), 60);
  const button = page.getByRole("button", { name: "Loss f: linear: f ≤ 0 axis" });
  await expect(button).toBeVisible();
  await expect(chart(page, /^Loss/)).toHaveAccessibleName(/The axis is linear, since f is 0 or negative\./);
  await button.click();
  await expect(page.getByRole("button", { name: "Loss f: f − f_best axis" })).toBeVisible();
  // The minimum is −1/4 at 1.
  await expect(chart(page, /^Loss/)).toHaveAccessibleName(/^Loss f − f_best over 60 steps\..* f_best is the least loss of all runs so far, −0\.25\.$/);
  const link = await copyLink(page);
  expect(link).toContain("above-best:0");
  await page.goto("about:blank");
  await page.goto(link);
  await expectStep(page, 60);
  await expect(page.getByRole("button", { name: "Loss f: f − f_best axis" })).toBeVisible();
});

for (const [what, experiment] of [
  ["far from 0 that falls by a unit", own("f(x) = 1e13 + x^2", [1], 0.1)],
  ["that does not move", own("f(x) = 1e8 + 1e-8*x^2", [1], 0.1)],
  ["near the least doubles", own("f(x) = 1e-300*x^2", [1], 1e149)],
]) {
  test(`a loss ${what} is seen on either axis`, async ({ page }) => {
    for (const rest of ["", "&view=rescaled:0"]) {
      await page.goto("about:blank");
      await open(page, fragment(experiment, `&step=60${rest}`));
      await expect.poll(() => pixelsOf(chart(page, /^Loss/), 1), rest).toBeGreaterThan(100);
    }
  });
}
