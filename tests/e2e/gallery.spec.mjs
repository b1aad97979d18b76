// The gallery: somebody who does not know what to look for looks at pictures, and opens one.
import AxeBuilder from "@axe-core/playwright";

import { expect, open, test } from "./fixtures.mjs";
import { cards, decode, expectStep, objective, openDefault, stepOf } from "./lab.mjs";

test.use({ allowed: /No available adapters/ });

const gallery = (page) => page.getByRole("dialog", { name: "Gallery" });
const exhibit = (page, title) => gallery(page).getByRole("button", { name: title });
const complaints = (page) => page.getByRole("region", { name: "Charts" }).getByRole("alert");

/** The pictures that have arrived, and how many there are. */
const drawn = (page) =>
  gallery(page)
    .locator("img")
    .evaluateAll((all) => [all.filter((image) => image.complete && image.naturalWidth === 288).length, all.length]);

test("from the head of the page one picture and one click lead to an experiment, and Back leads home", async ({ page }) => {
  await openDefault(page, 40);
  await page.getByRole("button", { name: /gallery/i }).click();
  await expect(gallery(page).getByRole("heading", { level: 3 })).toHaveText(["Phenomena", "The paper", "Networks"]);
  await exhibit(page, "The catapult").click();
  await expect(gallery(page)).toHaveCount(0);
  await expect(objective(page)).toHaveValue("scalar-factorization");
  await expect(cards(page)).toHaveCount(2);
  await expect.poll(() => page.url()).toContain("scalar-factorization");
  expect(decode(page.url()).experiment.start).toEqual([3, 0.05]);
  await page.goBack();
  await expect(objective(page)).toHaveValue("river");
  await expectStep(page, 40);
});

test("every exhibit has its picture, of the page's own tone", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 0);
  for (const tone of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: tone });
    await page.keyboard.press("d");
    await expect(gallery(page)).toContainText("Handwritten digits");
    for (const image of await gallery(page).locator("img").all()) await image.scrollIntoViewIfNeeded();
    await expect.poll(async () => (await drawn(page))[0]).toBeGreaterThan(25);
    const [arrived, all] = await drawn(page);
    expect(arrived).toBe(all);
    const sources = () => gallery(page).locator("img").evaluateAll((images) => images.map((image) => image.src));
    await expect.poll(async () => (await sources()).filter((source) => !source.endsWith(`-${tone}.svg`))).toEqual([]);
    // The system may turn dark or light while it is open.
    const other = tone === "light" ? "dark" : "light";
    await page.emulateMedia({ colorScheme: other });
    await expect.poll(async () => (await sources()).every((source) => source.endsWith(`-${other}.svg`))).toBe(true);
    await page.keyboard.press("d");
    await expect(gallery(page)).toHaveCount(0);
  }
});

test("every exhibit of toys opens, and shows what it promises without a complaint", async ({ page }) => {
  test.setTimeout(180_000);
  await openDefault(page, 0);
  const groups = await page.evaluate(async () => (await fetch("./lessons/gallery.json")).json());
  const toys = groups.slice(0, 2).flatMap((group) => group.exhibits);
  expect(toys.length).toBeGreaterThan(15);
  for (const { name, step } of toys) {
    await page.keyboard.press("d");
    await expect(gallery(page)).toBeVisible();
    await gallery(page).locator(`.exhibit:has(img[src*="${name}-light"])`).click();
    await expect(gallery(page), name).toHaveCount(0);
    const { objective: asked, runs } = JSON.parse(step.document);
    await expect(objective(page), name).toHaveValue(asked.name);
    await expect(cards(page), name).toHaveCount(runs.length);
    await expect(complaints(page), name).toHaveCount(0);
  }
});

test("a network of the gallery trains, with its data fetched on the way", async ({ page }) => {
  await openDefault(page, 0);
  await page.keyboard.press("d");
  await exhibit(page, "Two moons").click();
  await expect(objective(page)).toHaveValue("network");
  await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(20);
  await expect(complaints(page)).toHaveCount(0);
});

test("keys alone open an exhibit, and it leaves the lesson that was open", async ({ page }) => {
  await open(page, "#lesson=threshold-1");
  await expect(page.getByRole("complementary", { name: "Lesson" })).toBeVisible();
  await page.getByRole("button", { name: /gallery/i }).click();
  await exhibit(page, "Chaos").focus();
  await page.keyboard.press("Enter");
  await expect(objective(page)).toHaveValue("double-well");
  await expect(page.getByRole("complementary", { name: "Lesson" })).toHaveCount(0);
  expect(page.url()).not.toContain("lesson=");
});

test.describe("where it does not arrive", () => {
  test.use({ allowed: /503/ });

  test("a sentence says so, and the next try fetches it again", async ({ page }) => {
    let count = 0;
    await page.route(/gallery\.json$/, async (route) => {
      count += 1;
      if (count === 1) await route.fulfill({ status: 503, body: "busy" });
      else await route.continue();
    });
    await openDefault(page, 0);
    await page.keyboard.press("d");
    await expect(gallery(page).getByRole("alert")).toContainText("The gallery could not be fetched (HTTP status 503)");
    await gallery(page).getByRole("button", { name: "Try again" }).click();
    await expect(exhibit(page, "The catapult")).toBeVisible();
  });
});

for (const [width, height] of [
  [1280, 720],
  [390, 844],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${width}×${height}, ${colorScheme}`, () => {
      test.use({ viewport: { width, height }, colorScheme, hasTouch: width < 500 });

      test("axe finds nothing, and nothing is scrolled sideways", async ({ page }) => {
        await openDefault(page, 0);
        await page.getByRole("button", { name: /gallery/i }).click();
        await expect(exhibit(page, "Chaos")).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).include("#gallery").analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
        expect(await gallery(page).evaluate((room) => room.scrollWidth - room.clientWidth)).toBe(0);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      });
    });
  }
}
