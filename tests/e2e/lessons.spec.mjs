// Lessons: from the head of the page through the steps, by hand, by keys, by fingers and by links,
// and what happens when something is missing.
import AxeBuilder from "@axe-core/playwright";

import { expect, open, started, test } from "./fixtures.mjs";
import { eta, experimentOf, expectBeyond, expectStep, notice, objective, play, stepOf, type } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"], allowed: /No available adapters/ });

const panel = (page) => page.getByRole("complementary", { name: "Lesson" });
const title = (page) => panel(page).getByRole("heading", { level: 3 });
const button = (page, name) => panel(page).getByRole("button", { name });
const leave = (page) => button(page, "Leave the lessons").click();
const lessonIn = (page) => new URL(page.url()).hash.match(/(?<=[#&]lesson=)[^&]*/)?.[0];

/** Chooses a lesson in the list. */
async function begin(page, name) {
  await page.getByRole("button", { name: "Lessons", exact: true }).click();
  await panel(page).getByRole("button", { name }).click();
}

test("a newcomer opens the lessons from the head of the page and is asked before being told", async ({ page }) => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await open(page);
  expect(asked.filter((path) => /lessons|-rooms\.wasm|rooms\.css/.test(path)), "nothing of lessons is in the first load").toEqual([]);
  await page.getByRole("button", { name: "Lessons", exact: true }).click();
  await expect(panel(page).getByRole("listitem")).toHaveCount(13);
  await panel(page).getByRole("button", { name: "The threshold 2/η" }).click();
  await expect(title(page)).toHaveText("One number decides");
  await expect(objective(page)).toHaveValue("quadratic");
  await expectStep(page, 0);
  await expect(panel(page).locator("math").first()).toBeVisible();
  const answer = panel(page).getByText("Only the first.", { exact: false });
  await expect(answer).toBeHidden();
  await panel(page).getByText("Show the answer").click();
  await expect(answer).toBeVisible();
  await play(page).click();
  await expectBeyond(page, 3);
});

test("buttons, page keys and arrows walk through a lesson and over its end", async ({ page }) => {
  await open(page);
  await begin(page, "The catapult");
  await expect(title(page)).toHaveText("Up, and down again");
  await expect(button(page, "Back")).toBeEnabled();
  await button(page, "Next").click();
  await expect(title(page)).toHaveText("What throws it");
  await expectStep(page, 6);
  // From wherever the focus is.
  await page.locator("#board").focus();
  await page.keyboard.press("PageDown");
  await expect(title(page)).toHaveText("The window from 2 to 4");
  await page.keyboard.press("PageDown");
  await expect(title(page)).toHaveText("Learning makes it sharper");
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText("Progressive sharpening");
  await page.keyboard.press("PageUp");
  await expect(title(page)).toHaveText("The window from 2 to 4");
  // Arrows turn pages in the panel, and move time elsewhere.
  await panel(page).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(title(page)).toHaveText("What throws it");
  await expectStep(page, 6);
  await page.locator("#board").focus();
  await page.keyboard.press("ArrowRight");
  await expectStep(page, 7);
  await expect(title(page)).toHaveText("What throws it");
});

test("page keys on a slider and in a chart stay what they were", async ({ page }) => {
  await open(page, "#lesson=catapult-2");
  await expect(title(page)).toHaveText("What throws it");
  await expectStep(page, 6);
  await page.getByRole("slider", { name: "Step shown" }).focus();
  await page.keyboard.press("PageUp");
  await expectBeyond(page, 6);
  await expect(title(page)).toHaveText("What throws it");
});

test("a step runs to where it says and rests there, or until something has happened", async ({ page }) => {
  await open(page, "#lesson=balancing-2");
  await expectStep(page, 20, { timeout: 20_000 });
  await page.waitForTimeout(500);
  expect(await stepOf(page), "it has come to rest").toBe(20);
  await expect(play(page)).toBeVisible();
  // The network's sharpness crosses its threshold at step 462 (engine/tests/chebyshev.rs).
  await page.evaluate(() => (location.hash = "#lesson=network-1"));
  await expectStep(page, 462, { timeout: 30_000 });
  await expect(play(page)).toBeVisible();
  await play(page).click();
  await expectBeyond(page, 470);
});

test("each step is a link, and an entry of the history", async ({ page }) => {
  await open(page);
  await begin(page, "The catapult");
  await expect.poll(() => lessonIn(page)).toBe("catapult-1");
  await button(page, "Next").click();
  await expect.poll(() => lessonIn(page)).toBe("catapult-2");
  const address = page.url();
  await button(page, "Next").click();
  await expect.poll(() => lessonIn(page)).toBe("catapult-3");
  await page.goBack();
  await expect(title(page)).toHaveText("What throws it");
  expect((await experimentOf(page)).runs).toHaveLength(2);
  await page.goBack();
  await expect(title(page)).toHaveText("Up, and down again");
  await page.goForward();
  await expect(title(page)).toHaveText("What throws it");
  // In another tab, and after a reload.
  await page.goto("about:blank");
  await page.goto(address);
  await started(page);
  await expect(title(page)).toHaveText("What throws it");
  await page.reload();
  await started(page);
  await expect(title(page)).toHaveText("What throws it");
});

test("a link may name the step alone, in the address bar too, and text links from step to step", async ({ page }) => {
  await open(page, "#lesson=self-stabilization");
  await expect(title(page)).toHaveText("The parabola that is not one");
  await expectStep(page, 84);
  await expect(objective(page)).toHaveValue("river");
  await panel(page).getByRole("link", { name: "the last lesson" }).click();
  await expect(title(page)).toHaveText("And for ever: the river");
  await page.goBack();
  await expect(title(page)).toHaveText("The parabola that is not one");
});

test("edits in a lesson are the person's; leaving keeps them, and coming back finds the place", async ({ page }) => {
  await open(page);
  await begin(page, "The threshold 2/η");
  await expect(title(page)).toHaveText("One number decides");
  await type(eta(page, 1), "0.05");
  await leave(page);
  await expect(panel(page)).toHaveCount(0);
  await expect(eta(page, 1)).toHaveValue("0.05");
  await expect.poll(() => lessonIn(page)).toBeUndefined();
  await page.keyboard.press("g");
  await expect(title(page)).toHaveText("One number decides");
  await expect(eta(page, 1)).toHaveValue("0.05");
  await button(page, "Set again").click();
  await expect(eta(page, 1)).toHaveValue("0.19");
  await page.keyboard.press("g");
  await expect(panel(page)).toHaveCount(0);
  // Another day.
  await page.goto("about:blank");
  await open(page);
  await page.keyboard.press("g");
  await panel(page).getByRole("button", { name: "Go on with “The threshold 2/η”, step 1" }).click();
  await expect(title(page)).toHaveText("One number decides");
  await expect(objective(page)).toHaveValue("quadratic");
});

test("a step that goes on with the one before leaves the Lab as it is", async ({ page }) => {
  await open(page, "#lesson=threshold-3");
  await expectStep(page, 30, { timeout: 20_000 });
  await type(eta(page, 1), "0.12");
  await page.locator("#board").focus();
  await page.keyboard.press("PageDown");
  await expect(title(page)).toHaveText("Your turn");
  await expect(eta(page, 1)).toHaveValue("0.12");
});

test.describe("without a memory", () => {
  test("lessons open all the same", async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, "localStorage", {
        get() {
          throw new DOMException("closed", "SecurityError");
        },
      });
    });
    await open(page);
    await begin(page, "The catapult");
    await expect(title(page)).toHaveText("Up, and down again");
  });
});

test("a link to a step or a lesson that is not there says so and shows the list", async ({ page }) => {
  await open(page, "#lesson=catapult-9");
  await expect(panel(page).getByRole("alert")).toHaveText(/names step 9 of “The catapult”, which has 3 steps/);
  await page.evaluate(() => (location.hash = "#lesson=cake"));
  await expect(panel(page).getByRole("alert")).toHaveText(/the lesson “cake”, which there is not/);
  await panel(page).getByRole("button", { name: "The catapult" }).click();
  await expect(title(page)).toHaveText("Up, and down again");
});

test.describe("when something does not arrive", () => {
  test.use({ allowed: /503|HTTP status code is not ok|console error: (Type)?Error/ });

  test("the chunk: a sentence, and nothing lost; the next try fetches again", async ({ page }) => {
    let asked = 0;
    await page.route(/-rooms\.wasm$/, (route) => ((asked += 1) === 1 ? route.fulfill({ status: 503, body: "busy" }) : route.continue()));
    await open(page);
    await page.getByRole("button", { name: "Lessons", exact: true }).click();
    await expect(notice(page)).toContainText("This part of the page could not be fetched");
    await expect(objective(page)).toHaveValue("river");
    await page.getByRole("button", { name: "Lessons", exact: true }).click();
    await expect(panel(page).getByRole("listitem")).toHaveCount(13);
  });

  test("a lesson: a sentence in its place, and another try", async ({ page }) => {
    let asked = 0;
    await page.route(/lessons\/catapult\.json$/, (route) => ((asked += 1) === 1 ? route.fulfill({ status: 503, body: "busy" }) : route.continue()));
    await open(page, "#lesson=catapult-2");
    await expect(panel(page).getByRole("alert")).toContainText("The lesson could not be fetched (HTTP status 503)");
    await button(page, "Try again").click();
    await expect(title(page)).toHaveText("What throws it");
    await expectStep(page, 6);
  });
});

test("a lesson whose experiment no longer validates says so and changes nothing", async ({ page }) => {
  await page.route(/lessons\/catapult\.json$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll("scalar-factorization", "scalar-fantasy") });
  });
  await open(page);
  await begin(page, "The catapult");
  await expect(notice(page)).toContainText("This step cannot be shown");
  await expect(objective(page)).toHaveValue("river");
});

test("the map of a step opens in the Atlas, and the lesson is there again behind it", async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, "#lesson=period-doubling-4");
  await expect(title(page)).toHaveText("The whole diagram");
  await panel(page).getByRole("link", { name: "Open the map" }).click();
  await expect(page.getByRole("dialog", { name: "Atlas" })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Atlas" })).toHaveCount(0);
  await expect(title(page)).toHaveText("The whole diagram");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the panel lies at the foot, the Lab above it, and a swipe turns the page", async ({ page }) => {
    await open(page, "#lesson=catapult-1");
    await expect(title(page)).toHaveText("Up, and down again");
    const box = await panel(page).boundingBox();
    expect(box.y + box.height).toBeCloseTo(844, 0);
    expect(box.y).toBeGreaterThan(400);
    await expect(page.locator("figure.is-landscape canvas")).toBeInViewport({ ratio: 0.5 });
    const swipe = async (from, to) => {
      const y = box.y + 120;
      const touch = (type, x) => panel(page).locator(".lesson-body").dispatchEvent(type, { pointerType: "touch", clientX: x, clientY: y, bubbles: true });
      await touch("pointerdown", from);
      await touch("pointerup", to);
    };
    await swipe(300, 120);
    await expect(title(page)).toHaveText("What throws it");
    await swipe(120, 300);
    await expect(title(page)).toHaveText("Up, and down again");
    await swipe(200, 180);
    await expect(title(page)).toHaveText("Up, and down again");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});

for (const scheme of ["light", "dark"]) {
  test.describe(`${scheme}, with axe`, () => {
    test.use({ colorScheme: scheme, contextOptions: { reducedMotion: "reduce" } });

    test("everyone can use the list and a step, also folded", async ({ page }) => {
      const look = async () => {
        const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
      };
      await open(page, "#lesson=all");
      await expect(panel(page).getByRole("listitem")).toHaveCount(13);
      await look();
      await panel(page).getByRole("button", { name: "The catapult" }).click();
      await panel(page).getByText("Show the answer").click();
      await look();
      // Narrow, where the panel lies on the controls: folded it uncovers them.
      await button(page, "Controls").click();
      await expect(title(page)).toBeHidden();
      await look();
      await eta(page, 1).click();
      await button(page, "Text").click();
      await expect(title(page)).toBeVisible();
    });
  });
}

test("every step of every lesson can be shown", async ({ page }) => {
  test.setTimeout(300_000);
  await open(page, "#lesson=threshold-1");
  const lessons = await page.evaluate(async () => (await fetch("./lessons/contents.json")).json());
  await expect(title(page)).toHaveText("One number decides");
  for (const lesson of lessons) {
    for (let step = 1; step <= lesson.steps; step += 1) {
      await expect.poll(() => lessonIn(page), { timeout: 20_000 }).toBe(`${lesson.name}-${step}`);
      await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText(lesson.title);
      await expect(panel(page).getByRole("status")).toHaveText(`${step} of ${lesson.steps}`);
      await expect(page.getByRole("region", { name: "Charts" }).getByRole("alert"), `${lesson.name}-${step}`).toHaveCount(0);
      expect(await panel(page).locator("merror").count()).toBe(0);
      await page.keyboard.press("PageDown");
    }
  }
  await expect(panel(page).getByRole("listitem")).toHaveCount(lessons.length);
});
