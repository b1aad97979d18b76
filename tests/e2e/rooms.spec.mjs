// Rooms and dialogs at every size: nothing is cut or cramped, and what leaves them stays at hand.
import { expect, test } from "./fixtures.mjs";
import { frames, openDefault } from "./lab.mjs";

// Without a graphics card the browser says so on the console.
test.use({ allowed: /No available adapters/ });

const SIZES = [[1600, 1000], [1280, 720], [1024, 768], [844, 390], [390, 844]];
const ROOMS = { Atlas: "a", Export: "s", Gallery: "d", Glossary: "w", Networks: "m", Scores: "c", "What happened": "v", "What you see": "?" };

const room = (page) => page.getByRole("dialog");
const lesson = (page) => page.getByRole("complementary", { name: "Lesson" });
const box = (part) => part.evaluate((element) => element.getBoundingClientRect().toJSON());

/** What of a room goes beyond it, and controls that are less than 24 pixels wide or high. */
const faults = (part) =>
  part.evaluate((part) => {
    const found = [];
    const named = (element) => `${element.tagName} “${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}”`;
    if (part.scrollWidth > part.clientWidth) found.push(`scrolls sideways by ${part.scrollWidth - part.clientWidth}`);
    const controls = part.querySelectorAll("button, select, summary, textarea, input");
    for (const element of controls) {
      // A box to be ticked is as large as its label.
      const { width, height } = (element.type === "checkbox" ? (element.closest("label") ?? element) : element).getBoundingClientRect();
      if (width > 0 && (width < 23.5 || height < 23.5)) found.push(`${named(element)} is ${width.toFixed(0)} × ${height.toFixed(0)}`);
    }
    return found;
  });

for (const [width, height] of SIZES) {
  test.describe(`${width} × ${height}`, () => {
    test.use({ viewport: { width, height } });

    test("every room fits, and its controls can be hit", async ({ page }) => {
      test.setTimeout(60_000);
      await openDefault(page, 100);
      for (const [name, key] of Object.entries(ROOMS)) {
        await page.keyboard.press(key);
        await expect(room(page)).toBeVisible();
        await expect(room(page).getByRole("heading", { level: 2 })).toHaveText(name);
        await frames(page);
        expect(await faults(room(page)), name).toEqual([]);
        await page.keyboard.press("Escape");
        await expect(room(page)).toHaveCount(0);
      }
    });

    test("a long dialog keeps its title and its cross", async ({ page }) => {
      await openDefault(page, 100);
      await page.keyboard.press("?");
      await room(page).evaluate((dialog) => (dialog.scrollTop = dialog.scrollHeight));
      const cross = room(page).getByRole("button", { name: "Close: What you see" });
      await expect(room(page).getByRole("heading", { level: 2 })).toBeInViewport({ ratio: 1 });
      await expect(cross).toBeInViewport({ ratio: 1 });
      await cross.click();
      await expect(room(page)).toHaveCount(0);
    });

    test("a lesson lies beside the time line, and what the page says lies on neither", async ({ page }) => {
      await openDefault(page, 100);
      await page.keyboard.press("g");
      await lesson(page).getByRole("button", { name: "The threshold 2/η" }).click();
      const [panel, time] = [await box(lesson(page)), await box(page.locator(".transport"))];
      // On a phone it lies below.
      if (width > 760) expect(Math.abs(panel.bottom - time.top)).toBeLessThanOrEqual(1);
      else expect(Math.abs(panel.top - time.bottom)).toBeLessThanOrEqual(1);
      await page.keyboard.press("u");
      const said = await box(page.locator(".notice"));
      expect(said.top >= time.top - 1 && said.bottom <= time.bottom + 1, "it lies on the time line").toBe(true);
    });
  });
}

test("at a projector’s size the scores are seen without scrolling", async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await openDefault(page, 100);
  await page.keyboard.press("c");
  const [seen, all] = await room(page).getByRole("region", { name: /Scores/ }).evaluate((table) => [table.clientWidth, table.scrollWidth]);
  expect(all).toBeLessThanOrEqual(seen);
});

test("data of a person’s own are shown under the names of their columns", async ({ page }) => {
  await openDefault(page, 100);
  await page.keyboard.press("m");
  const csv = ["width,height,kind", "1,2,rose", "3,4,lily", "5,6,rose"].join("\n");
  await room(page).locator("input[type=file]").setInputFiles({ name: "flowers.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(room(page).getByRole("columnheader")).toHaveText(["width", "height", "kind"]);
  await room(page).getByLabel("learn").selectOption("kind");
  await expect(room(page).getByRole("columnheader")).toHaveText(["width", "height", "kind"]);
});
