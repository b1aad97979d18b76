// Exports and imports: pictures, tables, scripts and documents leave the page, and documents and
// links come in.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";

import { expect, open, test } from "./fixtures.mjs";
import { constant, copyLink, experimentOf, expectStep, notice, objective, openAt, openDefault, readings } from "./lab.mjs";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const dialog = (page) => page.getByRole("dialog", { name: "Export" });
const status = (page) => dialog(page).getByRole("status");

/** Presses a button of the export dialog and returns the file that is saved. */
async function saved(page, name) {
  const download = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name, exact: true }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

const minimalist = { objective: { name: "minimalist" }, start: [2.4, 0.45], runs: [constant(0.2), { policy: { name: "ponos" } }], steps: 60 };

/** Drops files, or a text, on the page as a person does. A file is its name and its content, or how many bytes it has. */
const drop = (page, files, text) =>
  page.evaluate(
    ([list, plain]) => {
      const data = new DataTransfer();
      for (const [name, bytes] of list) data.items.add(new File([new Uint8Array(bytes)], name));
      if (plain) data.setData("text/plain", plain);
      const target = document.querySelector("#board");
      target.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: data }));
      target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    [files.map(([name, content]) => [name, typeof content === "number" ? content : [...Buffer.from(content)]]), text],
  );

const paste = (page, selector, text) =>
  page.evaluate(
    ([where, plain]) => {
      const data = new DataTransfer();
      data.setData("text/plain", plain);
      const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data });
      document.querySelector(where).dispatchEvent(event);
    },
    [selector, text],
  );

test("the table of every step is the command line's, byte for byte, whatever is shown", async ({ page }) => {
  test.skip(process.env.FLATLAND_COMMAND === undefined, "FLATLAND_COMMAND does not name the command line");
  await openAt(page, minimalist, 7);
  await page.keyboard.press("s");
  const table = await saved(page, "Save CSV");
  await expect(status(page)).toContainText("Saved:");
  const experiment = await saved(page, "Save experiment");
  const command = spawnSync(process.env.FLATLAND_COMMAND, ["run", "-"], { input: experiment.bytes, maxBuffer: 1 << 26 });
  expect(command.status).toBe(0);
  expect(table.name).toBe("flatland-minimalist-example.csv");
  expect(table.bytes.toString()).toBe(command.stdout.toString());
});

test("a long table can be cancelled and saves nothing", async ({ page }) => {
  await openAt(page, { ...minimalist, stop: { gradient_norm: 0 }, objective: { name: "exp-minus-linear" }, start: [1], runs: [constant(2.8)], steps: 5_000_000 }, 3);
  await page.keyboard.press("s");
  await dialog(page).getByRole("button", { name: "Save CSV" }).click();
  await expect(status(page)).toContainText("rows");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(status(page)).toContainText("Nothing was saved");
});

test("pictures carry title, legend, parameters and the link, as PNG and as SVG", async ({ page }) => {
  await openDefault(page, 250);
  const link = await copyLink(page);
  await page.keyboard.press("s");
  const png = await saved(page, "Save PNG");
  expect(png.name).toBe("flatland-river-board.png");
  expect([...png.bytes.subarray(1, 4)].map((code) => String.fromCharCode(code)).join("")).toBe("PNG");
  // Two pixels to a CSS pixel.
  expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(1600);
  const drawn = (await saved(page, "Save SVG")).bytes.toString();
  const read = await page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      root: svg.documentElement.nodeName,
      errors: svg.querySelectorAll("parsererror").length,
      texts: [...svg.querySelectorAll("text")].map((element) => element.textContent),
      desc: svg.querySelector("desc").textContent,
      // The charts' longest paths: those of the three runs.
      long: [...svg.querySelectorAll("path")].filter((path) => path.getAttribute("d").length > 500).length,
      images: svg.querySelectorAll("image[href^='data:image/png']").length,
      broken: [...svg.querySelectorAll("path")].filter((path) => /NaN|Infinity|undefined/.test(path.outerHTML)).length,
    };
  }, drawn);
  expect(read).toMatchObject({ root: "svg", errors: 0, images: 1, broken: 0 });
  expect(read.long).toBeGreaterThan(5);
  for (const text of ["River", "Constant step η = 0.5", "Nonmonotone line search", "edge: 2"]) expect(read.texts).toContain(text);
  expect(read.texts.join(" ")).toContain("a = 0.05, ℓ = log-cosh, y₀ = 3, start (0.001, 1), 500 steps at the most");
  expect(read.texts).not.toContain("start: drag me");
  expect(read.desc).toContain(link);
});

/** The texts of a picture that is saved as SVG, each as often as it stands there. */
async function textsOf(page, panel) {
  await dialog(page).getByRole("combobox", { name: "Picture of" }).selectOption(panel);
  const drawn = (await saved(page, "Save SVG")).bytes.toString();
  return page.evaluate((text) => [...new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("text")].map((element) => element.textContent), drawn);
}

test("a picture has the axes, their names and the scale of colors that a printed figure needs", async ({ page }) => {
  const experiment = { objective: { name: "river" }, start: [0.001, 1], runs: [constant(0.5)], steps: 200 };
  await openAt(page, experiment, 150, "&view=layer:sharpness");
  await expect(page.locator(".legend .what")).toHaveText("white: λ₁ = 2/η = 4");
  await page.keyboard.press("s");
  const landscape = await textsOf(page, "landscape");
  for (const text of ["Landscape", "x", "y", "λ₁", "2/η = 4", "−1", "0.5", "3"]) expect(landscape).toContain(text);
  // Numbers stand around the picture, and not in it once more.
  expect(landscape.filter((text) => text === "0.5")).toHaveLength(1);
  expect(await textsOf(page, "chart1")).toContain("step k");
  // The curves of a scene have their axis named too.
  await page.keyboard.press("Escape");
  await page.getByRole("combobox", { name: "Scene" }).selectOption("lens");
  await expect(page.getByText(/^λ₁ = .*, ηλ₁ = /)).toBeVisible();
  await page.keyboard.press("s");
  expect(await textsOf(page, "landscape")).toEqual(expect.arrayContaining(["f along the top eigenvector u, at x + s·u", "s", "quadratic"]));
});

test("a formula stands in a picture as it is typed, named once", async ({ page }) => {
  const expression = "f(x) = a*(x^2 - 1)^2; a = 0.5 [0, 2]";
  await openAt(page, { objective: { name: "formula", expression }, start: [0.4], runs: [constant(0.1)], steps: 40 }, 40);
  await page.keyboard.press("s");
  const texts = await textsOf(page, "landscape");
  expect(texts).toContain("f(x) = a*(x^2 - 1)^2; a = 0.5, start (0.4), 40 steps at the most");
  expect(texts).toEqual(expect.arrayContaining(["Graph of f and iterates", "x", "f"]));
});

test("S and Enter save the board as PNG", async ({ page }) => {
  await openAt(page, minimalist, 40);
  await page.keyboard.press("s");
  await expect(dialog(page).getByRole("button", { name: "Save PNG" })).toBeFocused();
  const download = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await download).suggestedFilename()).toBe("flatland-minimalist-example-board.png");
});

test("a single chart, on dark, and an objective of one variable", async ({ page }) => {
  await openAt(page, { objective: { name: "double-well" }, start: [0.3], runs: [constant(1.1)], steps: 50 }, 50);
  await page.keyboard.press("s");
  await dialog(page).getByRole("combobox", { name: "on" }).selectOption("dark");
  for (const panel of ["chart1", "chart2", "chart3", "landscape"]) {
    await dialog(page).getByRole("combobox", { name: "Picture of" }).selectOption(panel);
    const { name, bytes } = await saved(page, "Save SVG");
    expect(name).toBe(`flatland-double-well-${panel}.svg`);
    expect(bytes.toString()).toContain("#14171b");
    expect(bytes.toString().match(/<path/g).length).toBeGreaterThan(8);
  }
  // The page itself stays light.
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
});

test("a run leaves as a NumPy script and as a table for pgfplots", { tag: "@chromium" }, async ({ page }) => {
  await openDefault(page, 300);
  await page.keyboard.press("s");
  await dialog(page).getByRole("combobox", { name: "Run" }).selectOption({ index: 2 });
  await dialog(page).getByRole("button", { name: "Copy as Python" }).click();
  await expect(status(page)).toContainText("Copied");
  const script = await page.evaluate(() => navigator.clipboard.readText());
  expect(script).toContain("import numpy as np");
  expect(script).toContain("some twelve digits");
  expect(script).toContain("nonmonotone(");
  expect(script).toContain("River(a=0.05, y0=3.0, coupling=\"log-cosh\")");
  // Each run's file has a name of its own.
  expect((await saved(page, "Save script")).name).toBe("flatland-river-run3-nonmonotone-line-search.py");
  await dialog(page).getByRole("combobox", { name: "Run" }).selectOption({ index: 0 });
  expect((await saved(page, "Save script")).name).toBe("flatland-river-run1-constant.py");
  await dialog(page).getByRole("button", { name: "Copy for pgfplots" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("\\begin{tikzpicture}");
  const rows = (await page.evaluate(() => navigator.clipboard.readText())).split("\n").filter((line) => /^\d/.test(line));
  expect(rows).toHaveLength(3 * 301);
});

test("a saved experiment comes back by file, by drop and by paste", async ({ page, browserName }) => {
  await openAt(page, minimalist, 40);
  await page.keyboard.press("s");
  const { name, bytes } = await saved(page, "Save experiment");
  expect(name).toBe("flatland-minimalist-example.json");
  const before = await experimentAfterClosing(page);
  const ways = [
    async () => {
      await page.keyboard.press("s");
      await dialog(page).getByLabel("Open a file").setInputFiles({ name, mimeType: "application/json", buffer: bytes });
      await expect(dialog(page)).toHaveCount(0);
    },
    () => drop(page, [[name, bytes]]),
    // Firefox lets a test paste nothing.
    ...(browserName === "firefox" ? [] : [() => paste(page, "body", bytes.toString())]),
  ];
  for (const way of ways) {
    await open(page, "#lab={'version':1,'objective':{'name':'river'},'runs':[{'policy':{'name':'polyak'}}]}&step=5");
    await page.reload();
    await expect(objective(page)).toHaveValue("river");
    await way();
    await expect(objective(page)).toHaveValue("minimalist");
    expect(await experimentOf(page)).toEqual(before);
  }
});

async function experimentAfterClosing(page) {
  await page.keyboard.press("Escape");
  return experimentOf(page);
}

test("a link is opened as text, with its step", async ({ page }) => {
  await openAt(page, minimalist, 33);
  const link = await copyLink(page);
  await openDefault(page, 20);
  await drop(page, [], link);
  await expect(objective(page)).toHaveValue("minimalist");
  await expectStep(page, 33);
});

const broken = [
  ["something else", "holiday.jpg", [0xff, 0xd8, 0xff, 0xe0, 0, 16], /it is a JPEG picture/],
  ["a picture", "map.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], /it is a PNG picture/],
  ["an empty file", "empty.json", "", /the file is empty/],
  ["a table of another name", "runs.txt", "step,f\n0,1\n1,2\n", /it is a table \(CSV\)/],
  ["bytes that are no UTF-8", "latin1.json", [0x7b, 0x22, 0xe9, 0x22, 0x7d], /not UTF-8; save it as UTF-8/],
  ["a huge file", "huge.json", 3 << 20, /at most 1\.0 MiB; it has 3\.0 MiB/],
  ["broken JSON", "cut.json", '{"version": 1, "objective": {"name": "riv', /cannot be opened/],
  ["a newer version", "new.json", '{"version": 7, "objective": {"name": "river"}, "runs": []}', /version/],
  ["another document", "package.json", '{"name": "x"}', /cannot be opened/],
  ["prose", "notes.txt", "Dear diary", /expected an experiment, which begins with \{, or a link/],
];
for (const [what, name, content, message] of broken) {
  test(`${what} is refused with a message and nothing is lost`, async ({ page }) => {
    await openDefault(page, 90);
    const before = await readings(page);
    await drop(page, [[name, content]]);
    await expect(notice(page)).toContainText(message);
    await expect(notice(page)).toContainText(`“${name}”`);
    expect(await readings(page)).toEqual(before);
  });
}

test("a document in UTF-16 is read, with its mark and without", async ({ page }) => {
  const text = JSON.stringify({ version: 1, objective: { name: "double-well" }, runs: [{ ...{ policy: { name: "constant", eta: 0.3 } }, label: "größer λ" }] });
  for (const marked of ["\ufeff", ""]) {
    await openDefault(page, 20);
    await drop(page, [["utf16.json", [...Buffer.from(marked + text, "utf16le")]]]);
    await expect(objective(page)).toHaveValue("double-well");
    expect((await experimentOf(page)).runs[0].label).toBe("größer λ");
    await page.goto("about:blank");
  }
});

test("several files are refused, and a field keeps what is pasted into it", async ({ page }) => {
  await openDefault(page, 30);
  await drop(page, [["a.json", "{}"], ["b.json", "{}"]]);
  await expect(notice(page)).toContainText("One experiment at a time");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await paste(page, "input[type=text], .field input", "0.4");
  await expect(notice(page)).toHaveCount(0);
});

test("a refused file is said inside the dialog, which stays open", async ({ page }) => {
  await openDefault(page, 30);
  await page.keyboard.press("s");
  await dialog(page).getByLabel("Open a file").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from("{") });
  await expect(status(page)).toContainText("“x.json” cannot be opened");
  await expect(dialog(page)).toBeVisible();
});
