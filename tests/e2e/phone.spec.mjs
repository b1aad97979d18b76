// A student with a phone: the step size and what it does to the sharpness are on the screen together,
// one finger scrolls, and what a mouse would tell by hovering is told by a tap.
import AxeBuilder from "@axe-core/playwright";

import { expect, open, test } from "./fixtures.mjs";
import { cards, eta, fragment, objective, openDefault, readingsOf, start, stepOf } from "./lab.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, permissions: ["clipboard-read", "clipboard-write"], allowed: /No available adapters/ });

const dock = (page) => page.getByRole("region", { name: "Selected run" });
const slider = (page) => dock(page).getByRole("slider", { name: "Step size of the selected run" });
const chosen = (page) => dock(page).getByRole("combobox", { name: "Selected run" });
const landscape = (page) => page.locator("figure.is-landscape canvas");

/** What the dock says, by its symbols. */
const numbers = (page) =>
  dock(page)
    .locator(".numbers > span")
    .evaluateAll((all) => Object.fromEntries(all.map(({ children: [name, value] }) => [name.textContent, value.textContent])));

/** Whether an element is on the screen, all of it. */
const isSeen = (locator) =>
  locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });

/** Fingers that go down at the first places and up at the last, as the browser's own input. */
async function fingers(page, ways, steps = 8) {
  const session = await page.context().newCDPSession(page);
  const at = (share) => ways.map(([from, to], id) => ({ id, x: from[0] + share * (to[0] - from[0]), y: from[1] + share * (to[1] - from[1]) }));
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let i = 1; i <= steps; i += 1) {
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(i / steps) });
    await page.waitForTimeout(16);
  }
  // Fingers that rest before they are lifted throw nothing.
  await page.waitForTimeout(150);
  await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(1) });
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** The window in the link, if the landscape has been moved. */
const windowOf = (page) => decodeURIComponent(page.url()).match(/window:([^,&]+)/)?.[1];

test("the slider and the chart that it moves are on the screen together", async ({ page }) => {
  await openDefault(page, 60);
  const sharpness = page.locator("figure.is-slot1");
  await sharpness.evaluate((figure) => figure.scrollIntoView({ block: "center" }));
  expect(await isSeen(sharpness)).toBe(true);
  expect(await isSeen(slider(page))).toBe(true);
  const before = await numbers(page);
  expect(before).toEqual({ η: "0.5", "2/η": "4", "λ₁": (await readingsOf(page, 1))["λ₁"] });
  await slider(page).fill("300");
  await expect.poll(async () => (await numbers(page)).η).not.toBe("0.5");
  const { η, "2/η": threshold } = await numbers(page);
  expect(Number(threshold)).toBeCloseTo(2 / Number(η), 2);
  expect(await eta(page, 1).inputValue()).toBe(η);
});

test("another run is chosen there, and one whose policy finds its own steps only shows them", async ({ page }) => {
  await openDefault(page, 60);
  await chosen(page).selectOption("2");
  await expect(slider(page)).toBeDisabled();
  await expect(cards(page).nth(2)).toHaveClass(/is-selected/);
  expect((await numbers(page)).η).toBe((await readingsOf(page, 3)).η);
});

test("a phase there opens its word, and what was changed is undone there", async ({ page }) => {
  await openDefault(page, 60);
  await dock(page).locator(".doing").tap();
  await expect(page.getByRole("dialog", { name: "Glossary" }).locator(".word-asked")).toBeVisible();
  await page.getByRole("button", { name: "Close: Glossary" }).tap();
  await slider(page).fill("300");
  await expect.poll(async () => (await numbers(page)).η).not.toBe("0.5");
  const undo = dock(page).getByRole("button", { name: "Undo the last change" });
  await expect(undo).toBeEnabled();
  await undo.tap();
  await expect.poll(async () => (await numbers(page)).η).toBe("0.5");
});

test("one finger on the landscape scrolls the page, two move and zoom the plane, a tap sets the start", async ({ page }) => {
  await openDefault(page, 20);
  const { x, y, width, height } = await landscape(page).boundingBox();
  const at = (across, down) => [x + across * width, y + down * height];
  await fingers(page, [[at(0.7, 0.9), at(0.7, 0.1)]], 16);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(60);
  expect(windowOf(page)).toBe(undefined);
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await fingers(page, [[at(0.8, 0.5), at(0.3, 0.5)]]);
  await page.waitForTimeout(600);
  expect(windowOf(page), "one finger sideways moves nothing").toBe(undefined);
  await fingers(page, [[at(0.4, 0.5), at(0.2, 0.5)], [at(0.6, 0.5), at(0.8, 0.5)]]);
  await expect.poll(() => windowOf(page)).not.toBe(undefined);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  const moved = windowOf(page);
  await fingers(page, [[at(0.4, 0.8), at(0.4, 0.2)], [at(0.6, 0.8), at(0.6, 0.2)]], 16);
  await expect.poll(() => windowOf(page)).not.toBe(moved);
  expect(await page.evaluate(() => scrollY), "two fingers upwards do not scroll").toBe(0);
  const before = await start(page, "x").inputValue();
  await page.touchscreen.tap(...at(0.75, 0.3));
  await expect(start(page, "x")).not.toHaveValue(before);
});

test("in the Atlas a tap reads a run, and a second one opens it", async ({ page }) => {
  await open(page, fragment({ objective: { name: "double-well" }, runs: [{ policy: { name: "constant", eta: 1.1 } }], steps: 200 }));
  await page.keyboard.press("a");
  const room = page.getByRole("dialog", { name: "Atlas" });
  await expect(room.locator(".atlas-way")).toContainText(/ [1-9]\d* %|steps a second/, { timeout: 30_000 });
  await expect(room).toContainText("tap a point to read it");
  const { x, y, width, height } = await room.locator("canvas").first().boundingBox();
  await page.touchscreen.tap(x + 0.5 * width, y + 0.4 * height);
  await expect(room).toContainText(/η = [\d.]+ · /);
  await expect(room).toBeVisible();
  await page.touchscreen.tap(x + 0.5 * width, y + 0.4 * height);
  await expect(room).toHaveCount(0);
  await expect(objective(page)).toHaveValue("double-well");
});

test("the help speaks of fingers", async ({ page }) => {
  await openDefault(page, 0);
  await page.getByRole("button", { name: "Help and keyboard" }).tap();
  const help = page.getByRole("dialog", { name: "What you see" });
  await expect(help).toContainText("one finger scrolls the page");
  await expect(help.getByRole("paragraph").filter({ hasText: /wheel|double click|Ctrl/ })).toHaveCount(0);
});

test("the dock is a phone’s alone, and gives way where the page is low or projected", async ({ page }) => {
  await openDefault(page, 0);
  await expect(dock(page)).toBeVisible();
  for (const size of [{ width: 1280, height: 720 }, { width: 844, height: 390 }, { width: 640, height: 400 }]) {
    await page.setViewportSize(size);
    await expect(dock(page)).toBeHidden();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.keyboard.press("p");
  await expect(dock(page)).toBeHidden();
});

for (const width of [390, 360, 320]) {
  test(`everything fits ${width} pixels, and axe finds nothing`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await openDefault(page, 60);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    for (const name of ["Help and keyboard", /gallery/i, /Theme/]) {
      const { x, width: wide } = await page.getByRole("button", { name }).boundingBox();
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + wide).toBeLessThanOrEqual(width);
    }
    const numbersFit = await dock(page).evaluate((section) => [...section.querySelectorAll("*")].every((part) => part.getBoundingClientRect().right <= innerWidth));
    expect(numbersFit).toBe(true);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    expect(await stepOf(page)).toBe(60);
  });
}
