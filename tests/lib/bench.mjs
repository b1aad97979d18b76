// What browser benchmarks (`tests/bench/*.bench.mjs`, run by `cargo xtask bench`) share.
import { chromium } from "@playwright/test";

import { launchOptions, pageUrl } from "./browser.mjs";

/**
 * Opens the built page in a fresh browser, hands it to `measure`, and closes everything. `init` runs in the page before
 * its own scripts, `prepare` is given it before it is opened, `url` is its address and `hash` what follows it; the other
 * options are the browser page's.
 */
export async function withPage(measure, { init, prepare, url = pageUrl(), hash = "", ...options } = {}) {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, deviceScaleFactor: 1, ...options });
    if (init !== undefined) await page.addInitScript(init);
    await prepare?.(page);
    await page.goto(url + hash);
    await page.waitForSelector("#app:not(.boot):not([aria-busy]) > *", { state: "attached", timeout: 30_000 });
    return await measure(page);
  } finally {
    await browser.close();
  }
}

/** The median. */
export const median = (samples) => samples.toSorted((a, b) => a - b)[Math.floor(0.5 * samples.length)];

/** Prints a line of results: what was measured, the median, and the range. */
export function report(what, samples, unit = "ms") {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))].toFixed(2);
  console.log(`${what.padEnd(48)} median ${at(0.5)} ${unit}   p95 ${at(0.95)}   min ${at(0)}   max ${at(1)}   n ${sorted.length}`);
}
