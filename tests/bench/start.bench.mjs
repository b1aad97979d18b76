// How long the page takes from navigation, in a browser that has never seen it: until the app
// stands, until the first picture (each run's line in the loss chart), and what the browser counts
// as the first and the largest contentful paint. The server is on this machine.
import { report, withPage } from "../lib/bench.mjs";

const REPETITIONS = 9;

/** Notes, in the page, when the loss chart first holds a line of more than a point. */
function watch() {
  globalThis.firstPicture = new Promise((resolve) => {
    const { stroke, lineTo, beginPath } = CanvasRenderingContext2D.prototype;
    let points = 0;
    Object.assign(CanvasRenderingContext2D.prototype, {
      beginPath() {
        points = 0;
        return beginPath.call(this);
      },
      lineTo(...at) {
        points += 1;
        return lineTo.apply(this, at);
      },
      stroke(...path) {
        // Grid lines and the axis have one segment each.
        if (points > 1 && this.canvas.closest(".is-slot0")) requestAnimationFrame(() => resolve(performance.now()));
        return stroke.apply(this, path);
      },
    });
  });
  globalThis.paints = {};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.paints[entry.name || entry.entryType] = entry.startTime;
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.paints.largest = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
}

const samples = { app: [], picture: [], first: [], largest: [] };
for (let i = 0; i < REPETITIONS; i += 1) {
  await withPage(
    async (page) => {
      samples.app.push(await page.evaluate(() => performance.now()));
      samples.picture.push(await page.evaluate(() => globalThis.firstPicture));
      await page.waitForTimeout(500);
      const paints = await page.evaluate(() => globalThis.paints);
      samples.first.push(paints["first-contentful-paint"]);
      samples.largest.push(paints.largest);
    },
    { init: watch },
  );
}
report("navigation to running app", samples.app);
report("navigation to the first picture", samples.picture);
report("first contentful paint", samples.first);
report("largest contentful paint", samples.largest);
