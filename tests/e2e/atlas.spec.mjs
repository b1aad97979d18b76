// The Atlas: a lecturer maps the double well, moves about in it, and opens the run under the
// pointer.
import AxeBuilder from "@axe-core/playwright";

import { FACTORIZATION, WELL, across, colors, field, finished, hover, map, openAtlas, pointAt, rangeAcross, room, status } from "./atlas.mjs";
import { expect, open, test } from "./fixtures.mjs";
import { constant, decode, experimentOf, fragment } from "./lab.mjs";

// Without a graphics card the browser says so on the console.
test.use({ allowed: /No available adapters/ });

test("the double well over its step size: one point, a cycle, chaos, divergence", async ({ page }) => {
  await openAtlas(page, WELL);
  await rangeAcross(page, 0.5, 2.2);
  const at = (eta) => (eta - 0.5) / 1.7;
  expect(await hover(page, at(0.8), 0.4)).toMatch(/η = 0\.\d+ · start x = .* · converged in \d+ steps · ends at −?1$/);
  expect(await hover(page, at(1.15), 0.4)).toContain("runs in a cycle of 2");
  expect(await hover(page, at(1.25), 0.4)).toContain("runs in a cycle of 4");
  expect(await hover(page, at(1.9), 0.4)).toContain("chaotic");
  expect(await hover(page, at(2.1), 0.4)).toMatch(/diverged at step \d+/);
  const [point, cycle, chaos, gone] = await colors(page, [[at(0.8), 0.4], [at(1.15), 0.4], [at(1.9), 0.4], [at(2.15), 0.05]]);
  expect(new Set([point, cycle, chaos, gone]).size).toBe(4);
  await expect(room(page).getByRole("listitem").filter({ hasText: "chaotic" })).toContainText("%");
  await expect(status(page)).toHaveText(/Processor, \d+ workers?: many runs at once, double precision · .* steps a second/);
});

test("a click opens that very run in the Lab", async ({ page }) => {
  await openAtlas(page, FACTORIZATION);
  const text = await hover(page, 0.25, 0.75);
  const point = await pointAt(page, 0.25, 0.75);
  await page.mouse.click(point.x, point.y);
  await expect(room(page)).toBeHidden();
  const { runs, start } = await experimentOf(page);
  const [, eta, x] = /η = ([\d.]+) · start x = (−?[\d.]+)/.exec(text);
  expect(runs[0].policy.eta).toBeCloseTo(Number(eta), 3);
  expect(start[0]).toBeCloseTo(Number(x.replace("−", "-")), 3);
  expect(start[1]).toBe(0.5);
  // The other run has the new start and is otherwise as it was.
  expect(runs[1].policy.name).toBe("nonmonotone-line-search");
});

test("dragging and zooming keep what is known, and the link restores the map", async ({ page }) => {
  await openAtlas(page, WELL);
  await rangeAcross(page, 0.5, 2.2);
  const before = await hover(page, 0.3, 0.5);
  const [from, to] = [await pointAt(page, 0.3, 0.5), await pointAt(page, 0.5, 0.5)];
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
  await finished(page);
  await page.mouse.move(from.x, from.y);
  // What was under the pointer is where it was dragged to.
  await page.mouse.move(to.x, to.y);
  await expect(room(page).locator(".atlas-readout")).toHaveText(before);
  await expect(across(page).getByLabel("from")).not.toHaveValue("0.5");
  await page.mouse.wheel(0, -300);
  await finished(page);
  const range = await across(page).getByLabel("from").inputValue();
  expect(decode(page.url()).experiment.objective.name).toBe("double-well");
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await finished(page);
  await expect(across(page).getByLabel("from")).toHaveValue(range);
  await room(page).getByRole("button", { name: "Show all" }).click();
  await room(page).getByRole("button", { name: "Close: Atlas" }).click();
  await expect(room(page)).toBeHidden();
  expect(page.url()).not.toContain("atlas=");
});

test("a bifurcation diagram marks where the iterates go", async ({ page }) => {
  await openAtlas(page, WELL);
  await field(page, "Draw").selectOption("bifurcation");
  await finished(page);
  await expect(room(page)).toContainText("the first 300 iterates are left out and the next 400 drawn");
  await rangeAcross(page, 0.9, 1.2);
  const marks = (share) =>
    map(page).evaluate((canvas, share) => {
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext("2d", { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      const ratio = canvas.width / canvas.clientWidth;
      const column = Math.floor((54 + share * (canvas.clientWidth - 64)) * ratio);
      const { data } = context.getImageData(column, Math.ceil(25 * ratio), 1, Math.floor((canvas.clientHeight - 64) * ratio));
      let runs = 0;
      let inside = false;
      for (let i = 3; i < data.length; i += 4) {
        const is = data[i] > 0;
        if (is && !inside) runs += 1;
        inside = is;
      }
      return runs;
    }, share);
  expect(await marks(0.1)).toBe(1);
  expect(await marks(0.9)).toBe(2);
  expect(await hover(page, 0.9, 0.5)).toMatch(/η = 1\.1\d* · iterates x = .* hits/);
});

test("all policies side by side share one part of the plane", { tag: "@chromium" }, async ({ page }) => {
  await openAtlas(page, FACTORIZATION);
  await across(page).getByRole("combobox").selectOption("start[1]");
  await finished(page);
  await field(page, "Policy").selectOption("all");
  await finished(page);
  await expect(room(page).getByRole("figure")).toHaveCount(2);
  await expect(room(page).getByRole("figure").nth(1)).toContainText("Nonmonotone line search");
  const [one, other] = await room(page).locator("canvas").evaluateAll((canvases) => canvases.map((canvas) => [canvas.clientWidth, canvas.clientHeight]));
  expect(one).toEqual(other);
  // Moving one moves the other.
  const words = () => room(page).locator("canvas").evaluateAll((canvases) => canvases.map((canvas) => canvas.getAttribute("aria-label").replace(/^[^:]*: /, "")));
  const before = await words();
  await page.mouse.move((await pointAt(page, 0.5, 0.5)).x, (await pointAt(page, 0.5, 0.5)).y);
  await page.mouse.wheel(0, -200);
  await expect.poll(words).not.toEqual(before);
  const [first, second] = await words();
  expect(first).toBe(second);
});

test("side by side the same map is drawn once", async ({ page }) => {
  await openAtlas(page, { ...FACTORIZATION, runs: [constant(0.3), constant(0.2)] });
  await field(page, "Policy").selectOption("all");
  await finished(page);
  await expect(room(page).getByRole("figure")).toHaveCount(1);
  await expect(room(page).locator(".share-status")).toContainText("is shown already");
});

test("what cannot be drawn is said, and the map stays", async ({ page }) => {
  await openAtlas(page, WELL);
  const from = across(page).getByLabel("from");
  const kept = await from.inputValue();
  const [before] = await colors(page, [[0.5, 0.5]]);
  for (const [text, part] of [["-1", "above 0"], ["9", "“from” must be below “to”"], ["words", "Expected a number"], ["1e400", "finite"], ["1,234", "write 1234 or 1.234"], ["", "empty"]]) {
    await from.fill(text);
    await from.press("Enter");
    await expect(room(page).getByRole("alert")).toContainText(part);
    await expect(room(page).getByRole("alert"), "the field is named as it is seen").not.toContainText("runs[0]");
    await expect(from).toHaveAttribute("aria-invalid", "true");
    expect(await colors(page, [[0.5, 0.5]])).toEqual([before]);
  }
  await from.fill(kept);
  await from.press("Enter");
  await expect(room(page).getByRole("alert")).toBeEmpty();
  await expect(from).not.toHaveAttribute("aria-invalid");
  await from.fill("0,5");
  await from.press("Enter");
  await expect(from, "as in the Lab").toHaveValue("0.5");
  await field(page, "Steps").fill("2000000");
  await field(page, "Steps").press("Enter");
  await expect(room(page).getByRole("alert")).toContainText("Steps: expected at most 1000000");
  await expect(field(page, "Steps")).toHaveAttribute("aria-invalid", "true");
});

test("deep in a map its labels, its fields and the readout still tell places apart", async ({ page }) => {
  const [x, y] = [{ field: "runs[0].policy.eta", from: 0.7123456789, to: 0.71234567891, scale: "linear" }, { field: "start[0]", from: 1.5, to: 1.500000001, scale: "linear" }];
  const order = { run: 0, measure: "outcome", x, y };
  await open(page, fragment({ objective: { name: "double-well" }, start: [1.6], runs: [constant(0.5)], steps: 50 }, `&step=0&atlas=${encodeURIComponent(JSON.stringify(order))}).`));
  await finished(page);
  const [from, to] = [across(page).getByLabel("from"), across(page).getByLabel("to", { exact: true })];
  await expect(from).toHaveValue("0.7123456789");
  await expect(to).toHaveValue("0.71234567891");
  const shows = (input) => input.evaluate((element) => element.scrollWidth <= element.clientWidth);
  expect(await shows(from) && (await shows(to)), "all digits are seen").toBe(true);
  const [left, right] = [await hover(page, 0.4, 0.5), await hover(page, 0.41, 0.5)];
  expect(left).toMatch(/η = 0\.712345678\d+ /);
  expect(left.split(" · ")[0]).not.toBe(right.split(" · ")[0]);
});

test("a formula that is nowhere a number has its own color and says so", async ({ page }) => {
  await openAtlas(page, { objective: { name: "formula", expression: "f(x, y) = log(-1 - x^2) + y" }, start: [1, 1], runs: [constant(0.1)], steps: 20 });
  expect(await hover(page, 0.5, 0.5)).toContain("f is not a number there");
  await expect(room(page).getByRole("listitem").filter({ hasText: "f is not a number" })).toContainText("100.0 %");
});

test("a broken map in a link is said, and another one is shown", async ({ page }) => {
  await open(page, fragment(WELL, "&step=10&atlas=%7B%22run%22%3A0%2C"));
  await finished(page);
  await expect(room(page).locator(".share-status")).toContainText("cannot be read");
});

test("a policy that only the engine follows is drawn, run by run, and says so", async ({ page }) => {
  // Run by run takes its time: a small map will do.
  await page.setViewportSize({ width: 800, height: 400 });
  await openAtlas(page, { ...FACTORIZATION, runs: [{ policy: { name: "heavy-ball", eta: 0.1 } }], steps: 40 });
  await expect(status(page)).toContainText("run by run with the engine");
  expect(await hover(page, 0.2, 0.5)).toMatch(/converged|diverged|way|cycle/);
});

test("two points are pinned, and their runs compared in the Lab", async ({ page }) => {
  await openAtlas(page, WELL);
  await map(page).focus();
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+Enter");
  const pins = room(page).getByRole("region", { name: "Pins" });
  await expect(pins.getByRole("listitem")).toHaveCount(2);
  await expect(pins.getByRole("listitem").first()).toContainText("η = ");
  await pins.getByRole("button", { name: "Compare A and B" }).click();
  await expect(room(page)).toBeHidden();
  const { runs } = await experimentOf(page);
  expect(runs.map(({ label }) => label.slice(0, 6))).toEqual(["A: η =", "B: η ="]);
  expect(runs[1].policy.eta).toBeGreaterThan(runs[0].policy.eta);
});

test("points with two starts are no two runs of one experiment, and that is said", async ({ page }) => {
  await openAtlas(page, WELL);
  for (const [x, y] of [[0.3, 0.3], [0.5, 0.6]]) {
    const point = await pointAt(page, x, y);
    await page.keyboard.down("Shift");
    await page.mouse.click(point.x, point.y);
    await page.keyboard.up("Shift");
  }
  await room(page).getByRole("button", { name: "Compare A and B" }).click();
  await expect(room(page).locator(".share-status")).toContainText("begin at one start");
  await room(page).getByRole("button", { name: "Open B in the Lab" }).click();
  await expect(room(page)).toBeHidden();
});

test("the ends of the color scale can be chosen, and are part of the link", { tag: "@chromium" }, async ({ page }) => {
  await openAtlas(page, WELL);
  await field(page, "Color").selectOption("sharpness");
  await finished(page);
  const scale = room(page).getByRole("group", { name: "Color scale" });
  const ends = room(page).locator(".atlas-ends > span:not(.atlas-mark)");
  const before = await ends.allTextContents();
  await scale.getByLabel("from").fill("-3");
  await scale.getByLabel("from").press("Enter");
  await scale.getByLabel("to", { exact: true }).fill("12");
  await scale.getByLabel("to", { exact: true }).press("Enter");
  await expect(ends).toHaveText(["−3", "12"]);
  await expect(room(page).locator(".atlas-mark")).toHaveText(["0"]);
  await expect.poll(() => decodeURIComponent(page.url())).toContain('"limits":[-3.0,12.0]');
  await scale.getByLabel("to", { exact: true }).fill("-5");
  await scale.getByLabel("to", { exact: true }).press("Enter");
  await expect(room(page).getByRole("alert")).toContainText("“from” must be below “to”");
  for (const end of ["from", "to"]) {
    await scale.getByLabel(end, { exact: true }).fill("");
    await scale.getByLabel(end, { exact: true }).press("Enter");
  }
  await finished(page);
  await expect(ends).toHaveText(before);
});

test("the edge is drawn, and named in the legend", async ({ page }) => {
  await openAtlas(page, WELL);
  await expect(room(page).getByRole("listitem").filter({ hasText: "the edge at the start, η = 2/λ₁" })).toBeVisible();
  await field(page, "Draw").selectOption("bifurcation");
  await room(page).getByRole("group", { name: "Up" }).getByRole("combobox").selectOption("sharpness");
  await finished(page);
  await expect(room(page).getByRole("listitem").filter({ hasText: "the edge, λ₁ = 2/η" })).toBeVisible();
});

test("on a projector the map is all there is, with large words", async ({ page }) => {
  await openAtlas(page, WELL);
  const before = await map(page).boundingBox();
  await page.keyboard.press("p");
  await expect(field(page, "Color")).toBeHidden();
  await expect(room(page).getByRole("listitem").filter({ hasText: "chaotic" })).toBeVisible();
  await finished(page);
  expect((await map(page).boundingBox()).width).toBeGreaterThan(before.width);
  await page.keyboard.press("p");
  await expect(field(page, "Color")).toBeVisible();
});

test("the map alone is part of the link, and of what is found again", async ({ page }) => {
  await openAtlas(page, WELL);
  await page.keyboard.press("z");
  await expect(across(page)).toBeHidden();
  await expect.poll(() => decodeURIComponent(page.url())).toContain('"alone":true');
  await page.reload();
  await finished(page);
  await expect(across(page)).toBeHidden();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Atlas" }).click();
  await expect(room(page)).toBeVisible();
  await expect(across(page)).toBeHidden();
  await room(page).getByRole("button", { name: "Show panel" }).click();
  await expect(across(page)).toBeVisible();
  await expect.poll(() => decodeURIComponent(page.url())).not.toContain("alone");
});

test("keys move a cursor, open the run under it, and close the room", async ({ page }) => {
  await openAtlas(page, WELL);
  await map(page).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await expect(room(page).locator(".atlas-readout")).toContainText("η = ");
  await page.keyboard.press("Enter");
  await expect(room(page)).toBeHidden();
  await page.keyboard.press("a");
  await expect(room(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(room(page)).toBeHidden();
});

test("before it is open and after it is closed nothing of it is seen", async ({ page }) => {
  await openAtlas(page, WELL);
  const display = await room(page).evaluate((dialog) => {
    dialog.close();
    return getComputedStyle(dialog).display;
  });
  expect(display).toBe("none");
});

for (const scheme of ["light", "dark"]) {
  test(`everyone can use it: axe finds nothing, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openAtlas(page, WELL);
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
  });
}

test("it fits on a phone, and on a screen of 1280 × 720 without scrolling", async ({ page }) => {
  await openAtlas(page, WELL);
  const fits = () => room(page).evaluate((dialog) => [dialog.scrollWidth <= dialog.clientWidth, dialog.scrollHeight <= dialog.clientHeight]);
  expect(await fits()).toEqual([true, true]);
  await page.setViewportSize({ width: 360, height: 740 });
  await finished(page);
  expect((await fits())[0]).toBe(true);
});
