// What the landscape's place can show: its layers, moving and zooming it, the lens, the segment,
// the portrait and the cobweb.
import { expect, open, test } from "./fixtures.mjs";
import { constant, expectStep, fragment, openAt, pixelsOf, scrubber, start } from "./lab.mjs";

const river = { objective: { name: "river", a: 0.05, y0: 3 }, start: [0.001, 1], runs: [constant(0.5), constant(0.35)], steps: 500 };
const panel = (page) => page.locator("figure.is-landscape");
const picture = (page) => panel(page).getByRole("img");
const scene = (page) => panel(page).getByRole("combobox", { name: "Scene" });
const layer = (page) => panel(page).getByRole("combobox", { name: "Colors of the landscape" });
const words = (page) => panel(page).locator(".scene-says");
const legend = (page) => panel(page).locator(".legend");
const handle = (page) => page.getByRole("button", { name: /^Start at/ });
const wholeButton = (page) => page.getByRole("button", { name: "Show all of the landscape" });

/** The view that the link holds, as its keys and values. */
async function viewOf(page) {
  // The address follows a change after a moment.
  await page.waitForTimeout(700);
  const text = new URLSearchParams(new URL(page.url()).hash.slice(1)).get("view") ?? "";
  return Object.fromEntries(text.split(",").filter(Boolean).map((part) => part.split(":")));
}

const windowOf = async (page) => (await viewOf(page)).window?.split("~").map(Number);

/** The picture's box. */
const box = (page) => picture(page).boundingBox();

/** Drags with the mouse over the picture, in fractions of its width and height. */
async function drag(page, from, to) {
  const { x, y, width, height } = await box(page);
  await page.mouse.move(x + from[0] * width, y + from[1] * height);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 5 });
  await page.mouse.up();
}

/** The color of the picture at fractions of its width and height. */
const colorAt = (page, across, down) =>
  picture(page).evaluate(
    (canvas, [a, d]) => {
      // A copy: reading the page's own canvas often would make it slow, and the browser says so.
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [1, 1];
      const context = copy.getContext("2d", { willReadFrequently: true });
      context.drawImage(canvas, -Math.round(a * canvas.width), -Math.round(d * canvas.height));
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    },
    [across, down],
  );

test("the sharpness layer is white at the selected run's threshold, and follows it", async ({ page }) => {
  await openAt(page, river, 100);
  await expect(legend(page)).toContainText("f − f*");
  await layer(page).selectOption("sharpness");
  await expect(legend(page)).toContainText("white: λ₁ = 2/η = 4");
  // λ₁ grows with y on the river: blue at the bottom, red at the top of its middle.
  await expect.poll(async () => { const [r, , b] = await colorAt(page, 0.1, 0.75); return b - r; }).toBeGreaterThan(20);
  await expect.poll(async () => { const [r, , b] = await colorAt(page, 0.56, 0.02); return r - b; }).toBeGreaterThan(20);
  const before = await picture(page).evaluate((canvas) => canvas.toDataURL());
  await page.keyboard.press("2");
  await expect(legend(page)).toContainText("white: λ₁ = 2/η = 5.714");
  await expect.poll(() => picture(page).evaluate((canvas) => canvas.toDataURL())).not.toBe(before);
  expect((await viewOf(page)).layer).toBe("sharpness");
  await layer(page).selectOption("gradient");
  await expect(legend(page)).toContainText("‖∇f‖");
});

test("a drag moves the plane, the link remembers it, a double click shows all again", { tag: "@chromium" }, async ({ page }) => {
  await openAt(page, river, 60);
  expect(await windowOf(page)).toBeUndefined();
  await expect(wholeButton(page)).toBeDisabled();
  await drag(page, [0.2, 0.3], [0.3, 0.3]);
  const moved = await windowOf(page);
  expect(moved).toHaveLength(4);
  // To the right by a tenth: what lay left comes in. The start stays what it was.
  expect(await start(page, "x").inputValue()).toBe("0.001");
  await drag(page, [0.3, 0.3], [0.2, 0.3]);
  const back = await windowOf(page);
  const width = back[1] - back[0];
  expect(back[0] - moved[0]).toBeGreaterThan(0.09 * width);
  expect(back[0] - moved[0]).toBeLessThan(0.11 * width);
  expect(back[2]).toBeCloseTo(moved[2], 10);

  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await expectStep(page, 60);
  expect(await windowOf(page)).toEqual(back);
  await picture(page).dblclick({ position: { x: 40, y: 60 } });
  await expect(wholeButton(page)).toBeDisabled();
  expect(await windowOf(page)).toBeUndefined();
  // Neither click of the two has set the start.
  await page.waitForTimeout(500);
  expect(await start(page, "x").inputValue()).toBe("0.001");
});

test("the wheel and the buttons zoom around their place, and stop where numbers end", async ({ page }) => {
  await openAt(page, river, 60);
  const { x, y, width, height } = await box(page);
  const spanOf = (bounds) => bounds[1] - bounds[0];
  await page.getByRole("button", { name: "Zoom in" }).click();
  const once = await windowOf(page);
  await page.mouse.move(x + 0.25 * width, y + 0.5 * height);
  await page.mouse.wheel(0, -200);
  await expect.poll(async () => spanOf(await windowOf(page))).toBeLessThan(0.8 * spanOf(once));
  const zoomed = await windowOf(page);
  // The place under the pointer stays, to a pixel.
  expect(Math.abs(zoomed[0] + 0.25 * spanOf(zoomed) - once[0] - 0.25 * spanOf(once))).toBeLessThan((1.5 / width) * spanOf(once));
  for (let turn = 0; turn < 90; turn += 1) await page.mouse.wheel(0, -2000);
  const deepest = await windowOf(page);
  expect(spanOf(deepest)).toBeGreaterThan(0);
  for (let turn = 0; turn < 140; turn += 1) await page.mouse.wheel(0, 2000);
  const widest = await windowOf(page);
  expect(widest.every((bound) => Math.abs(bound) < 1e12)).toBe(true);
  await wholeButton(page).click();
  await expect.poll(() => pixelsOf(picture(page), 1)).toBeGreaterThan(20);
});

test("a plain click sets the start, and the handle is large enough for a finger and deaf to time", async ({ page }) => {
  await openAt(page, river, 60);
  const { width, height } = await handle(page).boundingBox();
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  await picture(page).click({ position: { x: 60, y: 80 } });
  await expect.poll(() => start(page, "x").inputValue()).not.toBe("0.001");
  const clicked = Number(await start(page, "x").inputValue());
  await handle(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => Number(await start(page, "x").inputValue())).toBeGreaterThan(clicked);
  await expectStep(page, 60);
});

test.describe("on a touch screen", { tag: "@chromium" }, () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test("two fingers zoom the plane", async ({ page }) => {
    await openAt(page, river, 60);
    await page.getByRole("button", { name: "Zoom in" }).click();
    const before = await windowOf(page);
    const { x, y, width, height } = await box(page);
    const client = await page.context().newCDPSession(page);
    const fingers = (apart) => [-1, 1].map((side, id) => ({ x: x + width * (0.5 + side * apart), y: y + 0.3 * height, id }));
    await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(0.1) });
    for (const apart of [0.15, 0.2]) await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(apart) });
    await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    const after = await windowOf(page);
    // Twice as far apart: half as much is seen.
    expect((after[1] - after[0]) / (before[1] - before[0])).toBeCloseTo(0.5, 1);
    for (const button of await panel(page).locator(".zooms button").all()) {
      const size = await button.boundingBox();
      expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(44);
    }
  });

  test("two fingers zoom the charts, and one finger scrolls the page past them", async ({ page }) => {
    await openAt(page, river, 60);
    const canvas = page.locator(".is-slot0 canvas");
    await canvas.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await canvas.boundingBox();
    const client = await page.context().newCDPSession(page);
    const touch = (type, touchPoints) => client.send("Input.dispatchTouchEvent", { type, touchPoints });
    const fingers = (apart) => [-1, 1].map((side, id) => ({ x: x + width * (0.5 + side * apart), y: y + 0.5 * height, id }));
    await touch("touchStart", fingers(0.1));
    for (const apart of [0.15, 0.2]) await touch("touchMove", fingers(apart));
    await touch("touchEnd", []);
    await expect(page.getByRole("button", { name: "show all", exact: true })).toBeVisible();
    const [from, to] = (await viewOf(page)).zoom.split("~").map(Number);
    expect((to - from) / 60).toBeCloseTo(0.5, 1);

    const before = await page.evaluate(() => scrollY);
    await touch("touchStart", [{ x: x + 0.5 * width, y: y + 0.5 * height, id: 0 }]);
    for (const up of [20, 60, 100]) await touch("touchMove", [{ x: x + 0.5 * width, y: y + 0.5 * height - up, id: 0 }]);
    await touch("touchEnd", []);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before + 20);
  });
});

test("the lens shows the card's λ₁ and says why the step is thrown outward", async ({ page }) => {
  await openAt(page, { objective: { name: "quadratic", curvatures: [1, 10] }, start: [2, 1], runs: [constant(0.21), constant(0.05)], steps: 60 }, 10);
  await scene(page).selectOption("lens");
  // Closed form: λ₁ = 10, ηλ₁ = 2.1, and every step multiplies the sharp direction by 1 − 2.1.
  await expect(words(page)).toContainText("λ₁ = 10, ηλ₁ = 2.1: beyond 2");
  await expect(words(page)).toContainText("1 − ηλ₁ = −1.1: it lands on the other side, farther out");
  const reading = page.locator("li.policy").first().locator(".readings");
  await expect(reading).toContainText("10");
  await expect(picture(page)).toHaveAccessibleName(/^Why 2\/η\. λ₁ = 10/);
  expect(await pixelsOf(picture(page), 1)).toBeGreaterThan(50);
  await page.keyboard.press("2");
  await expect(words(page)).toContainText("ηλ₁ = 0.5: below 1. The step stops short of the valley’s floor, at 0.5 of the distance");
  await panel(page).getByRole("combobox", { name: "Line of the slice" }).selectOption("descent");
  await expect(words(page)).toContainText("κ = ");
  expect(await viewOf(page)).toMatchObject({ scene: "lens", line: "descent", run: "1" });
});

test("the lens follows time while it runs", async ({ page }) => {
  await open(page, fragment(river, "&view=scene:lens"));
  await expect(words(page)).toContainText("λ₁ = ");
  const before = await words(page).textContent();
  await expect.poll(() => words(page).textContent()).not.toBe(before);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
});

test("the segment marks the crossing, and says on which side of it η lies", async ({ page }) => {
  // On f = ½λx² the quotient is λ at every h: the crossing is 2/λ.
  await openAt(page, { objective: { name: "quadratic", curvatures: [4] }, start: [1], runs: [constant(0.6), constant(0.2)], steps: 40 }, 5);
  await scene(page).selectOption("segment");
  await expect(words(page)).toContainText("η = 0.6 is 1.2 times the crossing at h = 0.5");
  await page.keyboard.press("2");
  await expect(words(page)).toContainText("η = 0.2 is 0.4 of the crossing at h = 0.5");
  await expect(words(page)).toContainText("must fall");
});

test("the portrait asks for what it needs and shows the run at its step", async ({ page }) => {
  await openAt(page, river, 250);
  await scene(page).selectOption("portrait");
  await expect(words(page)).toContainText(/Over 250 steps the iterates swing by up to [\d.]+ .* against 4:/);
  await expectStep(page, 250);
  expect(await pixelsOf(picture(page), 1)).toBeGreaterThan(50);
  await scrubber(page).fill("100");
  await expect(words(page)).toContainText("Over 100 steps");
});

test("one variable has a cobweb, two have none", async ({ page }) => {
  await openAt(page, { objective: { name: "double-well" }, start: [0.2], runs: [constant(1.1)], steps: 100 }, 20);
  await scene(page).selectOption("cobweb");
  await expect(page.getByRole("heading", { name: "Cobweb" })).toBeAttached();
  await expect.poll(() => pixelsOf(picture(page), 1)).toBeGreaterThan(100);
  await page.getByRole("combobox", { name: "Objective" }).selectOption("river");
  await expect(page.getByRole("heading", { name: "Landscape" })).toBeAttached();
  expect(await scene(page).locator("option").allTextContents()).not.toContain("Cobweb");
});

test("the step under the pointer of a chart has a ring on the plane", async ({ page }) => {
  await openAt(page, river, 120);
  await expect.poll(() => pixelsOf(picture(page), 2)).toBeGreaterThan(20);
  const before = await picture(page).evaluate((canvas) => canvas.toDataURL());
  await page.getByRole("figure", { name: /Loss/ }).getByRole("img").hover();
  await expect.poll(() => picture(page).evaluate((canvas) => canvas.toDataURL())).not.toBe(before);
});

test("a window that cannot be drawn is not taken from a link", async ({ page }) => {
  await openAt(page, river, 30, "&view=window:0~1e-30~0~1e300");
  await expect.poll(() => pixelsOf(picture(page), 1)).toBeGreaterThan(20);
});
