// How long the page takes from navigation, in a browser that has never seen it: until the app
// stands, until the first picture (each run's line in the loss chart), and what the browser counts
// as the first and the largest contentful paint. Once with the server on this machine, and once as
// if it were far away and this machine slow, with all files compressed as web servers send them.
//
// FLATLAND_BEFORE may hold the address of another build: then both take turns.
import { createServer } from "node:http";
import { brotliCompressSync } from "node:zlib";

import { pageUrl } from "../lib/browser.mjs";
import { report, withPage } from "../lib/bench.mjs";

const REPETITIONS = 9;
/** A usual line at home: bytes a second, and milliseconds there and back. */
const LINE = { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 5e6 / 8 };
/** So many times as slow as this machine. */
const SLOWDOWN = 4;

/** Notes, in the page, when the loss chart first holds a line of more than a point. */
function watch() {
  globalThis.firstPicture = new Promise((resolve) => {
    const { stroke, lineTo, beginPath } = CanvasRenderingContext2D.prototype;
    let points = 0;
    Object.assign(CanvasRenderingContext2D.prototype, {
      beginPath() {
        points = 0;
        return beginPath.call(this);
      },
      lineTo(...at) {
        points += 1;
        return lineTo.apply(this, at);
      },
      stroke(...path) {
        // Grid lines and the axis have one segment each.
        if (points > 1 && this.canvas.closest(".is-slot0")) requestAnimationFrame(() => resolve(performance.now()));
        return stroke.apply(this, path);
      },
    });
  });
  globalThis.paints = {};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.paints[entry.name || entry.entryType] = entry.startTime;
  }).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.paints.largest = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
}

/** Serves what another server has, compressed. */
async function compressing(site) {
  const kept = new Map();
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, site).pathname;
    if (!kept.has(path)) {
      const answer = await fetch(new URL(path.slice(1), site));
      const bytes = brotliCompressSync(Buffer.from(await answer.arrayBuffer()));
      kept.set(path, { status: answer.status, type: answer.headers.get("content-type"), bytes });
    }
    const { status, type, bytes } = kept.get(path);
    response.writeHead(status, { "content-type": type ?? "application/octet-stream", "content-encoding": "br" });
    response.end(bytes);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Makes the line and the machine slow. */
async function slow(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", LINE);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
}

/** Opens the page of each site again and again, the sites in turns. */
async function measure(sites, options) {
  const samples = sites.map(() => ({ app: [], picture: [], first: [], largest: [] }));
  for (let i = 0; i < REPETITIONS; i += 1) {
    for (const [place, url] of sites.entries()) {
      const { app, picture, first, largest } = samples[place];
      await withPage(
        async (page) => {
          app.push(await page.evaluate(() => performance.now()));
          picture.push(await page.evaluate(() => globalThis.firstPicture));
          await page.waitForTimeout(500);
          const paints = await page.evaluate(() => globalThis.paints);
          first.push(paints["first-contentful-paint"]);
          largest.push(paints.largest);
        },
        { init: watch, url, ...options },
      );
    }
  }
  for (const [place, { app, picture, first, largest }] of samples.entries()) {
    if (sites.length > 1) console.log(place === 0 ? "this build" : "the build before");
    report("navigation to running app", app);
    report("navigation to the first picture", picture);
    report("first contentful paint", first);
    report("largest contentful paint", largest);
  }
}

const sites = [pageUrl(), process.env.FLATLAND_BEFORE].filter(Boolean);
await measure(sites, {});
console.log(`compressed, at 10 Mbit/s and ${LINE.latency} ms, on a machine ${SLOWDOWN} times as slow`);
const far = await Promise.all(sites.map(compressing));
// What is compressed once is not waited for.
for (const { url } of far) await withPage(async () => {}, { url });
await measure(far.map(({ url }) => url), { prepare: slow });
for (const { close } of far) close();
