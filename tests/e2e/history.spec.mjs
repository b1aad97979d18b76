// One line of steps: Back, Forward, Ctrl+Z and the buttons walk along edits, dialogs and rooms
// alike.
import { expect, open, started, test } from "./fixtures.mjs";
import { cards, constant, copyLink, eta, expectBeyond, expectStep, experimentOf, fragment, frames, openAt, openDefault, pause, play, seek, stepOf, type } from "./lab.mjs";

// Without a graphics card the browser says so on the console.
test.use({ allowed: /No available adapters/, permissions: ["clipboard-read", "clipboard-write"] });

const WELL = { objective: { name: "double-well" }, start: [0.3], runs: [constant(1.1)], steps: 60 };

const button = (page, name) => page.getByRole("button", { name, exact: true });
const [undo, redo] = ["Undo", "Redo"].map((name) => (page) => button(page, name));
const dialog = (page, name) => page.getByRole("dialog", { name });
const atlas = (page) => dialog(page, "Atlas");
const across = (page) => atlas(page).getByRole("group", { name: "Across" });
const ends = async (page) => [await across(page).getByLabel("from").inputValue(), await across(page).getByLabel("to", { exact: true }).inputValue()];

async function drawn(page) {
  await expect(atlas(page)).toBeVisible();
  await expect(atlas(page).locator("progress")).toBeHidden({ timeout: 30_000 });
  await expect(atlas(page).locator(".atlas-way")).toContainText("steps a second", { timeout: 30_000 });
}

async function openAtlas(page) {
  await page.keyboard.press("a");
  await drawn(page);
}

/** A place on the map, in shares of its sides. */
async function pointAt(page, x, y) {
  const box = await atlas(page).locator("canvas").first().boundingBox();
  return [box.x + 54 + x * (box.width - 64), box.y + 24 + y * (box.height - 62)];
}

/** Zooms in around a place of the map. */
async function zoom(page) {
  const before = await ends(page);
  await page.mouse.move(...(await pointAt(page, 0.3, 0.5)));
  for (let i = 0; i < 3; i += 1) await page.mouse.wheel(0, -300);
  await expect.poll(() => ends(page)).not.toEqual(before);
  await drawn(page);
}

for (const [way, back] of [
  ["Ctrl+Z", (page) => page.keyboard.press("Control+z")],
  ["Back", (page) => page.goBack()],
  ["the button", (page) => undo(page).click()],
]) {
  test(`the first change after opening, while the demo plays, is undone by ${way}`, async ({ page }) => {
    await open(page);
    await expectBeyond(page, 20);
    await expect(undo(page)).toBeDisabled();
    await page.getByRole("button", { name: /^Remove run 3/ }).click();
    await expect(cards(page)).toHaveCount(2);
    await expect(undo(page), "the button knows at once").toBeEnabled();
    if (way === "Back") await expect(page).toHaveURL(/#lab=/);
    await back(page);
    await expect(cards(page)).toHaveCount(3);
    await expect(undo(page)).toBeDisabled();
    await expect(redo(page)).toBeEnabled();
    await page.goForward();
    await expect(cards(page)).toHaveCount(2);
    await expect(redo(page)).toBeDisabled();
    await expect(pause(page), "time has not stopped for it").toBeVisible();
  });
}

test("a slider that is dragged, with a rest on the way, is one step", async ({ page }) => {
  await openDefault(page, 100);
  const slider = page.getByRole("slider", { name: "Step size of run 1" });
  const box = await slider.boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 0; i < 20; i += 1) await page.mouse.move(box.x + box.width * (0.6 + i / 100), box.y + box.height / 2);
  await page.waitForTimeout(700);
  for (let i = 20; i < 30; i += 1) await page.mouse.move(box.x + box.width * (0.6 + i / 100), box.y + box.height / 2);
  await page.mouse.up();
  await expect(eta(page, 1)).not.toHaveValue("0.5");
  await copyLink(page);
  await undo(page).click();
  await expect(eta(page, 1)).toHaveValue("0.5");
  await expect(undo(page)).toBeDisabled();
});

test("selecting a run is no step, and theme and speed are what they were at each", async ({ page }) => {
  await openDefault(page, 40);
  await page.keyboard.press("3");
  await copyLink(page);
  await expect(undo(page)).toBeDisabled();
  await page.keyboard.press("t");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await copyLink(page);
  await page.keyboard.press("+");
  await page.keyboard.press("Control+z");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "system");
  await expect(page.getByRole("slider", { name: "Speed", exact: true }), "the speed is no step").toHaveAttribute("aria-valuetext", "60 steps/s");
});

for (const [key, name] of [["c", "Scores"], ["s", "Export"], ["v", "What happened"], ["?", "What you see"]]) {
  test(`Back closes ${name}, Forward opens it again, and closing it by hand leaves nothing behind`, async ({ page }) => {
    await openDefault(page, 40);
    await page.keyboard.press(key);
    await expect(dialog(page, name)).toBeVisible();
    await page.goBack();
    await expect(dialog(page, name)).toHaveCount(0);
    await expectStep(page, 40);
    await expect(undo(page)).toBeDisabled();
    await page.goForward();
    await expect(dialog(page, name)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog(page, name)).toHaveCount(0);
    // One edit, one step back: no entry of the dialog lies between.
    await type(eta(page, 1), "0.62");
    await copyLink(page);
    await page.goBack();
    await expect(eta(page, 1)).toHaveValue("0.5");
    await expect(dialog(page, name)).toHaveCount(0);
    await expect(undo(page)).toBeDisabled();
  });
}

test("Ctrl+Z closes a dialog, and the next one undoes the edit before it", async ({ page }) => {
  await openDefault(page, 40);
  await type(eta(page, 1), "0.62");
  await eta(page, 1).blur();
  await page.keyboard.press("?");
  await expect(dialog(page, "What you see")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(dialog(page, "What you see")).toHaveCount(0);
  await expect(eta(page, 1)).toHaveValue("0.62");
  await page.keyboard.press("Control+z");
  await expect(eta(page, 1)).toHaveValue("0.5");
});

test("a look at the scores between Undo and Redo costs neither", async ({ page }) => {
  await openDefault(page, 100);
  await type(eta(page, 1), "0.62");
  await copyLink(page);
  await type(eta(page, 1), "0.4");
  await copyLink(page);
  await undo(page).click();
  await expect(eta(page, 1)).toHaveValue("0.62");
  await undo(page).click();
  await expect(eta(page, 1)).toHaveValue("0.5");
  await page.getByRole("button", { name: "Scores" }).click();
  await page.getByRole("button", { name: "Close: Scores" }).click();
  await expect(dialog(page, "Scores")).toHaveCount(0);
  await expect(redo(page)).toBeEnabled();
  await redo(page).click();
  await expect(eta(page, 1)).toHaveValue("0.62");
  await page.goForward();
  await expect(eta(page, 1)).toHaveValue("0.4");
  await expect(redo(page)).toBeDisabled();
});

test("a document opened from a dialog is one step: undoing it opens no dialog", async ({ page }) => {
  await openDefault(page, 100);
  await page.keyboard.press("s");
  await expect(dialog(page, "Export")).toBeVisible();
  const json = JSON.stringify({ version: 1, ...WELL });
  await dialog(page, "Export").locator("input[type=file]").setInputFiles({ name: "well.json", mimeType: "application/json", buffer: Buffer.from(json) });
  await expect(dialog(page, "Export")).toHaveCount(0);
  await expect(cards(page)).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await expect(cards(page)).toHaveCount(3);
  await expect(dialog(page, "Export")).toHaveCount(0);
  await expectStep(page, 100);
  await expect(undo(page)).toBeDisabled();
});

test("Back from the Atlas is the Lab; Back from a run that was opened from the map is the map with its zoom", async ({ page }) => {
  await openAt(page, WELL, 30);
  await openAtlas(page);
  await page.goBack();
  await expect(atlas(page)).toHaveCount(0);
  await expectStep(page, 30);
  expect(page.url()).not.toContain("atlas=");

  await openAtlas(page);
  await atlas(page).getByLabel("Color", { exact: true }).selectOption("sharpness");
  await drawn(page);
  const whole = await ends(page);
  await zoom(page);
  const zoomed = await ends(page);
  await page.mouse.click(...(await pointAt(page, 0.4, 0.5)));
  await expect(atlas(page)).toHaveCount(0);
  const opened = await eta(page, 1).inputValue();
  expect(opened).not.toBe("1.1");
  await expect(undo(page)).toBeEnabled();

  await page.goBack();
  await drawn(page);
  expect(await ends(page)).toEqual(zoomed);
  await expect(atlas(page).getByLabel("Color", { exact: true })).toHaveValue("sharpness");
  // The Lab behind it is the one that the map was drawn of, where it stood.
  await page.keyboard.press("Escape");
  await expect(atlas(page)).toHaveCount(0);
  await expect(eta(page, 1)).toHaveValue("1.1");
  await expectStep(page, 30);
  // The browser is back from the map by then.
  await expect.poll(() => page.url()).not.toContain("atlas=");
  await page.goForward();
  await drawn(page);
  await page.goForward();
  await expect(atlas(page)).toHaveCount(0);
  await expect(eta(page, 1)).toHaveValue(opened);

  await openAtlas(page);
  expect(await ends(page), "opened again it shows what it showed last").toEqual(zoomed);
  await atlas(page).getByRole("button", { name: "Show all" }).click();
  await expect.poll(() => ends(page)).toEqual(whole);
});

test("Show all shows the whole map after a link too, also one whose range was typed", async ({ page }) => {
  await openAt(page, WELL, 30);
  await openAtlas(page);
  const whole = await ends(page);
  await zoom(page);
  await expect.poll(() => page.url()).toContain("atlas=");
  await frames(page, 20);
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await drawn(page);
  await atlas(page).locator("canvas").first().focus();
  await page.keyboard.press("0");
  await expect.poll(() => ends(page)).toEqual(whole);

  await across(page).getByLabel("from").fill("0.5");
  await across(page).getByLabel("from").press("Enter");
  await zoom(page);
  await frames(page, 20);
  const typed = page.url();
  await page.goto("about:blank");
  await page.goto(typed);
  await drawn(page);
  await atlas(page).getByRole("button", { name: "Show all" }).click();
  await expect.poll(() => ends(page)).toEqual(["0.5", whole[1]]);
});

test("a reload in the middle of the line keeps what lies before and after, and what is open", async ({ page }) => {
  await openDefault(page, 40);
  await type(eta(page, 1), "0.62");
  await copyLink(page);
  await type(eta(page, 1), "0.7");
  await copyLink(page);
  await undo(page).click();
  await expect(eta(page, 1)).toHaveValue("0.62");
  await page.reload();
  await started(page);
  await expect(undo(page)).toBeEnabled();
  await expect(redo(page)).toBeEnabled();
  await redo(page).click();
  await expect(eta(page, 1)).toHaveValue("0.7");
  await expect(redo(page)).toBeDisabled();
  await page.getByRole("button", { name: "Scores" }).click();
  await expect(dialog(page, "Scores")).toBeVisible();
  await page.reload();
  await started(page);
  await expect(dialog(page, "Scores")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page, "Scores")).toHaveCount(0);
  await expect(undo(page)).toBeEnabled();
});

test("a map that a link opens is left for the Lab, without leaving the page", async ({ page }) => {
  await openAt(page, WELL, 30);
  await openAtlas(page);
  await frames(page, 20);
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await drawn(page);
  await page.keyboard.press("Escape");
  await expect(atlas(page)).toHaveCount(0);
  await expectStep(page, 30);
  expect(page.url()).not.toContain("atlas=");
  await expect(undo(page)).toBeDisabled();
});

test.describe("where a dialog does not arrive", () => {
  test.use({ allowed: /503|console error: TypeError/ });

  test("it leaves no step behind", async ({ page }) => {
    await page.route(/-rooms\.wasm$/, (route) => route.fulfill({ status: 503, body: "busy" }), { times: 1 });
    await openDefault(page, 40);
    await page.keyboard.press("c");
    await expect(page.getByRole("alert")).toContainText("could not be fetched");
    await expect(undo(page)).toBeDisabled();
    await page.keyboard.press("?");
    await expect(dialog(page, "What you see")).toBeVisible();
  });
});

test("Undo after a restart comes back to the end", async ({ page }) => {
  await openAt(page, { objective: { name: "river" }, runs: [constant(0.5)], steps: 50 }, 50);
  await type(eta(page, 1), "0.8");
  await expectBeyond(page, 3);
  await eta(page, 1).blur();
  await page.keyboard.press("Control+z");
  await expect(eta(page, 1)).toHaveValue("0.5");
  await expectStep(page, 50);
  await expect(play(page)).toBeVisible();
  await expect(undo(page)).toBeDisabled();
  expect((await experimentOf(page)).runs[0]).toEqual(constant(0.5));
});

test("the skip link moves the focus and is no step", async ({ page }) => {
  await openDefault(page, 40);
  await page.getByRole("link", { name: "Skip to the charts" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("#board")).toBeFocused();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(undo(page)).toBeDisabled();
  expect(await stepOf(page)).toBe(40);
});

test("a link that is opened while a dialog is being closed stays", async ({ page }) => {
  await openAt(page, WELL, 20);
  await page.keyboard.press("c");
  await expect(dialog(page, "Scores")).toBeVisible();
  const link = fragment({ objective: { name: "quadratic" }, runs: [constant(0.01)], steps: 100 }, "&step=100");
  await page.evaluate((hash) => {
    const open = document.querySelector("dialog[open]");
    // The browser is on its way back when the link comes, and goes back from there.
    open.addEventListener("close", () => (location.hash = hash));
    open.close();
  }, link);
  await expectStep(page, 100);
  await frames(page, 30);
  expect(await stepOf(page)).toBe(100);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(eta(page, 1)).toHaveValue("0.01");
  await expect(undo(page)).toBeEnabled();
});

test("what is changed while a dialog is being closed stays, and is a step of its own", async ({ page }) => {
  await openAt(page, WELL, 20);
  await page.keyboard.press("c");
  await expect(dialog(page, "Scores")).toBeVisible();
  await page.evaluate(() => {
    const open = document.querySelector("dialog[open]");
    // The browser is on its way back when the choice is made.
    open.addEventListener("close", () => {
      const scenes = document.querySelector("select.scene");
      scenes.value = "lens";
      scenes.dispatchEvent(new Event("change", { bubbles: true }));
    });
    open.close();
  });
  await expect(page.locator(".scene-says")).toContainText("λ₁ =");
  await frames(page, 60);
  await expect(page.getByRole("combobox", { name: "Scene" })).toHaveValue("lens");
  await undo(page).click();
  await expect(page.getByRole("combobox", { name: "Scene" })).not.toHaveValue("lens");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a link put into the address is a step like any other", async ({ page }) => {
  await openDefault(page, 30);
  await page.evaluate((hash) => (location.hash = hash), fragment(WELL, "&step=20"));
  await expectStep(page, 20);
  await expect(cards(page)).toHaveCount(1);
  await expect(undo(page)).toBeEnabled();
  await page.keyboard.press("Control+z");
  await expect(cards(page)).toHaveCount(3);
  await expect(undo(page)).toBeDisabled();
  await seek(page, 12);
});
