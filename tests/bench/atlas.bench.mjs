// How soon a map is seen, and how soon it is whole: 800 × 600 pixels of 1 000 steps each (fewer
// where a step is a search, or the engine's), on the browser's own workers.
import { report, withPage } from "../lib/bench.mjs";

const ROUNDS = 9;
/** Where a map takes its time: a search, or the engine, and 512 steps more to tell chaos. */
const FEW_ROUNDS = 3;
const [WIDTH, HEIGHT] = [800, 600];

const lab = (objective, start, policy, steps) => `#lab=${encodeURIComponent(JSON.stringify({ version: 1, objective: { name: objective }, start, runs: [{ policy }], steps }))}&step=1`;
const map = (x, y) => `&atlas=${encodeURIComponent(JSON.stringify({ run: 0, x, y, measure: "outcome" }))}`;
const axis = (field, from, to) => ({ field, from, to, scale: "linear" });
const eta = (from, to) => axis("runs[0].policy.eta", from, to);
const starts = [axis("start[0]", -3, 3), axis("start[1]", -3, 3)];
const SCENES = [
  ["double well, constant step, η × start", lab("double-well", [0.3], { name: "constant", eta: 1.1 }, 1000) + map(eta(0.05, 2.2), axis("start[0]", -1.8, 1.8))],
  ["scalar factorization, constant step, start × start", lab("scalar-factorization", [3, 0.5], { name: "constant", eta: 0.3 }, 1000) + map(...starts)],
  ["scalar factorization, nonmonotone line search, 20 steps", lab("scalar-factorization", [3, 0.5], { name: "nonmonotone-line-search" }, 20) + map(...starts), FEW_ROUNDS],
  ["phase retrieval, constant step, with the engine, 20 steps", lab("phase-retrieval", [0.3, 1], { name: "constant", eta: 0.3 }, 20) + map(...starts), FEW_ROUNDS],
];

for (const [what, hash, most = ROUNDS] of SCENES) {
  await withPage(
    async (page) => {
      await page.waitForSelector("#atlas canvas");
      // The page as large as makes the map 800 × 600.
      const margins = await page.evaluate(() => {
        const canvas = document.querySelector("#atlas canvas");
        return [innerWidth - (canvas.clientWidth - 64), innerHeight - (canvas.clientHeight - 62)];
      });
      await page.setViewportSize({ width: WIDTH + margins[0], height: HEIGHT + margins[1] });
      const round = () =>
        page.evaluate(async () => {
          performance.clearMarks();
          [...document.querySelectorAll("#atlas button")].find((button) => button.textContent === "Show all").click();
          while (performance.getEntriesByName("atlas: done").length === 0) await new Promise((next) => setTimeout(next, 5));
          const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
          return { coarse: at("atlas: coarse") - at("atlas: begun"), done: at("atlas: done") - at("atlas: begun") };
        });
      await page.waitForFunction(() => performance.getEntriesByName("atlas: done").length > 0);
      await round();
      const rounds = [];
      for (let i = 0; i < most; i += 1) rounds.push(await round());
      const note = await page.locator("#atlas .atlas-way").textContent();
      const size = await page.evaluate(() => {
        const canvas = document.querySelector("#atlas canvas");
        return `${canvas.clientWidth - 64} × ${canvas.clientHeight - 62}`;
      });
      console.log(`${what}, ${size} pixels (${note})`);
      report("  first coarse picture", rounds.map(({ coarse }) => coarse));
      report("  whole map", rounds.map(({ done }) => done));
    },
    { hash },
  );
}
