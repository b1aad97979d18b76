// The Atlas's rail: which run, which numbers stand on the axes, what the color says.
import { make } from "../dialog.js";
import { digitsWithin, significant } from "../numbers.js";

export const MEASURES = [
  ["outcome", "how runs end"],
  ["sharpness", "final sharpness λ₁"],
  ["share", "steps with η·λ₁ > 2"],
  ["lyapunov", "Lyapunov exponent"],
  ["minimizer", "which minimizer"],
];

/** What maps may be computed on. */
const MEANS = [
  ["auto", "whatever is best"],
  ["processor", "the processor"],
  ["card", "the graphics card"],
];

/** Characters that fit into half a line of the rail. */
const SHORT = 8;

/** A select with a label. */
function choice(id, label, options, value) {
  const select = make("select", { id }, options.map(([name, text]) => make("option", { value: name, textContent: text })));
  select.value = value;
  return { select, row: make("div", { className: "atlas-field" }, make("label", { htmlFor: id, textContent: label }), select) };
}

/** A field for a number, with its name for messages. What it shows may be rounded; it is exact as long as nothing is typed. */
function numberField(id, name, label, value, text = String(value)) {
  const input = make("input", { id, type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false, title: String(value), value: text });
  const field = { name, input, value, text, label: make("label", { htmlFor: id, textContent: label }) };
  field.show = (moved, written) => {
    Object.assign(field, { value: moved, text: written });
    Object.assign(input, { value: written, title: String(moved) });
  };
  return field;
}

/** What is wrong with an order, in the words of the field that holds it: without its place in the document, or that a document may do without it. */
function refusal(error, label) {
  const [, field, expected, found, remedy] = /^([^:]*): expected ([^]*), found ([^]*); ([^]*)$/.exec(error) ?? [];
  if (field === undefined) return error;
  const bounds = expected.replace(/(\d)\.0\b/g, "$1").replace(/^above 0 and at most 1e150$|(?<=^a number above 0) and at most 1e150$/, "");
  const what = bounds.startsWith("a number ") ? `must be ${bounds.slice(9)}` : `: expected ${bounds}`;
  const cure = remedy.includes("leave") ? "" : ` ${remedy[0].toUpperCase()}${remedy.slice(1)}.`;
  return `${label(field)}${what.startsWith(":") ? "" : " "}${what}; got ${found.replace(/(\d)\.0\b/g, "$1")}.${cure}`;
}

/** What stands on the axes, for people. */
export const labelOf = (choices, field) => choices.find((choice) => choice.field === field)?.label ?? field;

/** What a diagram may have upwards. */
export const quantities = (dimension) => [
  ...Array.from({ length: Math.min(dimension, 4) }, (_, i) => [`x${i}`, dimension <= 3 ? `iterates ${"xyz"[i]}` : `iterates x${i + 1}`]),
  ["loss", "loss"],
  ["sharpness", "sharpness λ₁"],
];

/**
 * Builds the rail for an order. `change(order, all)` hears of every change that makes sense by itself.
 *
 * @param {{ order: object, all: boolean, means: string, runs: { name: string }[], choices: object[], dimension: number, steps: number, range: (name: string) => [number, number], compute: (means: string) => void, number: (text: string, isWhole: boolean) => number | string }} of
 */
export function controls({ order, all, means, runs, choices, number, dimension, steps, range, compute }, change) {
  const isDiagram = order.measure === undefined;
  const complaint = make("p", { id: "atlas-error", className: "share-error", role: "alert" });
  /** Says what is wrong, with the fields that it is about marked; nothing where nothing is. */
  const complain = (text, fields = []) => {
    complaint.textContent = text;
    for (const input of element.querySelectorAll("input[type=text]")) {
      if (fields.some((field) => field.input === input)) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  };
  /** The numbers in fields; if one holds none, says why, and gives nothing. */
  const numbersIn = (fields, isWhole = false) => {
    const numbers = [];
    for (const field of fields) {
      const read = field.input.value === field.text ? field.value : number(field.input.value, isWhole);
      if (typeof read === "string") {
        complain(`${field.name}: ${read}`, [field]);
        return undefined;
      }
      numbers.push(read);
    }
    complain("");
    return numbers;
  };
  const send = (changes, everything = all) => {
    const next = { ...order, ...changes };
    if (next.measure === null) delete next.measure;
    change(JSON.parse(JSON.stringify(next)), everything);
  };

  const kind = choice("atlas-kind", "Draw", [["map", "map: a run a pixel"], ["bifurcation", "bifurcation diagram"]], isDiagram ? "bifurcation" : "map");
  kind.select.addEventListener("change", () => {
    if (kind.select.value === "map") {
      const y = choices.find((candidate) => candidate.field !== order.x.field);
      if (y) send({ measure: "outcome", y: axisOf(y) });
    } else {
      const [from, to] = range("x0");
      send({ measure: null, y: { field: "x0", from, to, scale: "linear" } });
    }
  });

  const run = choice("atlas-run", "Policy", [...runs.map(({ name }, i) => [String(i), `${i + 1}: ${name}`]), ...(runs.length > 1 ? [["all", "all of them, side by side"]] : [])], all ? "all" : String(order.run));
  run.select.addEventListener("change", () => {
    if (run.select.value === "all") send({}, true);
    else send({ run: Number(run.select.value) }, false);
  });

  const measure = choice("atlas-measure", "Color", MEASURES, order.measure ?? "outcome");
  measure.select.addEventListener("change", () => send({ measure: measure.select.value }));

  const length = numberField("atlas-steps", "Steps of a run", "Steps", order.steps ?? steps);
  length.input.addEventListener("change", () => {
    const [wanted] = numbersIn([length], true) ?? [];
    if (wanted === undefined) return;
    if (wanted >= 1 && Number.isInteger(wanted)) send({ steps: wanted });
    else complain(`Steps must be a whole number, at least 1; got ${length.input.value}.`, [length]);
  });
  const fields = { steps: [length] };
  /** Gives the ends of the axes the room that their digits need. */
  const fitting = [];

  const way = choice("atlas-means", "Compute on", MEANS, means);
  way.select.addEventListener("change", () => compute(way.select.value));

  const axis = (name, title) => {
    const mine = order[name];
    const options = isDiagram && name === "y" ? quantities(dimension) : choices.map(({ field, label }) => [field, label]);
    const field = choice(`atlas-${name}`, title, options, mine.field);
    const from = numberField(`atlas-${name}-from`, `${title}, from`, "from", mine.from, shown(mine, "from"));
    const to = numberField(`atlas-${name}-to`, `${title}, to`, "to", mine.to, shown(mine, "to"));
    field.select.addEventListener("change", () => {
      if (isDiagram && name === "y") {
        const [low, high] = range(field.select.value);
        send({ y: { field: field.select.value, from: low, to: high, scale: "linear" } });
        return;
      }
      const other = name === "x" ? "y" : "x";
      const changes = { [name]: axisOf(choices.find((candidate) => candidate.field === field.select.value)) };
      // What stood here goes to the other axis, rather than on both.
      if (changes[name].field === order[other].field) changes[other] = mine;
      send(changes);
    });
    fields[name] = [from, to];
    const ends = () => {
      const [low, high] = numbersIn([from, to]) ?? [];
      if (low === undefined) return;
      if (low >= high) complain(`${title}: “from” must be below “to”; got ${low} and ${high}.`, [from, to]);
      else if (mine.scale === "log" && low <= 0) complain(`${title}, from: must be above 0 on a logarithmic axis; got ${low}.`, [from]);
      else send({ [name]: { ...order[name], from: low, to: high } });
    };
    for (const end of [from, to]) {
      end.input.addEventListener("change", ends);
      end.input.setAttribute("aria-describedby", complaint.id);
    }
    const log = make("input", { id: `atlas-${name}-log`, type: "checkbox", checked: mine.scale === "log", disabled: isDiagram && name === "y" });
    log.addEventListener("change", () => send({ [name]: { ...mine, scale: log.checked ? "log" : "linear" } }));
    const line = make("div", { className: "atlas-range" }, from.label, from.input, to.label, to.input, make("label", { className: "atlas-log", htmlFor: log.id }, log, "log"));
    fitting.push(() => line.classList.toggle("is-long", [from, to].some(({ text }) => text.length > SHORT)));
    fitting.at(-1)();
    return make("fieldset", { className: "atlas-axis" }, make("legend", { textContent: title }), field.row, line);
  };

  const element = make(
    "div",
    { className: "atlas-controls" },
    kind.row,
    run.row,
    isDiagram ? null : measure.row,
    make("div", { className: "atlas-field" }, length.label, length.input),
    axis("x", "Across"),
    axis("y", "Up"),
    complaint,
    way.row,
  );
  return {
    element,
    /** Says why an order cannot be drawn, at the fields that it is about. */
    complain: (error) => {
      const [place] = /^[^:]*/.exec(error);
      const about = ["x", "y"].find((name) => order[name].field === place) ?? place;
      complain(refusal(error, (field) => (field === "steps" ? "Steps" : labelOf(choices, field))), fields[about]);
    },
    /** Shows the ends of an order that was moved by hand. */
    follow: (moved) => {
      for (const name of ["x", "y"]) {
        for (const end of ["from", "to"]) {
          const field = fields[name][end === "from" ? 0 : 1];
          if (document.activeElement !== field.input) field.show(moved[name][end], shown(moved[name], end));
        }
      }
      fitting.forEach((fit) => fit());
      order = moved;
    },
  };
}

/** An end of an axis with as many digits as tell it from the other. */
const shown = (axis, end) => String(Number(axis[end].toPrecision(Math.max(8, digitsWithin(axis)))));

/** An axis as orders have it. */
export const axisOf = ({ field, from, to, scale }) => ({ field, from, to, scale });

/** The ends of a scale in words: beyond them lie outliers, which have the color of the end. */
export const endsOf = ({ low, high, below, above }) => [`${below ? "≤ " : ""}${significant(low)}`, `${above ? "≥ " : ""}${significant(high)}`];

/** The legend: kinds with their shares, and the scale. */
export function legendOf({ kinds, scale }) {
  const swatch = (color) => {
    const dot = make("span", { className: "atlas-swatch", ariaHidden: "true" });
    dot.style.background = color;
    return dot;
  };
  const rows = kinds.map((kind) =>
    make("li", {}, swatch(kind.color), make("span", { textContent: kind.label }), kind.share === null ? "" : make("span", { className: "atlas-share", textContent: `${(100 * kind.share).toFixed(1)} %` })),
  );
  const bar = make("span", { className: "atlas-bar", ariaHidden: "true" });
  if (scale) bar.style.background = `linear-gradient(to right, ${scale.colors.join(", ")})`;
  const marks = (scale?.marks ?? []).map(({ label, share }) => {
    const mark = make("span", { className: "atlas-mark", textContent: label });
    mark.style.left = `${100 * share}%`;
    return mark;
  });
  const [low, high] = scale ? endsOf(scale) : [];
  return [
    scale ? make("div", { className: "atlas-scale" }, make("span", { textContent: scale.label }), bar, make("span", { className: "atlas-ends" }, make("span", { textContent: low }), ...marks, make("span", { textContent: high }))) : null,
    make("ul", { className: "atlas-kinds" }, rows),
  ].filter((part) => part !== null);
}
