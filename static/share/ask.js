// Asks the program for exports, in a worker of its own.

/**
 * Asks a worker for exports, such as `{ Setting: { experiment } }` (src/errand/mod.rs): resolves with its text or its numbers;
 * `onpiece` hears of every piece. The worker is ended when it has answered or `signal` says so.
 */
export function ask(share, request, onpiece, signal) {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./worker.js", document.baseURI), { type: "module", name: "flatland-export" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    signal.addEventListener("abort", () => end(done, undefined));
    worker.onmessage = ({ data }) => {
      if (Array.isArray(data)) onpiece({ piece: data[0], rows: data[1] });
      else if (data instanceof Error) end(failed, data);
      else if (data?.error !== undefined) end(failed, new Error(data.error));
      else end(done, data ?? "");
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(failed, new Error(event.message || "the worker could not be started"));
    };
    worker.postMessage({ js: document.documentElement.dataset.glue, module: share.module() });
    worker.postMessage([request]);
  });
}

/** The text that the program makes of a request. */
export const fetchText = (share, request) => ask(share, request, () => {}, new AbortController().signal);
