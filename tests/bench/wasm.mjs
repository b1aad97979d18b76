// Recorded steps per second: WebAssembly (in Node's V8, which is Chromium's) against the host, by turns, so that what else
// the machine does falls on both. Run by `cargo xtask bench`, which builds both from `bench/`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FOLDER = process.env.FLATLAND_BENCH_WASM;
const HOST = process.env.FLATLAND_BENCH_HOST;
const ROUNDS = 11;

// Runs that neither converge nor diverge; a line search converges and starts again.
const constant = { name: "constant", eta: 1.7 };
const experiment = (name, start, policy) =>
  JSON.stringify({ version: 1, objective: { name }, start, runs: [{ policy }], steps: 10_000, stop: { gradient_norm: 0 } });
const CASES = [
  ["scalar factorization, constant step", experiment("scalar-factorization", [0.3, 0.3], constant), 1_000_000],
  ["scalar factorization, nonmonotone line search", experiment("scalar-factorization", [3, 0.5], { name: "nonmonotone-line-search" }), 500_000],
  ["double well, constant step", experiment("double-well", [0.3], constant), 1_000_000],
];

const { initSync, record } = await import(pathToFileURL(join(FOLDER, "bench.js")));
initSync({ module: readFileSync(join(FOLDER, "bench_bg.wasm")) });

/** The host's time in ms, and its result. */
function host(text, count) {
  const [time, sum] = execFileSync(HOST, [text, count], { encoding: "utf8" }).trim().split(" ").map(Number);
  return { time, sum };
}

/** The same in WebAssembly. */
function wasm(text, count) {
  record(text, count / 4);
  const start = performance.now();
  const sum = record(text, count);
  return { time: performance.now() - start, sum };
}

const sorted = (samples) => samples.toSorted((a, b) => a - b);
const median = (samples) => sorted(samples)[Math.floor(samples.length / 2)];
const line = (what, samples, unit, digits) => {
  const [low, ...rest] = sorted(samples);
  console.log(`  ${what.padEnd(20)} median ${median(samples).toFixed(digits)}${unit}   min ${low.toFixed(digits)}   max ${rest.at(-1).toFixed(digits)}   n ${samples.length}`);
};

for (const [what, text, count] of CASES) {
  // V8 compiles hot functions again in the background.
  for (let i = 0; i < 5; i += 1) wasm(text, count);
  const speeds = { host: [], wasm: [], ratio: [] };
  for (let i = 0; i < ROUNDS; i += 1) {
    const [onHost, inWasm] = [host(text, count), wasm(text, count)];
    assert.equal(inWasm.sum, onHost.sum, "the same bits on both sides");
    speeds.host.push(count / onHost.time / 1e3);
    speeds.wasm.push(count / inWasm.time / 1e3);
    speeds.ratio.push(onHost.time / inWasm.time);
  }
  console.log(`${what}, with sharpness`);
  line("host", speeds.host, " M steps/s", 2);
  line("WebAssembly", speeds.wasm, " M steps/s", 2);
  line("WebAssembly / host", speeds.ratio, "", 3);
}
