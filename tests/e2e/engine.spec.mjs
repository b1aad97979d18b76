// The workers: one that dies is replaced, and a million steps do not hold the page up.
import { expect, open, test } from "./fixtures.mjs";
import { cards, constant, expectBeyond, expectStep, fragment, frames, notice, openAt, pause, play, readings, seek, speed, stepOf } from "./lab.mjs";

/** Keeps the page's workers where a test can reach them, and gives the page as many cores as asked for. */
const watchWorkers = (page, cores) =>
  page.addInitScript((count) => {
    Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => count });
    globalThis.workers = [];
    globalThis.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        globalThis.workers.push(this);
      }
    };
  }, cores);

/** Lets the newest worker, or the one at `place`, die; `times` over, a frame between. */
const kill = (page, place = -1, times = 1) =>
  page.evaluate(
    async ([at, count]) => {
      for (let death = 0; death < count; death += 1) {
        if (death > 0) await new Promise(requestAnimationFrame);
        const worker = globalThis.workers.at(at);
        worker.terminate();
        worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory", cancelable: true }));
      }
    },
    [place, times],
  );

const workers = (page) => page.evaluate(() => globalThis.workers.length);

const experiment = {
  objective: { name: "river", a: 0.05, y0: 3 },
  start: [0.001, 1],
  runs: [constant(0.5), { ...constant(0.35), changes: [{ step: 40, policy: { name: "constant", eta: 0.45 } }] }, { policy: { name: "nonmonotone-line-search" } }, { policy: { name: "polyak" } }],
  steps: 3_000,
};

for (const cores of [2, 5]) {
  test(`a worker that dies is replaced, and the runs go on with the same numbers (${cores} cores)`, async ({ page }) => {
    await openAt(page, experiment, 900);
    const undisturbed = await readings(page);

    await page.goto("about:blank");
    await watchWorkers(page, cores);
    await open(page, fragment(experiment));
    await expectBeyond(page, 30);
    expect(await workers(page)).toBe(cores - 1);
    await kill(page);
    await expect(notice(page)).toContainText("The engine stopped");
    await expect(notice(page)).toContainText("out of memory");
    await expect(notice(page)).toContainText("started again");
    expect(await workers(page)).toBe(cores);
    await expectBeyond(page, (await stepOf(page)) + 150);
    await seek(page, 900);
    expect(await readings(page)).toEqual(undisturbed);
    for (const run of (await readings(page)).runs) expect(run.phase).not.toBe("failed");
  });
}

test("a worker that dies while everything rests is replaced without a trace in the numbers", async ({ page }) => {
  await watchWorkers(page, 2);
  await openAt(page, experiment, 300);
  const before = await readings(page);
  await kill(page);
  await expect(notice(page)).toBeVisible();
  await frames(page, 10);
  expect(await readings(page)).toEqual(before);
  await seek(page, 2_000);
  await seek(page, 300);
  expect(await readings(page)).toEqual(before);
});

test("the other workers carry on when one can no longer be replaced", async ({ page }) => {
  await watchWorkers(page, 3);
  await openAt(page, experiment, 100);
  for (let death = 1; death <= 4; death += 1) {
    await kill(page);
    await expect(notice(page)).toBeVisible();
    await page.getByRole("button", { name: "Dismiss this message" }).click();
    await seek(page, 100 + 200 * death);
  }
  for (const run of (await readings(page)).runs) expect(run["λ₁"]).toMatch(/\d/);
  expect((await readings(page)).runs.filter((run) => run.phase !== "failed")).not.toEqual([]);
});

test("when no worker can be started any more, the page says that it must be reloaded", async ({ page }) => {
  await watchWorkers(page, 2);
  await openAt(page, experiment, 100);
  // A frame is less than a worker needs to answer: one that has computed something counts as well
  // again.
  await kill(page, -1, 4);
  await expect(notice(page)).toContainText(/reload/i);
});

test("a million steps of four policies at full speed: the page obeys meanwhile, and every step can be shown", async ({ page }) => {
  test.setTimeout(120_000);
  const million = {
    objective: { name: "river" },
    // None of these comes to rest.
    runs: [constant(0.5), constant(0.35), { policy: { name: "nonmonotone-line-search" } }, { policy: { name: "line-search" } }],
    stop: { gradient_norm: 0 },
    steps: 1_000_000,
  };
  await open(page, fragment(million));
  await speed(page).fill("15");
  await expect(speed(page)).toHaveAttribute("aria-valuetext", "full speed");
  await expectBeyond(page, 20_000);

  // A click counts from the moment the button goes down until the page shows that time rests.
  await page.evaluate(() => {
    const button = document.querySelector(".play");
    globalThis.taken = new Promise((resolve) => {
      const look = (since) => (button.getAttribute("aria-label") === "Play" ? resolve(performance.now() - since) : requestAnimationFrame(() => look(since)));
      addEventListener("pointerdown", (event) => look(event.timeStamp), { capture: true, once: true });
    });
  });
  await pause(page).click();
  expect(await page.evaluate(() => globalThis.taken), "milliseconds until a click on Pause takes effect").toBeLessThan(300);
  const held = await stepOf(page);
  await frames(page, 20);
  expect(await stepOf(page)).toBe(held);
  expect(held).toBeLessThan(1_000_000);

  await play(page).click();
  await expectStep(page, 1_000_000, { timeout: 90_000 });
  await expect(play(page)).toBeVisible();
  await expect(page.locator(".tick.ended")).toHaveCount(0);
  for (const step of [0, 500_000, 123_457, 999_999]) {
    await seek(page, step);
    for (const run of (await readings(page)).runs) expect(run["λ₁"]).toMatch(/\d/);
  }
  await expect(cards(page)).toHaveCount(4);
});
