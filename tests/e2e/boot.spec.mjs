// The page starts, and says so when it cannot.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { expect, open, started, test } from "./fixtures.mjs";

const alert = (page) => page.locator("#boot-error");

test("the page opens and the app fills it", async ({ page }) => {
  await open(page);
  await expect(page).toHaveTitle(/^Flatland/);
  await expect(page.locator("#app")).not.toContainText("is loading");
  await expect(alert(page)).toBeHidden();
});

test("the page works under another path", async ({ page, baseURL }) => {
  // The same files, one folder further down; nothing is at the root.
  const visited = [];
  await page.context().route("**/*", async (route) => {
    const url = new URL(route.request().url());
    visited.push(url.pathname);
    if (!url.pathname.startsWith("/some/folder/")) return route.fulfill({ status: 404, body: "" });
    const response = await route.fetch({ url: new URL(`.${url.pathname.slice("/some/folder".length)}`, baseURL).href });
    return route.fulfill({ response });
  });
  await page.goto("/some/folder/");
  await started(page);
  // The workers' files may still be under way.
  await page.context().unrouteAll({ behavior: "wait" });
  expect(visited.filter((path) => !path.startsWith("/some/folder/"))).toEqual([]);
});

test("workers can be given the program’s address", async ({ page }) => {
  await open(page);
  const glue = await page.locator("html").getAttribute("data-glue");
  expect(new URL(glue).origin).toBe(new URL(page.url()).origin);
  const response = await page.request.get(glue);
  expect(response.headers()["content-type"]).toContain("text/javascript");
});

test("the page forbids inline scripts and other origins", async ({ request }) => {
  const html = await (await request.get("./")).text();
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
  const directives = new Map(policy.split(";").map((directive) => directive.trim().split(/\s+(.*)/)));
  expect(directives.get("default-src")).toBe("'self'");
  expect(directives.get("script-src")).toBe("'self' 'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy).not.toContain("http");
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});

test.describe("a worker", () => {
  /** Starts `worker.js` with the given glue; sends the first message and then the rest; collects `count` answers. */
  const talk = (page, glue, count) =>
    page.evaluate(
      async ([source, answers]) => {
        // The smallest valid module: the glue under test does not look into it.
        const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        const worker = new Worker("./worker.js", { type: "module" });
        const received = [];
        const done = new Promise((resolve) => {
          worker.onmessage = ({ data }) => {
            received.push(data);
            if (received.length === answers) resolve();
          };
        });
        worker.postMessage({ js: new URL(source, location.href).href, module });
        const channel = new MessageChannel();
        for (const text of ["one", "two"]) worker.postMessage(text);
        worker.postMessage("port", [channel.port2]);
        await done;
        worker.terminate();
        return received;
      },
      [glue, count],
    );

  test("gets the messages that were sent while it started, in order", async ({ page }) => {
    await page.context().route("**/test-glue.js", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.fulfill({
        contentType: "text/javascript",
        body: `export default async ({ module_or_path }) => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          self.addEventListener("message", ({ data, ports }) => postMessage([data, ports.length, module_or_path instanceof WebAssembly.Module]));
        };`,
      });
    });
    await open(page);
    expect(await talk(page, "./test-glue.js", 3)).toEqual([
      ["one", 0, true],
      ["two", 0, true],
      ["port", 1, true],
    ]);
  });

  test.describe("that cannot start", () => {
    test.use({ allowed: /missing-glue|Failed to load resource/ });

    test("says so", async ({ page }) => {
      await open(page);
      const [answer] = await talk(page, "./missing-glue.js", 1);
      expect(answer.error).toContain("missing-glue.js");
    });
  });
});

test.describe("when the program cannot be loaded", () => {
  test.use({ allowed: /did not start|Failed to load resource|net::ERR_|preload/ });

  for (const [what, answer] of [
    ["the connection fails", (route) => route.abort()],
    ["the program is missing", (route) => route.fulfill({ status: 404, body: "" })],
  ]) {
    test(`a sentence says what to do: ${what}`, async ({ page }) => {
      await page.route("**/*.wasm", answer);
      await page.goto("./");
      await expect(page.getByRole("alert")).toContainText("could not be downloaded");
      await expect(page.getByRole("alert")).toContainText("reload");
      await expect(page.getByText("is loading")).toHaveCount(0);
    });
  }

  test("a sentence says what to do: the glue is missing", async ({ page }) => {
    await page.route("**/flatland*.js", (route) => route.abort());
    await page.goto("./");
    await expect(page.getByRole("alert")).toContainText("could not be downloaded");
  });

  test("a sentence says what to do: the program is not one", async ({ page }) => {
    await page.route("**/*.wasm", (route) => route.fulfill({ contentType: "application/wasm", body: "not a program" }));
    await page.goto("./");
    await expect(page.getByRole("alert")).toContainText("cannot run Flatland’s program");
  });

  test("a sentence says what to do: there is no WebAssembly", async ({ page }) => {
    await page.addInitScript(() => delete globalThis.WebAssembly);
    await page.goto("./");
    await expect(page.getByRole("alert")).toContainText("has no WebAssembly");
  });
});

test("opened as a file, the start script says that a server is needed", async ({ browser }) => {
  // Not the page of the fixture: this one has no origin. What the policy makes of it differs, so
  // only the words count.
  const dist = new URL("../../dist/index.html", import.meta.url);
  const html = await readFile(fileURLToPath(dist), "utf8");
  expect(html).toContain('<script defer src="./boot.js"');
  const page = await browser.newPage();
  await page.goto(dist.href);
  await expect(page.getByRole("alert")).toContainText("web server");
  await page.close();
});
