// Films: somebody takes the board or a panel along to a talk, as a film or as a GIF.
import { readFile } from "node:fs/promises";

import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "./fixtures.mjs";
import { constant, expectStep, openAt, readings } from "./lab.mjs";

const dialog = (page) => page.getByRole("dialog", { name: "Film" });
const status = (page) => dialog(page).getByRole("status");
const save = (page) => dialog(page).getByRole("button", { name: "Save film" });
const pick = (page, label, option) => dialog(page).getByRole("combobox", { name: label, exact: true }).selectOption({ label: option });
const step = (page, label) => dialog(page).getByRole("textbox", { name: label });

const river = { objective: { name: "river" }, start: [0.001, 1], runs: [constant(0.5), { policy: { name: "nonmonotone-line-search" } }], steps: 300 };

/** Opens the dialog the way a person does. */
async function openFilm(page) {
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "Make a film…" }).click();
  await expect(dialog(page)).toBeVisible();
}

async function saved(page) {
  const download = page.waitForEvent("download", { timeout: 40_000 });
  await save(page).click();
  const file = await download;
  await expect(status(page)).toContainText("Saved:");
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

/** What a browser plays of a film: how long it takes, its size, and for some moments how much is drawn. */
async function played(page, bytes, moments) {
  // The Lab's own page plays no films, and its policy says so.
  const player = await page.context().newPage();
  const found = await player.evaluate(
    async ([base64, times]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const video = document.createElement("video");
      video.muted = true;
      video.src = URL.createObjectURL(new Blob([bytes], { type: "video/webm" }));
      await new Promise((resolve, reject) => {
        video.onloadedmetadata = resolve;
        video.onerror = () => reject(new Error(video.error.message));
      });
      const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      const inks = [];
      await video.play();
      for (const time of times) {
        while (video.currentTime < time) await new Promise(requestAnimationFrame);
        pen.drawImage(video, 0, 0);
        const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
        // What is no background is ink: a curve that grows makes more of it.
        let ink = 0;
        for (let at = 0; at < data.length; at += 4) ink += data[at] + data[at + 1] + data[at + 2] < 600 ? 1 : 0;
        inks.push(ink);
      }
      return { duration: video.duration, width: video.videoWidth, height: video.videoHeight, inks };
    },
    [bytes.toString("base64"), moments],
  );
  await player.close();
  return found;
}

/** The pictures of a GIF: its size, and for each picture how long it stays, in hundredths of a second. */
function pictures(bytes) {
  const size = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const table = (flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const delays = [];
  let at = 13 + table(bytes[10]);
  const skip = () => {
    while (bytes[at] !== 0) at += bytes[at] + 1;
    at += 1;
  };
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) delays.push(bytes.readUInt16LE(at + 4));
      at += 2;
      skip();
    } else {
      expect(bytes[at]).toBe(0x2c);
      at += 10 + table(bytes[at + 9]) + 1;
      skip();
    }
  }
  return { size, delays };
}

test("the board becomes a film that takes as long as was said, and the Lab is as it was", async ({ page }) => {
  await openAt(page, river, 120);
  const before = await readings(page);
  await openFilm(page);
  await expect(step(page, "to step")).toHaveValue("120");
  await step(page, "to step").fill("200");
  await step(page, "from step").fill("20");
  await pick(page, "at", "60 steps/s");
  await pick(page, "across", "640 pixels");
  await expect(dialog(page)).toContainText("3.5 s, 105 pictures.");
  const film = await saved(page);
  expect(film.name).toBe("flatland-river-board.webm");
  const { duration, width, height, inks } = await played(page, film.bytes, [0.1, 1.5, 3.2]);
  // A third of a second for what a busy machine draws late.
  expect(Math.abs(duration - 3.5)).toBeLessThan(0.34);
  expect(width).toBe(640);
  expect(height).toBeGreaterThan(400);
  expect(inks[0]).toBeGreaterThan(1000);
  expect(new Set(inks).size).toBe(3);
  await page.keyboard.press("Escape");
  await expectStep(page, 120);
  expect(await readings(page)).toEqual(before);
});

test("a panel becomes a GIF that shows every step in its turn", async ({ page }) => {
  await openAt(page, river, 40);
  await openFilm(page);
  await pick(page, "Film of", "Landscape");
  await pick(page, "as", "GIF");
  await pick(page, "at", "20 steps/s");
  await pick(page, "across", "640 pixels");
  await expect(dialog(page)).toContainText("2.5 s, 50 pictures.");
  const gif = await saved(page);
  expect(gif.name).toBe("flatland-river-landscape.gif");
  expect(gif.bytes.subarray(0, 6).toString()).toBe("GIF89a");
  const { size, delays } = pictures(gif.bytes);
  expect(size[0]).toBe(640);
  // Twenty pictures a second; steps at which nothing moves by a pixel are one picture.
  expect(delays.reduce((sum, delay) => sum + delay)).toBe(250);
  expect(delays.length).toBeGreaterThan(20);
  const shown = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/gif;base64,${base64}`;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, gif.bytes.toString("base64"));
  expect(shown).toEqual(size);
});

test("steps that nobody has computed yet are computed first", async ({ page }) => {
  await openAt(page, { ...river, steps: 20_000 }, 10);
  await openFilm(page);
  await step(page, "from step").fill("19900");
  await step(page, "to step").fill("20000");
  await pick(page, "at", "100 steps/s");
  await pick(page, "as", "GIF");
  await pick(page, "across", "640 pixels");
  const gif = await saved(page);
  expect(pictures(gif.bytes).delays.reduce((sum, delay) => sum + delay)).toBe(150);
  await page.keyboard.press("Escape");
  await expectStep(page, 10);
});

test("a film of a network waits for each of its pictures", async ({ page }) => {
  const network = { objective: { name: "network", data: { name: "moons" }, hidden: [8] }, runs: [constant(0.5)], steps: 40 };
  await openAt(page, network, 30);
  await openFilm(page);
  await pick(page, "Film of", "What the network computes");
  await pick(page, "as", "GIF");
  await pick(page, "at", "20 steps/s");
  await pick(page, "across", "640 pixels");
  const gif = await saved(page);
  // The boundary moves with every step.
  expect(pictures(gif.bytes).delays.length).toBeGreaterThan(25);
});

test("a film can be cancelled, by its button or by leaving, and nothing is saved", async ({ page }) => {
  await openAt(page, river, 300);
  let downloads = 0;
  page.on("download", () => (downloads += 1));
  await openFilm(page);
  await pick(page, "at", "10 steps/s");
  await save(page).click();
  await expect(dialog(page).getByRole("progressbar")).toBeVisible();
  await expect(dialog(page).getByRole("img", { name: "The picture that is being taken" })).toBeVisible();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(status(page)).toHaveText("Cancelled. Nothing was saved.");
  await save(page).click();
  await expect(dialog(page).getByRole("progressbar")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expectStep(page, 300);
  expect(downloads).toBe(0);
});

test("what cannot be filmed says why before it is begun", async ({ page }) => {
  await openAt(page, river, 120);
  await openFilm(page);
  for (const [first, last, said] of [
    ["100", "100", "The film ends beyond its first step; found from 100 to 100."],
    ["0", "500", "The film ends at step 300 at the latest, the budget; found 500."],
    ["soon", "100", "found “soon”. Type a number such as 100."],
    ["", "100", "found “”."],
  ]) {
    await step(page, "from step").fill(first);
    await step(page, "to step").fill(last);
    await expect(dialog(page)).toContainText(said);
    await expect(save(page)).toBeDisabled();
  }
  await step(page, "from step").fill("0");
  await step(page, "to step").fill("300");
  await pick(page, "as", "GIF");
  await pick(page, "at", "1 steps/s");
  await expect(dialog(page)).toContainText("The film takes 60 s at the most; found 301 s. Choose a greater speed or fewer steps.");
});

/** Puts a recorder in place of the browser's. */
const withRecorder = (page, isAble) =>
  page.addInitScript((able) => {
    window.MediaRecorder = class {
      static isTypeSupported = () => able;
      start() {
        setTimeout(() => this.onerror({ error: new Error("the encoder is gone") }));
      }
    };
  }, isAble);

test("a recorder that fails is a sentence, and nothing is lost", async ({ page }) => {
  await withRecorder(page, true);
  await openAt(page, river, 60);
  await openFilm(page);
  await save(page).click();
  await expect(status(page)).toHaveText("The film could not be made: the encoder is gone. Nothing was saved; a GIF may work, or a smaller width.");
  await page.keyboard.press("Escape");
  await expectStep(page, 60);
});

test("a browser without a recorder makes GIFs", async ({ page }) => {
  await withRecorder(page, false);
  await openAt(page, river, 60);
  await openFilm(page);
  await expect(dialog(page)).toContainText("This browser records no films.");
  await expect(dialog(page).getByRole("combobox", { name: "as", exact: true })).toHaveValue("GIF");
});

test("the dialog is used by keys and read aloud", async ({ page }) => {
  await openAt(page, river, 60);
  await openFilm(page);
  await expect(save(page)).toBeFocused();
  const { violations } = await new AxeBuilder({ page }).include("#share-film").analyze();
  expect(violations).toEqual([]);
});
