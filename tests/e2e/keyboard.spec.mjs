// The keyboard: the whole table of the help, and that no key is taken from a field.
import { expect, open, test } from "./fixtures.mjs";
import { copyLink, eta, expectBeyond, expectStep, frames, openDefault, pause, play, readings, seek, speed, start, stepOf } from "./lab.mjs";

const help = (page) => page.getByRole("dialog", { name: "What you see" });
const theme = (page) => page.locator("html");
const press = (page, key) => page.keyboard.press(key);

test("the help lists the keys", async ({ page }) => {
  await open(page);
  await press(page, "?");
  const keys = help(page).getByRole("rowheader");
  await expect(keys).toHaveText([/Space/, /→\s+←/, /Home\s+End/, /\+\s+−/, /\[\s+\]/, /R/, /F/, /1 … 8/, /N/, /Ctrl\+Z/, /L/, /X/, /E/, /P/, /^Z/, /Shift\+Z/, /B\s+\./, /U/, /A/, /D/, /O/, /\//, /M/, /C/, /G/, /Q/, /W/, /V/, /S/, /T/, /\?/, /Esc/, /Ж/, /Tab/]);
});

test("Space plays and pauses, and so does Alt+K", async ({ page }) => {
  await open(page);
  await press(page, " ");
  await expect(play(page)).toBeVisible();
  const held = await stepOf(page);
  await frames(page, 10);
  expect(await stepOf(page)).toBe(held);
  await press(page, " ");
  await expect(pause(page)).toBeVisible();
  await expectBeyond(page, held);
  await press(page, "Alt+k");
  await expect(play(page)).toBeVisible();
});

test("the arrows step, with Shift by ten; Home and End go to the first and the last step", async ({ page }) => {
  await openDefault(page, 50);
  for (const [key, step] of [
    ["ArrowRight", 51],
    ["ArrowLeft", 50],
    ["Shift+ArrowRight", 60],
    ["Shift+ArrowLeft", 50],
    ["End", 500],
    ["ArrowRight", 500],
    ["Home", 0],
    ["ArrowLeft", 0],
    ["Shift+ArrowLeft", 0],
  ]) {
    await press(page, key);
    await expectStep(page, step);
  }
});

test("an arrow pauses a run that plays", async ({ page }) => {
  await open(page);
  await expectBeyond(page, 5);
  await press(page, "ArrowLeft");
  await expect(play(page)).toBeVisible();
});

test("+ and − set the speed", async ({ page }) => {
  await openDefault(page, 0);
  await expect(speed(page)).toHaveAttribute("aria-valuetext", "40 steps/s");
  for (const [key, pace] of [["+", "60 steps/s"], ["=", "100 steps/s"], ["-", "60 steps/s"], ["-", "40 steps/s"]]) {
    await press(page, key);
    await expect(speed(page)).toHaveAttribute("aria-valuetext", pace);
  }
  for (let i = 0; i < 30; i += 1) await press(page, "+");
  await expect(speed(page)).toHaveAttribute("aria-valuetext", "full speed");
  for (let i = 0; i < 30; i += 1) await press(page, "-");
  await expect(speed(page)).toHaveAttribute("aria-valuetext", "1 steps/s");
});

test("[ and ] scale the selected run’s constant step by 2^⅛, with Shift by √2; with Alt those of all runs", async ({ page }) => {
  await openDefault(page, 0);
  const other = await readings(page);
  const expectSteps = (first, second) =>
    expect
      .poll(async () => [Number(await eta(page, 1).inputValue()) / 0.5, Number(await eta(page, 2).inputValue()) / 0.35].map((ratio) => Math.round(ratio * 500)))
      .toEqual([Math.round(first * 500), Math.round(second * 500)]);
  await press(page, "]");
  await expectSteps(2 ** 0.125, 1);
  await press(page, "[");
  await press(page, "2");
  await press(page, "Shift+}");
  await expectSteps(1, Math.SQRT2);
  await press(page, "Shift+{");
  await expectSteps(1, 1);
  await press(page, "Shift+Alt+BracketRight");
  await expectSteps(Math.SQRT2, Math.SQRT2);
  await press(page, "Shift+Alt+BracketLeft");
  await press(page, "Alt+BracketLeft");
  await expectSteps(2 ** -0.125, 2 ** -0.125);
  await press(page, "Alt+BracketRight");
  await expectSteps(1, 1);
  expect((await readings(page)).runs[2]).toEqual(other.runs[2]);
  await press(page, "3");
  await press(page, "]");
  await expect(page.getByRole("status").filter({ hasText: "The selected run has no constant step" })).toBeVisible();
  expect((await readings(page)).runs[2]).toEqual(other.runs[2]);
});

test("R resets", async ({ page }) => {
  await openDefault(page, 80);
  await press(page, "r");
  await expectStep(page, 0);
});

test("L switches the loss between logarithmic, linear and f − f_best", async ({ page }) => {
  await openDefault(page, 80);
  const toggle = page.getByRole("button", { name: "Loss f: log axis" });
  await expect(toggle).toBeVisible();
  await press(page, "l");
  await expect(page.getByRole("button", { name: "Loss f: linear axis" })).toBeVisible();
  await press(page, "L");
  await expect(page.getByRole("button", { name: "Loss f: f − f_best axis" })).toBeVisible();
  await press(page, "L");
  await expect(toggle).toBeVisible();
});

test("letters of other scripts do what the Latin ones at their places do", async ({ page }) => {
  await openDefault(page, 80);
  const strike = (key, code) => page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true })), { key, code });
  await strike("а", "KeyF");
  await expect(page.getByRole("listitem", { name: /^Ghost/ })).toHaveCount(1);
  await strike("λ", "KeyL");
  await expect(page.getByRole("button", { name: "Loss f: linear axis" })).toBeVisible();
  await strike("с", "KeyC");
  const scores = page.getByRole("dialog", { name: "Scores" });
  await expect(scores).toBeVisible();
  await scores.evaluate((dialog) => dialog.dispatchEvent(new KeyboardEvent("keydown", { key: "С", code: "KeyC", bubbles: true, cancelable: true })));
  await expect(scores).toHaveCount(0);
  // A Latin letter means itself wherever it lies: Dvorak's u is no F.
  await strike("e", "KeyD");
  await expect(page.getByRole("listitem", { name: /^Ghost/ })).toHaveCount(1);
});

test.describe("with leave to write to the clipboard", () => {
  test.use({ permissions: ["clipboard-read", "clipboard-write"] });

  test("U copies the link", async ({ page }) => {
    await openDefault(page, 33);
    await press(page, "u");
    await expect(page.getByRole("status").filter({ hasText: "Link copied" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("&step=33");
  });
});

test("without leave to write to the clipboard, copying says where the link is", async ({ page }) => {
  await page.addInitScript(() => {
    if (globalThis.Clipboard) Object.defineProperty(Clipboard.prototype, "writeText", { value: () => Promise.reject(new DOMException("no", "NotAllowedError")) });
  });
  await openDefault(page, 33);
  await press(page, "u");
  await expect(page.getByRole("region", { name: "Charts" }).getByText(/address/)).toBeVisible();
});

test("without any clipboard, as on a page that is not secure, copying says where the link is", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined }));
  await openDefault(page, 33);
  await press(page, "u");
  await expect(page.getByRole("region", { name: "Charts" }).getByText(/address/)).toBeVisible();
  await press(page, "ArrowRight");
  await expectStep(page, 34);
});

test("T goes through light, dark and the system’s", async ({ page }) => {
  await openDefault(page, 10);
  for (const name of ["light", "dark", "system", "light"]) {
    await press(page, "t");
    await expect(theme(page)).toHaveAttribute("data-theme", name);
  }
});

test("? opens the help and closes it, and so does Esc; the keys behind it rest", async ({ page }) => {
  await openDefault(page, 20);
  await press(page, "?");
  await expect(help(page)).toBeVisible();
  await press(page, "Escape");
  await expect(help(page)).toBeHidden();
  await press(page, "?");
  await expect(help(page)).toBeVisible();
  await press(page, "?");
  await expect(help(page)).toBeHidden();
  await press(page, "?");
  await expect(help(page)).toBeVisible();
  await press(page, "r");
  await press(page, "ArrowRight");
  await frames(page, 5);
  expect(await stepOf(page)).toBe(20);
  await help(page).getByRole("button", { name: "Close: What you see" }).click();
  await expect(help(page)).toBeHidden();
});

test("a key that comes before the browser has told of a closed dialog opens it again", async ({ page }) => {
  await openDefault(page, 20);
  await press(page, "?");
  await expect(help(page)).toBeVisible();
  await page.evaluate(() => {
    const open = document.querySelector("dialog[open]");
    open.close();
    // It still has the focus, and its event of closing is still to come.
    open.querySelector("button").dispatchEvent(new KeyboardEvent("keydown", { key: "?", code: "Slash", shiftKey: true, bubbles: true, cancelable: true }));
  });
  await expect(help(page)).toBeVisible();
});

test("the help opens and closes again and again", async ({ page }) => {
  await openDefault(page, 20);
  for (let i = 0; i < 3; i += 1) {
    await page.getByRole("button", { name: "Help and keyboard" }).click();
    await expect(help(page)).toBeVisible();
    await press(page, "Escape");
    await expect(help(page)).toBeHidden();
  }
  await expect(page.getByRole("button", { name: "Help and keyboard" }), "the focus returns").toBeFocused();
});

test("no key fires while a field has the focus, but for Alt+K", async ({ page }) => {
  await openDefault(page, 40);
  const before = await readings(page);
  for (const field of [eta(page, 1), start(page, "x")]) {
    await field.focus();
    const old = await field.inputValue();
    for (const key of ["r", " ", "l", "u", "t", "?", "[", "]", "+", "-", "ArrowRight", "ArrowLeft", "Home", "End"]) await press(page, key);
    await frames(page, 5);
    expect(await stepOf(page)).toBe(40);
    await expect(play(page)).toBeVisible();
    await expect(help(page)).toBeHidden();
    await expect(theme(page)).toHaveAttribute("data-theme", "system");
    await expect(page.getByRole("button", { name: "Loss f: log axis" })).toBeVisible();
    await press(page, "Escape");
    await expect(field).toHaveValue(old);
    await press(page, "Alt+k");
    await expect(pause(page)).toBeVisible();
    await press(page, "Alt+k");
    await expect(play(page)).toBeVisible();
    await field.blur();
    await seek(page, 40);
  }
  expect(await readings(page)).toEqual(before);
});

test("with Ctrl the browser keeps its keys", async ({ page }) => {
  await openDefault(page, 40);
  for (const key of ["Control+l", "Control+u", "Control+ArrowLeft", "Control+Home"]) await press(page, key);
  await frames(page, 5);
  expect(await stepOf(page)).toBe(40);
  await expect(page.getByRole("button", { name: "Loss f: log axis" })).toBeVisible();
});

test("a button that has the focus is pressed by Space, once", async ({ page }) => {
  await openDefault(page, 40);
  await page.getByRole("button", { name: "One step forward" }).focus();
  await press(page, " ");
  await expectStep(page, 41);
  await expect(play(page)).toBeVisible();
  await play(page).focus();
  await press(page, " ");
  await expect(pause(page)).toBeVisible();
});

test("after a slider was moved with the mouse, Space still plays", async ({ page }) => {
  await openDefault(page, 40);
  await speed(page).click();
  await press(page, " ");
  await expect(pause(page)).toBeVisible();
});

test("everything can be reached with Tab, and the focus can be seen", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 20);
  await copyLink(page);
  await page.locator("body").click({ position: { x: 640, y: 22 } });
  const seen = new Set();
  for (let i = 0; i < 90; i += 1) {
    await press(page, "Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      return {
        name: element.getAttribute("aria-label") ?? element.id ?? element.textContent,
        visible: element === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && width > 0 && height > 0),
      };
    });
    expect(focus.visible, `the focus on ${focus.name} can be seen`).toBe(true);
    seen.add(focus.name);
  }
  for (const name of ["objective", "start-0", "Policy of run 1", "Step size of run 1", "eta-1", "Remove run 2, Constant step", "add-policy", "Play", "One step back", "steps", "Step shown", "Speed"]) {
    expect([...seen]).toContain(name);
  }
});
