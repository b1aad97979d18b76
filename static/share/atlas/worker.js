// A worker of the Atlas: computes pixels of the drawing it was told of last, one job after the other.
import init, { Crew } from "../../flatland-atlas.js";

let ready;
let key;
let crew;

self.addEventListener("message", async ({ data: { job, drawing, pixels } }) => {
  try {
    ready ??= init();
    await ready;
    if (drawing.key !== key) {
      crew?.free();
      [crew, key] = [undefined, undefined];
      crew = new Crew(drawing.document, drawing.order, drawing.columns, drawing.rows);
      key = drawing.key;
    }
    const begun = performance.now();
    const before = crew.steps;
    const numbers = crew.compute(pixels);
    self.postMessage({ job, numbers, steps: crew.steps - before, ms: performance.now() - begun }, [numbers.buffer]);
  } catch (error) {
    self.postMessage({ job, error: error instanceof Error ? error.message : String(error) });
  }
});
