// Recorded steps per second, and steps per second of a map: WebAssembly (in Node's V8, which is
// Chromium's) against the host; then typed formulas, which are compiled, against the same
// objectives written by hand, both in WebAssembly; then networks, also against plain JavaScript. Always by turns, so that what else the machine
// does falls on both. Run by `cargo xtask bench`, which builds both from `bench/`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { train } from "./network.mjs";

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

const well = (policy) => JSON.stringify({ version: 1, objective: { name: "double-well" }, start: [0.3], runs: [{ policy }], steps: 1_000 });
const factorization = (policy) => JSON.stringify({ version: 1, objective: { name: "scalar-factorization" }, start: [3, 0.5], runs: [{ policy }], steps: 200 });
const ETA = "runs[0].policy.eta=lin:1.05:1.95";
const STARTS = ["start[0]=lin:-3:3", "start[1]=lin:-3:3"];
const MAPS = [
  // Between the first split and divergence, so that every pixel takes all of its steps.
  ["double well, constant step, η × start, colored by sharpness", well({ name: "constant", eta: 1 }), ETA, "start[0]=lin:-1.2:1.2", "sharpness", 256],
  ["the same, colored by outcome", well({ name: "constant", eta: 1 }), ETA, "start[0]=lin:-1.2:1.2", "outcome", 256],
  ["scalar factorization, constant step, start × start", factorization({ name: "constant", eta: 0.3 }), ...STARTS, "outcome", 128],
  ["scalar factorization, nonmonotone line search, start × start", factorization({ name: "nonmonotone-line-search" }), ...STARTS, "outcome", 64],
];

// The objectives by name, and as people would type them.
const FORMULAS = [
  ["double-well", "f(x) = 1/4*(x^2 - 1)^2", [0.3]],
  ["scalar-factorization", "f(x, y) = 1/2*(x*y - 1)^2", [0.3, 0.3]],
  ["river", "f(x, y) = logcosh(x*y) + a/2*(y - y0)^2; a = 0.05; y0 = 3", [0.3, 0.3]],
  ["rosenbrock", "f(x, y) = (1 - x)^2 + b*(y - x^2)^2; b = 100", [0.3, 0.3]],
];
const small = (objective, start) =>
  JSON.stringify({ version: 1, objective, start, runs: [{ policy: { name: "constant", eta: 1e-3 } }], steps: 10_000_000, stop: { gradient_norm: 0 } });
// What is asked for at every point; an iterate is f, ∇f and λ₁ in one go.
const ASKED = ["value", "value and gradient", "sharpness", "iterate"];

const { evaluate, initSync, map, multiply, record, samples, weights } = await import(pathToFileURL(join(FOLDER, "bench.js")));
initSync({ module: readFileSync(join(FOLDER, "bench_bg.wasm")) });

/** The host's time in ms, and its result. */
function host(...command) {
  const [time, sum] = execFileSync(HOST, command.map(String), { encoding: "utf8", env: { ...process.env, RAYON_NUM_THREADS: "1" } }).trim().split(" ").map(Number);
  return { time, sum };
}

/** The same in WebAssembly. */
function wasm(what, ...of) {
  const run = what === "record" ? record : map;
  run(...of.slice(0, -1), Math.ceil(of.at(-1) / 4));
  const start = performance.now();
  const sum = run(...of);
  return { time: performance.now() - start, sum };
}

/** How long something takes the second time, in ms. */
function timed(run) {
  run();
  const start = performance.now();
  run();
  return performance.now() - start;
}

const sorted = (samples) => samples.toSorted((a, b) => a - b);
const median = (samples) => sorted(samples)[Math.floor(samples.length / 2)];
const line = (what, samples, unit, digits) => {
  const [low, ...rest] = sorted(samples);
  console.log(`  ${what.padEnd(20)} median ${median(samples).toFixed(digits)}${unit}   min ${low.toFixed(digits)}   max ${rest.at(-1).toFixed(digits)}   n ${samples.length}`);
};

/** Runs a loop on both sides by turns; `count` says how many steps a result stands for. */
function compare(what, count, ...command) {
  // V8 compiles hot functions again in the background.
  for (let i = 0; i < 5; i += 1) wasm(...command);
  const speeds = { host: [], wasm: [], ratio: [] };
  for (let i = 0; i < ROUNDS; i += 1) {
    const [onHost, inWasm] = [host(...command), wasm(...command)];
    assert.equal(inWasm.sum, onHost.sum, "the same bits on both sides");
    speeds.host.push(count(onHost.sum) / onHost.time / 1e3);
    speeds.wasm.push(count(inWasm.sum) / inWasm.time / 1e3);
    speeds.ratio.push(onHost.time / inWasm.time);
  }
  console.log(what);
  line("host", speeds.host, " M steps/s", 2);
  line("WebAssembly", speeds.wasm, " M steps/s", 2);
  line("WebAssembly / host", speeds.ratio, "", 3);
}

for (const [what, text, count] of CASES) compare(`${what}, with sharpness`, () => count, "record", text, count);
for (const [what, ...of] of MAPS) compare(`map of ${what}, one core`, (steps) => steps, "map", ...of);

/** A typed formula against the objective written by hand. */
function race(what, run) {
  const [written, typed] = ["written", "typed"].map((side) => () => {
    const start = performance.now();
    const sum = run(side);
    return { time: performance.now() - start, sum };
  });
  for (let i = 0; i < 5; i += 1) [written, typed].forEach((once) => once());
  const speeds = { written: [], typed: [], ratio: [] };
  for (let i = 0; i < ROUNDS; i += 1) {
    const [a, b] = [written(), typed()];
    assert.ok(Math.abs(a.sum - b.sum) <= 1e-9 * Math.abs(a.sum), `the same function: ${a.sum} and ${b.sum}`);
    speeds.written.push(COUNT / a.time / 1e3);
    speeds.typed.push(COUNT / b.time / 1e3);
    speeds.ratio.push(a.time / b.time);
  }
  console.log(what);
  line("written by hand", speeds.written, " M/s", 2);
  line("typed", speeds.typed, " M/s", 2);
  line("typed / written", speeds.ratio, "", 3);
}

const COUNT = 500_000;
for (const [name, expression, start] of FORMULAS) {
  const experiments = { written: small({ name }, start), typed: small({ name: "formula", expression }, start) };
  for (const asked of ASKED) race(`${name}, typed: ${asked}`, (side) => evaluate(experiments[side], asked, COUNT));
  race(`${name}, typed: recorded steps`, (side) => record(experiments[side], COUNT));
}

// The matrix product of the networks against the libraries that have one, each with what it has: on the host fused
// multiplications too, which give other bits. All on one core.
const PRODUCTS = [
  // Rows, inner, columns, and how often: of Chebyshev, digits and MNIST, forward and for the gradient.
  [30, 1, 20, 100_000],
  [20, 30, 20, 20_000],
  [20, 20, 30, 20_000],
  [64, 64, 500, 100],
  [64, 500, 64, 100],
  [100, 784, 5000, 1],
  [100, 5000, 784, 1],
];
for (const [rows, inner, columns, count] of PRODUCTS) {
  console.log(`product: ${rows} × ${inner} by ${inner} × ${columns}`);
  const speed = (time) => (2 * rows * inner * columns * count) / time / 1e6;
  const names = ["own", "nalgebra", "matrixmultiply", "gemm"];
  const sides = { host: (who) => host("multiply", who, rows, inner, columns, count).time, WebAssembly: (who) => timed(() => multiply(who, rows, inner, columns, count)) };
  const speeds = names.map(() => ({ host: [], WebAssembly: [] }));
  for (let i = 0; i < ROUNDS; i += 1) names.forEach((who, k) => Object.entries(sides).forEach(([side, time]) => speeds[k][side].push(speed(time(who)))));
  names.forEach((who, k) => Object.keys(sides).forEach((side) => line(`${who}, ${side}`, speeds[k][side], " GFLOP/s", 1)));
}

// Networks: with all eigenvalues that are asked for at every step, or with none but at the start.
const network = (objective, policy, spectrum) =>
  JSON.stringify({ version: 1, objective: { name: "network", ...objective }, runs: [{ policy }], steps: 10_000_000, stop: { gradient_norm: 0 }, spectrum });
const NONE = { every: 10_000_000 };
const chebyshev = { data: { name: "chebyshev", degree: 6 }, hidden: [30, 20], activation: "tanh", loss: "half-mean-squared-error" };
const digits = { data: { name: "digits", samples: 500 }, hidden: [64, 64, 64, 64], activation: "relu" };
const step = (eta) => ({ name: "constant", eta });
const NETWORKS = [
  // What it is, the experiment, steps, and for plain steps what JavaScript needs to take the same ones.
  ["Chebyshev, 701 parameters, plain steps", network(chebyshev, step(0.2), NONE), 4_000, { widths: [1, 30, 20, 1], activation: "tanh", isHalf: true, eta: 0.2 }],
  ["Chebyshev, λ₁ to λ₃ at every step to 10⁻³·λ₁", network(chebyshev, step(0.2), { count: 3 }), 1_000],
  ["digits, 17 290 parameters, n = 500, plain steps", network(digits, step(0.2), NONE), 40, { widths: [64, 64, 64, 64, 64, 10], activation: "relu", isHalf: false, eta: 0.2 }],
  ["digits, nonmonotone line search", network(digits, { name: "nonmonotone-line-search" }, NONE), 40],
  ["digits, λ₁ at every step", network(digits, step(0.2), { count: 1 }), 20],
];

const EARLY = 40;
for (const [what, text, count, plain] of NETWORKS) {
  const javascript = plain && ((count) => {
    const parts = { ...plain, weights: weights(text) };
    const all = samples(text);
    const inputs = (all.length * plain.widths[0]) / (plain.widths[0] + plain.widths.at(-1));
    const start = performance.now();
    const sum = train({ ...parts, inputs: all.subarray(0, inputs), targets: all.subarray(inputs) }, plain.eta, count);
    return { time: performance.now() - start, sum };
  });
  const speeds = { host: [], wasm: [], javascript: [] };
  // At the edge of stability the last digits grow from step to step: they are compared before it.
  const [theirs, ours] = [javascript?.(EARLY).sum, record(text, EARLY)];
  if (plain) assert.ok(Math.abs(theirs - ours) <= 1e-9 * ours, `the same training: ${theirs} and ${ours}`);
  for (let i = 0; i < 2; i += 1) [() => wasm("record", text, count), () => javascript?.(count)].forEach((once) => once());
  for (let i = 0; i < ROUNDS; i += 1) {
    const [onHost, inWasm, inJavaScript] = [host("record", text, count), wasm("record", text, count), javascript?.(count)];
    assert.equal(inWasm.sum, onHost.sum, "the same bits on both sides");
    speeds.host.push((1e3 * count) / onHost.time);
    speeds.wasm.push((1e3 * count) / inWasm.time);
    if (inJavaScript) speeds.javascript.push((1e3 * count) / inJavaScript.time);
  }
  console.log(`network: ${what}`);
  line("host", speeds.host, " steps/s", 0);
  line("WebAssembly", speeds.wasm, " steps/s", 0);
  if (javascript) line("JavaScript", speeds.javascript, " steps/s", 0);
}
