// Settings of the stories in a real JupyterLab. `cargo xtask test --only notebook` sets
// FLATLAND_JUPYTER (the program `jupyter` of an environment that has the package) and CHROMIUM.
import { defineConfig } from "@playwright/test";

import { launchOptions } from "./lib/browser.mjs";

export default defineConfig({
  testDir: "notebook",
  outputDir: "results",
  workers: 1,
  // What passes at its second try only is named in the summary.
  retries: 1,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [["list"], ["json"]] : [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    deviceScaleFactor: 1,
    colorScheme: "light",
    locale: "en-US",
    launchOptions: launchOptions(),
    screenshot: "only-on-failure",
    trace: "off",
  },
});
