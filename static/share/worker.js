// The worker for exports: runs the program that makes texts from an experiment. One request, then it is ended by the page.
import init, { Table, pgfplots, python, scores, setting } from "../flatland-export.js";

/** Rows of one piece of a table: some tenths of a second of work. */
const PIECE = 20_000;

const MAKERS = {
  python: ({ experiment, run, link }) => python(experiment, run, link),
  pgfplots: ({ experiment, frontier, link }) => pgfplots(experiment, frontier, link),
  setting: ({ experiment }) => setting(experiment),
};

self.addEventListener("message", async ({ data }) => {
  try {
    await init();
    if (data.kind === "scores") {
      self.postMessage({ numbers: scores(data.experiment, data.frontier, data.levels, data.floor) });
      return;
    }
    if (data.kind !== "csv") {
      self.postMessage({ text: MAKERS[data.kind](data) });
      return;
    }
    const table = new Table(data.experiment);
    for (let piece = table.piece(PIECE); piece !== undefined; piece = table.piece(PIECE)) {
      self.postMessage({ piece, rows: table.rows }, [piece.buffer]);
    }
    self.postMessage({ done: true });
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
