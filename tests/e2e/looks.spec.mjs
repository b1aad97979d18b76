// Looks: the page fits, everyone can use it, and the charts are really drawn.
import { AxeBuilder } from "@axe-core/playwright";

import { expect, open, test } from "./fixtures.mjs";
import { cards, chart, constant, eta, expectStep, fragment, frames, notice, objective, openAt, openDefault, pixelsOf, play, stepOf, type } from "./lab.mjs";

const charts = { Loss: /^Loss/, Sharpness: /^Sharpness/, Product: /^Product/, Landscape: /^Landscape/ };
const runs = [constant(0.5), constant(0.35), { policy: { name: "nonmonotone-line-search" } }, { policy: { name: "polyak" } }];

const sizes = (page) =>
  page.evaluate(() => {
    const root = document.scrollingElement;
    return { across: root.scrollWidth - innerWidth, down: root.scrollHeight - innerHeight };
  });

test.describe("the page fits", () => {
  for (const [width, height] of [[1280, 720], [1920, 1080], [1024, 768], [1440, 900]]) {
    test(`${width} × ${height}: nothing scrolls, and four charts are seen`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openDefault(page, 100);
      expect(await sizes(page)).toEqual({ across: 0, down: 0 });
      for (const name of Object.values(charts)) {
        const box = await chart(page, name).boundingBox();
        expect(box.width).toBeGreaterThan(200);
        expect(box.height).toBeGreaterThan(120);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
      }
      await expect(page.getByRole("slider", { name: "Step shown" })).toBeInViewport({ ratio: 1 });
    });
  }

  for (const [width, height] of [[360, 740], [390, 844], [768, 1024], [320, 640]]) {
    test(`${width} × ${height}: nothing scrolls sideways, whatever is open`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openDefault(page, 100);
      expect((await sizes(page)).across).toBeLessThanOrEqual(0);
      for (const summary of await page.locator("summary").all()) await summary.click();
      await type(eta(page, 1), "abc");
      expect((await sizes(page)).across).toBeLessThanOrEqual(0);
      await eta(page, 1).press("Escape");
      for (const name of ["product", "flatland-toy", "quadratic"]) {
        await objective(page).selectOption(name);
        expect((await sizes(page)).across, name).toBeLessThanOrEqual(0);
      }
      await expect(page.getByRole("button", { name: /^(Play|Pause)$/ }), "time stays at hand").toBeInViewport();
    });
  }

  test("at 200 CSS pixels the page does not scroll sideways, and its controls do not lie on each other", async ({ page }) => {
    await page.setViewportSize({ width: 200, height: 700 });
    await openDefault(page, 100);
    expect((await sizes(page)).across).toBeLessThanOrEqual(0);
    await page.evaluate(() => scrollTo(0, 0));
    await expect(page.getByRole("button", { name: "Help" })).toBeInViewport({ ratio: 1 });
    const [play, clock] = await Promise.all([".play", ".clock"].map((part) => page.locator(part).boundingBox()));
    expect(clock.y).toBeGreaterThanOrEqual(play.y + play.height);
  });

  for (const [width, height] of [[640, 400], [844, 390]]) {
    test(`${width} × ${height}, low: time takes one line, and the landscape is seen`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openDefault(page, 100);
      expect((await page.locator(".transport").boundingBox()).height).toBeLessThanOrEqual(56);
      expect((await chart(page, charts.Landscape).boundingBox()).height).toBeGreaterThan(110);
    });
  }

  test("titles are whole where the page is 1024 wide, and in the projector view", async ({ page }) => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await openAt(page, { objective: { name: "river" }, runs, steps: 100 }, 50, "&view=scene:lens");
    const cut = () => page.locator(".chart h2 select").evaluateAll((lists) => lists.filter((list) => list.scrollWidth > list.clientWidth).map((list) => list.value));
    expect(await cut()).toEqual([]);
    await page.keyboard.press("p");
    await frames(page);
    expect(await cut()).toEqual([]);
  });

  for (const [width, height, keys] of [[1280, 720, ""], [1024, 768, ""], [1024, 768, "p"], [844, 390, ""], [390, 844, ""], [320, 568, ""]]) {
    const where = `${width} × ${height}${keys ? ", projector" : ""}`;
    test(`${where}: what the page says hides no head, no title and no curve, and nothing jumps`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openDefault(page, 100);
      if (keys) await page.keyboard.press(keys);
      await frames(page);
      const places = () => page.locator(".masthead, .chart figcaption, .chart .surface, .play").evaluateAll((parts) => parts.map((part) => JSON.stringify(part.getBoundingClientRect())));
      const before = await places();
      const said = page.locator(".notice");
      const expectOnTimeLine = async () => {
        const [notice, bar] = [await said.boundingBox(), await page.locator(".transport").boundingBox()];
        expect(notice.y).toBeGreaterThanOrEqual(bar.y);
        expect(notice.x >= 0 && notice.x + notice.width <= width).toBe(true);
        expect(await said.evaluate((notice) => notice.scrollHeight <= notice.clientHeight), "all of it is seen").toBe(true);
        expect(await places()).toEqual(before);
      };
      // A link is copied.
      await page.keyboard.press("u");
      await expect(said).toContainText("Link copied");
      await expectOnTimeLine();
      await said.getByRole("button", { name: "Dismiss this message" }).click();
      await expect(said).toHaveCount(0);
      // A run is forked.
      await page.keyboard.press("f");
      await expect(said).toBeVisible();
      await expectOnTimeLine();
      // A link is broken; time can go on all the same.
      await page.evaluate(() => (location.hash = "#lab=%7B%22version%22%3A1%2C%22objective%22%3A%7B%22name%22%3A%22rivers%22%7D%7D"));
      await expect(notice(page)).toContainText("This link");
      await expectOnTimeLine();
      if (!keys) await play(page).click();
      await expect(notice(page), "an error stays until it is dismissed").toBeVisible();
    });
  }

  test("a million steps are seen whole", async ({ page }) => {
    await openDefault(page, 100);
    await type(page.getByRole("textbox", { name: "steps at the most" }), "1000000");
    await expect(page.getByRole("textbox", { name: "steps at the most" })).toHaveValue("1000000");
    const [room, seen] = await page.getByRole("textbox", { name: "steps at the most" }).evaluate((field) => [field.clientWidth, field.scrollWidth]);
    expect(seen).toBeLessThanOrEqual(room);
  });

  test("eight runs at 1280 × 720: the rail scrolls, the page does not", async ({ page }) => {
    await openAt(page, { objective: { name: "river" }, runs: Array.from({ length: 8 }, (_, i) => constant(0.1 + 0.05 * i)), steps: 100 }, 50);
    expect(await sizes(page)).toEqual({ across: 0, down: 0 });
    await cards(page).nth(7).scrollIntoViewIfNeeded();
    await expect(cards(page).nth(7)).toBeInViewport();
    expect(await sizes(page)).toEqual({ across: 0, down: 0 });
  });

  test("text twice as large still fits in width", async ({ page }) => {
    // Zooming to 200 % halves what the page has of the window.
    await page.setViewportSize({ width: 640, height: 360 });
    await openDefault(page, 50);
    expect((await sizes(page)).across).toBeLessThanOrEqual(0);
  });

  test("a window that changes its size redraws the charts to fit", async ({ page }) => {
    await openDefault(page, 100);
    await page.setViewportSize({ width: 1600, height: 1000 });
    await expect
      .poll(() => chart(page, charts.Loss).evaluate((canvas) => Math.abs(canvas.width / canvas.clientWidth - canvas.height / canvas.clientHeight) < 0.01))
      .toBe(true);
    await expect.poll(() => pixelsOf(chart(page, charts.Loss), 1)).toBeGreaterThan(200);
  });
});

test.describe("everyone can use it: axe finds nothing", () => {
  const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const violations = async (page, rules) => {
    const axe = new AxeBuilder({ page });
    const { violations: found } = await (rules ? axe.withRules(rules) : axe.withTags(TAGS)).analyze();
    return found.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`) }));
  };

  const river = { objective: { name: "river", a: 0.05, y0: 3 }, start: [0.001, 1], runs, steps: 300 };
  const eight = Array.from({ length: 8 }, (_, i) => constant(0.1 + 0.05 * i));
  const states = {
    "the default scene": [river],
    "every detail open": [
      river,
      async (page) => {
        for (const summary of await page.locator("summary").all()) await summary.click();
      },
    ],
    "the help open": [
      river,
      async (page) => {
        await page.keyboard.press("?");
        await expect(page.getByRole("dialog")).toBeVisible();
      },
    ],
    "fields refused": [
      river,
      async (page) => {
        await type(eta(page, 1), "abc");
        await type(page.getByRole("textbox", { name: "steps at the most" }), "0.5");
        await expect(page.getByRole("alert")).toHaveCount(2);
      },
    ],
    "a message shown": [
      river,
      async (page) => {
        await page.getByRole("button", { name: "Copy link" }).click();
        await expect(page.getByRole("status").filter({ hasText: /link/i })).toBeVisible();
      },
    ],
    "the pointer over a chart": [river, (page) => chart(page, charts.Loss).hover()],
    "a run that has diverged": [{ objective: { name: "quadratic" }, runs: [constant(3), constant(0.1)], steps: 200 }],
    "one variable": [{ objective: { name: "double-well" }, runs, steps: 100 }],
    "four variables": [{ objective: { name: "product" }, runs, steps: 100 }],
    "eight runs": [{ objective: { name: "river" }, runs: eight, steps: 100 }],
    "a broken link": [{ runs: [] }],
    ...Object.fromEntries(
      [["Scores", "c"], ["Export", "s"], ["What happened", "v"]].map(([name, key]) => [
        `the dialog ${name}`,
        [
          river,
          async (page) => {
            await page.keyboard.press(key);
            await expect(page.getByRole("dialog", { name })).toBeVisible();
          },
        ],
      ]),
    ),
    "a chart as a table": [
      river,
      async (page) => {
        await page.getByRole("button", { name: "Loss f as a table" }).click();
        await expect(page.getByRole("dialog", { name: "Loss f" })).toBeVisible();
      },
    ],
    "a chart’s crosshair by keyboard": [river, (page) => page.getByRole("slider", { name: "Crosshair in Loss f" }).focus()],
    "the projector": [river, (page) => page.keyboard.press("p")],
    "the sharpness layer": [river, (page) => page.getByRole("combobox", { name: "Colors of the landscape" }).selectOption("sharpness")],
    ...Object.fromEntries(
      ["lens", "segment", "portrait"].map((scene) => [
        `the ${scene}`,
        [
          river,
          async (page) => {
            await page.getByRole("combobox", { name: "Scene" }).selectOption(scene);
            await expect(page.locator(".scene-says")).toContainText(/\d/);
          },
        ],
      ]),
    ),
    "a ghost": [
      river,
      async (page) => {
        await page.keyboard.press("f");
        await expect(page.locator(".policy.is-ghost")).toBeVisible();
      },
    ],
    "several starts": [{ ...river, runs: runs.slice(0, 3), ensemble: { size: 8, spread: 0.05 } }],
    "on a phone": [
      river,
      async (page) => {
        await page.setViewportSize({ width: 390, height: 844 });
        // At the end of the page nothing lies half under the time, which stays at hand everywhere else.
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      },
    ],
  };
  for (const [name, [experiment, prepare]] of Object.entries(states)) {
    test(name, async ({ page, browserName }) => {
      await open(page, fragment(experiment, "&step=60"));
      await expect.poll(() => stepOf(page)).toBeGreaterThan(2);
      await prepare?.(page);
      await frames(page, 5);
      expect(await violations(page)).toEqual([]);
      // In the dark nothing but colors is different. Firefox has those of the machine.
      if (browserName === "firefox") return;
      await page.emulateMedia({ colorScheme: "dark" });
      await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
      await page.evaluate(() => Promise.all(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished)));
      expect(await violations(page, ["color-contrast"])).toEqual([]);
    });
  }
});

test.describe("with reduced motion", { tag: "@chromium" }, () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("the scene is shown finished and at rest; playing is still possible", async ({ page }) => {
    await open(page);
    await expectStep(page, 500);
    await expect(play(page)).toBeVisible();
    await play(page).click();
    await expect.poll(() => stepOf(page)).toBeLessThan(500);
  });

  test("nothing moves by itself", async ({ page }) => {
    await open(page);
    await expectStep(page, 500);
    const durations = await page.evaluate(() => [...document.querySelectorAll("*")].flatMap((element) => getComputedStyle(element).transitionDuration.split(", ")).filter((duration) => duration !== "0s"));
    expect(durations).toEqual([]);
  });
});

test.describe("the charts are really drawn", () => {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(colorScheme, () => {
      test.use({ colorScheme });

      test("every run has its line in every chart", async ({ page }) => {
        await openAt(page, { objective: { name: "river", a: 0.05, y0: 3 }, start: [0.001, 1], runs, steps: 200 }, 120);
        for (const [name, label] of Object.entries(charts)) {
          for (let run = 1; run <= runs.length; run += 1) {
            await expect.poll(() => pixelsOf(chart(page, label), run), { message: `run ${run} in ${name}` }).toBeGreaterThan(20);
          }
        }
      });
    });
  }

  test("a run that is removed leaves every chart; the others keep their colors", async ({ page }) => {
    await openAt(page, { objective: { name: "river", a: 0.05, y0: 3 }, start: [0.001, 1], runs, steps: 200 }, 120);
    await expect.poll(() => pixelsOf(chart(page, charts.Loss), 2)).toBeGreaterThan(20);
    await page.getByRole("button", { name: /^Remove run 2,/ }).click();
    await expect.poll(() => pixelsOf(chart(page, charts.Loss), 2)).toBeLessThan(5);
    for (const run of [1, 3, 4]) expect(await pixelsOf(chart(page, charts.Loss), run)).toBeGreaterThan(20);
  });

  test("the page follows the system when it turns dark", async ({ page }) => {
    await openDefault(page, 100);
    const label = charts.Loss;
    await expect.poll(() => pixelsOf(chart(page, label), 1)).toBeGreaterThan(20);
    await page.emulateMedia({ colorScheme: "dark" });
    // Now the style sheet's color of run 1 is the dark theme's.
    await expect.poll(() => pixelsOf(chart(page, label), 1)).toBeGreaterThan(20);
  });

  test("lines are drawn sharp on a fine screen", async ({ browser, baseURL }) => {
    const fine = await browser.newPage({ deviceScaleFactor: 3, baseURL });
    await openDefault(fine, 60);
    const ratio = await chart(fine, charts.Loss).evaluate((canvas) => canvas.width / canvas.clientWidth);
    expect(ratio).toBeGreaterThanOrEqual(2.9);
    await fine.close();
  });
});
