// flatland.Lab in a real JupyterLab: what a person sees in the cell, and what Python has of it.
import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "./jupyter.mjs";

const RIVER = `import flatland
from flatland import Experiment, spec
lab = flatland.Lab(Experiment("river", spec("constant", eta=0.5), start=[0.001, 1], steps=400))
display(lab)`;

test("the page runs in the cell, accessible, and both sides know of each other’s changes", async ({ notebook, page }) => {
  const book = await notebook(RIVER, "print(lab.experiment.document['runs'], lab.step, lab.phase)", "lab.experiment = Experiment('double-well', [spec('constant', eta=0.4), 'polyak'])", "lab.step = 30");
  await book.run(0);
  await expect(book.frame.locator(".is-slot1 canvas")).toBeVisible();
  await expect(book.frame.locator(".is-landscape canvas")).toBeVisible();
  const field = book.frame.getByRole("textbox", { name: "step size of run 1" });
  await expect(field).toHaveValue("0.5");
  const { violations } = await new AxeBuilder({ page }).include(["iframe[title=Flatland]", "#app"]).analyze();
  expect(violations).toEqual([]);

  // An edit in the page arrives in Python.
  await field.fill("0.35");
  await field.press("Enter");
  await expect.poll(() => book.printed(1)).toContain("'eta': 0.35");

  // One in Python arrives in the page.
  await book.run(2);
  await expect(book.frame.locator(".rail")).toContainText("Polyak");
  await expect(field).toHaveValue("0.4");
  await book.run(3);
  await expect(book.frame.locator(".clock strong")).toHaveText("30");
  expect(await book.printed(1)).toMatch(/30 \['.+', '.+'\]$/);
});

test("a broken experiment is an exception that names the field, and the cell stays as it was", async ({ notebook }) => {
  const book = await notebook(RIVER, "lab.experiment = {'version': 1, 'objective': {'name': 'river'}, 'runs': [{'policy': {'name': 'constant', 'eta': -1}}]}", "lab.experiment = Experiment(flatland.Objective(lambda x: x @ x, lambda x: 2 * x), 'constant', start=[1.0])");
  await book.run(0);
  const field = book.frame.getByRole("textbox", { name: "step size of run 1" });
  await expect(field).toHaveValue("0.5");
  expect(await book.printed(1)).toMatch(/FieldError: .*runs\[0\]\.policy\.eta: expected .* found -1;/s);
  expect(await book.printed(2)).toMatch(/FieldError: .*objective: expected one that the Lab can hold, found Python functions;/s);
  await expect(field).toHaveValue("0.5");
});

test("rooms, the Atlas and networks come from the kernel as well, and what the package lacks is said", async ({ notebook }) => {
  const network = (data) => `lab.experiment = Experiment(spec("network", hidden=[8], data=${data}), spec("constant", eta=0.1), steps=20)`;
  const book = await notebook(RIVER, network('{"name": "digits", "samples": 100}'), network('{"name": "mnist", "samples": 100}'));
  await book.run(0);
  await expect(book.frame.locator(".is-slot1 canvas")).toBeVisible();
  const dialog = (name) => book.frame.getByRole("dialog", { name });
  await book.wake();
  await book.page.keyboard.press("d");
  const picture = dialog("Gallery").locator("img").first();
  await expect.poll(() => picture.evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  await book.page.keyboard.press("Escape");
  await book.page.keyboard.press("a");
  await expect(dialog("Atlas").locator("canvas").first()).toBeVisible();
  await book.page.keyboard.press("Escape");
  // There is nothing that a frame elsewhere could show.
  await book.page.keyboard.press("s");
  await expect(dialog("Export").getByRole("button", { name: "Save PNG" })).toBeVisible();
  await expect(dialog("Export").getByRole("button", { name: "Copy frame" })).toHaveCount(0);
  await book.page.keyboard.press("Escape");
  await book.page.keyboard.press("?");
  await dialog("What you see").getByRole("link", { name: "Documentation" }).click();
  await expect(book.page.getByText("This page is not in the Python package")).toBeVisible();
  await book.page.keyboard.press("Escape");

  // A network has its part of the program, in page and workers, and data.
  await book.run(1);
  await expect(book.frame.locator(".clock strong")).toHaveText("20", { timeout: 30_000 });
  await book.run(2);
  await expect(book.frame.getByText("The data set mnist/train-images could not be fetched (it is not in the Python package)")).toBeVisible();
});

test("a network learns from data of the person’s own, which the browser keeps", async ({ notebook }) => {
  const book = await notebook(RIVER, "print(lab.experiment.document['objective'])");
  await book.run(0);
  await expect(book.frame.locator(".is-slot1 canvas")).toBeVisible();
  await book.wake();
  await book.page.keyboard.press("m");
  const rows = Array.from({ length: 60 }, (_, at) => `${(at % 7) / 7},${(at % 5) / 5},${at % 2 ? "lily" : "rose"}`);
  await book.frame.locator("#own-data").setInputFiles({ name: "flowers.csv", mimeType: "text/plain", buffer: Buffer.from(`length,width,kind\n${rows.join("\n")}\n`) });
  await book.frame.getByRole("button", { name: "Train on it" }).click();
  await expect(book.frame.locator(".rail")).toContainText("48 training samples, 12 for testing");
  const clock = book.frame.locator(".clock strong");
  await expect.poll(async () => Number((await clock.textContent()).replace(/\D/g, ""))).toBeGreaterThan(5);
  await expect.poll(() => book.printed(1)).toContain("network");
});

test("a notebook that is opened anew shows what it showed", async ({ notebook, page }) => {
  const book = await notebook(RIVER);
  await book.run(0);
  await book.frame.locator("#start-0").fill("0.25");
  await book.frame.locator("#start-0").press("Enter");
  await expect.poll(async () => Number(await book.frame.locator(".clock strong").textContent())).toBeGreaterThan(20);
  await book.cell(0).locator(".cm-content").click();
  await page.keyboard.press("Control+s");
  await expect(page.locator(".jp-mod-dirty")).toHaveCount(0);
  await page.reload();
  await expect(book.frame.locator(".is-slot1 canvas")).toBeVisible({ timeout: 40_000 });
  await expect(book.frame.locator("#start-0")).toHaveValue("0.25");
});

test("a step that Python sets holds while time runs, and time runs again on request", async ({ notebook }) => {
  const book = await notebook(RIVER.replace("400", "100_000"), "lab.step = 200", "lab.play()", "lab.pause()");
  await book.run(0);
  const clock = book.frame.locator(".clock strong");
  await expect.poll(async () => Number((await clock.textContent()).replace(/\D/g, ""))).toBeGreaterThan(10);
  await book.run(1);
  await expect(clock).toHaveText("200");
  await book.run(2);
  await expect.poll(async () => Number((await clock.textContent()).replace(/\D/g, ""))).toBeGreaterThan(210);
  await book.run(3);
  await expect(book.frame.getByRole("button", { name: "Play" })).toBeVisible();
});

test("while the kernel is busy the cell says what it waits for", async ({ notebook }) => {
  const book = await notebook(`${RIVER}\nimport time\ntime.sleep(7)`);
  await book.press(0);
  await expect(book.page.getByText("The Lab waits for the kernel")).toBeVisible();
  await expect(book.frame.locator(".is-slot1 canvas")).toBeVisible();
  await expect(book.page.getByText("The Lab waits for the kernel")).toHaveCount(0);
});

test("two cells of one Lab show the same, and the second one asks for nothing again", async ({ notebook }) => {
  const book = await notebook(RIVER, "asked = []\nlab.on_msg(lambda _, message, __: message['type'] == 'file' and asked.append(message))\nlab", "print('asked', asked)");
  await book.run(0);
  await expect(book.frame.locator(".is-slot1 canvas")).toBeVisible();
  await book.run(1);
  const second = book.page.frameLocator("iframe[title=Flatland] >> nth=1");
  await expect(second.locator(".is-slot1 canvas")).toBeVisible();
  const field = (frame) => frame.locator("#start-0");
  await field(second).fill("0.25");
  await field(second).press("Enter");
  await expect(field(book.page.frameLocator("iframe[title=Flatland] >> nth=0"))).toHaveValue("0.25");
  expect(await book.printed(2)).toBe("asked []");
});
