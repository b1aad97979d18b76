// A lecture: a page for the back row, one figure for the whole window, a blank screen, a clicker, notes
// in a second window, and a handout.
import AxeBuilder from "@axe-core/playwright";

import { expect, open, started, test } from "./fixtures.mjs";
import { chart, constant, eta, expectBeyond, expectStep, fragment, notice, openAt, pause, play, scrubber, stepOf, type } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"], allowed: /No available adapters/ });

const RIVER = { objective: { name: "river" }, start: [0.001, 1], runs: [constant(0.5), constant(0.35)], steps: 300 };

const panel = (page) => page.getByRole("complementary", { name: "Lesson" });
const title = (page) => panel(page).getByRole("heading", { level: 3 });
const figures = (page) => page.locator(".board > figure");
const enlarge = (page, figure) => page.locator(`figure[data-figure=${figure}]`).getByRole("button", { name: "Enlarge this figure" });
const blank = (page) => page.getByRole("dialog", { name: "The screen is blank" });
const lessonIn = (page) => new URL(page.url()).hash.match(/(?<=[#&]lesson=)[^&]*/)?.[0];

/** Opens a step of a lesson and waits for its text. */
async function openStep(page, step) {
  await open(page, `#lesson=${step}`);
  await expect(title(page)).toBeVisible();
}

/** Opens the presenter's window of the lesson that is open. */
async function openPresenter(page) {
  const [presenter] = await Promise.all([page.waitForEvent("popup"), page.keyboard.press("q")]);
  await expect(presenter.getByRole("main", { name: "Presenter" })).toBeVisible({ timeout: 15_000 });
  return presenter;
}

test.describe("one figure for the whole window", () => {
  test("the button in its head enlarges a figure, time stays at hand, and Escape brings the others back", async ({ page }) => {
    await openAt(page, RIVER, 100);
    await enlarge(page, "chart2").click();
    await expect(figures(page).filter({ visible: true })).toHaveCount(1);
    const { width, height } = page.viewportSize();
    const box = await chart(page, /Sharpness/).boundingBox();
    expect(box.width, "it is as wide as the window").toBeGreaterThan(0.95 * width);
    expect(box.height).toBeGreaterThan(0.8 * height);
    await expect(page.getByRole("region", { name: "Experiment" })).toBeHidden();
    await page.keyboard.press("ArrowRight");
    await expectStep(page, 101);
    await play(page).click();
    await expectBeyond(page, 110);
    await pause(page).click();
    await page.keyboard.press("Escape");
    await expect(figures(page).filter({ visible: true })).toHaveCount(4);
  });

  test("Z enlarges the figure under the pointer, and once more brings the others back", async ({ page }) => {
    await openAt(page, RIVER, 100);
    await page.locator("figure.is-landscape canvas").hover();
    await page.keyboard.press("z");
    await expect(page.locator("figure.is-landscape")).toHaveClass(/is-alone/);
    await expect(figures(page).filter({ visible: true })).toHaveCount(1);
    await page.keyboard.press("z");
    await expect(figures(page).filter({ visible: true })).toHaveCount(4);
    await chart(page, /Product/).hover();
    await page.keyboard.press("z");
    await expect(page.locator("figure.is-slot2")).toHaveClass(/is-alone/);
  });

  test("Z goes by the keyboard's focus where there is one", async ({ page }) => {
    await openAt(page, RIVER, 100);
    await page.getByRole("slider", { name: "Crosshair in Sharpness" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("z");
    await expect(page.locator("figure.is-slot1")).toHaveClass(/is-alone/);
  });

  test("a link restores it, and it is a step to undo", async ({ page, context }) => {
    await openAt(page, RIVER, 100);
    await enlarge(page, "scene").click();
    await page.getByRole("button", { name: "All figures again" }).hover();
    await page.keyboard.press("u");
    await expect(page.getByRole("status").filter({ hasText: "Link copied" })).toBeVisible();
    expect(page.url()).toContain("enlarged:scene");
    const other = await context.newPage();
    await other.goto(page.url());
    await started(other);
    await expect(figures(other).filter({ visible: true })).toHaveCount(1);
    await other.close();
    await page.keyboard.press("Control+z");
    await expect(figures(page).filter({ visible: true })).toHaveCount(4);
    await page.keyboard.press("Control+y");
    await expect(figures(page).filter({ visible: true })).toHaveCount(1);
  });

  test("in the projector view it goes first, and the projector view then", async ({ page }) => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await openAt(page, RIVER, 100, "&view=projector:on,enlarged:chart1");
    await expect(figures(page).filter({ visible: true })).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(figures(page).filter({ visible: true })).toHaveCount(4);
    await expect(page.locator("html[data-projector]")).toBeAttached();
    await page.keyboard.press("Escape");
    await expect(page.locator("html:not([data-projector])")).toBeAttached();
  });

  test("on a phone it fills the screen above the time", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openAt(page, RIVER, 100);
    await enlarge(page, "chart1").click();
    await expect(figures(page).filter({ visible: true })).toHaveCount(1);
    expect((await chart(page, /Loss/).boundingBox()).height).toBeGreaterThan(500);
    await expect(page.getByRole("button", { name: "All figures again" })).toBeInViewport();
    await expect(play(page)).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test("it has no accessibility problems, in both themes", async ({ page }) => {
    for (const theme of ["light", "dark"]) {
      await openAt(page, RIVER, 100, `&view=enlarged:scene&theme=${theme}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    }
  });

  test("the whole screen, and the window again", async ({ page }) => {
    await openAt(page, RIVER, 100);
    await page.keyboard.press("Shift+Z");
    await expect.poll(() => page.evaluate(() => document.fullscreenElement?.tagName)).toBe("HTML");
    await page.keyboard.press("Shift+Z");
    await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBe(null);
  });

  test("a browser that refuses the whole screen is answered with what to press", async ({ page }) => {
    await page.addInitScript(() => {
      Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("no"));
    });
    await openAt(page, RIVER, 100);
    await page.keyboard.press("Shift+Z");
    await expect(notice(page)).toContainText("F11");
  });
});

test.describe("a blank screen", () => {
  for (const key of ["b", "."]) {
    test(`“${key}” makes the screen black and lets time rest, and any key shows the page as it was`, async ({ page }) => {
      await open(page, fragment({ ...RIVER, steps: 3000 }));
      await expectBeyond(page, 5);
      await page.keyboard.press(key);
      await expect(blank(page)).toBeVisible();
      await expect(blank(page)).toHaveCSS("background-color", "rgb(0, 0, 0)");
      const step = await stepOf(page);
      await page.waitForTimeout(300);
      expect(await stepOf(page), "time rests").toBe(step);
      await page.keyboard.press("ArrowRight");
      await expect(blank(page)).toBeHidden();
      await expectBeyond(page, step + 1);
      await expect(pause(page)).toBeVisible();
    });
  }

  test("a click shows the page again, and time that rested goes on resting", async ({ page }) => {
    await openAt(page, RIVER, 100);
    await page.keyboard.press("b");
    await expect(blank(page)).toBeVisible();
    await page.keyboard.press("Shift");
    await expect(blank(page)).toBeVisible();
    await page.mouse.click(300, 300);
    await expect(blank(page)).toBeHidden();
    await expect(play(page)).toBeVisible();
    expect(await stepOf(page)).toBe(100);
    await page.keyboard.press("b");
    await page.keyboard.press("Escape");
    await expect(blank(page)).toBeHidden();
  });

  test("it lies over the Atlas too, and what is typed into a field is typed", async ({ page }) => {
    await openAt(page, RIVER, 100);
    await page.keyboard.press("a");
    const atlas = page.getByRole("dialog", { name: "Atlas" });
    await expect(atlas.getByRole("img").first()).toBeVisible();
    await page.keyboard.press("b");
    await expect(blank(page)).toBeVisible();
    await page.keyboard.press("b");
    await expect(blank(page)).toBeHidden();
    await expect(atlas).toBeVisible();
    await atlas.getByRole("textbox").first().press(".");
    await expect(blank(page)).toBeHidden();
  });

  test("it says to those who do not see it what has happened", async ({ page }) => {
    await openAt(page, RIVER, 100);
    await page.keyboard.press("b");
    await expect(blank(page)).toHaveAccessibleDescription(/Any key/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });
});

test.describe("a clicker", () => {
  test("turns pages after the scrubber was dragged", async ({ page }) => {
    await openStep(page, "catapult-2");
    const { x, y, width, height } = await scrubber(page).boundingBox();
    await page.mouse.click(x + 0.6 * width, y + 0.5 * height);
    const first = await title(page).textContent();
    await page.keyboard.press("PageDown");
    await expect(title(page)).not.toHaveText(first);
    await expect.poll(() => lessonIn(page)).toBe("catapult-3");
  });

  test("what its start button sends, a reload, leads back to the same step", async ({ page }) => {
    await openStep(page, "catapult-2");
    const first = await title(page).textContent();
    await page.reload();
    await started(page);
    await expect(title(page)).toHaveText(first);
  });
});

test.describe("the presenter's window", () => {
  test("has the notes of the step and the next title, and the hall sees none of them", async ({ page }) => {
    await openStep(page, "catapult-1");
    const presenter = await openPresenter(page);
    await expect(presenter.getByRole("heading", { level: 1 })).toHaveText(await title(page).textContent());
    await expect(presenter.locator(".presenter-notes")).toContainText("Two minutes");
    await expect(presenter.locator(".presenter-next")).toContainText("Next: What throws it");
    await expect(page.getByText("Two minutes")).toHaveCount(0);
    expect(await presenter.evaluate(() => document.querySelectorAll("canvas").length), "it has no Lab").toBe(0);
    const { violations } = await new AxeBuilder({ page: presenter }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });

  test("turns the pages of the lecture, and follows it", async ({ page }) => {
    await openStep(page, "catapult-1");
    const presenter = await openPresenter(page);
    const here = presenter.getByRole("heading", { level: 1 });
    await presenter.getByRole("button", { name: "Next" }).click();
    await expect(title(page)).toHaveText("What throws it");
    await expect(here).toHaveText("What throws it");
    await presenter.keyboard.press("PageDown");
    await expect(title(page)).toHaveText("The window from 2 to 4");
    await presenter.keyboard.press("ArrowLeft");
    await expect(title(page)).toHaveText("What throws it");
    await page.bringToFront();
    await page.keyboard.press("PageDown");
    await expect(here).toHaveText("The window from 2 to 4");
    await expect(presenter.locator(".presenter-next")).toContainText("Next lesson: Progressive sharpening");
    await presenter.keyboard.press("b");
    await expect(blank(page)).toBeVisible();
    await presenter.getByRole("button", { name: "Blank screen" }).click();
    await expect(blank(page)).toBeHidden();
  });

  test("has a timer, of the lecture and of the step", async ({ page }) => {
    await openStep(page, "catapult-1");
    const presenter = await openPresenter(page);
    const times = presenter.locator(".presenter-times dd");
    await expect(times.nth(0)).toHaveText("0:00");
    await presenter.getByRole("button", { name: "Start timer" }).click();
    await expect(times.nth(0)).toHaveText("0:02", { timeout: 5_000 });
    await presenter.getByRole("button", { name: "Next" }).click();
    await expect(presenter.getByRole("heading", { level: 1 })).toHaveText("What throws it");
    await expect(times.nth(1)).toHaveText(/0:0[01]/);
    // Loaded anew, it goes on.
    await presenter.reload();
    await expect(times.nth(0)).toHaveText(/0:0[3-9]|0:1\d/);
    await expect(presenter.getByRole("heading", { level: 1 })).toHaveText("What throws it");
    await presenter.getByRole("button", { name: "Pause timer" }).click();
    await presenter.getByRole("button", { name: "Reset timer" }).click();
    await expect(times.nth(0)).toHaveText("0:00");
    await expect(times.nth(2)).toHaveText(/^\d{1,2}:\d\d$/);
  });

  test("lectures in two tabs do not mix", async ({ page, context }) => {
    await openStep(page, "catapult-1");
    const presenter = await openPresenter(page);
    const other = await context.newPage();
    await openStep(other, "edge-1");
    const second = await openPresenter(other);
    await second.getByRole("button", { name: "Next" }).click();
    await expect(title(other)).toHaveText("Whatever the start");
    await expect(title(page)).toHaveText("Up, and down again");
    await expect(presenter.getByRole("heading", { level: 1 })).toHaveText("Up, and down again");
  });

  test("finds a lecture that was loaded anew, and says when it is gone", async ({ page }) => {
    await openStep(page, "catapult-2");
    const presenter = await openPresenter(page);
    await page.reload();
    await started(page);
    await expect(title(page)).toHaveText("What throws it");
    await presenter.getByRole("button", { name: "Next" }).click();
    await expect(title(page)).toHaveText("The window from 2 to 4");
    await expect(presenter.getByRole("alert")).toBeHidden();
    await page.keyboard.press("g");
    await expect(presenter.getByRole("alert")).toContainText("No lesson is open");
    await page.goto("about:blank");
    await expect(presenter.getByRole("alert")).toContainText("closed or is being loaded anew");
  });

  test("one that is closed is told, and opens again", async ({ page }) => {
    await openStep(page, "catapult-1");
    const presenter = await openPresenter(page);
    await expect(presenter.getByRole("heading", { level: 1 })).toBeVisible();
    await presenter.close({ runBeforeUnload: true });
    await expect(page.getByRole("status").filter({ hasText: "presenter’s window was closed" })).toBeVisible();
    const again = await openPresenter(page);
    await expect(again.getByRole("heading", { level: 1 })).toHaveText("Up, and down again");
  });

  test("a browser that blocks windows is answered with what to do", async ({ page }) => {
    await page.addInitScript(() => {
      globalThis.open = () => null;
    });
    await openStep(page, "catapult-1");
    await panel(page).getByRole("button", { name: "Presenter" }).click();
    await expect(notice(page)).toContainText("Allow this page to open windows");
  });
});

test.describe("on paper", { tag: "@chromium" }, () => {
  /** Begins to print as a browser does, and ends when told to. */
  const begin = (page) => page.evaluate(() => globalThis.dispatchEvent(new Event("beforeprint")));
  const end = (page) => page.evaluate(() => globalThis.dispatchEvent(new Event("afterprint")));
  /** How many pages a PDF has. */
  const pagesOf = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;

  test("a lesson has all of its steps, with answers, formulas and charts, and what the reader has made of it", async ({ page }) => {
    await openStep(page, "catapult-1");
    await begin(page);
    await page.emulateMedia({ media: "print" });
    const handout = page.locator("#handout");
    await expect(handout.getByRole("heading", { level: 1 })).toHaveText("The catapult");
    await expect(handout.getByRole("heading", { level: 2 })).toHaveCount(3);
    await expect(handout.getByText("It ends with")).toBeVisible();
    expect(await handout.locator("math").count()).toBeGreaterThan(10);
    await expect(handout.getByRole("img"), "three charts a step").toHaveCount(9);
    await expect(handout).toContainText("#lesson=catapult");
    await expect(page.locator(".masthead")).toBeHidden();
    await expect(handout.getByText("Two minutes")).toHaveCount(0);
    await page.emulateMedia({ media: "screen" });
    await end(page);
    await expect(handout).toHaveCount(0);
    await panel(page).getByRole("button", { name: "Controls" }).click();
    await type(eta(page, 2), "0.25");
    await begin(page);
    await expect(handout.locator("canvas")).toHaveCount(10);
    expect(await handout.locator(".handout-board canvas").getAttribute("aria-label")).toMatch(/0\.25.*#lab=/);
    await end(page);
  });

  test("networks are computed before they are printed, and have their charts too", async ({ page }) => {
    await page.addInitScript(() => {
      globalThis.print = () => {
        globalThis.dispatchEvent(new Event("beforeprint"));
        globalThis.times = (globalThis.times ?? 0) + 1;
        globalThis.printed = [...document.querySelectorAll("#handout .handout-step")].map((step) => step.querySelectorAll(".handout-charts canvas").length);
        globalThis.dispatchEvent(new Event("afterprint"));
      };
    });
    await openStep(page, "network-1");
    await panel(page).getByRole("button", { name: "Handout" }).click();
    const said = page.getByRole("status").filter({ hasText: /networks of the handout are being computed: (0|[1-9]\d*) %/ });
    await expect(said).toBeVisible();
    const printed = () => page.evaluate(() => globalThis.printed);
    // Who is impatient gets one handout all the same.
    await panel(page).getByRole("button", { name: "Handout" }).click();
    await expect.poll(printed, { timeout: 30_000 }).toEqual([3, 3, 3]);
    await expect(said).toBeHidden();
    expect(await page.evaluate(() => globalThis.times)).toBe(1);
    // A second time nothing is computed: the browser is asked at once.
    await begin(page);
    const handout = page.locator("#handout");
    await expect(handout.locator(".handout-charts").first().locator("canvas")).toHaveCount(3);
    // Lines of three eigenvalues, and a threshold: more than axes alone.
    const colors = await handout.locator(".handout-charts canvas").nth(1).evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const all = new Set();
      for (let at = 0; at < data.length; at += 4) if (Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]) > 40) all.add(data.slice(at, at + 3).join());
      return all.size;
    });
    expect(colors).toBeGreaterThan(10);
    await end(page);
  });

  test("a lesson of three steps fits on one page", async ({ page }) => {
    await openStep(page, "catapult-1");
    expect(pagesOf(await page.pdf({ format: "A4" }))).toBe(1);
  });

  test("without a lesson the board comes with its parameters, on one page", async ({ page }) => {
    await page.addInitScript(() => {
      globalThis.print = () => {
        globalThis.dispatchEvent(new Event("beforeprint"));
        globalThis.printed = document.querySelector("#handout canvas")?.getAttribute("aria-label");
      };
    });
    await openAt(page, RIVER, 100);
    await page.keyboard.press("Control+p");
    await expect.poll(() => page.evaluate(() => globalThis.printed)).toMatch(/Runs: .*0\.5/);
    for (const landscape of [true, false]) expect(pagesOf(await page.pdf({ format: "A4", landscape }))).toBe(1);
  });

  test("printed from the browser's menu the board stands without its controls", async ({ page }) => {
    await openAt(page, RIVER, 100, "&theme=dark");
    await begin(page);
    await page.emulateMedia({ media: "print" });
    await expect(chart(page, /Loss/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Play", exact: true })).toBeHidden();
    await expect(page.locator("body")).toHaveCSS("background-color", "rgb(255, 255, 255)");
    await page.emulateMedia({ media: "screen" });
    await end(page);
    await expect(page.locator("body")).toHaveCSS("background-color", "rgb(20, 23, 27)");
  });
});

test("on a projector a lesson's text can be read beside charts that are still large", async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await openStep(page, "catapult-1");
  await page.keyboard.press("p");
  const text = panel(page).getByRole("region", { name: "Text of the lesson" });
  expect(Number.parseFloat(await text.evaluate((element) => getComputedStyle(element).fontSize))).toBeGreaterThanOrEqual(19);
  for (const canvas of await page.locator(".board canvas").all()) {
    const { width, height } = await canvas.boundingBox();
    expect(width * height, "each figure is a tenth of the window").toBeGreaterThan(0.08 * 1024 * 768);
  }
});
