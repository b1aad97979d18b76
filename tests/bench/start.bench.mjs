// How long the page takes from navigation until the app stands, with a warm disk and a cold browser.
import { report, withPage } from "../lib/bench.mjs";

const REPETITIONS = 5;

const samples = [];
for (let i = 0; i < REPETITIONS; i += 1) {
  samples.push(await withPage((page) => page.evaluate(() => performance.now())));
}
report("navigation to running app", samples);
