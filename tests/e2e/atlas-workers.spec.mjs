// Who computes the Atlas's maps: workers that may die, a graphics card that may be lost or missing,
// and nothing twice.
import { FACTORIZATION, WELL, field, finished, map, openAtlas, room, status } from "./atlas.mjs";
import { expect, open, test } from "./fixtures.mjs";
import { fragment, openAt } from "./lab.mjs";

// Without a graphics card the browser says so on the console.
test.use({ allowed: /No available adapters/ });

test("without a graphics card the switch says so, and the processor goes on", async ({ page }) => {
  await openAtlas(page, WELL);
  await field(page, "Compute on").selectOption("card");
  await expect(room(page).locator(".share-status")).toContainText("The graphics card cannot be used");
  await finished(page);
  await expect(status(page)).toContainText("Processor");
  // In closed form, and not with the engine, which is many times slower.
  await expect(status(page)).toContainText("many runs at once");
});

test("words that come and go leave the map as it is: it is computed once", async ({ page }) => {
  // Here the line below the map needs two lines once it tells the speed.
  await page.setViewportSize({ width: 800, height: 400 });
  await openAtlas(page, WELL);
  const size = await map(page).boundingBox();
  const begun = () => page.evaluate(() => performance.getEntriesByName("atlas: begun").length);
  const before = await begun();
  await page.waitForTimeout(1000);
  expect(await begun()).toBe(before);
  expect(await map(page).boundingBox()).toEqual(size);
});

/** Lets the first so many workers of the Atlas die over their first job. */
const killWorkers = (page, count) =>
  page.addInitScript((most) => {
    globalThis.deaths = 0;
    globalThis.Worker = class extends Worker {
      constructor(url, options) {
        super(url, options);
        if (options?.name !== "flatland-atlas" || globalThis.deaths >= most) return;
        globalThis.deaths += 1;
        this.terminate();
        this.postMessage = () => setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "out of memory", cancelable: true })), 20);
      }
    };
  }, count);

test("a worker that dies hands its work on: the map is whole all the same", async ({ page }) => {
  // Every pixel: one that is lost would look like its neighbor.
  const picture = () => map(page).evaluate((canvas) => canvas.toDataURL());
  await openAtlas(page, WELL);
  const undisturbed = await picture();
  await page.goto("about:blank");
  await killWorkers(page, 3);
  await openAtlas(page, WELL);
  expect(await page.evaluate(() => globalThis.deaths)).toBe(3);
  expect((await picture()) === undisturbed, "the map is the same to the last pixel").toBe(true);
});

test("a graphics card that is lost leaves all maps side by side to the processor", async ({ page }) => {
  // A card that answers its first job as a lost one does, and none after that.
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => ({}) } });
    globalThis.Worker = class extends Worker {
      postMessage(message, ...rest) {
        if (message.js?.includes("flatland-card")) this.isCard = true;
        else if (this.isCard && message[4].length === 0) this.answer(["card", "a card that breaks", false]);
        else if (this.isCard) this.answer([message[1][0], "it was unplugged", true]);
        else super.postMessage(message, ...rest);
      }

      answer(data) {
        setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })), 50);
      }
    };
  });
  await openAt(page, FACTORIZATION, 0);
  const axis = (name) => ({ field: name, from: -3, to: 3, scale: "linear" });
  const order = { run: 0, measure: "outcome", all: true, x: axis("start[0]"), y: axis("start[1]") };
  await open(page, fragment(FACTORIZATION, `&step=0&atlas=${encodeURIComponent(JSON.stringify(order))}`));
  await finished(page);
  await expect(room(page).getByRole("figure")).toHaveCount(2);
  await expect(status(page)).toContainText("the graphics card was left: it was unplugged");
});

test("where every worker dies the room says so, and does not wait for ever", async ({ page }) => {
  await killWorkers(page, 1000);
  await openAt(page, WELL, 0);
  await page.getByRole("button", { name: "Atlas" }).click();
  await expect(room(page)).toContainText("stops again and again (out of memory)");
  await expect(room(page).locator("progress")).toBeHidden();
  // Nor with another map.
  await field(page, "Color").selectOption({ index: 1 });
  await expect(room(page)).toContainText("stops again and again (out of memory)");
  await page.keyboard.press("Escape");
  await expect(room(page)).toBeHidden();
});

test("opening and closing it again and again leaks nothing", { tag: "@chromium" }, async ({ page }) => {
  test.setTimeout(180_000);
  await openAtlas(page, { ...WELL, steps: 20 });
  await page.keyboard.press("Escape");
  const cycle = async () => {
    await page.getByRole("button", { name: "Atlas" }).click();
    await expect(room(page)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(room(page)).toBeHidden();
  };
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  // What the browser learns of the scripts while they run fills the heap for some dozens of
  // openings.
  for (let i = 0; i < 60; i += 1) await cycle();
  const early = await heap();
  for (let i = 0; i < 140; i += 1) await cycle();
  expect(await heap()).toBeLessThan(1.1 * early);
});
