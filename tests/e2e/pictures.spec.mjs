// Pictures of the states that matter, against those in pictures.spec.mjs-snapshots. Letters may be
// drawn a little differently elsewhere, so a small share of the pixels may differ; the formula,
// whose type face is the system's, is covered, and gets the same height everywhere. After a change of looks that is meant: `cargo xtask
// test --only e2e` with PICTURES=update.
import { expect, open, test } from "./fixtures.mjs";
import { constant, expectStep, fragment } from "./lab.mjs";

const nonmonotone = { policy: { name: "nonmonotone-line-search" } };
const river = { objective: { name: "river", a: 0.05, y0: 3 }, start: [0.001, 1], runs: [constant(0.5), constant(0.35), nonmonotone], steps: 500 };
const parabola = { objective: { name: "quadratic" }, runs: [constant(3), constant(0.1)], steps: 400 };
const eight = { ...river, runs: [...[0.5, 0.45, 0.4, 0.35, 0.55].map(constant), nonmonotone, { policy: { name: "line-search" } }, { policy: { name: "polyak" } }] };

const wide = { width: 1280, height: 720 };
const phone = { width: 390, height: 844 };
const press = (key) => (page) => page.keyboard.press(key);
const states = {
  "the default scene": { experiment: river, step: 250 },
  "the default scene, dark": { experiment: river, step: 250, colorScheme: "dark" },
  "the default scene on a phone": { experiment: river, step: 250, size: phone },
  "the projector": { experiment: river, step: 250, view: "projector:on", size: { width: 1024, height: 768 } },
  "diverged": { experiment: parabola, step: 219 },
  "eight runs, dark": { experiment: eight, step: 300, colorScheme: "dark" },
  "several starts": { experiment: { ...river, ensemble: { size: 16, spread: 0.05 } }, step: 250 },
  "the sharpness": { experiment: river, step: 250, view: "layer:sharpness" },
  "the lens": { experiment: river, step: 84, view: "scene:lens" },
  "the web of one variable": { experiment: { objective: { name: "double-well" }, runs: [constant(1.1)], steps: 200 }, step: 100, view: "scene:cobweb" },
  "a zoom with a pin": { experiment: river, step: 90, view: "zoom:75~110,pin:90" },
  "the scores": { experiment: river, step: 500, act: press("c"), dialog: "Scores" },
  "the export": { experiment: river, step: 500, act: press("s"), dialog: "Export" },
  "the export on a phone, dark": { experiment: river, step: 500, act: press("s"), dialog: "Export", size: phone, colorScheme: "dark" },
};

for (const [name, { experiment, step, view, size = wide, colorScheme = "light", act, dialog }] of Object.entries(states)) {
  test.describe(name, () => {
    test.use({ colorScheme, viewport: size, contextOptions: { reducedMotion: "reduce" } });

    test("looks as it did", async ({ page }) => {
      await open(page, fragment(experiment, `&step=${step}${view === undefined ? "" : `&view=${view}`}`));
      await expectStep(page, step);
      await page.evaluate(() => {
        for (const formula of document.querySelectorAll(".formula.is-main")) Object.assign(formula.style, { height: "40px", overflow: "hidden" });
        return document.fonts.ready;
      });
      await act?.(page);
      const seen = dialog === undefined ? page.locator("main.lab") : page.getByRole("dialog", { name: dialog });
      await expect(seen).toBeVisible();
      if (view?.includes("scene:lens")) await expect(page.locator(".scene-says")).toContainText("λ₁ =");
      else await expect(page.locator(".legend, .is-landscape").first()).toBeVisible();
      // The landscape comes from a worker.
      await page.waitForTimeout(600);
      await expect(seen).toHaveScreenshot(`${name.replaceAll(/[^a-z]+/g, "-")}.png`, { maxDiffPixelRatio: 0.01, threshold: 0.25, mask: [page.locator(".formula.is-main math")], animations: "disabled", caret: "hide" });
    });
  });
}
