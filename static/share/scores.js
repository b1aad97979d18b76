// The score table: every run in numbers, up to the step shown furthest. With several starts it holds the medians over them,
// with the quartiles below, which are computed anew in the worker for exports.
import { ask } from "./ask.js";
import { copy, fileName, make, openDialog, save, stateOf, statusLine } from "./dialog.js";
import { percent, significant, whole } from "./numbers.js";

const DEFAULT_LEVELS = [1e-2, 1e-4, 1e-8];
const MOST_LEVELS = 6;

/** The levels last asked for: they stay while the page is open. */
let levels = DEFAULT_LEVELS;

/** A whole number of steps or calls, of which there are infinitely many to what is never reached. */
const wholeOrNever = (value) => (value === Infinity ? "never" : whole(Math.round(value * 100) / 100));

/** The columns for some levels, in the order in which the program gives their numbers. */
function columnsFor(wanted) {
  const atLevels = wanted.flatMap((level) => [
    { key: `steps_to_${level}`, title: `Steps to ${significant(level)}`, show: wholeOrNever },
    { key: `calls_to_${level}`, title: `Calls to ${significant(level)}`, show: wholeOrNever },
  ]);
  return [
    { key: "final_loss", title: "Final loss", show: significant },
    { key: "best_loss", title: "Best loss", show: significant },
    { key: "worst_loss_after_10", title: "Worst after step 10", show: significant },
    ...atLevels,
    { key: "share_above_2", title: "Steps with ηλ₁ > 2", show: percent },
    { key: "share_rising", title: "Steps uphill", show: percent },
    { key: "final_sharpness", title: "Final λ₁", show: significant },
    { key: "flattest_sharpness", title: "Flattest λ₁", show: significant },
  ];
}

function read(share) {
  const state = stateOf(share);
  const columns = columnsFor(levels);
  const [floor, isKnown, ...numbers] = share.scores(Float64Array.from(levels));
  const rows = state.runs.map((run, index) => ({ run, index, values: numbers.slice(index * columns.length, (index + 1) * columns.length) }));
  const { ensemble, seed } = JSON.parse(state.experiment);
  return { state, columns, rows, floor, isKnown: isKnown === 1, starts: ensemble && { ...ensemble, seed: seed ?? 0 }, isMedian: false };
}

/** The table with the medians over all starts in place of the first start's numbers, and their quartiles beside them. */
async function overStarts(share, table, signal) {
  const { state, columns, rows, floor } = table;
  const request = { Scores: { experiment: state.experiment, last: state.frontier, levels, floor } };
  const numbers = await ask(share, request, () => {}, signal);
  if (numbers === undefined) return undefined;
  const quartiles = (index) =>
    columns.map((_, column) => [...numbers.slice(3 * (index * columns.length + column), 3 * (index * columns.length + column + 1))]);
  const medians = rows.map(({ run, index }) => ({ run, index, quartiles: quartiles(index), values: quartiles(index).map((three) => three[1]) }));
  return { ...table, rows: medians, isMedian: true };
}

/** What the numbers are of, where there are several starts. */
function startsOf({ starts, isMedian }) {
  if (!starts) return "";
  const { size, spread, seed } = starts;
  return isMedian
    ? `Median of ${size} starts, seed ${seed}, spread ${spread}; the quartiles stand below. `
    : `Numbers of the first start alone; those of all ${size} are being computed. `;
}

/** Rows in the order of a column; what does not exist stands last either way. */
function sorted(rows, by, ascending) {
  const value = (row) => (by < 0 ? row.index : row.values[by]);
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a.index - b.index;
    return (ascending ? x - y : y - x) || a.index - b.index;
  });
}

const raw = (value) => (Number.isNaN(value) ? "" : Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf");

/** A text as a cell, which no spreadsheet runs as a formula: as `export/src/csv.rs` writes it. */
function cellOf(text) {
  const isFormula = /^[=+\-@\t\r\n＝＋－＠]/.test(text);
  return isFormula || /[",\n\r]/.test(text) ? `"${isFormula ? "'" : ""}${text.replaceAll('"', '""')}"` : text;
}

function toCsv({ columns, rows, starts, isMedian }) {
  const keys = columns.flatMap(({ key }) => (isMedian ? [`${key}_q1`, `${key}_median`, `${key}_q3`] : [key]));
  const about = isMedian ? [starts.size, starts.seed, starts.spread] : [];
  const lines = rows.map(({ run, index, values, quartiles }) =>
    [index, cellOf(run.name), ...(isMedian ? quartiles.flat() : values).map(raw), ...about].join(","),
  );
  return `${[["run", "name", ...keys, ...(isMedian ? ["starts", "seed", "spread"] : [])].join(","), ...lines].join("\n")}\n`;
}

/** The quartiles of a column as the table and Markdown show them; nothing where they are the median. */
const reach = (column, [low, , high]) => (Number.isNaN(low) || low === high ? "" : `${column.show(low)} … ${column.show(high)}`);

const bracketed = (text) => (text === "" ? "" : ` (${text})`);

function toMarkdown(table) {
  const { columns, rows, isMedian } = table;
  const cell = (text) => text.replaceAll("|", "\\|");
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return `${[
    line(["Run", ...columns.map((column) => column.title)]),
    line(["---", ...columns.map(() => "---:")]),
    ...rows.map(({ run, values, quartiles }) =>
      line([cell(run.name), ...values.map((value, i) => columns[i].show(value) + (isMedian ? bracketed(reach(columns[i], quartiles[i])) : ""))]),
    ),
    ...(isMedian ? ["", startsOf(table).replace("stand below", "stand in brackets").trim()] : []),
  ].join("\n")}\n`;
}

export async function open(share) {
  let order = { by: -1, ascending: true };
  let table = read(share);
  let running;
  const place = make("div", { className: "share-scroll", tabIndex: 0, role: "region", ariaLabel: "Scores, scrolls sideways" });
  const note = make("p", { className: "share-note" });
  const status = statusLine();
  const field = make("input", { id: "share-levels", type: "text", autocomplete: "off", spellcheck: false });
  const error = make("p", { id: "share-levels-error", className: "share-error", role: "alert" });

  const head = (column, index) => {
    const isSorted = order.by === index;
    const arrow = make("span", { className: "share-arrow", ariaHidden: "true", textContent: isSorted ? (order.ascending ? "▲" : "▼") : "" });
    const button = make("button", { type: "button", className: "plain" }, column.title, arrow);
    button.addEventListener("click", () => {
      order = { by: index, ascending: isSorted ? !order.ascending : true };
      render();
      place.querySelectorAll("thead button")[index + 1].focus();
    });
    const cell = make("th", { scope: "col" }, button);
    cell.setAttribute("aria-sort", isSorted ? (order.ascending ? "ascending" : "descending") : "none");
    return cell;
  };

  const cell = (column, value, quartiles) =>
    make("td", {}, column.show(value), quartiles ? make("div", { className: "share-reach", textContent: reach(column, quartiles) }) : null);

  /** Shows the first start's scores, and those of all starts once they are computed. */
  async function show() {
    running?.abort();
    running = new AbortController();
    table = read(share);
    render();
    if (!table.starts) return;
    try {
      const median = await overStarts(share, table, running.signal);
      if (median === undefined) return;
      table = median;
      render();
    } catch (error) {
      status.textContent = `The scores of all starts could not be computed: ${error.message}. These are of the first start.`;
    }
  }

  function render() {
    const { state, columns, rows, floor, isKnown } = table;
    const caption = make("caption", { textContent: `${state.title}, steps 0 to ${whole(state.frontier)}` });
    const heads = [{ title: "Run" }, ...columns].map((column, i) => head(column, i - 1));
    const body = sorted(rows, order.by, order.ascending).map(({ run, values, quartiles }) => {
      const dot = make("span", { className: "share-dot", ariaHidden: "true" });
      dot.style.background = run.color;
      return make("tr", {}, make("th", { scope: "row" }, dot, run.name), values.map((value, i) => cell(columns[i], value, quartiles?.[i])));
    });
    place.replaceChildren(make("table", { className: "share-table" }, caption, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, body)));
    const from = isKnown ? `f* = ${significant(floor)}` : `f* is not known: the least loss of all runs, ${significant(floor)}, stands for it`;
    const thinned = state.thinned ? " Of the oldest steps only every 16th is kept: the two shares are those of the newer ones." : "";
    note.textContent = `${startsOf(table)}Levels are those of f − f*, where ${from}. Calls are evaluations of f, gradients and Hessian-vector products together.${thinned}`;
  }

  field.value = levels.join(", ");
  field.setAttribute("aria-describedby", error.id);
  field.addEventListener("change", () => {
    const typed = share.numbers(field.value);
    const wanted = typeof typed === "string" ? [] : [...typed];
    const wrong = wanted.find((level) => !(level > 0));
    error.textContent =
      typeof typed === "string" ? `Levels: ${typed}`
      : wrong !== undefined ? `Levels must be above 0; got ${wrong}.`
      : wanted.length > MOST_LEVELS || wanted.length === 0 ? `Expected 1 to ${MOST_LEVELS} levels; got ${wanted.length}.`
      : "";
    field.setAttribute("aria-invalid", String(error.textContent !== ""));
    if (error.textContent === "") {
      levels = [...new Set(wanted)];
      order = { by: -1, ascending: true };
      show();
    }
  });

  const button = (text, action) => {
    const element = make("button", { type: "button", textContent: text });
    element.addEventListener("click", action);
    return element;
  };
  const tools = make(
    "div",
    { className: "share-tools" },
    make("label", { htmlFor: field.id, textContent: "Levels" }),
    field,
    button("Save CSV", () => save(`${fileName(table.state)}-scores.csv`, toCsv(table), "text/csv")),
    button("Copy as Markdown", () => copy(toMarkdown({ ...table, rows: sorted(table.rows, order.by, order.ascending) }), status, "Copied as a Markdown table.")),
  );
  show();
  await openDialog({ id: "share-scores", title: "Scores", key: "c", content: [tools, error, place, note, status], onclose: () => running?.abort() });
}
