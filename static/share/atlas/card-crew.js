// The graphics card as a crew of one: asked for when it is first wanted, and told of in a line.
import { Crew } from "./crew.js";

/** Jobs of a card: large ones keep it busy. */
const JOB_MS = 150;
const MOST_PIXELS = 1 << 19;

/** Asks for a card; an error says why there is none. */
export async function openCard() {
  if (navigator.gpu === undefined) throw new Error("this browser has no WebGPU");
  // A quick answer, before a worker is started for it.
  if ((await navigator.gpu.requestAdapter()) === null) throw new Error("this browser finds none that can be computed with");
  const told = await new Promise((done, failed) => {
    const worker = new Worker(new URL("./card.js", import.meta.url), { type: "module", name: "flatland-atlas-card" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    worker.onmessage = ({ data }) => (data.error === undefined ? end(done, data) : end(failed, new Error(data.error)));
    worker.onerror = (event) => {
      event.preventDefault();
      end(failed, new Error(event.message || "its program could not be started"));
    };
    worker.postMessage({ job: 0 });
  });
  return { name: told.name, isSoftware: told.isSoftware, crew: (complain) => new Crew({ script: "./card.js", size: 1, jobMs: JOB_MS, most: MOST_PIXELS, complain }) };
}
