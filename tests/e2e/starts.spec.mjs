// Several starts in the table of scores: medians and quartiles, which the command line's rows hold
// too.
import { readFile } from "node:fs/promises";

import { expect, test } from "./fixtures.mjs";
import { constant, openAt } from "./lab.mjs";

const dialog = (page) => page.getByRole("dialog", { name: "Scores" });

/** ½x² from five starts with η = ½, which halves x at each step, and with η = 3, which doubles it; the label is a formula to a spreadsheet. */
const parabola = {
  objective: { name: "quadratic", curvatures: [1] },
  start: [1],
  runs: [{ ...constant(0.5), label: "=1+1" }, constant(3)],
  steps: 40,
  ensemble: { size: 5, spread: 0.5 },
  seed: 2,
};

test("scores over several starts are medians with their quartiles, and say so", async ({ page }) => {
  await openAt(page, parabola, 12);
  await page.getByRole("button", { name: "Scores" }).click();
  await expect(dialog(page)).toContainText("Median of 5 starts, seed 2, spread 0.5");
  const first = dialog(page).locator("tbody tr").first();
  await expect(first.getByRole("cell").first()).toContainText("…");
  // Doubling never comes near to 0.
  await expect(dialog(page).locator("tbody tr").nth(1)).toContainText("never");
  const download = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "Save CSV" }).click();
  const [head, halving, doubling] = (await readFile(await (await download).path(), "utf8")).trim().split("\n").map((line) => line.split(","));
  expect(head.slice(0, 5)).toEqual(["run", "name", "final_loss_q1", "final_loss_median", "final_loss_q3"]);
  expect(halving[1]).toBe(`"'=1+1"`);
  expect([head.at(-3), head.at(-2), head.at(-1)]).toEqual(["starts", "seed", "spread"]);
  expect(doubling.slice(-3)).toEqual(["5", "2", "0.5"]);
  // After twelve steps the losses of the one run are 4⁻¹² and those of the other 4¹² times those of
  // their starts: up to the rounding of 3x in each step, which the square doubles.
  for (const quartile of [2, 3, 4]) {
    expect(Math.abs(Number(doubling[quartile]) / Number(halving[quartile]) / 4 ** 24 - 1)).toBeLessThan(1e-14);
  }
});
