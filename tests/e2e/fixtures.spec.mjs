// The watch over the page watches: each of these must be noticed.
import { open, test } from "./fixtures.mjs";

for (const [what, offend] of [
  ["an error on the console", () => console.error("oh")],
  ["a warning on the console", () => console.warn("oh")],
  ["an uncaught error", () => void setTimeout(() => { throw new Error("oh"); })],
  ["an uncaught rejection", () => void Promise.reject(new Error("oh"))],
  ["an inline style", () => document.body.setAttribute("style", "color: red")],
  ["a request to another origin", () => fetch("http://127.0.0.1:9/").catch(() => undefined)],
  ["a failed request", () => fetch("./no-such-file").then(() => undefined)],
]) {
  test(`${what} fails a test`, async ({ page }) => {
    test.fail();
    await open(page);
    await page.evaluate(offend);
    await page.waitForTimeout(200);
  });
}
