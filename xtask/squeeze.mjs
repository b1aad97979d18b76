// Makes the page's scripts and styles small. Called by Trunk after a build (Trunk.toml), since its own minifier cannot read the glue that
// wasm-bindgen writes. Scripts go through terser; where that is not at hand (plain `trunk serve`), and in styles, comments and
// indentation are taken out.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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

/** The script as terser writes it; undefined where there is no terser. */
function compressed(text) {
  const isModule = /^\s*(import|export)\b/m.test(text);
  const options = ["--compress", "--mangle", ...(isModule ? ["--module"] : [])];
  const { status, stdout } = spawnSync("terser", options, { input: text, encoding: "utf8", shell: process.platform === "win32" });
  return status === 0 && stdout !== "" ? stdout : undefined;
}

function visit(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) visit(path);
    else if (/\.(css|js)$/.test(name)) {
      const text = readFileSync(path, "utf8");
      writeFileSync(path, (name.endsWith(".js") ? compressed(text) : undefined) ?? squeezed(text));
    }
  }
}

if (process.env.TRUNK_PROFILE !== "debug") visit(process.env.TRUNK_STAGING_DIR);
