// The landscape, and a tour through all objectives and all policies.
import { expect, open, test } from "./fixtures.mjs";
import { cards, chart, constant, expectBeyond, expectStep, objective, openAt, openDefault, pause, pictures, play, policy, readings, readingsOf, seek, start, stepOf, type } from "./lab.mjs";

const landscape = (page) => chart(page, /^Landscape/);

/** Drags the start with the mouse over the landscape, to places in fractions of its width and height. */
async function drag(page, ...through) {
  const { x, y, width, height } = await landscape(page).boundingBox();
  const at = ([across, down]) => [x + across * width, y + down * height];
  const handle = page.getByRole("button", { name: /^Start at/ });
  await expect(handle).toBeVisible();
  const held = await handle.boundingBox();
  await page.mouse.move(held.x + held.width / 2, held.y + held.height / 2);
  await page.mouse.down();
  for (const place of through) await page.mouse.move(...at(place), { steps: 4 });
  await page.mouse.up();
}

const startOf = async (page) => [Number(await start(page, "x").inputValue()), Number(await start(page, "y").inputValue())];

test("dragging the start moves it, and every run is computed anew from there", async ({ page }) => {
  await openDefault(page, 120);
  const before = await readings(page);
  await drag(page, [0.4, 0.4], [0.3, 0.3]);
  expect(await startOf(page)).not.toEqual([0.001, 1]);
  await expectStep(page, 120);
  await expect(play(page)).toBeVisible();
  const after = await readings(page);
  expect(after.places).not.toBe(before.places);
  expect(after.loss).not.toContain("—");

  // What was dragged there is what would have been typed there.
  const typed = await startOf(page);
  await seek(page, 0);
  expect((await readings(page)).places.match(/is at \([^)]*\)/g)).toHaveLength(3);
  await type(start(page, "x"), "0.5");
  await type(start(page, "x"), String(typed[0]));
  await seek(page, 120);
  expect(await readings(page)).toEqual(after);
});

test("the start follows the pointer: further right is more x, further up is more y", async ({ page }) => {
  await openDefault(page, 10);
  await drag(page, [0.25, 0.75]);
  const low = await startOf(page);
  await drag(page, [0.75, 0.25]);
  const high = await startOf(page);
  expect(high[0]).toBeGreaterThan(low[0]);
  expect(high[1]).toBeGreaterThan(low[1]);
});

test("a drag while time runs lets time run on afterwards", async ({ page }) => {
  await open(page);
  await expectBeyond(page, 20);
  await drag(page, [0.45, 0.4]);
  await expect(pause(page)).toBeVisible();
  await expectBeyond(page, await stepOf(page));
  await pause(page).click();
});

test("a drag to the very edge and beyond is taken as far as it goes", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 30);
  await drag(page, [0.02, 0.02], [-0.5, -0.5]);
  const [x, y] = await startOf(page);
  expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
  await expectStep(page, 30);
  for (const run of [1, 2, 3]) expect((await readingsOf(page, run)).η).toMatch(/^[\d.]/);
});

test("the start can be typed", async ({ page }) => {
  await openDefault(page, 50);
  await type(start(page, "x"), "-0.25");
  await expectStep(page, 0);
  await expect.poll(async () => (await readings(page)).places).toContain("is at (−0.25, 1)");
});

test("every objective restarts with a message and shows numbers in every card", async ({ page }) => {
  test.slow();
  await openDefault(page, 30);
  const names = await objective(page).locator("optgroup option").evaluateAll((options) => options.map((option) => [option.value, option.label]));
  expect(names.length).toBeGreaterThanOrEqual(10);
  for (const [name, title] of [...names, ["river", "River"]]) {
    if ((await objective(page).inputValue()) === name) continue;
    await objective(page).selectOption(name);
    await expect(page.getByRole("status").filter({ hasText: "restarted from" }), name).toContainText(title);
    await expectBeyond(page, 8);
    await pause(page).click();
    await expect(page.getByRole("math").first()).toBeVisible();
    const { runs, loss } = await readings(page);
    expect(runs).toHaveLength(3);
    for (const [index, run] of runs.entries()) {
      expect(run.η, `${name}: η of run ${index + 1}`).toMatch(/\d/);
      expect(run["λ₁"], `${name}: λ₁ of run ${index + 1}`).toMatch(/\d/);
      // A run that has ended before this step has no loss here.
      if (run.phase !== "converged") expect(loss[index], `${name}: loss of run ${index + 1}`).toMatch(/\d/);
    }
    await seek(page, 3);
    for (const picture of Object.values(await pictures(page))) expect(picture.length, name).toBeGreaterThan(2_000);
  }
});

test("every policy can take over the first run", async ({ page }) => {
  test.slow();
  await openDefault(page, 40);
  const names = await policy(page, 1).locator("optgroup option").evaluateAll((options) => options.map((option) => [option.value, option.label]));
  expect(names.length).toBeGreaterThanOrEqual(13);
  for (const [name, title] of [...names.slice(1), names[0]]) {
    await policy(page, 1).selectOption(name);
    await expect(page.getByRole("listitem", { name: `Policy 1: ${title}` })).toBeVisible();
    await expect.poll(async () => (await readingsOf(page, 1)).η, { message: name }).toMatch(/\d/);
    expect(await stepOf(page)).toBe(40);
    await seek(page, 41);
    const run = await readingsOf(page, 1);
    expect(run["λ₁"], name).toMatch(/\d/);
    expect(run.loss, name).toMatch(/\d/);
    await seek(page, 40);
    await expect(page.getByRole("alert"), name).toHaveCount(0);
    await cards(page).nth(0).locator("summary").click();
    await expect(cards(page).nth(0).getByRole("math").first(), name).toBeVisible();
    await cards(page).nth(0).locator("summary").click();
  }
});

test("one variable shows the graph, four their coordinates, and a list of curvatures changes how many there are", async ({ page }) => {
  await openAt(page, { objective: { name: "double-well" }, runs: [constant(0.3)], steps: 60 }, 30);
  await expect(page.getByRole("heading", { name: "Graph of f and iterates" })).toBeAttached();
  await objective(page).selectOption("product");
  await expect(page.getByRole("heading", { name: "Coordinates of the selected run" })).toBeAttached();
  await objective(page).selectOption("quadratic");
  await expect(page.getByRole("heading", { name: "Landscape" })).toBeAttached();
  await type(page.locator("#objective-curvatures"), "1; 2; 3");
  await expect(page.getByRole("heading", { name: "Coordinates of the selected run" })).toBeAttached();
  await expect(page.locator("[id^=start-]")).toHaveCount(3);
  await type(page.locator("#objective-curvatures"), "1; 2; 3; 4; 5; 6");
  await expect(page.getByRole("textbox", { name: "all coordinates of the start" })).toHaveValue("1; 1; 1; 1; 1; 1");
});
