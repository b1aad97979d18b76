// The Atlas on a graphics card: here Chromium's own, played by the processor, which is slow and enough to see that all is right.
import { launchOptions } from "../lib/browser.mjs";
import { across, room, status } from "./atlas.mjs";
import { expect, open, test } from "./fixtures.mjs";
import { constant, fragment } from "./lab.mjs";

test.use({
  launchOptions: { ...launchOptions(), args: [...(launchOptions().args ?? []), "--enable-unsafe-webgpu"] },
  viewport: { width: 700, height: 420 },
  // Chromium warns of cards that are slow.
  allowed: /No available adapters|adapter|WebGPU/i,
});

/** Waits until the map is there, and whole. */
async function finished(page) {
  await expect(room(page).locator("progress")).toBeAttached();
  await expect(room(page).locator("progress")).toBeHidden({ timeout: 60_000 });
}

const axis = (field, from, to) => ({ field, from, to, scale: "linear" });

/** A map in a link. */
const atlas = (order) => `&step=0&atlas=${encodeURIComponent(JSON.stringify({ run: 0, ...order }))}`;

const WELL = fragment(
  { objective: { name: "double-well" }, start: [0.3], runs: [constant(1.1)], steps: 60 },
  atlas({ x: axis("runs[0].policy.eta", 0.5, 2.2), y: axis("start[0]", -1.8, 1.8), measure: "outcome" }),
);

const hasCard = (page) => page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));

/** What the map's legend says. */
const legend = (page) => room(page).locator(".atlas-kinds li").allTextContents();

test("a map on the card is that of the processor, and says what single precision costs", async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, WELL);
  test.skip(!(await hasCard(page)), "this browser has no adapter for WebGPU");
  await finished(page);
  // Played by a processor it is no gain: the workers do it.
  await expect(status(page)).toContainText("double precision");
  const shares = async () => Object.fromEntries((await legend(page)).map((line) => /^(\D+?)([\d.]+) %/.exec(line)).filter(Boolean).map(([, label, share]) => [label, Number(share)]));
  const exact = await shares();
  await room(page).getByLabel("Compute on").selectOption("card");
  await expect(status(page)).toContainText("single precision", { timeout: 60_000 });
  await finished(page);
  await expect(status(page)).toHaveText(/Graphics card .*: single precision · .* steps a second · \d+ of \d+ checked pixels differ in double precision/, { timeout: 60_000 });
  const single = await shares();
  for (const label of ["chaotic", "diverged"]) expect(Math.abs(single[label] - exact[label]), label).toBeLessThan(3);
});

test("what single precision cannot tell apart, and what has no shader, the processor does", async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, WELL);
  test.skip(!(await hasCard(page)), "this browser has no adapter for WebGPU");
  await finished(page);
  await room(page).getByLabel("Compute on").selectOption("card");
  await expect(status(page)).toContainText("single precision", { timeout: 60_000 });
  await finished(page);
  await across(page).getByLabel("from").fill("2.19999");
  await across(page).getByLabel("from").press("Enter");
  await finished(page);
  await expect(status(page)).toContainText(/Processor.*the graphics card was left: single precision cannot tell these pixels apart/);
  await room(page).getByLabel("Draw").selectOption("bifurcation");
  await finished(page);
  await expect(status(page)).toContainText("run by run with the engine");
});
