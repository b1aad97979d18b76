// Comparing runs: at the same cost, and from several starts.
import { expect, started, test } from "./fixtures.mjs";
import { constant, copyLink, expectStep, experimentOf, openAt, scrubber, type } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const unit = (page) => page.getByRole("combobox", { name: "Unit of the budget" });
const clock = (page) => page.getByRole("combobox", { name: "Horizontal axis of all charts" }).first();
const said = (page) => page.locator(".policy .end");

const river = { objective: { name: "river", a: 0.05, y0: 3 }, start: [0.001, 1], runs: [constant(0.5), { policy: { name: "nonmonotone-line-search" } }], steps: 300 };

test("in calls, each run ends where its calls are used up, over an axis of calls", async ({ page }) => {
  await openAt(page, river, 300);
  await expect(unit(page)).toHaveValue("steps");
  await unit(page).selectOption("calls");
  await expect(clock(page)).toHaveValue("calls");
  await type(page.getByRole("textbox", { name: "calls at the most" }), "200");
  await scrubber(page).press("End");
  // The constant step pays one gradient a step; the line search pays for its trials and gets less
  // far.
  await expectStep(page, 200);
  const experiment = await experimentOf(page);
  expect(experiment).toMatchObject({ steps: 200, stop: { calls: 200 } });
  await expect(said(page).first()).toHaveText(/step 200: the 200 oracle calls are used up/);
  const end = Number((await said(page).nth(1).textContent()).match(/step (\d+): the 200 oracle calls are used up/)[1]);
  expect(end).toBeGreaterThan(20);
  expect(end).toBeLessThan(150);

  // A link restores the mode, and steps are steps again.
  const link = await copyLink(page);
  const other = await page.context().newPage();
  await other.goto(link);
  await started(other);
  await expect(unit(other)).toHaveValue("calls");
  await expectStep(other, 200);
  await expect(said(other).nth(1)).toHaveText(new RegExp(`step ${end}: the 200 oracle calls`));
  await unit(other).selectOption("steps");
  await expect(clock(other)).toHaveValue("steps");
  await scrubber(other).press("End");
  await expectStep(other, 200);
  await expect(said(other)).toHaveCount(0);
  expect((await experimentOf(other)).stop).toBeUndefined();
  await other.close();
});

const starts = (page) => page.getByRole("combobox", { name: "starts" });
const spread = (page) => page.getByRole("textbox", { name: "spread" });
const NUMBER = String.raw`([^\s,]+)`;
const half = new RegExp(`median ${NUMBER}, half of the starts between ${NUMBER} and ${NUMBER}[;.](?: |$)`);

/** More than the softened edges of lines have by chance. */
const EDGES = 300;

/** How many pixels of a chart have the color of run 1 at the opacity of a band, on white. */
const pale = (canvas) =>
  canvas.evaluate((element) => {
    const style = getComputedStyle(document.documentElement).getPropertyValue("--run-0").trim();
    const color = [1, 3, 5].map((at) => Number.parseInt(style.slice(at, at + 2), 16));
    // Reading the page's own canvas would move it off the graphics card.
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [element.width, element.height];
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(element, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const share = data[i + 3] / 255;
      // The canvas is transparent where nothing is drawn.
      const distance = color.reduce((sum, value, channel) => sum + Math.abs(data[i + channel] - value), 0);
      if (Math.abs(share - 0.15) < 0.02 && distance < 30) found += 1;
    }
    return found;
  });

test("sixteen starts make a band in the charts, which a link restores and a new seed draws anew", async ({ page }) => {
  // From a few thousandths off the ridge a line search goes its own way from the first step on.
  const one = { ...river, runs: [{ policy: { name: "nonmonotone-line-search" } }] };
  await openAt(page, one, 30);
  const canvas = (other, slot) => other.locator(`.is-slot${slot} canvas`);
  for (const slot of [0, 1, 2]) expect(await pale(canvas(page, slot))).toBeLessThan(EDGES);
  await expect(spread(page)).toBeHidden();

  await starts(page).selectOption("16");
  await expectStep(page, 30);
  await expect(spread(page)).toHaveValue("0.05");
  for (const slot of [0, 1, 2]) {
    await expect(canvas(page, slot)).toHaveAttribute("aria-label", half);
    await expect.poll(() => pale(canvas(page, slot))).toBeGreaterThan(5 * EDGES);
  }
  const label = await canvas(page, 0).getAttribute("aria-label");
  const [, median, lower, upper] = label.match(half).map((text) => Number(text));
  expect(lower).toBeLessThanOrEqual(median);
  expect(median).toBeLessThanOrEqual(upper);
  expect(upper).toBeGreaterThan(lower);

  // The link restores every number.
  await type(spread(page), "0.2");
  await expectStep(page, 30);
  await expect(canvas(page, 0)).not.toHaveAttribute("aria-label", label);
  expect((await experimentOf(page)).ensemble).toEqual({ size: 16, spread: 0.2 });
  const wide = await canvas(page, 0).getAttribute("aria-label");
  const other = await page.context().newPage();
  await other.goto(await copyLink(page));
  await started(other);
  await expect(starts(other)).toHaveValue("16");
  await expect(spread(other)).toHaveValue("0.2");
  await expect(canvas(other, 0)).toHaveAttribute("aria-label", wide);
  await other.close();

  // Another seed: the run is the same, the others are not.
  const [run, others] = wide.split(", median");
  await page.keyboard.press("n");
  await scrubber(page).fill("30");
  await expectStep(page, 30);
  await expect.poll(async () => (await canvas(page, 0).getAttribute("aria-label")).split(", median")[0]).toBe(run);
  expect((await canvas(page, 0).getAttribute("aria-label")).split(", median")[1]).not.toBe(others);

  // One start again: no band.
  await starts(page).selectOption("1");
  await expectStep(page, 30);
  await expect.poll(() => pale(canvas(page, 0))).toBeLessThan(EDGES);
  expect((await experimentOf(page)).ensemble).toBeUndefined();
});

test("a spread that is none is refused with a reason", async ({ page }) => {
  await openAt(page, { ...river, ensemble: { size: 5, spread: 0.1 } }, 50);
  // A number of starts that is not offered is shown all the same.
  await expect(starts(page)).toHaveValue("5");
  await type(spread(page), "-1");
  await expect(page.getByRole("alert").filter({ hasText: "above 0" })).toBeVisible();
  expect((await experimentOf(page)).ensemble).toEqual({ size: 5, spread: 0.1 });
});
