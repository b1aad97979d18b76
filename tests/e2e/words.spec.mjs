// A student taps what she does not know, and reads what it means.
import { expect, test } from "./fixtures.mjs";
import { cards, openDefault, stepOf } from "./lab.mjs";

const glossary = (page) => page.getByRole("dialog", { name: "Glossary" });
const asked = (page) => glossary(page).locator(".word-asked");

test("a symbol on a card opens the glossary at its word", async ({ page }) => {
  await openDefault(page, 40);
  const card = cards(page).first();
  for (const [symbol, word] of [
    ["λ₁", "Sharpness"],
    ["2/η", "Threshold"],
    ["η·λ₁", "Product"],
  ]) {
    await card.getByRole("button", { name: symbol, exact: true }).click();
    await expect(asked(page).locator("strong").first()).toHaveText(word);
    await page.keyboard.press("Escape");
    await expect(glossary(page)).toHaveCount(0);
  }
  expect(await stepOf(page)).toBe(40);
});

test("a phase does too, and its word is that of the card", async ({ page }) => {
  await openDefault(page, 300);
  const phase = cards(page).first().locator(".phase");
  const said = await phase.textContent();
  await phase.click();
  await expect(asked(page).locator("strong").first()).toHaveText(new RegExp(`^${said}$`, "i"));
  // It is one entry among all others, which are there too.
  expect(await glossary(page).locator(".word-list p").count()).toBeGreaterThan(40);
});

test("W opens all words; links lead to papers, and none into the code", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 0);
  await page.keyboard.press("w");
  await expect(glossary(page)).toContainText("Edge of stability");
  await expect(asked(page)).toHaveCount(0);
  const links = await glossary(page).locator("a").evaluateAll((all) => all.map((link) => link.href));
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !link.startsWith("https://"))).toEqual([]);
  await expect(glossary(page)).not.toContainText("engine/src");
  await page.keyboard.press("w");
  await expect(glossary(page)).toHaveCount(0);
});

test("the help names the sources of everything, and how to cite the paper", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 0);
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "What you see" });
  await help.getByText("Sources of the objectives and the policies").click();
  const listed = async (what) => (await help.locator("#help-sources dt").allTextContents()).includes(what);
  expect(await listed("River")).toBe(true);
  expect(await listed("Nonmonotone line search")).toBe(true);
  const empty = await help.locator("#help-sources dd").evaluateAll((all) => all.filter((source) => source.textContent === "").length);
  expect(empty, "each has a source").toBe(0);
  await help.getByText("How to cite the paper").click();
  await expect(help.getByLabel("BibTeX")).toContainText("2606.06722");
});

test.describe("where it does not arrive", () => {
  test.use({ allowed: /503/ });

  test("a sentence says so, and the next try fetches it again", async ({ page }) => {
    let count = 0;
    await page.route(/words\.json$/, async (route) => {
      count += 1;
      if (count === 1) await route.fulfill({ status: 503, body: "busy" });
      else await route.continue();
    });
    await openDefault(page, 0);
    await page.keyboard.press("w");
    await expect(glossary(page).getByRole("alert")).toContainText("The glossary could not be fetched (HTTP status 503)");
    await page.keyboard.press("w");
    await expect(glossary(page)).toHaveCount(0);
    await page.keyboard.press("w");
    await expect(glossary(page)).toContainText("Edge of stability");
  });
});
