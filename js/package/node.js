// The same module for Node: the program is read from the disk when this is imported, so nothing need be awaited.
import { readFileSync } from "node:fs";

import { initSync } from "./flatland.js";

initSync({ module: readFileSync(new URL("./flatland_bg.wasm", import.meta.url)) });

export * from "./flatland.js";

/** There is nothing left to wait for; here so that one source serves Node and browsers. */
export default async function init() {}
