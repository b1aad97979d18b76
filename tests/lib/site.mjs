// A server of a folder of the built page that a test can stop, so that there is no network, and start
// again, perhaps with another build of the page.
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".png": "image/png",
};

export class Site {
  #folder;
  #under;
  #server;
  #port = 0;
  /** The paths that were asked for. */
  asked = [];
  /** Paths that are answered with this status. */
  broken = new Map();

  /** `under` is where in the site the folder lies, such as "/talks/flatland/". */
  constructor(folder, under = "/") {
    this.#folder = folder;
    this.#under = under;
  }

  /** Not “localhost”: from there the page is not kept. */
  get url() {
    return `http://127.0.0.1:${this.#port}${this.#under}`;
  }

  async start(folder = this.#folder) {
    this.#folder = folder;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = this.#server.address().port;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.url);
    this.asked.push(pathname);
    const status = this.broken.get(pathname);
    const path = pathname.startsWith(this.#under) ? normalize(decodeURI(pathname.slice(this.#under.length))) : "..";
    let file = join(this.#folder, path);
    try {
      if (status !== undefined || path.startsWith("..")) throw new Error("not served");
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": "no-cache" });
      response.end(await readFile(file));
    } catch {
      response.writeHead(status ?? 404).end();
    }
  }
}
