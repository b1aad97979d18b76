// The Atlas: maps over whole runs. Each pixel is one descent of the Lab's experiment, with two of its numbers changed.
import init, { Sheet, choices as choicesOf, suggestion } from "../flatland-atlas.js";
import { copy, fileName, make, openDialog, save, stateOf, statusLine, styled } from "./dialog.js";
import { MEASURES, axisOf, controls, labelOf, legendOf, quantities } from "./atlas/controls.js";
import { openCard } from "./atlas/card-crew.js";
import { Crew } from "./atlas/crew.js";
import { View, tones } from "./atlas/view.js";
import { digitsWithin, significant, whole } from "./numbers.js";

/** The map shown last: it comes back when the Atlas is opened again on an experiment that has its numbers. */
let last;
/** After so many losses the graphics card is let be. */
const MOST_LOSSES = 3;
/** What maps are computed on, as long as the page is open. */
let means = "auto";
/** The graphics card, once it has been asked for: its name and its crew, or why there is none. */
let card;

/** What a link says of the Atlas, if anything. */
function linked() {
  const [, text] = /[#&]atlas=([^&]*)/.exec(location.hash) ?? [];
  if (text === undefined) return undefined;
  try {
    let plain = decodeURIComponent(text);
    // Escaped once more by who passed it on, with the end of a sentence behind it.
    while (plain.startsWith("%")) plain = decodeURIComponent(plain);
    const { all, whole, ...order } = JSON.parse(plain.slice(0, plain.lastIndexOf("}") + 1));
    return { order, all: all === true, whole };
  } catch {
    return { wrong: "The map in this link cannot be read: it was probably cut off. You see the map that the experiment suggests." };
  }
}

/** The order to begin with: of the link, or of the last time, or what the experiment suggests. */
function beginning(state) {
  const suggested = { order: JSON.parse(suggestion(state.experiment, 0)), all: false };
  for (const candidate of [linked(), last]) {
    if (candidate?.wrong) return { ...suggested, wrong: candidate.wrong };
    if (candidate === undefined) continue;
    try {
      new Sheet(state.experiment, JSON.stringify(candidate.order), 1, 1).free();
      return candidate;
    } catch (error) {
      if (candidate !== last) return { ...suggested, wrong: `The map in this link cannot be drawn: ${error}. You see the map that the experiment suggests.` };
    }
  }
  return suggested;
}

/** A short text for steps a second. */
const perSecond = (rate) => (rate >= 1e6 ? `${significant(rate / 1e6)} million` : whole(Math.round(rate)));

export async function open(share) {
  if (document.querySelector("dialog[open]")) return;
  await styled("./share/atlas/atlas.css");
  await init();
  share.pause();
  const state = stateOf(share);
  const experiment = JSON.parse(state.experiment);
  const status = statusLine();
  const stage = make("div", { className: "atlas-stage" });
  const rail = make("div", { className: "atlas-rail", tabIndex: 0, role: "region", ariaLabel: "Map" });
  const readout = make("p", { className: "atlas-readout", role: "status" });
  const bar = make("progress", { className: "atlas-progress", max: 1, value: 0, ariaLabel: "Progress of the map" });
  const way = make("p", { className: "atlas-way" });
  const legend = make("div", { className: "atlas-legend" });
  let views = [];
  let panel;
  let { order, all, wrong } = { order: undefined, all: false, wrong: undefined };
  /** The ends of both axes that "Show all" goes back to, however far the map is zoomed. */
  let full = {};
  let shown = {};

  const complain = (text) => {
    status.textContent = text;
  };
  const crew = new Crew({ size: Math.max(1, Math.min(navigator.hardwareConcurrency || 2, 16)), complain });
  /** The graphics card's crew; null until it is wanted, and where there is none. */
  let cardCrew = null;
  /** Why the card was left for the map that is shown. */
  let trouble = "";
  let losses = 0;

  /** Whether a map is for the card: bifurcation diagrams and what only the engine can do are not. */
  const suitsCard = (view) => cardCrew !== null && !view.isDiagram && view.sheet.reason() === "";
  const crewsFor = (view) => (suitsCard(view) ? [cardCrew, crew] : [crew]);

  /** Asks for the card where it is wanted; what to say if it cannot be had. */
  const reach = async () => {
    if (means === "processor") return "";
    card ??= await openCard().catch((error) => ({ error: error.message }));
    if (card.error !== undefined) return means === "card" ? `The graphics card cannot be used: ${card.error}. The processor goes on.` : "";
    // Played by a processor it is slower than the workers.
    const isWanted = means === "card" || !card.isSoftware;
    if (isWanted && cardCrew === null && document.getElementById("atlas")) cardCrew = card.crew(complain);
    return "";
  };

  const runs = state.runs;
  const choicesFor = (run) => JSON.parse(choicesOf(state.experiment, run));
  const dimension = () => choicesFor(0).filter(({ field }) => field.startsWith("start")).length;
  const labelsFor = (run) => {
    const choices = choicesFor(run);
    return {
      x: ({ x }) => labelOf(choices, x.field),
      y: ({ y, measure }) => (measure === undefined ? quantities(dimension()).find(([name]) => name === y.field)?.[1] : labelOf(choices, y.field)),
    };
  };
  /** The range of a quantity to begin with. */
  const range = (name) => {
    if (name === "loss") return [0, 2];
    if (name === "sharpness") return [-2, 10];
    const start = choicesFor(0).find(({ field }) => field === `start[${name.slice(1)}]`);
    return [start.from, start.to];
  };

  /** Ticks of an axis, and what a label of theirs stands for. */
  const ticks = ({ from, to, scale: spacing }, wanted, room) => {
    const [note, ...all] = share.ticks(from, to, spacing === "log", wanted, room);
    return { note, ticks: all.map(([, label, part]) => ({ label, share: part })) };
  };

  const words = (now) => {
    const measure = MEASURES.find(([name]) => name === now.measure)?.[1] ?? "where the runs go";
    return `${now.steps ?? experiment.steps ?? 500} steps a run · ${measure}`;
  };

  const endsOf = ({ from, to }) => ({ from, to });
  /** Both axes as an order begins with them where nobody has chosen others. */
  const usual = ({ run, x, y, measure }) => {
    const choices = choicesFor(run);
    const known = (axis) => endsOf(choices.find(({ field }) => field === axis.field) ?? axis);
    const [from, to] = measure === undefined ? range(y.field) : [];
    return { x: known(x), y: measure === undefined ? { from, to } : known(y) };
  };
  const isSame = (a, b) => a.from === b?.from && a.to === b?.to;
  /** The whole map, of which the one shown may be a part. */
  const unzoomed = () => ({ ...order, x: { ...order.x, ...full.x }, y: { ...order.y, ...full.y } });

  /** The map as a link has it, with the ends of the whole one where they are not the usual ones. */
  const mapText = () => {
    const isUsual = ["x", "y"].every((name) => isSame(full[name], usual(order)[name]));
    return encodeURIComponent(JSON.stringify({ ...order, all: all || undefined, whole: isUsual ? undefined : full }));
  };
  const address = () => `${state.link}&atlas=${mapText()}`;
  /** Puts the map into the address, so that copying it there keeps it, and Back comes back to it. */
  const remember = () => {
    last = { order, all, whole: full };
    share.keepMap(mapText());
  };

  /** From where to where colors run: small multiples share one scale. */
  const scale = () => {
    const ranges = views.filter((view) => view.sheet).map((view) => view.sheet.range());
    return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
  };
  /** What the colors mean; shares belong to one map alone. */
  const meaning = () => {
    const legends = views.filter((view) => view.sheet).map((view) => JSON.parse(view.sheet.legend(tones().dark, ...scale())));
    if (legends.length === 1) return legends[0];
    const kinds = new Map(legends.flatMap((each) => each.kinds.map((kind) => [kind.label, { ...kind, share: null }])));
    return { kinds: [...kinds.values()], scale: legends.find((each) => each.scale)?.scale ?? null };
  };
  const showLegend = () => legend.replaceChildren(...legendOf(meaning()));

  const showProgress = () => {
    const share = views.reduce((sum, view) => sum + (view.progress ?? 0), 0) / Math.max(views.length, 1);
    bar.value = share;
    bar.hidden = share >= 1;
    const reason = views[0]?.sheet?.reason() ?? "";
    const isCard = cardCrew !== null && views[0]?.crew === cardCrew;
    const how = reason === "" ? "many runs at once" : `run by run with the engine (${reason})`;
    const what = isCard
      ? `Graphics card ${card.name}: single precision`
      : `Processor, ${crew.size} ${crew.size === 1 ? "worker" : "workers"}: ${how}, double precision`;
    const { rates } = shown;
    const speed = rates ? ` · ${perSecond(rates.steps / rates.seconds)} steps a second` : "";
    const check = isCard && rates?.compared ? ` · ${whole(rates.differing)} of ${whole(rates.compared)} checked pixels differ in double precision` : "";
    way.textContent = `${what}${share >= 1 ? speed + check : ` · ${Math.floor(100 * share)} %`}${trouble}`;
  };

  const hover = (reading) => {
    if (!reading) {
      readout.textContent = "Drag to move, scroll to zoom, click a point to open its run in the Lab.";
      return;
    }
    const { x, y, fate, isOwn, number, last: end, hits } = JSON.parse(reading);
    const labels = labelsFor(order.run);
    const numeric = (value) => (typeof value === "number" ? significant(value) : value);
    const at = (name, value) => `${labels[name](order)} = ${significant(value, digitsWithin(order[name]))}`;
    const parts = [at("x", x), at("y", y)];
    if (fate !== undefined) parts.push(`${isOwn ? "" : "nearby: "}${fate}`);
    if (number !== undefined) parts.push(`${MEASURES.find(([name]) => name === order.measure)[1]}: ${numeric(number)}`);
    if (end !== undefined) parts.push(`ends at ${end.map(numeric).join(", ")}`);
    if (hits !== undefined) parts.push(`${whole(hits)} hits`);
    readout.textContent = parts.join(" · ");
  };

  /** The orders to draw side by side: the same map under every policy that has its numbers. */
  const orders = () => {
    if (!all) return [order];
    return runs.map((_, run) => {
      const moved = (axis) => ({ ...axis, field: axis.field.replace(/^runs\[\d+\]/, `runs[${run}]`) });
      return { ...order, run, x: moved(order.x), y: order.measure === undefined ? order.y : moved(order.y) };
    });
  };

  const sync = (from, moved) => {
    // Small multiples show one part of the plane.
    if (!all) {
      order = moved;
    } else if (from === views[0]) {
      order = { ...moved, run: order.run };
    }
    panel?.follow(order);
    remember();
  };

  /** Draws an order; what cannot be drawn is said, and the old map stays. */
  const draw = (wanted, everything) => {
    const before = { order, all };
    [order, all] = [wanted, everything];
    const fresh = [];
    const skipped = [];
    for (const each of orders()) {
      try {
        new Sheet(state.experiment, JSON.stringify(each), 1, 1).free();
        fresh.push(each);
      } catch (error) {
        if (!all) {
          ({ order, all } = before);
          panel?.complain(String(error));
          return false;
        }
        skipped.push(runs[each.run].name);
      }
    }
    if (fresh.length === 0) {
      ({ order, all } = before);
      panel?.complain("No policy of this experiment has these numbers: choose numbers of the start or the objective.");
      return false;
    }
    views.forEach((view) => view.close());
    shown = {};
    trouble = "";
    views = fresh.map((each) => {
      const view = new View({
        crews: () => crewsFor(view),
        name: runs[each.run].name,
        labels: labelsFor(each.run),
        ticks,
        document: state.experiment,
        isDiagram: each.measure === undefined,
        makeSheet: (columns, rows) => new Sheet(state.experiment, JSON.stringify(each), columns, rows),
        on: {
          progress: (done, rates) => {
            view.progress = done;
            if (rates) shown.rates = rates;
            showProgress();
          },
          painted: () => showLegend(),
          scale,
          hover,
          open: (document) => {
            const error = share.openDocument(document);
            if (error === undefined) dialog.close();
            else status.textContent = error;
          },
          change: (moved) => {
            trouble = "";
            sync(view, moved);
          },
          complain,
          fallBack: (text, isLost) => {
            trouble = ` · the graphics card was left: ${text}`;
            showProgress();
            if (!isLost) return;
            // The next map may have it again.
            cardCrew?.dismiss();
            [card, cardCrew] = [undefined, null];
            losses += 1;
            if (losses <= MOST_LOSSES) reach();
          },
          reset: () => draw(unzoomed(), all),
        },
      });
      return view;
    });
    stage.className = `atlas-stage is-${Math.min(views.length, 8)}`;
    stage.replaceChildren(...views.map((view) => view.element));
    views.forEach((view) => view.fit());
    status.textContent = skipped.length > 0 ? `Without ${skipped.join(", ")}: ${skipped.length === 1 ? "it has" : "they have"} no such number.` : "";
    return true;
  };

  const compute = async (wanted) => {
    means = wanted;
    if (means === "processor" && cardCrew !== null) {
      cardCrew.dismiss();
      cardCrew = null;
    }
    const message = await reach();
    if (!document.getElementById("atlas")) return;
    draw(order, all);
    if (message) status.textContent = message;
  };

  const showControls = () => {
    panel = controls({ order, all, means, runs, choices: choicesFor(order.run), number: (text, isWhole) => share.number(text, isWhole), dimension: dimension(), steps: experiment.steps ?? 500, range, compute }, (wanted, everything) => {
      // Another policy has other numbers: keep those that it has too.
      if (wanted.run !== order.run) {
        const theirs = choicesFor(wanted.run);
        for (const name of ["x", "y"]) {
          const field = wanted[name].field.replace(/^runs\[\d+\]/, `runs[${wanted.run}]`);
          const known = theirs.find((choice) => choice.field === field);
          const isQuantity = name === "y" && wanted.measure === undefined;
          const free = theirs.find((choice) => choice.field !== wanted[name === "x" ? "y" : "x"].field);
          if (!isQuantity) wanted[name] = known ? { ...wanted[name], field } : axisOf(free);
        }
      }
      const shown = order;
      if (draw(wanted, everything)) {
        // What was set by hand is the whole from now on; what was not stays a part of it.
        const plain = ({ field }) => field.replace(/^runs\[\d+\]/, "runs");
        for (const name of ["x", "y"]) {
          const isKept = plain(order[name]) === plain(shown[name]) && isSame(order[name], shown[name]) && !(order[name].scale === "log" && full[name].from <= 0);
          if (!isKept) full = { ...full, [name]: endsOf(order[name]) };
        }
        showControls();
        remember();
      }
    });
    rail.replaceChildren(panel.element, legend);
  };

  const button = (text, title, action) => {
    const element = make("button", { type: "button", textContent: text, title });
    element.addEventListener("click", action);
    return element;
  };
  const middle = { x: 0.5, y: 0.5 };
  const tools = make(
    "div",
    { className: "share-tools atlas-tools" },
    button("−", "Zoom out (−)", () => views.forEach((view) => view.zoom(middle, 2))),
    button("+", "Zoom in (+)", () => views.forEach((view) => view.zoom(middle, 0.5))),
    button("Show all", "Back to the range chosen (0)", () => draw(unzoomed(), all)),
    button("Save PNG", "The map with its axes, legend and link", async () => {
      const { poster } = await import("./atlas/poster.js");
      const [view] = views;
      try {
        const sheet = { view, state: { ...state, link: address() }, legend: meaning(), tone: tones(), words: words(order) };
        save(`${fileName(state)}-map.png`, await poster(share, sheet));
        status.textContent = "Saved.";
      } catch (error) {
        status.textContent = `The picture could not be made: ${error.message ?? error}. Nothing was saved.`;
      }
    }),
    button("Copy link", "A link to this very map", () => copy(address(), status, "Link copied. It restores this map.")),
  );

  const refit = new ResizeObserver(() => views.forEach((view) => view.fit()));
  const dialog = await openDialog({
    id: "atlas",
    title: "Atlas",
    key: "a",
    content: [make("div", { className: "atlas" }, rail, make("div", { className: "atlas-main" }, make("div", { className: "atlas-head" }, readout, tools), stage, bar, make("div", { className: "atlas-foot" }, way, status)))],
    onclose: () => {
      refit.disconnect();
      crew.dismiss();
      cardCrew?.dismiss();
      views.forEach((view) => view.close());
    },
  });
  if (dialog === undefined) {
    crew.dismiss();
    return;
  }
  try {
    const begun = beginning(state);
    ({ order, all, wrong } = { wrong: undefined, ...begun });
    const isChosen = ["x", "y"].every((name) => begun.whole?.[name]?.from < begun.whole?.[name]?.to);
    full = isChosen ? begun.whole : usual(order);
    const wanted = order;
    const everything = all;
    hover(undefined);
    await reach();
    if (!draw(wanted, everything)) {
      draw(JSON.parse(suggestion(state.experiment, 0)), false);
      full = usual(order);
    }
    showControls();
    showProgress();
    if (wrong) status.textContent = wrong;
    refit.observe(stage);
  } catch (error) {
    stage.replaceChildren(make("p", { className: "atlas-empty", textContent: `There is no map of this experiment: ${error}.` }));
    bar.hidden = true;
  }
}
