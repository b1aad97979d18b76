// The JavaScript package as its users meet it: imported by Node, and by a plain HTML page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";

import { chromium } from "@playwright/test";

import { launchOptions } from "../lib/browser.mjs";

const PACKAGE = process.env.FLATLAND_PACKAGE;
const COMMAND = process.env.FLATLAND_COMMAND;

/** Chaotic, nonmonotone, diverging and changed in mid-run: whatever could go apart would. */
const EXPERIMENT = {
  version: 1,
  objective: { name: "double-well" },
  start: [0.3],
  runs: [
    { policy: { name: "constant", eta: 1.7 } },
    { policy: { name: "nonmonotone-line-search" }, label: "NLS" },
    { policy: { name: "constant", eta: 2.5 } },
    { policy: { name: "constant", eta: 0.4 }, changes: [{ step: 40, policy: { name: "constant", eta: 1.1 } }] },
  ],
  steps: 1000,
};

const flatland = await import(pathToFileURL(join(PACKAGE, "node.js")).href);
await flatland.default();

/** The command line's rows of each run, as numbers; an empty cell is NaN. */
function rowsOfCommand(experiment) {
  const csv = execFileSync(COMMAND, ["run", "-"], { input: JSON.stringify(experiment), stdio: ["pipe", "pipe", "ignore"], maxBuffer: 1 << 28 });
  const [head, ...lines] = csv.toString().trim().split("\n");
  const names = head.split(",");
  const runs = [];
  for (const line of lines) {
    const cells = line.split(",").map((cell) => (cell === "" ? NaN : Number(cell.replace("inf", "Infinity"))));
    (runs[cells[0]] ??= []).push(Object.fromEntries(names.map((name, i) => [name, cells[i]])));
  }
  return runs;
}

test("events and the columns that are asked for come along, as on the command line", () => {
  const experiment = { ...EXPERIMENT, columns: ["segment", "projection"] };
  const { runs } = flatland.run(experiment);
  const lines = execFileSync(COMMAND, ["run", "-", "--format", "json"], { input: JSON.stringify(experiment), stdio: ["pipe", "pipe", "ignore"], maxBuffer: 1 << 28 });
  const expected = JSON.parse(lines).runs;
  runs.forEach((run, index) => {
    assert.deepEqual(
      run.events.map(({ step, event, stepSize }) => [step, event, stepSize]),
      expected[index].events.map(({ step, event, step_size }) => [step, event, step_size]),
    );
    assert.deepEqual(Object.keys(run.columns), ["segment", "projection"]);
    expected[index].records.forEach((record, row) => assert.equal(run.columns.segment[row], record.segment ?? NaN));
  });
  assert.equal(runs[2].events.at(-1).event, "diverged");
  const one = new flatland.Run(experiment, 3);
  one.advance(2000);
  assert.deepEqual(one.events, runs[3].events);
  assert.equal(one.events.at(-1).event, "converged");
  one.free();
});

test("Node computes the command line’s numbers to the last bit", () => {
  const { runs } = flatland.run(EXPERIMENT);
  const expected = rowsOfCommand(EXPERIMENT);
  assert.equal(runs.length, 4);
  const names = {
    loss: "loss",
    gradientNorm: "gradient_norm",
    sharpness: "sharpness",
    stepSize: "step_size",
    product: "product",
    reference: "reference",
    functionEvaluations: "function_evaluations",
    gradientEvaluations: "gradient_evaluations",
    hvpEvaluations: "hvp_evaluations",
  };
  for (const [index, run] of runs.entries()) {
    assert.equal(run.rows, expected[index].length, `rows of run ${index}`);
    for (const [ours, theirs] of Object.entries(names)) {
      assert.ok(run[ours] instanceof Float64Array);
      assert.deepEqual(Array.from(run[ours]), expected[index].map((row) => row[theirs]), `${ours} of run ${index}`);
    }
    assert.deepEqual(Array.from(run.x[0]), expected[index].map((row) => row.x0));
  }
  assert.equal(runs[1].title, "NLS");
  assert.deepEqual(runs.map(({ outcome }) => outcome.kind).slice(0, 3), ["budget", "budget", "diverged"]);
});

test("networks train to the command line’s numbers, to the last bit, digits included", async () => {
  const network = (data, rest) => ({
    version: 1,
    objective: { name: "network", data, ...rest },
    runs: [{ policy: { name: "constant", eta: 0.2 } }, { policy: { name: "nonmonotone-line-search" } }, { policy: { name: "cdat" } }],
    steps: 30,
    seed: 3,
    columns: ["lambda2", "accuracy", "test_accuracy", "test_loss"],
  });
  flatland.addData("digits", await readFile(new URL("../../static/data/digits.csv.gz", import.meta.url)));
  const experiments = [
    network({ name: "chebyshev", degree: 5 }),
    network({ name: "moons", samples: 40 }, { hidden: [12, 8], activation: "gelu", loss: "cross-entropy" }),
    network({ name: "digits", samples: 60 }, { hidden: [16, 16], activation: "relu" }),
  ];
  for (const experiment of experiments) {
    const expected = rowsOfCommand(experiment);
    flatland.run(experiment).runs.forEach((run, index) => {
      assert.equal(run.rows, expected[index].length);
      expected[index].forEach((row, k) => {
        for (const [ours, theirs] of [["loss", "loss"], ["gradientNorm", "gradient_norm"], ["sharpness", "sharpness"], ["stepSize", "step_size"], ["hvpEvaluations", "hvp_evaluations"]]) {
          assert.equal(run[ours][k], row[theirs], `${experiment.objective.data.name}, run ${index}, ${ours} at ${k}`);
        }
        for (const column of experiment.columns) {
          assert.equal(run.columns[column][k], row[column], `${experiment.objective.data.name}, run ${index}, ${column} at ${k}`);
        }
      });
    });
  }
  const one = new flatland.Run(experiments[0]);
  one.advance(2);
  assert.equal(one.iterate.length, 701);
  one.free();
  assert.throws(() => flatland.addData("digits", new Uint8Array([1, 2, 3])), /SHA-256/);
  assert.throws(() => flatland.run(network({ name: "mnist" })), /objective\.data/);
});

test("derivatives at kinks and zeros are the command line’s, also where the formula is compiled", () => {
  // A run along y = 0, where |y| has no derivative and |y|² has: long enough to be compiled.
  const formula = (expression, start) => ({ version: 1, objective: { name: "formula", expression }, start, steps: 6000, stop: { gradient_norm: 0 },
    runs: [{ policy: { name: "constant", eta: 0.001 } }] });
  const smooth = formula("f(x, y) = logcosh(x) + abs(y)^2 + max(y, 0)^2 + min(0, y)^2", [3, 0]);
  const [run] = flatland.run(smooth).runs;
  const [rows] = rowsOfCommand(smooth);
  assert.equal(run.loss.length, rows.length);
  rows.forEach((row, k) => assert.deepEqual([run.loss[k], run.gradientNorm[k], run.sharpness[k]], [row.loss, row.gradient_norm, row.sharpness]));
  // 2y² + 2y²/2: λ₁ is 4 in the direction of y.
  assert.equal(run.sharpness[5999], 4);
  const kink = flatland.run(formula("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2", [1, 2])).runs[0];
  assert.ok(Number.isNaN(kink.gradientNorm[0]));
  assert.equal(kink.outcome.kind, "diverged");
  assert.match(kink.outcome.sentence, /sqrt\(\(x - 1\)\^2\) has no derivative/);
});

test("a typed formula that runs long is compiled, and its numbers are still the command line’s, to the last bit", () => {
  // Chaotic but bounded: a single different bit would grow until nothing is alike.
  const experiment = {
    version: 1,
    objective: { name: "formula", expression: "f(x) = 1/4*(x^2 - 1)^2 + logcosh(x)/100" },
    start: [0.3],
    runs: [{ policy: { name: "constant", eta: 1.7 } }],
    steps: 8000,
  };
  const { Module } = WebAssembly;
  let made = 0;
  WebAssembly.Module = new Proxy(Module, { construct: (kind, given) => ((made += 1), new kind(...given)) });
  const [run] = flatland.run(experiment).runs;
  WebAssembly.Module = Module;
  assert.equal(made, 1);
  const [expected] = rowsOfCommand(experiment);
  assert.equal(run.rows, 8001);
  for (const [ours, theirs] of [["loss", "loss"], ["gradientNorm", "gradient_norm"], ["sharpness", "sharpness"]]) {
    assert.deepEqual(Array.from(run[ours]), expected.map((row) => row[theirs]), ours);
  }
});

test("a run advanced in pieces is the run computed at once", () => {
  const whole = flatland.run(EXPERIMENT).runs[1];
  const run = new flatland.Run(EXPERIMENT, 1);
  const losses = [];
  let next = 0;
  while (run.outcome === undefined) {
    const columns = run.advance(137);
    assert.equal(columns.step, next);
    next += columns.rows;
    losses.push(...columns.loss);
  }
  assert.deepEqual(losses, Array.from(whole.loss));
  assert.equal(run.advance(10).rows, 0);
  assert.deepEqual(run.outcome, whole.outcome);
  run.free();
});

test("an experiment may be JSON text", () => {
  assert.equal(flatland.run(JSON.stringify(EXPERIMENT)).runs.length, 4);
});

test("an invalid experiment throws an error that names the field and the remedy", () => {
  const faulty = [
    [{ ...EXPERIMENT, objective: { name: "double-wel" } }, "objective.name", /did you mean "double-well"/],
    [{ ...EXPERIMENT, start: [1, 2] }, "start", /1 number/],
    [{ ...EXPERIMENT, runs: [] }, "runs", /1 to 8/],
    [{ ...EXPERIMENT, runs: [{ policy: { name: "constant", eta: NaN } }] }, "runs[0].policy.eta", /null/],
    [{ ...EXPERIMENT, version: 9 }, "version", /newer/],
  ];
  for (const [experiment, field, message] of faulty) {
    assert.throws(() => flatland.run(experiment), (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error.field, field);
      assert.match(error.message, message);
      return true;
    });
  }
  for (const nothing of [undefined, 3, "", "{", null, () => 1]) assert.throws(() => flatland.run(nothing), Error);
  assert.throws(() => new flatland.Run(EXPERIMENT, 4), Error);
  // The engine is none the worse for it.
  assert.equal(flatland.run(EXPERIMENT).runs.length, 4);
});

test("the list holds every objective and policy, and each can be run with its defaults", () => {
  const { objectives, policies } = flatland.list();
  assert.ok(objectives.length >= 10 && policies.length >= 13);
  for (const { name, latex, source, parameters } of [...objectives, ...policies]) {
    assert.ok(name && latex && source && Array.isArray(parameters));
  }
  const { start, constantStep, minimum, flattestSharpness } = objectives.find(({ name }) => name === "double-well");
  assert.deepEqual([start, constantStep, minimum, flattestSharpness], [[0.3], 1.1, 0, 2]);
  assert.equal(objectives.find(({ name }) => name === "formula").minimum, null);
  for (const objective of objectives) {
    const runs = policies.slice(0, 8).map(({ name }) => ({ policy: { name } }));
    const result = flatland.run({ version: 1, objective: { name: objective.name }, runs, steps: 20 });
    assert.deepEqual(result.experiment.start, objective.start);
  }
});

test("a plain HTML page imports it, and computes the same", async () => {
  const types = { ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };
  const html = `<!doctype html><title>plain</title><script type="module">
    import init, { run } from "./flatland.js";
    await init();
    window.result = run(${JSON.stringify(EXPERIMENT)}).runs.map(({ loss }) => Array.from(loss, String));
  </script>`;
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
    if (name === "favicon.ico") return response.writeHead(204).end();
    const body = name === "" ? html : await readFile(join(PACKAGE, name));
    response.setHeader("content-type", types[extname(name || ".html") || ".html"] ?? "application/octet-stream");
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => window.result !== undefined);
    const result = await page.evaluate(() => window.result);
    assert.deepEqual(result, flatland.run(EXPERIMENT).runs.map(({ loss }) => Array.from(loss, String)));
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
    server.close();
  }
});
