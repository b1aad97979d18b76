// What every browser test shares: a page that must stay silent, keep to its policy and talk to
// nobody else.
import { test as base, expect as plain } from "@playwright/test";

import { adapt, interpret } from "../lib/firefox.mjs";

/** How long `expect.poll` waits from look to look, in milliseconds; left to itself it would mostly wait for what has long been there. */
const intervals = [20, 20, 20, 50, 50, 100];

/** Playwright's `expect`, which looks more often. */
export const expect = new Proxy(plain, {
  get: (target, key) =>
    key === "poll" ? (look, options) => target.poll(look, { intervals, ...(typeof options === "string" ? { message: options } : options) }) : Reflect.get(target, key),
});

/** Playwright's `test` in any browser, for pages that are not the Lab's own. */
export const anywhere = base.extend({
  browser: [
    async ({ browser, browserName }, use) => {
      if (browserName === "firefox") interpret(browser);
      await use(browser);
    },
    { scope: "worker" },
  ],
});

/**
 * Playwright's `test`, which fails as well when the page
 *
 * - writes an error or a warning to the console,
 * - throws an error that nobody catches,
 * - violates its Content-Security-Policy,
 * - or asks another origin for anything.
 *
 * A test that provokes such a thing says so: `test.use({ allowed: /part of the message/ })`.
 */
export const test = anywhere.extend({
  permissions: async ({ permissions, browserName }, use) => {
    // Firefox has no such permissions: it lets a page copy when somebody has clicked.
    await use(browserName === "firefox" ? undefined : permissions);
  },

  allowed: [null, { option: true }],

  offences: async ({}, use) => {
    await use([]);
  },

  context: async ({ context, baseURL, offences }, use) => {
    const home = new URL(baseURL).origin;
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (!["data:", "blob:"].includes(url.protocol) && url.origin !== home) offences.push(`request to ${url}`);
    });
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) offences.push(`console ${message.type()}: ${message.text()}`);
    });
    context.on("weberror", (error) => offences.push(`uncaught: ${error.error().stack ?? error.error()}`));
    await context.exposeBinding("reportViolation", (_source, text) => offences.push(`policy: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        globalThis.reportViolation(`${event.violatedDirective} blocked ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    await use(context);
  },

  page: async ({ page, offences, allowed, browserName }, use) => {
    if (browserName === "firefox") adapt(page);
    await use(page);
    const unexpected = offences.filter((offence) => !allowed?.test(offence));
    expect(unexpected, "the page must stay silent, keep to its policy and talk to nobody else").toEqual([]);
  },
});

/** Opens the page, with `path` (such as "#e=…") after its address, and waits until the app has replaced the loading message. */
export async function open(page, path = "") {
  await page.goto(`./${path}`);
  await started(page);
}

/** Waits until the app runs and listens to keys. */
export async function started(page) {
  await expect(page.locator("#app:not(.boot):not([aria-busy]) > *").first()).toBeAttached({ timeout: 15_000 });
}
