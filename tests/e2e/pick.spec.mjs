// Forty-two policies: a student looks for one whose author she remembers, and reads what the others are.
import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "./fixtures.mjs";
import { cards, objective, openDefault, policy, stepOf } from "./lab.mjs";

test.use({ allowed: /No available adapters/ });

const room = (page) => page.locator("dialog#pick");
const field = (page) => room(page).getByRole("searchbox", { name: "Search" });
const titles = (page) => room(page).locator(".pick strong").evaluateAll((all) => all.map((title) => title.firstChild.textContent));
const add = (page) => page.getByRole("combobox", { name: "Add a policy" });

test("lists are in groups of a kind, and lead to all of them", async ({ page }) => {
  await openDefault(page, 40);
  const groups = await policy(page, 1).locator("optgroup").evaluateAll((all) => all.map((group) => group.label));
  expect(groups).toContain("Line searches of the paper");
  expect(groups.length).toBeGreaterThan(6);
  await policy(page, 3).selectOption({ label: "Search all policies …" });
  await expect(room(page).getByRole("heading", { name: "Policy of run 3" })).toBeVisible();
  // The list still says what the run has.
  await expect(policy(page, 3)).toHaveValue("nonmonotone-line-search");
  await expect(field(page)).toBeFocused();
  await expect(room(page).locator('[aria-current="true"]')).toContainText("Nonmonotone line search");
  await field(page).fill("barzilai");
  await expect(room(page).getByRole("status")).toHaveText(/\d fit\./);
  expect(await titles(page)).toContain("Barzilai–Borwein");
  await room(page).getByRole("button", { name: /^Barzilai–Borwein/ }).click();
  await expect(room(page)).toHaveCount(0);
  await expect(policy(page, 3)).toHaveValue("barzilai-borwein");
});

test("keys alone: / opens it, words find it, Enter takes the first", async ({ page }) => {
  await openDefault(page, 40);
  await page.keyboard.press("2");
  await page.keyboard.press("/");
  await expect(room(page).getByRole("heading", { name: "Policy of run 2" })).toBeVisible();
  await page.keyboard.type("capped nonmonotone");
  await page.keyboard.press("Enter");
  await expect(policy(page, 2)).toHaveValue("capped-nonmonotone-line-search");
  await expect(room(page)).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(policy(page, 2)).toHaveValue("constant");
  // What comes back is computed anew, up to where time stands.
  await expect.poll(() => stepOf(page)).toBe(40);
});

test("arrows go down the list and back up to the field", async ({ page }) => {
  await openDefault(page, 0);
  await page.keyboard.press("o");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(room(page).locator(".pick").first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(room(page).locator(".pick").nth(1)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(room(page)).toHaveCount(0);
});

test("what is in the paper is marked, each entry says what it is, and nothing that fits is said", async ({ page }) => {
  await openDefault(page, 0);
  await add(page).selectOption({ label: "Search all policies …" });
  await expect(room(page).getByRole("heading", { name: "One more policy" })).toBeVisible();
  const marked = await room(page).locator(".pick").evaluateAll((all) => all.filter((entry) => entry.textContent.includes("in the paper")).map((entry) => entry.querySelector("strong").firstChild.textContent));
  expect(marked).toContain("Nonmonotone line search");
  expect(marked).not.toContain("Heavy ball");
  const silent = await room(page).locator(".pick").evaluateAll((all) => all.filter((entry) => entry.children[2].textContent.length < 20).length);
  expect(silent).toBe(0);
  await field(page).fill("tea");
  await field(page).fill("xyzzy");
  await expect(room(page).getByRole("status")).toContainText("Nothing says “xyzzy”");
  await field(page).fill("heavy");
  await room(page).getByRole("button", { name: /^Heavy ball/ }).click();
  await expect(cards(page)).toHaveCount(4);
  await expect(policy(page, 4)).toHaveValue("heavy-ball");
});

test("a run that has gone since the room was opened for it is not picked for", async ({ page }) => {
  await openDefault(page, 40);
  await page.keyboard.press("3");
  await page.keyboard.press("/");
  await expect(room(page).getByRole("heading", { name: "Policy of run 3" })).toBeVisible();
  // As a message from around a frame, or a step of the history, may take it away meanwhile.
  await page.evaluate(() => document.querySelector('[aria-label^="Remove run 3"]').click());
  await expect(cards(page)).toHaveCount(2);
  await room(page).getByRole("button", { name: /^Heavy ball/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Run 3 has been removed" })).toBeVisible();
  await expect(cards(page)).toHaveCount(2);
});

test("an objective is found there too, also a network", async ({ page }) => {
  await openDefault(page, 0);
  await objective(page).selectOption({ label: "Search all objectives …" });
  await field(page).fill("period");
  expect((await titles(page)).length).toBeGreaterThan(0);
  await field(page).fill("double well");
  await page.keyboard.press("Enter");
  await expect(objective(page)).toHaveValue("double-well");
  await page.keyboard.press("o");
  await room(page).getByRole("button", { name: /^Neural network/ }).click();
  await expect(objective(page)).toHaveValue("network");
});

for (const [width, height] of [
  [1280, 720],
  [390, 844],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${width}×${height}, ${colorScheme}`, () => {
      test.use({ viewport: { width, height }, colorScheme });

      test("axe finds nothing, and nothing is scrolled sideways", async ({ page }) => {
        await openDefault(page, 0);
        await page.keyboard.press("/");
        await expect(room(page).locator(".pick").first()).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).include("#pick").analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
        expect(await room(page).evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
      });
    });
  }
}
