// How fast one network trains in a worker of the page, at full speed with all that the page draws:
// steps by the clock on the wall, after two seconds of warming up. And the gaps between frames while
// two networks train.
import { report, withPage } from "../lib/bench.mjs";

const SECONDS = 4;
const REPETITIONS = 3;

const chebyshev = { name: "network", data: { name: "chebyshev", degree: 6 }, loss: "half-mean-squared-error", initialization: { name: "normal" } };
const digits = { name: "network", data: { name: "digits", samples: 500 }, hidden: [64, 64, 64, 64], activation: "relu", initialization: { name: "pytorch", scale: 2 } };
const mnist = { name: "network", data: { name: "mnist" }, hidden: [100, 100], activation: "relu" };
const constant = { policy: { name: "constant", eta: 0.2 } };
const search = { policy: { name: "nonmonotone-line-search" } };
/** So seldom that it is never due but at the start. */
const never = { every: 1_000_000 };

const cases = [
  ["Chebyshev, 701 parameters, plain", { objective: chebyshev, runs: [constant], spectrum: never }],
  ["Chebyshev, λ₁ to λ₃ at every step", { objective: chebyshev, runs: [constant], spectrum: { count: 3 }, columns: ["lambda2", "lambda3"] }],
  ["digits, 17 290 parameters, n = 500, plain", { objective: digits, runs: [constant], spectrum: never }],
  ["digits, nonmonotone line search", { objective: digits, runs: [search], spectrum: never }],
  ["MNIST, 89 610 parameters, n = 5000, plain", { objective: mnist, runs: [constant], spectrum: never }],
  ["two networks of digits", { objective: digits, runs: [constant, search], spectrum: { every: 10 } }],
];

for (const [name, rest] of cases) {
  const [speeds, gaps] = [[], []];
  const experiment = { version: 1, steps: 1_000_000, stop: { gradient_norm: 0 }, seed: 3, ...rest };
  const hash = `#lab=${encodeURIComponent(JSON.stringify(experiment))}&speed=15`;
  for (let i = 0; i < REPETITIONS; i += 1) {
    await withPage(
      async (page) => {
        await page.waitForFunction(() => Number(document.querySelector(".clock strong")?.textContent.replace(/\D/g, "")) > 0, undefined, { timeout: 60_000 });
        await page.waitForTimeout(2000);
        const found = await page.evaluate(async (seconds) => {
          const shown = () => Number(document.querySelector(".clock strong").textContent.replace(/\D/g, ""));
          const [begin, from, frames] = [performance.now(), shown(), []];
          let last = begin;
          while (last - begin < 1000 * seconds) {
            const now = await new Promise(requestAnimationFrame);
            frames.push(now - last);
            last = now;
          }
          return { frames: frames.slice(1), speed: ((shown() - from) / (last - begin)) * 1000 };
        }, SECONDS);
        speeds.push(found.speed);
        gaps.push(...found.frames);
      },
      { hash },
    );
  }
  report(`${name}: steps`, speeds, "/s");
  report(`${name}: gaps between frames`, gaps);
}
