// The Lab as an instrument: forks, undo, zoom, clocks, panels, the projector, and rough handling.
import { expect, open, test } from "./fixtures.mjs";
import {
  cards, chart, constant, copyLink, eta, expectBeyond, expectStep, experimentOf, notice, openAt, openDefault, pause, play, readings, readingsOf, seek, speed, stepOf, type,
} from "./lab.mjs";

/** The part of the link that says how the experiment is looked at. */
const viewOf = async (page) => new URL(await copyLink(page)).hash.match(/&view=([^&]*)/)?.[1] ?? "";

/** The canvas in a slot of the board. */
const slot = (page, number) => page.locator(`.is-slot${number} canvas`);

/** Drags across a chart, between shares of its width. */
async function drag(page, canvas, from, to) {
  const box = await canvas.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + from * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + (0.5 * (from + to)) * box.width, y, { steps: 3 });
  await page.mouse.move(box.x + to * box.width, y, { steps: 3 });
  await page.mouse.up();
}

const picture = (canvas) => canvas.evaluate((element) => element.toDataURL());

test("a drag zooms all charts, the link restores it, a double click shows all again", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 200);
  const before = await picture(slot(page, 1));
  await drag(page, slot(page, 0), 0.3, 0.5);
  await expect(page.getByRole("button", { name: "show all", exact: true })).toBeVisible();
  await expect.poll(() => picture(slot(page, 1))).not.toBe(before);
  expect(await stepOf(page), "a drag is no click").toBe(200);
  const [, from, to] = (await viewOf(page)).match(/zoom:([\d.]+)~([\d.]+)/).map(Number);
  // Between 46 px at the left and 76 px at the right lie the steps 0 to 200.
  const { width } = await slot(page, 0).boundingBox();
  const expected = [0.3, 0.5].map((share) => (200 * (share * width - 46)) / (width - 122));
  expect(Math.abs(from - expected[0]) + Math.abs(to - expected[1])).toBeLessThan(2);

  const zoomed = await picture(slot(page, 1));
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await expectStep(page, 200);
  await expect.poll(() => picture(slot(page, 1))).toBe(zoomed);

  await slot(page, 0).dblclick({ position: { x: 200, y: 60 } });
  await expect(page.getByRole("button", { name: "show all", exact: true })).toHaveCount(0);
  expect(await viewOf(page)).not.toContain("zoom");
});

test("Ctrl and the wheel zoom around the pointer; the wheel alone does not", async ({ page }) => {
  await openDefault(page, 200);
  await slot(page, 0).hover({ position: { x: 200, y: 60 } });
  await page.mouse.wheel(0, -100);
  expect(await viewOf(page)).not.toContain("zoom");
  await slot(page, 0).hover({ position: { x: 200, y: 60 } });
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  expect(await viewOf(page)).toMatch(/zoom:[\d.]+~[\d.]+/);
});

test("a click shows and pins a step: the numbers of all runs stay to be read, until Escape", async ({ page }) => {
  await openDefault(page, 200);
  await slot(page, 1).click({ position: { x: 150, y: 60 } });
  const step = await stepOf(page);
  expect(step).toBeLessThan(200);
  await page.mouse.move(5, 5);
  const readout = page.locator(".is-slot0 .readout");
  await expect(readout).toBeVisible();
  await expect(readout.getByRole("columnheader", { name: `step ${step}` })).toBeVisible();
  await expect(readout.getByRole("row")).toHaveCount(4);
  await expect(readout.getByRole("row", { name: /NLS/ })).toContainText((await readingsOf(page, 3)).loss);
  await page.keyboard.press("Escape");
  await expect(readout).toBeHidden();
});

test("a double click shows all and leaves the step and the play of time as they were", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 200);
  const canvas = slot(page, 1);
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 100, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole("button", { name: "show all", exact: true })).toBeVisible();
  await canvas.dblclick({ position: { x: 120, y: 60 } });
  await expect(page.getByRole("button", { name: "show all", exact: true })).toHaveCount(0);
  await expectStep(page, 200);
  await play(page).click();
  await expectBeyond(page, 201);
  await canvas.dblclick({ position: { x: 120, y: 60 } });
  await expectBeyond(page, 202);
  await expect(pause(page)).toBeVisible();
});

test("the horizontal axis counts steps, time, gradients, all calls or steps by their logarithm, the same in every chart", async ({ page }) => {
  await openDefault(page, 150);
  const axes = page.getByRole("combobox", { name: "Horizontal axis of all charts" });
  await expect(axes).toHaveCount(3);
  const pictures = new Set([await picture(slot(page, 0))]);
  for (const name of ["time", "gradients", "calls"]) {
    await page.keyboard.press("x");
    for (let i = 0; i < 3; i += 1) await expect(axes.nth(i)).toHaveValue(name);
    expect(await viewOf(page)).toContain(`x:${name}`);
    // Each of these policies takes one gradient a step: on that axis the picture is that of the
    // steps.
    if (name === "gradients") continue;
    await expect.poll(async () => pictures.has(await picture(slot(page, 0)))).toBe(false);
    pictures.add(await picture(slot(page, 0)));
  }
  // The line search of 150 steps has used far more calls than the constant step: at its end the
  // others are over.
  const box = await slot(page, 0).boundingBox();
  await page.mouse.move(box.x + box.width - 80, box.y + 60);
  const readout = page.locator(".is-slot0 .readout");
  await expect(readout.getByRole("columnheader", { name: "k", exact: true })).toBeVisible();
  // The logarithmic axis begins at step 1.
  await page.keyboard.press("x");
  for (let i = 0; i < 3; i += 1) await expect(axes.nth(i)).toHaveValue("log-steps");
  await expect.poll(async () => pictures.has(await picture(slot(page, 0)))).toBe(false);
  await page.mouse.move(box.x + 54, box.y + 60);
  await expect(readout.getByRole("columnheader", { name: "step 1", exact: true })).toBeVisible();
  await page.keyboard.press("x");
  await expect(axes.first()).toHaveValue("steps");
});

test("a panel that needs more columns asks the engine for them, and the link keeps both", async ({ page }) => {
  await openDefault(page, 120);
  const before = await readings(page);
  await page.getByRole("combobox", { name: "Chart 3: Product η·λ₁" }).selectOption("spectrum");
  await expectStep(page, 120);
  await expect(page.getByRole("combobox", { name: /^Chart 3: Largest eigenvalues/ })).toHaveValue("spectrum");
  expect((await experimentOf(page)).columns).toEqual(["lambda2", "lambda3"]);
  await expect.poll(async () => (await readings(page)).runs).toEqual(before.runs);
  // On the river near x = 0 the second eigenvalue is that of the current, a = 0.05.
  await slot(page, 0).hover({ position: { x: 150, y: 60 } });
  const row = page.locator(".is-slot0 .readout").getByRole("row", { name: /η = 0.35/ });
  await expect(row.getByRole("cell").nth(5)).toHaveText("0.05");
  expect(await viewOf(page)).toContain("panels:loss~sharpness~spectrum");
});

for (const panel of ["gradient", "step-size", "reference", "segment", "estimators", "projection"]) {
  test(`the panel ${panel} draws the runs`, async ({ page }) => {
    await openAt(page, { objective: { name: "river" }, runs: [constant(0.5), { policy: { name: "nonmonotone-line-search" } }], steps: 300 }, 150, `&view=panels:loss~sharpness~${panel}`);
    const empty = await slot(page, 2).evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const colors = new Set();
      for (let i = 0; i < data.length; i += 4) colors.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      return colors.size;
    });
    // Page, grid and ticks alone make fewer shades than an antialiased line in the run's color.
    expect(empty).toBeGreaterThan(40);
  });
}

test("a fork keeps the run as a ghost; what is changed afterwards changes the other one alone", async ({ page }) => {
  await openDefault(page, 100);
  await seek(page, 150);
  const later = await readingsOf(page, 1);
  await seek(page, 100);
  await page.getByRole("button", { name: "Fork run 1 here" }).click();
  await expect(page.getByRole("listitem", { name: /^Ghost 4/ })).toBeVisible();
  await type(eta(page, 1), "0.3");
  const { runs } = await experimentOf(page);
  expect(runs[0]).toEqual({ policy: { name: "constant", eta: 0.5 }, changes: [{ step: 100, policy: { name: "constant", eta: 0.3 } }] });
  expect(runs[3]).toEqual({ policy: { name: "constant", eta: 0.5 } });
  await seek(page, 150);
  const labels = await chart(page, /^Loss/).getAttribute("aria-label");
  const ghost = labels.split("; ").at(-1);
  expect(ghost).toContain(`: ${later.loss} at this step`);
  expect((await readingsOf(page, 1)).loss).not.toBe(later.loss);
  expect(await viewOf(page)).toContain("ghosts:3");
  await page.getByRole("button", { name: /^Remove ghost 4/ }).click();
  expect(await viewOf(page)).not.toContain("ghosts");
});

test("[ and ] leave ghosts alone", async ({ page }) => {
  await openAt(page, { objective: { name: "river" }, start: [0.001, 1], runs: [constant(0.5)], steps: 200 }, 60);
  await page.keyboard.press("f");
  await expect(page.locator(".policy.is-ghost")).toHaveText(/η = 0\.5/);
  await page.keyboard.press("[");
  await expect(cards(page).first().getByRole("textbox", { name: "step size of run 1" })).toHaveValue("0.4585");
  await expect(page.locator(".policy.is-ghost")).toHaveText(/η = 0\.5/);
});

test("every change can be undone and done again, at the step shown", async ({ page }) => {
  await openDefault(page, 100);
  const [undo, redo] = ["Undo", "Redo"].map((name) => page.getByRole("button", { name, exact: true }));
  await copyLink(page);
  await expect(undo).toBeDisabled();
  const before = await readings(page);
  await type(eta(page, 1), "0.62");
  await copyLink(page);
  await seek(page, 130);
  const after = await readings(page);
  await page.keyboard.press("x");
  await copyLink(page);

  await undo.click();
  await expect(page.getByRole("combobox", { name: "Horizontal axis of all charts" }).first()).toHaveValue("steps");
  await expectStep(page, 130);
  await expect.poll(() => readings(page)).toEqual(after);
  await page.keyboard.press("Control+z");
  await expect(eta(page, 1)).toHaveValue("0.5");
  await seek(page, 100);
  await expect.poll(() => readings(page)).toEqual(before);
  await expect(undo).toBeDisabled();
  await page.keyboard.press("Control+y");
  await seek(page, 130);
  await expect.poll(() => readings(page)).toEqual(after);
  await redo.click();
  await expect(page.getByRole("combobox", { name: "Horizontal axis of all charts" }).first()).toHaveValue("time");
  await expect(redo).toBeDisabled();
});

test("the projector hides the controls, keeps the keys, and Escape leaves it", async ({ page }) => {
  await openDefault(page, 100);
  const rail = page.getByRole("region", { name: "Experiment" });
  const narrow = (await slot(page, 0).boundingBox()).width;
  await page.keyboard.press("p");
  await expect(rail).toBeHidden();
  expect((await slot(page, 0).boundingBox()).width).toBeGreaterThan(narrow + 50);
  await page.keyboard.press("ArrowRight");
  await expectStep(page, 101);
  await page.keyboard.press("Escape");
  await expect(rail).toBeVisible();
});

test("a card or a digit selects the run that single-run pictures are of", async ({ page }) => {
  await openDefault(page, 100);
  await page.keyboard.press("3");
  await expect(cards(page).nth(2)).toHaveClass(/is-selected/);
  await cards(page).nth(1).click({ position: { x: 60, y: 70 } });
  await expect(cards(page).nth(1)).toHaveClass(/is-selected/);
  expect(await viewOf(page)).toBe("run:1");
});

test("even and odd steps are told apart when there is room, unless E says no", async ({ page }) => {
  await openAt(page, { objective: { name: "double-well" }, runs: [constant(1.1)], steps: 40 }, 30);
  const told = await picture(slot(page, 0));
  await page.keyboard.press("e");
  await expect.poll(() => picture(slot(page, 0))).not.toBe(told);
  await page.keyboard.press("e");
  await expect.poll(() => picture(slot(page, 0))).toBe(told);
});

test("a link’s broken view is ignored with a notice, the experiment is shown", async ({ page }) => {
  await openAt(page, { objective: { name: "river" }, runs: [constant(0.5)] }, 40, "&view=x:parsecs,scene:lens,zoom:9~2&speed=99");
  await expect(page.getByRole("status").filter({ hasText: "x:parsecs" })).toContainText("speed");
  await expect(notice(page)).toHaveCount(0);
});

test("two hundred quick starts and stops, a window of 200 pixels, and the page still counts", async ({ page }) => {
  await open(page);
  await expectBeyond(page, 5);
  for (let i = 0; i < 200; i += 1) await page.keyboard.press("Space");
  await page.setViewportSize({ width: 200, height: 300 });
  await page.setViewportSize({ width: 1280, height: 720 });
  if (await pause(page).isVisible()) await pause(page).click();
  const step = await stepOf(page);
  await play(page).click();
  await expectBeyond(page, step);
});

test("a hidden tab rests, and goes on where it was", { tag: "@chromium" }, async ({ page }) => {
  // A hidden tab gets no frames.
  await page.addInitScript(() => {
    const request = requestAnimationFrame;
    let held = [];
    globalThis.requestAnimationFrame = (callback) => request((now) => (globalThis.isHidden ? held.push(callback) : callback(now)));
    globalThis.hide = () => (globalThis.isHidden = true);
    globalThis.showAgain = () => {
      globalThis.isHidden = false;
      const waiting = held;
      held = [];
      waiting.forEach((callback) => request(callback));
    };
  });
  await openAt(page, { objective: { name: "river" }, start: [0.001, 1], runs: [constant(0.5), constant(0.35)], steps: 1_000_000, stop: { gradient_norm: 0 } }, 10, "&speed=7");
  await play(page).click();
  await expectBeyond(page, 20);
  const client = await page.context().newCDPSession(page);
  const heap = async () => {
    await client.send("HeapProfiler.collectGarbage");
    return (await client.send("Runtime.getHeapUsage")).usedSize;
  };
  await page.evaluate(() => globalThis.hide());
  const [step, before] = [await stepOf(page), await heap()];
  await page.waitForTimeout(4000);
  expect(await stepOf(page)).toBe(step);
  // The workers have their credits only: nothing piles up.
  expect((await heap()) / before).toBeLessThan(1.05);
  await page.evaluate(() => globalThis.showAgain());
  await expectBeyond(page, step);
  // At 100 steps a second four hidden seconds would have been 400 steps: time has stood still.
  expect(await stepOf(page)).toBeLessThan(step + 200);
});

test("playing again and again leaves nothing behind", { tag: "@chromium" }, async ({ page }) => {
  test.setTimeout(120_000);
  await openAt(page, { objective: { name: "river" }, runs: [constant(0.5), { policy: { name: "nonmonotone-line-search" } }], steps: 400 }, 400);
  await speed(page).fill("15");
  await speed(page).blur();
  const client = await page.context().newCDPSession(page);
  const cycle = async (count) => {
    for (let i = 0; i < count; i += 1) {
      await page.keyboard.press("r");
      await expectStep(page, 0);
      await page.keyboard.press("End");
      await expectStep(page, 400);
    }
    await client.send("HeapProfiler.collectGarbage");
    const { usedSize } = await client.send("Runtime.getHeapUsage");
    return usedSize;
  };
  const early = await cycle(20);
  const late = await cycle(180);
  expect(late / early, `${early} bytes after 20 cycles, ${late} after 200`).toBeLessThan(1.1);
});
