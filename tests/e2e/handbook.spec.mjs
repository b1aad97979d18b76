// The documentation beside the page: somebody who wants to know more follows a link of the help.
import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "./fixtures.mjs";
import { openDefault } from "./lab.mjs";

const pages = (page) => page.getByRole("navigation", { name: "Pages" }).getByRole("link");

test("the help leads to the documentation, and every page of it is there with its pictures", async ({ page, context }) => {
  await openDefault(page, 0);
  await page.keyboard.press("?");
  const opened = context.waitForEvent("page");
  await page.getByRole("dialog", { name: "What you see" }).getByRole("link", { name: "Documentation" }).click();
  const docs = await opened;
  await expect(docs.getByRole("heading", { level: 1 })).toBeVisible();
  const count = await pages(docs).count();
  expect(count).toBeGreaterThan(8);
  for (let i = 0; i < count; i += 1) {
    await pages(docs).nth(i).click();
    await expect(pages(docs).nth(i)).toHaveAttribute("aria-current", "page");
    await expect(docs.getByRole("heading", { level: 1 }).first()).toBeVisible();
    const broken = await docs.locator("img").evaluateAll((all) => Promise.all(all.map((image) => image.decode().then(() => null, () => image.src))));
    expect(broken.filter((source) => source !== null)).toEqual([]);
  }
  await docs.getByRole("link", { name: "Flatland", exact: true }).click();
  await expect(docs.locator("#app:not(.boot):not([aria-busy]) > *").first()).toBeAttached({ timeout: 15_000 });
});

test("a link to a heading of another page goes there", async ({ page }) => {
  await page.goto("./docs/tour.html");
  await page.getByRole("main").getByRole("link", { name: "In the lecture room" }).click();
  await expect(page).toHaveURL(/lessons\.html#in-the-lecture-room$/);
  await expect(page.locator("#in-the-lecture-room")).toBeInViewport();
});

for (const [width, height] of [
  [1280, 720],
  [390, 844],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${width}×${height}, ${colorScheme}`, () => {
      test.use({ viewport: { width, height }, colorScheme });

      test("axe finds nothing on it, and nothing is scrolled sideways", async ({ page }) => {
        for (const name of ["index", "tour", "lessons"]) {
          await page.goto(`./docs/${name}.html`);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes[0].html}`)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        }
      });
    });
  }
}
