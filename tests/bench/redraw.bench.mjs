// What a redraw costs in the browser, by the length of the history: the loss chart alone, the whole
// board, and, beside them, uPlot drawing as many series of as many points on a canvas of the same
// size. All of it is the time that scripts take; what the browser does with the canvas afterwards
// is the same for all.
import { readFile } from "node:fs/promises";

import { chromium } from "@playwright/test";

import { median, report, withPage } from "../lib/bench.mjs";
import { launchOptions } from "../lib/browser.mjs";

const LENGTHS = [1_000, 10_000, 100_000, 1_000_000];
const REDRAWS = 30;
const WARM_UP = 5;

// Runs that never come to rest, on the scene that the page starts with.
const objective = { name: "river", a: 0.05, y0: 3 };
const constant = (eta) => ({ policy: { name: "constant", eta } });
const nonmonotone = { policy: { name: "nonmonotone-line-search" } };
const BOARDS = {
  "three runs": [constant(0.5), constant(0.35), nonmonotone],
  "eight runs": [...[0.5, 0.45, 0.4, 0.35, 0.55].map(constant), nonmonotone, { policy: { name: "line-search" } }, { policy: { name: "capped-nonmonotone-line-search" } }],
};

/** Notes, in the page, when each chart begins to be painted, and when each frame's callback begins and ends. */
function watch() {
  const frames = (globalThis.paintedFrames = []);
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (this.canvas.isConnected) frames.at(-1)?.paints.push([this.canvas.closest("figure").className, performance.now()]);
    return clearRect.apply(this, box);
  };
  const request = requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) =>
    request((now) => {
      const frame = { begin: performance.now(), paints: [] };
      frames.push(frame);
      callback(now);
      frame.end = performance.now();
      if (frame.paints.length === 0) frames.splice(frames.indexOf(frame), 1);
    });
}

/** Redraws the page at rest, by steps back and forth. */
async function redraw(page, redraws) {
  return page.evaluate(async (count) => {
    globalThis.paintedFrames.length = 0;
    for (let i = 0; i < count; i += 1) {
      const key = i % 2 === 0 ? "ArrowLeft" : "ArrowRight";
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return globalThis.paintedFrames;
  }, redraws);
}

/** The times of the loss chart and of the whole board; and the size of the loss chart. */
async function measureBoard(runs, length) {
  const experiment = { version: 1, objective, start: [0.001, 1], runs, stop: { gradient_norm: 0 }, steps: length };
  const hash = `#lab=${encodeURIComponent(JSON.stringify(experiment))}&step=${length}`;
  return withPage(
    async (page) => {
      const shown = (step) => document.querySelector(".clock strong").textContent.replace(/\D/g, "") === String(step);
      await page.waitForFunction(shown, length, { timeout: 90_000 });
      const ended = await page.locator(".tick.ended").count();
      if (ended > 0) throw new Error(`${ended} of the runs ended before step ${length}`);
      const frames = (await redraw(page, REDRAWS + WARM_UP)).slice(WARM_UP);
      const loss = frames.map(({ paints }) => {
        const at = paints.findIndex(([figure]) => figure.includes("is-slot0"));
        return paints[at + 1][1] - paints[at][1];
      });
      const size = await page.locator(".is-slot0 canvas").evaluate((canvas) => ({ width: canvas.width, height: canvas.height }));
      return { loss, board: frames.map(({ begin, end }) => end - begin), size };
    },
    { init: watch, hash },
  );
}

/** The times of uPlot for `count` series of each length, on a canvas of that many pixels. */
async function measureUplot(browser, source, count, length, size) {
  // The page draws two pixels to each CSS pixel; so does uPlot on a screen of that ratio.
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  await page.addScriptTag({ content: source });
  const times = await page.evaluate(
    async ([series, points, { width, height }, redraws]) => {
      // Falling losses that oscillate from step to step, with noise from a small generator.
      let seed = 1;
      const noise = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
      const steps = Float64Array.from({ length: points }, (_, k) => k);
      const loss = (index) => Float64Array.from({ length: points }, (_, k) => (1 + index) * Math.exp(-8 * (k / points)) * (0.5 + (k % 2) + noise()));
      const data = [steps, ...Array.from({ length: series }, (_, index) => loss(index))];
      const lines = Array.from({ length: series }, (_, index) => ({ stroke: `hsl(${index * 45} 70% 40%)`, width: 1.75 }));
      const options = {
        width: width / 2,
        height: height / 2,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: { distr: 3 } },
        series: [{}, ...lines.map((line) => ({ ...line, points: { show: false } }))],
      };
      const plot = new globalThis.uPlot(options, data, document.body);
      await new Promise(requestAnimationFrame);
      const found = [];
      for (let i = 0; i < redraws; i += 1) {
        const begin = performance.now();
        plot.setData(data);
        // uPlot draws in a microtask that stands before this one.
        await Promise.resolve();
        await Promise.resolve();
        found.push(performance.now() - begin);
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      }
      return found;
    },
    [count, length, size, REDRAWS + WARM_UP],
  );
  await page.close();
  return times.slice(WARM_UP);
}

const source = await readFile(new URL("../node_modules/uplot/dist/uPlot.iife.min.js", import.meta.url), "utf8");
const browser = await chromium.launch(launchOptions());
try {
  for (const [name, runs] of Object.entries(BOARDS)) {
    const medians = { loss: [], board: [], uPlot: [] };
    for (const length of LENGTHS) {
      const { loss, board, size } = await measureBoard(runs, length);
      const uPlot = await measureUplot(browser, source, runs.length, length, size);
      const of = `${name}, ${length.toLocaleString("en")} steps`;
      report(`loss chart: ${of}`, loss);
      report(`uPlot: ${of}`, uPlot);
      report(`whole board: ${of}`, board);
      for (const [what, samples] of Object.entries({ loss, board, uPlot })) medians[what].push(median(samples));
    }
    const ratio = (what) => (medians[what][3] / medians[what][1]).toFixed(2);
    console.log(`${name}, 1,000,000 to 10,000 steps: loss chart × ${ratio("loss")}, whole board × ${ratio("board")}, uPlot × ${ratio("uPlot")}`);
  }
} finally {
  await browser.close();
}
