// Links: what one restores, and what becomes of one that is broken.
import { expect, open, started, test } from "./fixtures.mjs";
import {
  cards,
  chart,
  constant,
  copyLink,
  decode,
  eta,
  expectStep,
  experimentOf,
  fragment,
  notice,
  objective,
  openAt,
  openDefault,
  pictures,
  readings,
  scrubber,
  seek,
  stepOf,
  type,
} from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const river = { objective: { name: "river" }, runs: [constant(0.5), { policy: { name: "polyak" } }], steps: 300 };

/** Opens `link` in a page of its own and expects it to show what `page` shows. */
async function expectSame(page, link) {
  const other = await page.context().newPage();
  await other.goto(link);
  await started(other);
  await expectStep(other, await stepOf(page));
  expect(await readings(other)).toEqual(await readings(page));
  // The landscape is surveyed by a worker: it may come a little later.
  await expect.poll(() => pictures(other)).toEqual(await pictures(page));
  expect(decode(await copyLink(other))).toEqual(decode(link));
  await other.close();
}

test("a copied link restores the step, the parameters and every number, to the last character and pixel", async ({ page }) => {
  await openDefault(page, 137);
  const link = await copyLink(page);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  expect(decode(link).step).toBe(137);
  await expectSame(page, link);
});

test("a link restores a run that was changed on the way", async ({ page }) => {
  await openDefault(page, 70);
  await type(eta(page, 1), "0.61");
  await seek(page, 110);
  await type(eta(page, 1), "0.47");
  await type(eta(page, 2), "0.3");
  await seek(page, 160);
  const link = await copyLink(page);
  expect(decode(link).experiment.runs[0].changes.map((change) => change.step)).toEqual([70, 110]);
  await expectSame(page, link);
});

test("a link restores the theme", async ({ page }) => {
  await openAt(page, river, 90, "&theme=dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const link = await copyLink(page);
  expect(decode(link).theme).toBe("dark");
  await expectSame(page, link);
});

test("a link with labels, odd characters and a list restores them", async ({ page }) => {
  const label = `it's "50 %" & more #1 <b>π</b>`;
  await openAt(page, { objective: { name: "quadratic", curvatures: [1, 3, 7, 2] }, start: [1, -1, 0.5, 2], runs: [{ ...constant(0.2), label }], steps: 60 }, 30);
  const link = await copyLink(page);
  expect(decode(link).experiment.runs[0].label).toBe(label);
  await expectSame(page, link);
  await expect(chart(page, /^Loss/)).toHaveAccessibleName(new RegExp("it's \"50 %\" & more #1 <b>π</b>:"));
});

test("the address follows what is done, without a click", async ({ page }) => {
  await openDefault(page, 40);
  await type(eta(page, 2), "0.4");
  await expect(page).toHaveURL(/'eta':0\.4\}.*&step=40/);
  expect(decode(page.url()).experiment.runs[1].changes).toEqual([{ step: 40, policy: { name: "constant", eta: 0.4 } }]);
  expect(decode(page.url()).step).toBe(40);
  await page.reload();
  await started(page);
  await expectStep(page, 40);
  await expect(eta(page, 2)).toHaveValue("0.4");
});

test("a link without a step plays from the start", async ({ page }) => {
  await open(page, fragment(river));
  await expect.poll(() => stepOf(page)).toBeGreaterThan(5);
  await expect(cards(page)).toHaveCount(2);
});

test("a link pasted into the open page is opened there, and another after it", async ({ page }) => {
  await openDefault(page, 30);
  await page.evaluate((hash) => (location.hash = hash), fragment(river, "&step=60"));
  await expectStep(page, 60);
  await expect(cards(page)).toHaveCount(2);
  await page.evaluate((hash) => (location.hash = hash), fragment({ objective: { name: "double-well" }, runs: [constant(0.3)], steps: 100 }, "&step=7"));
  await expectStep(page, 7);
  await expect(objective(page)).toHaveValue("double-well");
});

const runs = [constant(0.5)];
const forged = [
  ["an unknown objective", fragment({ objective: { name: "rivver" }, runs }), /objective\.name: .*did you mean "river"/],
  ["an unknown policy", fragment({ objective: { name: "river" }, runs: [{ policy: { name: "adam" } }] }), /runs\[0\]\.policy\.name: expected one of .*constant/],
  ["nine runs", fragment({ objective: { name: "river" }, runs: Array(9).fill(runs[0]) }), /runs: expected .*8.*remove/],
  ["no runs", fragment({ objective: { name: "river" }, runs: [] }), /runs: expected/],
  ["a start of the wrong dimension", fragment({ objective: { name: "river" }, start: [1, 2, 3], runs }), /start: expected 2 numbers/],
  ["a start that is no number", fragment({ objective: { name: "river" }, start: ["NaN", 1], runs }), /start\[0\]: expected .*NaN/],
  ["NaN where JSON has none", `#lab=${encodeURIComponent('{"version":1,"objective":{"name":"river"},"start":[NaN,1],"runs":[]}')}`, /start\[0\]: expected a finite number, found NaN/],
  ["a negative step size", fragment({ objective: { name: "river" }, runs: [constant(-1)] }), /runs\[0\]\.policy\.eta: expected/],
  ["an infinite step size", `#lab=${encodeURIComponent('{"version":1,"objective":{"name":"river"},"runs":[{"policy":{"name":"constant","eta":1e999}}]}')}`, /expected/],
  ["too many steps", fragment({ objective: { name: "river" }, runs, steps: 1e12 }), /steps: expected/],
  ["a version that is not there yet", fragment({ version: 7, objective: { name: "river" }, runs }), /version: expected.*7.*update/i],
  ["an empty object", "#lab={}", /version: expected/],
  ["a list", "#lab=[1,2]", /expected an object/],
  ["nothing after lab", "#lab=", /expected a JSON document/],
  ["no lab at all", "#step=3", /no experiment.*ask for the whole link/],
  ["escapes that are no text", "#lab=%ff", /ask for the whole link/],
  ["half an escape", "#lab={'version':1,'obj%e2%8", /ask for the whole link|expected a JSON document/],
  ["a hundred kilobytes", `#lab=${"x".repeat(100_000)}`, /100\s?004 characters long; at most/],
  ["brackets without end", `#lab=${"[".repeat(60_000)}`, /expected a JSON document/],
];

test.describe("a broken link", () => {
  for (const [what, hash, message] of forged) {
    test(`with ${what} says so and shows the default experiment`, async ({ page }) => {
      await open(page, hash);
      await expect(notice(page)).toContainText(message);
      await expect(notice(page)).toContainText("You see the default experiment instead.");
      await expect(objective(page)).toHaveValue("river");
      await expect(cards(page)).toHaveCount(3);
      await expect.poll(() => stepOf(page)).toBeGreaterThan(0);
      await page.getByRole("button", { name: "Dismiss this message" }).click();
      await expect(notice(page)).toHaveCount(0);
    });
  }

  test("pasted into the open page says so and leaves everything as it was", async ({ page }) => {
    test.slow();
    await openAt(page, river, 90);
    const before = await readings(page);
    const link = await copyLink(page);
    for (const [what, hash, message] of forged) {
      await page.evaluate((broken) => (location.hash = broken), hash);
      await expect(notice(page), what).toContainText(message);
      await expect(notice(page), what).toContainText("What you see is what was here before.");
      expect(await readings(page), what).toEqual(before);
      await expect(page, "the address is mended").toHaveURL(link);
      await page.getByRole("button", { name: "Dismiss this message" }).click();
      await expect(notice(page)).toHaveCount(0);
    }
  });

  test("cut off anywhere never leaves a blank page", async ({ page }) => {
    test.slow();
    await openDefault(page, 25);
    const whole = new URL(await copyLink(page)).hash;
    for (let end = 2; end < whole.length; end += 9) {
      const cut = whole.slice(0, end);
      // A whole experiment whose step is cut off is a link as well.
      const isWhole = cut.includes("'steps':500}");
      await page.goto("about:blank");
      await open(page, cut);
      if (!isWhole) {
        await expect(notice(page), cut).toContainText("You see the default experiment instead.");
        await expect(notice(page), cut).toContainText(/ask for the whole link|expected/);
      }
      await expect(cards(page), cut).toHaveCount(3);
      await expect(scrubber(page)).toHaveAttribute("max", "500");
    }
  });
});

test("what a link holds that is not known is ignored with a notice, and the rest is shown", async ({ page }) => {
  const hash = fragment({ objective: { name: "river", depth: 3 }, mood: "blue", runs: [{ policy: { name: "constant", eta: 0.5, speed: 9 } }] }, "&step=12&zoom=3&theme=sepia");
  await open(page, hash);
  const said = page.getByRole("region", { name: "Charts" }).getByRole("status");
  for (const word of ["depth", "mood", "speed", "zoom", "sepia"]) await expect(said).toContainText(word);
  await expectStep(page, 12);
  expect((await experimentOf(page)).runs).toEqual([constant(0.5)]);
});

test("a step that is none is ignored with a notice, and the experiment is shown", async ({ page }) => {
  await open(page, fragment({ objective: { name: "double-well" }, runs }, "&step=soon&theme=dark"));
  await expect(page.getByRole("region", { name: "Charts" }).getByRole("status")).toContainText("step: expected a whole number such as 150, got “soon”");
  await expect(objective(page)).toHaveValue("double-well");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a link from the end of a sentence, in brackets and escaped twice restores all", async ({ page }) => {
  const formula = { objective: { name: "formula", expression: "f(x, y) = x^2 + 2*y^2 + 1" }, start: [1, 1], runs: [constant(0.1)], steps: 90 };
  for (const hash of [fragment(formula, "&step=20)."), fragment(formula, "&step=20").replaceAll("%", "%25"), `${fragment(formula, "&amp;step=20")}>`]) {
    await page.goto("about:blank");
    await open(page, hash);
    await expectStep(page, 20);
    await expect(notice(page)).toHaveCount(0);
    expect((await experimentOf(page)).objective.expression).toBe(formula.objective.expression);
    expect(page.url(), "a plus is safe in our own links").not.toContain("+");
  }
});

test("a step beyond the last one shows the last one", async ({ page }) => {
  await open(page, fragment({ ...river, steps: 50 }, "&step=99999999999"));
  await expectStep(page, 50);
});

test("a link that holds markup shows it as text", async ({ page }) => {
  const label = "<img src=x onerror=alert(1)>";
  await openAt(page, { objective: { name: "<b>river</b>" }, runs: [{ ...constant(0.5), label }] }, 0).catch(() => undefined);
  await expect(notice(page)).toContainText('"<b>river</b>"');
  await page.goto("about:blank");
  await openAt(page, { ...river, runs: [{ ...constant(0.5), label }] }, 50);
  await expect(page.getByText(label, { exact: false }).filter({ visible: true }).first()).toBeVisible();
  await expect(page.locator("img[src]")).toHaveCount(0);
});
