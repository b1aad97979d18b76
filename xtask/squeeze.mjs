// Takes comments and indentation out of the styles and scripts that a visitor loads first. Called by Trunk after a build (Trunk.toml), since its
// own minifier cannot read the glue that wasm-bindgen writes. Lines stay lines, so that an error's place still means something.
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

function visit(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) visit(path);
    else if (/\.(css|js)$/.test(name)) writeFileSync(path, squeezed(readFileSync(path, "utf8")));
  }
}

if (process.env.TRUNK_PROFILE !== "debug") visit(process.env.TRUNK_STAGING_DIR);
