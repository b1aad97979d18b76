// Asks the program for exports, in a worker of its own.

/** Asks the worker for exports: resolves with its text or its numbers; `onpiece` hears of every piece. The worker is ended when it has answered or `signal` says so. */
export function ask(request, onpiece, signal) {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "flatland-export" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    signal.addEventListener("abort", () => end(done, undefined));
    worker.onmessage = ({ data }) => {
      if (data.piece) onpiece(data);
      else if (data.error !== undefined) end(failed, new Error(data.error));
      else end(done, data.numbers ?? data.text ?? "");
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end(failed, new Error(event.message || "the program for exports could not be started"));
    };
    worker.postMessage(request);
  });
}

/** The text that the program makes of a request. */
export const fetchText = (request) => ask(request, () => {}, new AbortController().signal);
