// What the main thread does while eight runs stream at full speed: its long tasks, the gaps between
// frames, what a frame costs it, and how fast the runs go. Tasks and gaps are by the clock on the
// wall: what else the machine does falls on them. The cost of a frame is not, it is the thread's
// own time.
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
const costs = [];
const speeds = [];
for (let i = 0; i < REPETITIONS; i += 1) {
  await withPage(
    async (page) => {
      const client = await page.context().newCDPSession(page);
      await client.send("Performance.enable", { timeDomain: "threadTicks" });
      const threadTime = async () => (await client.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ThreadTime").value;
      await page.waitForTimeout(2000);
      const before = await threadTime();
      const found = await page.evaluate(async (seconds) => {
        const shown = () => Number(document.querySelector(".clock strong").textContent.replace(/\D/g, ""));
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
      costs.push((1000 * ((await threadTime()) - before)) / found.frames.length);
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
report("eight runs at full speed: a frame's cost", costs);
report("eight runs at full speed: steps of each run", speeds, "k/s");
