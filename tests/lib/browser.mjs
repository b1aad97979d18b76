// The browser that tests, benchmarks and pictures use.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The first of these programs that is on the PATH. */
function onPath(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

/** How Playwright starts Chromium. `cargo xtask` names it in CHROMIUM. */
export function launchOptions() {
  const executablePath =
    process.env.CHROMIUM ?? process.env.CHROME_PATH ?? onPath(["chromium", "chromium-browser", "google-chrome"]);
  if (executablePath === undefined) {
    throw new Error("No Chromium was found. What to do: install it, or name it in the environment variable CHROMIUM.");
  }
  return {
    executablePath,
    // As root, as in most containers, Chromium's sandbox cannot work. The rest makes pictures the
    // same everywhere.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--hide-scrollbars"],
  };
}

/** The Firefox of this machine, which `cargo xtask` names in FIREFOX; `undefined` where there is none. */
export const firefoxPath = () => process.env.FIREFOX ?? onPath(["firefox-esr", "firefox"]);

/** The address of the page under test. */
export function pageUrl() {
  const url = process.env.FLATLAND_URL;
  if (url === undefined) {
    throw new Error("FLATLAND_URL is not set. What to do: start this through `cargo xtask`, or set it to the page’s address.");
  }
  return url;
}
