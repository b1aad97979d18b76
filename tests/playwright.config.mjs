// Settings of the browser tests. `cargo xtask test --only e2e` builds and serves the page, and sets
// FLATLAND_URL (where it is) and CHROMIUM (the browser to use).
import { defineConfig } from "@playwright/test";

import { launchOptions } from "./lib/browser.mjs";

const PORT = 4173;
const served = process.env.FLATLAND_URL;

export default defineConfig({
  testDir: "e2e",
  outputDir: "results",
  // Two cores: the page under test has workers of its own.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  // Pictures are compared, and written only when that is asked for.
  updateSnapshots: process.env.PICTURES === "update" ? "all" : "none",
  snapshotPathTemplate: "{testDir}/{testFileName}-snapshots/{arg}{ext}",
  // The JSON report goes to PLAYWRIGHT_JSON_OUTPUT_FILE; without it there would be two reports on
  // the terminal.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [["list"], ["json"]] : [["list"]],
  use: {
    baseURL: served ?? `http://localhost:${PORT}/`,
    browserName: "chromium",
    viewport: { width: 1280, height: 720 },
    deviceScaleFactor: 1,
    colorScheme: "light",
    locale: "en-US",
    launchOptions: launchOptions(),
    screenshot: "only-on-failure",
    trace: "off",
  },
  // Started by hand (npx playwright test): serve what `cargo xtask build` left.
  webServer: served
    ? undefined
    : { command: `cargo xtask serve --no-build --port ${PORT}`, port: PORT, cwd: "..", reuseExistingServer: true, timeout: 120_000 },
});
