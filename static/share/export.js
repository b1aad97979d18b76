// The export dialog: pictures, tables, scripts, and the experiment itself; and opening a file.
import { ask } from "./ask.js";
import { copy, fileName, make, openDialog, runsOf, save, stateOf, statusLine } from "./dialog.js";
import { whole } from "./numbers.js";
import { attempt } from "./open.js";
import { panels, png, svg } from "./picture.js";

/** A titled group of controls. */
const group = (title, note, ...content) =>
  make("section", { className: "share-group" }, make("h3", { textContent: title }), make("p", { textContent: note }), make("div", { className: "share-tools" }, content));

function choice(id, label, options) {
  const select = make("select", { id }, options.map(([value, text]) => make("option", { value, textContent: text })));
  return { select, parts: [make("label", { htmlFor: id, textContent: label }), select] };
}

export async function open(share) {
  const state = stateOf(share);
  const name = fileName(state);
  const status = statusLine();
  let running;

  /** A button whose action's failure is said in the dialog. */
  const button = (text, action, properties = {}) => {
    const element = make("button", { type: "button", textContent: text, ...properties });
    element.addEventListener("click", async () => {
      status.textContent = "";
      try {
        await action();
      } catch (error) {
        status.textContent = `This could not be made: ${error.message}. Nothing was saved.`;
      }
    });
    return element;
  };
  const fetchText = (request) => {
    running?.abort();
    running = new AbortController();
    return ask(share, request, () => {}, running.signal);
  };

  const which = choice("share-which", "Picture of", [["board", "the whole board"], ...panels([...share.titles()]).map((panel) => [panel.name, panel.title])]);
  const tone = choice("share-tone", "on", [["light", "white"], ["dark", "dark"]]);
  /** What a picture shows besides its charts. */
  const sheet = async () => {
    const now = stateOf(share);
    const setting = await fetchText({ Setting: { experiment: state.experiment } });
    const dark = tone.select.value === "dark";
    return { ...now, setting, dark, runs: runsOf(share, dark), which: which.select.value, titles: [...share.titles()] };
  };
  const picture = group(
    "Picture",
    "With title, legend, parameters and the link. What is shown is drawn, at the size of a figure.",
    ...which.parts,
    ...tone.parts,
    // The dialog opens with it: S and Enter save the picture.
    button("Save PNG", async () => save(`${name}-${which.select.value}.png`, await png(share, await sheet())), { autofocus: true }),
    button("Save SVG", async () => save(`${name}-${which.select.value}.svg`, svg(share, await sheet()), "image/svg+xml")),
  );

  const cancel = button("Cancel", () => running?.abort(), { hidden: true });
  const csv = button("Save CSV", async () => {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    cancel.hidden = false;
    let table = new Blob([]);
    let parts = [];
    const onpiece = ({ piece, rows }) => {
      parts.push(piece);
      // A browser keeps large blobs on disk: memory stays free however long the table is.
      if (parts.length >= 16) [table, parts] = [new Blob([table, ...parts]), []];
      status.textContent = `${whole(rows)} rows …`;
    };
    try {
      const answer = await ask(share, { Table: { experiment: state.experiment } }, onpiece, signal);
      if (answer === undefined) status.textContent = "Cancelled. Nothing was saved.";
      else {
        save(`${name}.csv`, new Blob([table, ...parts], { type: "text/csv" }));
        status.textContent = `Saved: ${status.textContent.replace(" …", "")}.`;
      }
    } finally {
      cancel.hidden = true;
    }
  });
  const data = group(
    "Data",
    "The table holds every step of every run up to its end or the budget, computed anew: the same bytes as “flatland run” prints. With several starts its last columns are the quartiles over them. The experiment is the document that the command line and this page read.",
    csv,
    cancel,
    button("Save experiment", () => save(`${name}.json`, `${JSON.stringify(JSON.parse(state.experiment), null, 2)}\n`, "application/json")),
  );

  const run = choice("share-run", "Run", state.runs.map((each, index) => [index, `${index + 1}: ${each.name}`]));
  const script = () => fetchText({ Python: { experiment: state.experiment, run: Number(run.select.value), link: state.link } });
  const code = group(
    "Python",
    "One run as a script that needs only NumPy: objective, policy and stopping rules written out. Equal to the run up to rounding.",
    ...run.parts,
    button("Copy as Python", async () => copy(await script(), status, "Copied. Run it with python3.")),
    button("Save script", async () => save(`${name}.py`, await script(), "text/x-python")),
  );

  const tables = () => fetchText({ Figure: { experiment: state.experiment, last: state.frontier, link: state.link } });
  const tex = group(
    "LaTeX",
    "A table of each run for pgfplots up to the step shown, at most 2 000 rows that keep every extreme, and a figure to start from.",
    button("Copy for pgfplots", async () => copy(await tables(), status, "Copied. Paste it into a document that loads pgfplots.")),
    button("Save TeX", async () => save(`${name}.tex`, await tables(), "text/x-tex")),
  );

  const shown = choice("share-shown", "Show", [["", "the whole board"], ["scene", "the scene"], ...[...share.titles()].map((title, slot) => [`chart${slot + 1}`, title])]);
  const frame = () => {
    const [page, fragment] = state.link.split("#");
    const show = shown.select.value === "" ? "" : `&show=${shown.select.value}`;
    const address = `${page.split("?")[0]}?embed=1${show}#${fragment}`.replaceAll("&", "&amp;").replaceAll('"', "%22");
    const height = show === "" ? 620 : 380;
    return `<iframe src="${address}" title="Flatland: ${state.title}" width="960" height="${height}" loading="lazy" allow="clipboard-write"></iframe>`;
  };
  const embed = group(
    "Embed",
    "A frame for a page of yours, in the state shown. Its keys rest until it is clicked; messages can play it, step it and ask for its state.",
    ...shown.parts,
    button("Copy frame", async () => copy(frame(), status, "Copied. Paste it into the HTML of a page.")),
  );

  const file = make("input", { id: "share-file", type: "file", accept: ".json,.txt,application/json,text/plain" });
  const load = group(
    "Open",
    "An experiment’s document or a link of this page; it may also be dropped anywhere on the page, or pasted.",
    make("label", { htmlFor: file.id, textContent: "Open a file" }),
    file,
  );
  const dialog = await openDialog({
    id: "share-export",
    title: "Export",
    key: "s",
    content: [picture, data, code, tex, embed, load, status],
    onclose: () => running?.abort(),
  });
  file.addEventListener("change", async () => {
    const wrong = await attempt(share, [...file.files], "");
    file.value = "";
    if (wrong === undefined) dialog.close();
    else status.textContent = wrong;
  });
}
