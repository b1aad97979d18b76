// Makes the programs, scripts and styles of a built page small. Called by Trunk after a build
// (Trunk.toml), and by `cargo xtask build` once it has split the page's program into chunks: then
// Trunk's call has nothing to do.
//
// Programs go through wasm-opt, scripts through terser (Trunk's own minifier cannot read the glue
// that wasm-bindgen writes). The service worker is told then which files there are. Where they are not at hand (plain `trunk serve`), programs stay as
// they are; in scripts, and always in styles, comments and indentation are taken out.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, relative, sep } from "node:path";

/** What rustc already uses, named so that every wasm-opt accepts it. */
const FEATURES = ["bulk-memory", "mutable-globals", "nontrapping-float-to-int", "reference-types", "multivalue", "sign-ext", "simd"].map((name) => `--enable-${name}`);
const BARE = ["--strip-producers", "--strip-debug", "--strip-target-features"];

/**
 * Functions that are alike in their names pack well side by side. The first kilobyte of memory is
 * the far end of the stack, where nothing is: addresses can be folded into what uses them.
 */
const SMALL = ["--low-memory-unused", "-Oz", "-Oz", "--reorder-functions-by-name", ...BARE];
/** By the end of a program's name, the first that fits: the Atlas's loops are made fast before all of it is made small. */
const OPTIONS = [
  [/-atlas\.wasm$/, ["-O3", "-Os", ...SMALL]],
  [/^flatland-page/, SMALL],
  [/./, ["-Oz"]],
];

const isWindows = process.platform === "win32";

/** Runs a program to its end: what it wrote, or undefined where it could not or there is no such program. */
async function output(program, args, input = "") {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], shell: isWindows });
  const [written, complaints] = [[], []];
  child.stdout.on("data", (part) => written.push(part));
  child.stderr.on("data", (part) => complaints.push(part));
  // One that is not there, or that ends early, takes no input.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [status] = await Promise.race([once(child, "close"), once(child, "error").then(() => [undefined])]).catch(() => [undefined]);
  if (status !== undefined && status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${Buffer.concat(complaints)}`);
  return status === 0 ? Buffer.concat(written).toString() : undefined;
}

/** The text without comments that fill lines, and without indentation; as it is where that might change what it says. */
function squeezed(text) {
  // A template that goes over several lines keeps its spaces.
  if (text.split("\n").some((line) => line.split("`").length % 2 === 0)) return text;
  let isComment = false;
  const lines = text.split("\n").map((line) => line.trim());
  const kept = lines.filter((line) => {
    const isLeftOut = isComment || line === "" || line.startsWith("//") || (line.startsWith("/*") && line.indexOf("*/") === line.lastIndexOf("*/") && (line.endsWith("*/") || !line.includes("*/")));
    if (isComment || line.startsWith("/*")) isComment = !line.includes("*/");
    return !isLeftOut;
  });
  return `${kept.join("\n")}\n`;
}

/** The script as terser writes it; undefined where there is no terser, or it cannot read it. */
async function compressed(text) {
  const isModule = /^\s*(import|export)\b/m.test(text);
  const options = ["--compress", "--mangle", ...(isModule ? ["--module"] : [])];
  const small = await output("terser", options, text).catch(() => undefined);
  return small === "" ? undefined : small;
}

async function finishText(path) {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, (path.endsWith(".js") ? await compressed(text) : undefined) ?? squeezed(text));
}

async function finishProgram(path) {
  const [, options] = OPTIONS.find(([name]) => name.test(basename(path)));
  const done = await output("wasm-opt", [...FEATURES, ...options, path, "--output", `${path}.small`]);
  if (done === undefined) console.error(`There is no wasm-opt: ${basename(path)} stays larger than it could be.`);
  else renameSync(`${path}.small`, path);
}

/** The service worker, and what the build writes into it. */
const OFFLINE = "offline.js";
const LIST = /(const BUILD ?= ?)\{.*?\}\s*\}/s;
/** What is kept offline only once somebody has asked for it. */
const LATER = /^(data\/mnist|docs\/screenshots)\//;

/** Tells the service worker which files this build has, by their digests. */
function listFiles(site) {
  const path = join(site, OFFLINE);
  const digest = (content) => createHash("sha256").update(content).digest("base64");
  const pathOf = (file) => relative(site, file).split(sep).join("/");
  const listed = filesUnder(site).map((file) => [pathOf(file), digest(readFileSync(file))]).filter(([name]) => name !== OFFLINE).sort();
  const [files, later] = [false, true].map((isLater) => Object.fromEntries(listed.filter(([name]) => LATER.test(name) === isLater)));
  const text = readFileSync(path, "utf8");
  if (!LIST.test(text)) throw new Error(`${OFFLINE} has no place for the list of files`);
  const build = { version: digest(JSON.stringify(listed)).slice(0, 16), files, later };
  writeFileSync(path, text.replace(LIST, (_, begin) => begin + JSON.stringify(build)));
}

/** The files under a folder, the largest first. */
const filesUnder = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile()).sort((a, b) => statSync(b).size - statSync(a).size);

if (process.env.TRUNK_PROFILE !== "debug" && !process.env.FLATLAND_CHUNKS) {
  const files = filesUnder(process.env.TRUNK_STAGING_DIR);
  const work = files.flatMap((path) => (path.endsWith(".wasm") ? [() => finishProgram(path)] : /\.(css|js)$/.test(path) ? [() => finishText(path)] : []));
  const turn = async () => {
    for (let next = work.shift(); next; next = work.shift()) await next();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, turn));
  listFiles(process.env.TRUNK_STAGING_DIR);
}
