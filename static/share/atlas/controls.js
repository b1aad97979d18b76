// The Atlas's rail: which run, which numbers stand on the axes, what the color says.
import { make } from "../dialog.js";
import { significant } from "../numbers.js";

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

/** A select with a label. */
function choice(id, label, options, value) {
  const select = make("select", { id }, options.map(([name, text]) => make("option", { value: name, textContent: text })));
  select.value = value;
  return { select, row: make("div", { className: "atlas-field" }, make("label", { htmlFor: id, textContent: label }), select) };
}

/** A field for a number, with its name for messages; `read` gives its number, NaN for what is none. */
function numberField(id, name, label, value) {
  const input = make("input", { id, type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false, value: String(value) });
  return { name, input, label: make("label", { htmlFor: id, textContent: label }), read: () => Number(input.value.trim().replace("−", "-") || "NaN") };
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
 * @param {{ order: object, all: boolean, means: string, runs: { name: string }[], choices: object[], dimension: number, steps: number, range: (name: string) => [number, number], compute: (means: string) => void }} of
 */
export function controls({ order, all, means, runs, choices, dimension, steps, range, compute }, change) {
  const isDiagram = order.measure === undefined;
  const complaint = make("p", { id: "atlas-error", className: "share-error", role: "alert" });
  /** Whether fields hold numbers; if not, says which does not. */
  const areNumbers = (...fields) => {
    const wrong = fields.find(({ read }) => !Number.isFinite(read()));
    if (wrong) complaint.textContent = `${wrong.name}: expected a finite number such as 0.5 or 1e-3; got “${wrong.input.value}”.`;
    return wrong === undefined;
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
  length.input.addEventListener("change", () => areNumbers(length) && send({ steps: length.read() }));

  const way = choice("atlas-means", "Compute on", MEANS, means);
  way.select.addEventListener("change", () => compute(way.select.value));

  const axis = (name, title) => {
    const mine = order[name];
    const options = isDiagram && name === "y" ? quantities(dimension) : choices.map(({ field, label }) => [field, label]);
    const field = choice(`atlas-${name}`, title, options, mine.field);
    const from = numberField(`atlas-${name}-from`, `${title}, from`, "from", shown(mine.from));
    const to = numberField(`atlas-${name}-to`, `${title}, to`, "to", shown(mine.to));
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
    const ends = () => areNumbers(from, to) && send({ [name]: { ...mine, from: from.read(), to: to.read() } });
    for (const end of [from, to]) {
      end.input.addEventListener("change", ends);
      end.input.setAttribute("aria-describedby", complaint.id);
    }
    const log = make("input", { id: `atlas-${name}-log`, type: "checkbox", checked: mine.scale === "log", disabled: isDiagram && name === "y" });
    log.addEventListener("change", () => send({ [name]: { ...mine, scale: log.checked ? "log" : "linear" } }));
    return make(
      "fieldset",
      { className: "atlas-axis" },
      make("legend", { textContent: title }),
      field.row,
      make("div", { className: "atlas-range" }, from.label, from.input, to.label, to.input, make("label", { className: "atlas-log", htmlFor: log.id }, log, "log")),
    );
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
    complain: (text) => {
      complaint.textContent = text;
    },
    /** Shows the ends of an order that was moved by hand. */
    follow: (moved) => {
      for (const name of ["x", "y"]) {
        for (const end of ["from", "to"]) {
          const input = element.querySelector(`#atlas-${name}-${end}`);
          if (document.activeElement !== input) input.value = shown(moved[name][end]);
        }
      }
      order = moved;
    },
  };
}

const shown = (number) => String(Number(number.toPrecision(8)));

/** An axis as orders have it. */
export const axisOf = ({ field, from, to, scale }) => ({ field, from, to, scale });

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
  return [
    scale ? make("div", { className: "atlas-scale" }, make("span", { textContent: scale.label }), bar, make("span", { className: "atlas-ends" }, make("span", { textContent: significant(scale.low) }), make("span", { textContent: significant(scale.high) }))) : null,
    make("ul", { className: "atlas-kinds" }, rows),
  ].filter((part) => part !== null);
}
