// What the Atlas asks of the page's own program, in a worker of its own (src/errand/mod.rs).

/** The kind of the letter that asks for parameters, start and budget in a line. */
const SETTING = 20;

/** The parameters, the start and the budget of an experiment's document in a line. */
export function settingOf(share, experiment) {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL("./worker.js", document.baseURI), { type: "module", name: "flatland-export" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    worker.onmessage = ({ data }) => (typeof data === "string" ? end(done, data) : end(failed, data instanceof Error ? data : new Error(data?.error ?? data?.[2])));
    worker.onerror = (event) => {
      event.preventDefault();
      end(failed, new Error(event.message || "the worker could not be started"));
    };
    worker.postMessage({ js: document.documentElement.dataset.glue, module: share.module() });
    worker.postMessage([SETTING, new Float64Array(), experiment]);
  });
}
