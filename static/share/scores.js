// The score table: every run in numbers, up to the step shown furthest.
import { copy, fileName, make, openDialog, save, stateOf, statusLine } from "./dialog.js";
import { percent, significant, whole } from "./numbers.js";

const DEFAULT_LEVELS = [1e-2, 1e-4, 1e-8];
const MOST_LEVELS = 6;

/** The levels last asked for: they stay while the page is open. */
let levels = DEFAULT_LEVELS;

/** The columns for some levels, in the order in which the program gives their numbers. */
function columnsFor(wanted) {
  const atLevels = wanted.flatMap((level) => [
    { key: `steps_to_${level}`, title: `Steps to ${significant(level)}`, show: whole },
    { key: `calls_to_${level}`, title: `Calls to ${significant(level)}`, show: whole },
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
  return { state, columns, rows, floor, isKnown: isKnown === 1 };
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

function toCsv({ columns, rows }) {
  const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map(({ run, index, values }) => [index, quote(run.name), ...values.map(raw)].join(","));
  return `${[["run", "name", ...columns.map((column) => column.key)].join(","), ...lines].join("\n")}\n`;
}

function toMarkdown({ columns, rows }) {
  const cell = (text) => text.replaceAll("|", "\\|");
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return `${[
    line(["Run", ...columns.map((column) => column.title)]),
    line(["---", ...columns.map(() => "---:")]),
    ...rows.map(({ run, values }) => line([cell(run.name), ...values.map((value, i) => columns[i].show(value))])),
  ].join("\n")}\n`;
}

export async function open(share) {
  let order = { by: -1, ascending: true };
  let table = read(share);
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

  function render() {
    const { state, columns, rows, floor, isKnown } = table;
    const caption = make("caption", { textContent: `${state.title}, steps 0 to ${whole(state.frontier)}` });
    const heads = [{ title: "Run" }, ...columns].map((column, i) => head(column, i - 1));
    const body = sorted(rows, order.by, order.ascending).map(({ run, values }) => {
      const dot = make("span", { className: "share-dot", ariaHidden: "true" });
      dot.style.background = run.color;
      return make("tr", {}, make("th", { scope: "row" }, dot, run.name), values.map((value, i) => make("td", { textContent: columns[i].show(value) })));
    });
    place.replaceChildren(make("table", { className: "share-table" }, caption, make("thead", {}, make("tr", {}, heads)), make("tbody", {}, body)));
    const from = isKnown ? `f* = ${significant(floor)}` : `f* is not known: the least loss of all runs, ${significant(floor)}, stands for it`;
    const thinned = state.thinned ? " Of the oldest steps only every 16th is kept: the two shares are those of the newer ones." : "";
    note.textContent = `Levels are those of f − f*, where ${from}. Calls are evaluations of f, gradients and Hessian-vector products together.${thinned}`;
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
      table = read(share);
      render();
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
  render();
  await openDialog({ id: "share-scores", title: "Scores", key: "c", content: [tools, error, place, note, status] });
}
