// What the Lab's page and its workers need in a notebook, where there is no server: all that they
// fetch comes through a port from the cell, which has it from the kernel.
//
// The cell puts this script before all others, in the page and in each worker. The first message to
// either is `{ flatlandFiles: true }` with the port. A file is asked for by `{ id, name }`, and the
// answer is `{ id, content, type }` or `{ id, error }`. Scripts stand behind blob: addresses, and
// what they name relative to themselves begins with "flatland:/" (xtask/src/notebook.rs).
(() => {
  "use strict";

  const waiting = new Map();
  let count = 0;

  const opened = new Promise((resolve) => {
    addEventListener("message", function take(event) {
      if (event.data?.flatlandFiles !== true) return;
      // It is no message for the page's program.
      event.stopImmediatePropagation();
      removeEventListener("message", take);
      const [port] = event.ports;
      port.onmessage = ({ data: { id, content, type, error } }) => {
        const { done, fail } = waiting.get(id);
        waiting.delete(id);
        if (error === undefined) done({ content, type });
        else fail(new Error(error));
      };
      resolve(port);
    });
  });

  /** The file of this name. */
  async function file(name) {
    const port = await opened;
    return new Promise((done, fail) => {
      count += 1;
      waiting.set(count, { done, fail });
      port.postMessage({ id: count, name });
    });
  }

  /** The name of the page's file that an address means; undefined for other addresses. */
  function nameOf(address) {
    return /^(?:flatland:\/|\.\/)([^?#]*)/.exec(String(address?.url ?? address))?.[1];
  }

  /** An address at which the browser finds the file. */
  async function addressOf(name) {
    const { content, type } = await file(name);
    return URL.createObjectURL(new Blob([content], { type }));
  }

  const fetchElsewhere = globalThis.fetch;
  globalThis.fetch = async (address, options) => {
    const name = nameOf(address);
    if (name === undefined) return fetchElsewhere(address, options);
    const { content, type } = await file(name);
    return new Response(content, { headers: { "content-type": type } });
  };

  // The browser's store for files of the person's own takes none but whole addresses as keys.
  for (const method of typeof Cache === "undefined" ? [] : ["match", "put", "delete"]) {
    const plain = Cache.prototype[method];
    Cache.prototype[method] = function (address, ...rest) {
      const name = nameOf(address);
      return plain.call(this, name === undefined ? address : `https://flatland.invalid/${name}`, ...rest);
    };
  }

  // What scripts of the page import while they run.
  globalThis.flatlandImport = async (address) => {
    const name = nameOf(address);
    return import(name === undefined ? address : await addressOf(name));
  };

  if (typeof document === "undefined") return;

  const { worker } = document.currentScript.dataset;

  /** Answers a worker's questions for files. */
  function serve(port) {
    port.onmessage = async ({ data: { id, name } }) => {
      try {
        port.postMessage({ id, ...(await file(name)) });
      } catch (error) {
        port.postMessage({ id, error: error.message });
      }
    };
  }

  const Elsewhere = globalThis.Worker;
  globalThis.Worker = class extends Elsewhere {
    constructor(_address, options) {
      // The page has one script for all of its workers.
      super(worker, options);
      const { port1, port2 } = new MessageChannel();
      serve(port1);
      this.postMessage({ flatlandFiles: true }, [port2]);
    }
  };

  // A picture's relative address leads nowhere here: then it is asked for.
  addEventListener(
    "error",
    async ({ target }) => {
      const name = target instanceof HTMLImageElement ? nameOf(target.getAttribute("src")) : undefined;
      if (name !== undefined) target.src = await addressOf(name);
    },
    true,
  );

  // What opens a page of the site has none to open.
  const sayNone = () => parent.postMessage({ flatland: 1, type: "error", message: "This page is not in the Python package; it is on Flatland’s site and in its repository." }, "*");
  addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href^='./']") : null;
      if (link === null) return;
      event.preventDefault();
      sayNone();
    },
    true,
  );
  const openElsewhere = globalThis.open;
  globalThis.open = (address, ...rest) => (nameOf(address) === undefined ? openElsewhere(address, ...rest) : (sayNone(), null));
})();
