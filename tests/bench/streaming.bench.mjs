// What the main thread does while eight runs stream at full speed: its long tasks, the gaps between frames, and how fast the runs go.
import { report, withPage } from "../lib/bench.mjs";

const SECONDS = 8;
const REPETITIONS = 3;

const objective = { name: "river", a: 0.05, y0: 3 };
const constant = (eta) => ({ policy: { name: "constant", eta } });
const runs = [...[0.5, 0.45, 0.4, 0.35, 0.55].map(constant), ...["nonmonotone-line-search", "line-search", "capped-nonmonotone-line-search"].map((name) => ({ policy: { name } }))];
const experiment = { version: 1, objective, start: [0.001, 1], runs, stop: { gradient_norm: 0 }, steps: 10_000_000 };
const hash = `#lab=${encodeURIComponent(JSON.stringify(experiment))}&speed=15`;

const longest = [];
const counts = [];
const gaps = [];
const speeds = [];
for (let i = 0; i < REPETITIONS; i += 1) {
  await withPage(
    async (page) => {
      const found = await page.evaluate(async (seconds) => {
        const shown = () => Number(document.querySelector(".clock strong").textContent.replace(/\D/g, ""));
        // The page has just begun: its program is still being compiled in earnest.
        await new Promise((resolve) => setTimeout(resolve, 2000));
        const tasks = [];
        const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
        observer.observe({ entryTypes: ["longtask"] });
        const [begin, from, frames] = [performance.now(), shown(), []];
        let last = begin;
        while (last - begin < 1000 * seconds) {
          const now = await new Promise(requestAnimationFrame);
          frames.push(now - last);
          last = now;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { tasks, frames: frames.slice(1), speed: ((shown() - from) / (last - begin)) * 1000 };
      }, SECONDS);
      longest.push(Math.max(0, ...found.tasks));
      counts.push(found.tasks.length);
      gaps.push(...found.frames);
      speeds.push(found.speed / 1000);
    },
    { hash },
  );
}
report("eight runs at full speed: tasks over 50 ms", counts, "");
report("eight runs at full speed: longest task over 50 ms", longest);
report("eight runs at full speed: gaps between frames", gaps);
report("eight runs at full speed: steps of each run", speeds, "k/s");
