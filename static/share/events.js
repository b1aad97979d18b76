// The events: what happened to which run, step by step. A click goes there.
import { make, openDialog, stateOf } from "./dialog.js";
import { whole } from "./numbers.js";

/** More could not be read; the scrubber shows them all. */
const MOST = 500;

export async function open(share) {
  const { runs, frontier } = stateOf(share);
  const events = [...share.events()].map(([step, run, sentence]) => ({ step, run, sentence }));
  let dialog;
  const rows = events.slice(0, MOST).map(({ step, run, sentence }) => {
    const dot = make("span", { className: "share-dot", ariaHidden: "true" });
    dot.style.background = runs[run].color;
    const button = make("button", { type: "button", className: "plain" }, make("span", { className: "share-step", textContent: whole(step) }), dot, sentence);
    button.addEventListener("click", () => {
      share.seek(step);
      dialog.close();
    });
    return make("li", {}, button);
  });
  const left = events.length - rows.length;
  const note = left > 0 ? `The first ${whole(MOST)} of ${whole(events.length)} events, up to step ${whole(frontier)}.` : `Up to step ${whole(frontier)}. A click shows the step.`;
  dialog = await openDialog({
    id: "share-events",
    title: "What happened",
    key: "v",
    content: [make("p", { className: "share-note", textContent: events.length === 0 ? "Nothing has happened yet." : note }), make("ol", { className: "share-events" }, rows)],
  });
}
