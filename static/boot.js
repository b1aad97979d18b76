// Starts Flatland: fetches the program, runs it, and says in plain words what to do when that fails.
// A classic script, not a module: browsers refuse modules from file:// before any of our code could explain why.
(() => {
  "use strict";

  const script = document.currentScript;
  const address = (name) => new URL(script.dataset[name], document.baseURI).href;

  /** Shows `sentence` in place of the loading message. */
  function fail(sentence, cause) {
    const app = document.getElementById("app");
    app?.classList.remove("boot");
    app?.removeAttribute("aria-busy");
    app?.replaceChildren();
    const box = document.getElementById("boot-error");
    box.textContent = sentence;
    box.hidden = false;
    if (cause !== undefined) console.error("Flatland did not start:", cause);
  }

  /** What went wrong, and what the reader can do about it. */
  function explain(error) {
    if (error instanceof WebAssembly.CompileError) {
      return "This browser cannot run Flatland’s program: it lacks a part of WebAssembly, such as SIMD. Please update the browser, or use a current Firefox, Chrome, Edge or Safari.";
    }
    if (error instanceof WebAssembly.RuntimeError) {
      return "Flatland stopped while starting. Please reload the page; if it happens again, open the page without what stands after # in its address.";
    }
    if (error instanceof TypeError || error instanceof DownloadError) {
      return "Flatland’s program could not be downloaded. Please check the connection and reload the page.";
    }
    return `Flatland could not start: ${error instanceof Error ? error.message : error}. Please reload the page.`;
  }

  /** The server answered, but not with the file. */
  class DownloadError extends Error {}

  /** Fetches the program. The browser compiles it while it arrives. */
  async function download(url) {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok) throw new DownloadError(`${url}: HTTP status ${response.status}`);
    return response;
  }

  async function start() {
    if (location.protocol === "file:") {
      fail("Flatland cannot run from a file: browsers load programs only through a web server. Please serve this folder, for example with “python3 -m http.server”, and open the address it prints.");
      return;
    }
    if (typeof WebAssembly !== "object") {
      fail("This browser has no WebAssembly, which Flatland needs. Please update it, turn WebAssembly on, or use a current Firefox, Chrome, Edge or Safari.");
      return;
    }
    const glue = address("js");
    // The app gives this address to its workers, which run the same program.
    document.documentElement.dataset.glue = glue;
    try {
      const [{ default: init }, program] = await Promise.all([import(glue), download(address("wasm"))]);
      await init({ module_or_path: program });
      document.getElementById("app")?.classList.remove("boot");
      // Without it, lists are only wider than what is chosen in them.
      if (!CSS.supports("field-sizing", "content")) import("./lists.js").catch(() => {});
    } catch (error) {
      fail(explain(error), error);
      return;
    }
    keep();
  }

  /** Has the browser keep all files, so that the page opens without a network. What came of it stands in `data-offline`, for the help. */
  async function keep() {
    const { dataset } = document.documentElement;
    // A page on localhost is one that somebody works on, one in a frame is a part of another page.
    if (location.hostname === "localhost" || self !== top) return;
    dataset.offline = "fetching";
    try {
      const workers = navigator.serviceWorker;
      if (!workers) throw new Error("this browser allows it only for pages from https");
      workers.addEventListener("message", ({ data }) => {
        if (data.offline) dataset.offline = data.offline;
      });
      workers.startMessages();
      const { active, installing, waiting } = await workers.register("./offline.js", { updateViaCache: "none" });
      const worker = active ?? waiting ?? installing;
      const tell = () => {
        if (worker.state === "activated") dataset.offline = "kept";
      };
      worker.addEventListener("statechange", tell);
      tell();
    } catch (error) {
      dataset.offline = error.message;
    }
  }

  start();
})();
