// Settings of the browser tests. `cargo xtask test --only e2e` builds and serves the page, and sets
// FLATLAND_URL (where it is) and CHROMIUM (the browser to use).
import { defineConfig } from "@playwright/test";

import { firefoxPath, launchOptions } from "./lib/browser.mjs";

const PORT = 4173;
/** What is played in Firefox unless FIREFOX_STORIES is `all`. */
const FIREFOX_CORE = ["boot", "element", "film", "formula", "keyboard", "lab", "lessons", "networks", "sharing", "words"];
const served = process.env.FLATLAND_URL;

export default defineConfig({
  testDir: "e2e",
  outputDir: "results",
  // The least that a machine is expected to have is two cores, and stories wait more than they
  // compute.
  workers: 2,
  // What passes at its second try only is named in the summary.
  retries: 1,
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
    viewport: { width: 1280, height: 720 },
    deviceScaleFactor: 1,
    colorScheme: "light",
    locale: "en-US",
    screenshot: "only-on-failure",
    trace: "off",
  },
  projects: [
    { name: "chromium", use: { browserName: "chromium", launchOptions: launchOptions() } },
    // Debian's own, over WebDriver BiDi. A card's flags, touches and pictures to the pixel are
    // Chromium's, and so is what its driver alone can do: double clicks, paper, the clipboard, what it
    // keeps in memory, workers looked into, reduced motion, and a pointer beyond the window.
    {
      name: "firefox",
      grepInvert: /@chromium/,
      // Every browser computes and keeps the same: what differs is how it draws, types, fetches and saves.
      testMatch: process.env.FIREFOX_STORIES === "all" ? "**/*.spec.mjs" : FIREFOX_CORE.map((name) => `**/${name}.spec.mjs`),
      testIgnore: ["atlas-card.spec.mjs", "phone.spec.mjs", "pictures.spec.mjs"],
      use: { browserName: "firefox", channel: "moz-firefox", launchOptions: { executablePath: firefoxPath() } },
    },
  ],
  // Started by hand (npx playwright test): serve what `cargo xtask build` left.
  webServer: served
    ? undefined
    : { command: `cargo xtask serve --no-build --port ${PORT}`, port: PORT, cwd: "..", reuseExistingServer: true, timeout: 120_000 },
});
