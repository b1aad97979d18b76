// The worker that has the graphics card: opens it, and computes pixels of the drawing it was told of last.
import init, { Card } from "../../flatland-atlas.js";

const opened = init().then(() => Card.open());
// Who asks hears of a failure; nobody else has to.
opened.catch(() => {});
let key;

self.addEventListener("message", async ({ data }) => {
  const { job, drawing, pixels } = data;
  // What cannot be prepared says nothing against the card.
  let isLost = true;
  try {
    const card = await opened;
    if (drawing === undefined) {
      self.postMessage({ job, name: card.name, isSoftware: card.isSoftware });
      return;
    }
    if (drawing.key !== key) {
      key = undefined;
      isLost = false;
      await card.prepare(drawing.document, drawing.order, drawing.columns, drawing.rows);
      key = drawing.key;
      isLost = true;
    }
    const begun = performance.now();
    const before = { steps: card.steps, compared: card.compared, differing: card.differing };
    const numbers = await card.compute(pixels);
    self.postMessage(
      { job, numbers, steps: card.steps - before.steps, compared: card.compared - before.compared, differing: card.differing - before.differing, ms: performance.now() - begun },
      [numbers.buffer],
    );
  } catch (error) {
    self.postMessage({ job, isLost, error: error instanceof Error ? error.message : String(error) });
  }
});
