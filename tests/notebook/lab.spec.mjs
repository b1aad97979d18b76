// flatland.Lab in a real JupyterLab: what a person sees in the cell, and what Python has of it.
import { expect, test } from "./jupyter.mjs";

const SHOW = `import flatland
from flatland import Experiment, spec
lab = flatland.Lab(Experiment("river", spec("constant", eta=0.5), start=[0.001, 1], steps=400))
lab`;

test("the page runs in the cell, and both sides know of each other’s changes", async ({ notebook }) => {
  const book = await notebook(SHOW, "print(lab.experiment.document['runs'], lab.step, lab.phase)", "lab.experiment = Experiment('double-well', [spec('constant', eta=0.4), 'polyak'])", "lab.step = 30");
  await book.run(0);
  await expect(book.frame.locator(".is-slot1 canvas")).toBeVisible();
  await expect(book.frame.locator(".is-landscape canvas")).toBeVisible();
  const field = book.frame.getByRole("textbox", { name: "step size of run 1" });
  await expect(field).toHaveValue("0.5");

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
