// A JupyterLab of the tests' own, and a notebook in it as a person uses it.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { test as base, expect } from "@playwright/test";

/** Where the program `jupyter` lies. */
function jupyter() {
  const program = process.env.FLATLAND_JUPYTER;
  if (program === undefined) {
    throw new Error("FLATLAND_JUPYTER is not set. What to do: start this through `cargo xtask test --only notebook`.");
  }
  return program;
}

/** A port that nobody listens to. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A notebook's document with a cell for each text. */
const notebookOf = (cells) => ({
  cells: cells.map((source, at) => ({ cell_type: "code", id: `cell-${at}`, execution_count: null, metadata: {}, outputs: [], source })),
  metadata: { kernelspec: { display_name: "Python 3", language: "python", name: "python3" } },
  nbformat: 4,
  nbformat_minor: 5,
});

/** Starts JupyterLab in a folder of its own, without the person's settings. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), "flatland-jupyter-"));
  const port = await freePort();
  const said = [];
  // It asks in a corner whether it may look for news.
  const settings = join(folder, ".lab/@jupyterlab/apputils-extension");
  mkdirSync(settings, { recursive: true });
  writeFileSync(join(settings, "notification.jupyterlab-settings"), JSON.stringify({ fetchNews: "false", checkForUpdates: false }));
  const child = spawn(jupyter(), ["lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`, "--ServerApp.port_retries=0", "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--IdentityProvider.token=", "--ServerApp.password=", `--ServerApp.root_dir=${folder}`], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${dirname(jupyter())}:${process.env.PATH}`,
      HOME: folder,
      JUPYTER_CONFIG_DIR: join(folder, ".config"),
      JUPYTER_DATA_DIR: join(folder, ".data"),
      JUPYTER_RUNTIME_DIR: join(folder, ".runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(folder, ".lab"),
      JUPYTERLAB_WORKSPACES_DIR: join(folder, ".workspaces"),
      IPYTHONDIR: join(folder, ".ipython"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => said.push(part));
  const url = `http://127.0.0.1:${port}`;
  const isUp = () => fetch(`${url}/api/status`).then(({ ok }) => ok, () => false);
  const until = Date.now() + 60_000;
  while (!(await isUp())) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`JupyterLab did not start:\n${Buffer.concat(said)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once("exit", resolve) : resolve()));
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, url, stop };
}

/** What the browser says where there is no graphics card for the Atlas. */
const KNOWN = /No available adapters/;

export const test = base.extend({
  lab: [
    async ({}, use) => {
      const lab = await start();
      await use(lab);
      await lab.stop();
    },
    { scope: "worker" },
  ],

  /** What the page must not do: talk to other hosts, or complain. */
  offences: async ({}, use) => {
    await use([]);
  },

  /** Opens a notebook with these cells: cells are run, and what they print is read. */
  notebook: async ({ page, context, lab, offences }, use) => {
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (!["data:", "blob:", "about:"].includes(url.protocol) && url.origin !== lab.url) offences.push(`request to ${url}`);
    });
    context.on("console", (message) => {
      // What JupyterLab says of itself comes from its own address.
      const from = message.location().url;
      const isOurs = !from.startsWith(lab.url) && !KNOWN.test(message.text());
      if (["error", "warning"].includes(message.type()) && isOurs) offences.push(`console ${message.type()} from ${from}: ${message.text()}`);
    });
    context.on("weberror", (error) => offences.push(`uncaught: ${error.error().stack ?? error.error()}`));
    let count = 0;
    await use(async (...cells) => {
      count += 1;
      const name = `story-${process.pid}-${count}-${Date.now()}.ipynb`;
      writeFileSync(join(lab.folder, name), JSON.stringify(notebookOf(cells)));
      // It may ask which kernel is meant, though there is only one.
      await page.addLocatorHandler(page.getByText("Select Kernel", { exact: true }), () => page.getByRole("button", { name: "Select Kernel" }).click());
      await page.goto(`${lab.url}/lab/tree/${name}?reset`);
      await expect(page.locator(".jp-Notebook .jp-CodeCell").first()).toBeVisible({ timeout: 60_000 });
      await expect(page.locator(".jp-Notebook-ExecutionIndicator")).toHaveAttribute("data-status", "idle", { timeout: 30_000 });
      return new Notebook(page);
    });
    // The next story has the machine for itself.
    await page.evaluate(async () => {
      const headers = { "X-XSRFToken": /_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? "" };
      const kernels = await (await fetch("/api/kernels")).json();
      await Promise.all(kernels.map(({ id }) => fetch(`/api/kernels/${id}`, { method: "DELETE", headers })));
    });
    expect(offences, "the widget must stay silent and talk to nobody but the notebook’s server").toEqual([]);
  },
});

class Notebook {
  constructor(page) {
    this.page = page;
    this.frame = page.frameLocator("iframe[title=Flatland]");
  }

  cell(at) {
    return this.page.locator(".jp-Notebook .jp-CodeCell").nth(at);
  }

  /** Gives the page in the cell the keys. */
  async wake() {
    // It listens once all of it is there.
    await expect(async () => {
      await this.frame.locator(".clock").click({ position: { x: 2, y: 2 } });
      await expect(this.frame.locator(":root")).not.toHaveAttribute("data-asleep", { timeout: 500 });
    }).toPass();
  }

  /** Starts a cell. */
  async press(at) {
    const cell = this.cell(at);
    const prompt = cell.locator(".jp-InputArea-prompt");
    const before = await prompt.textContent();
    // The very first time the notebook may not listen yet.
    await expect(async () => {
      await cell.locator(".cm-content").click();
      await this.page.keyboard.press("Control+Enter");
      await expect(prompt).not.toHaveText(before, { timeout: 2_000 });
    }).toPass({ timeout: 20_000 });
  }

  /** Runs a cell, and waits until it is done. */
  async run(at) {
    await this.press(at);
    await expect(this.cell(at).locator(".jp-InputArea-prompt")).toHaveText(/\[\d+\]/, { timeout: 30_000 });
  }

  /** Runs a cell and returns what it printed. */
  async printed(at) {
    await this.run(at);
    return (await this.cell(at).locator(".jp-OutputArea-output").allTextContents()).join("\n").trim();
  }
}

export { expect };
