// The help: what is seen, and the keys.
import { make, openDialog } from "./dialog.js";

const KEYS = [
  ["Space", "play or pause (Alt+K works everywhere)"],
  ["→  ←", "one step forward, back; with Shift ten"],
  ["Home  End", "first step, last step"],
  ["+  −", "faster, slower"],
  ["[  ]", "the selected run’s constant step down, up by 2^⅛, with Shift by √2; with Alt those of all runs"],
  ["R", "reset: same start, the policies of now"],
  ["F", "fork: the selected run stays as a ghost, a copy goes on from here"],
  ["1 … 8", "select a run"],
  ["N", "a new seed, for policies that draw random numbers"],
  ["Ctrl+Z  Ctrl+Y", "undo, redo: as the browser’s back and forward"],
  ["L", "the first chart logarithmic or linear; a loss also as f − f_best, above the least of all runs"],
  ["X", "the next thing for the horizontal axes to count"],
  ["E", "even and odd steps told apart, or not"],
  ["P", "projector: big type, thick lines, no controls"],
  ["U", "copy the link"],
  ["A", "the Atlas: maps over whole runs"],
  ["C", "compare: the table of scores"],
  ["V", "the events so far; a click shows their step"],
  ["S", "save: pictures (Enter takes the board as PNG), data, Python, frames; opening a file"],
  ["T", "light, dark, or as the system"],
  ["?", "this help"],
  ["Esc", "leave the projector, the pin, the zoom; close the help"],
  ["Ж  Ω", "where the layout has other letters, those at the places of the Latin ones do the same"],
  ["Tab", "move to the next control; on a chart the arrows move the crosshair, Page keys by a tenth, Enter pins"],
];

/** Paragraphs; a text between underscores stands lower. */
const PARAGRAPHS = [
  "Every curve is one run of gradient descent, x_k+1_ = x_k_ − η_k_∇f(x_k_), from the same start under its own step-size policy.",
  "The sharpness λ₁ is the largest eigenvalue of the Hessian. On a quadratic, a step η multiplies the sharpest direction by 1 − ηλ₁: it shrinks while ηλ₁ < 2 and grows beyond. So 2/η, dashed, is each run’s own threshold, and the last chart shows ηλ₁ against 2.",
  "Loss, sharpness and η are taken at the same iterate. A vertical mark shows where you changed a run. Type any number, step back at any time; the link restores it all.",
  "On the landscape, drag the start’s handle or click to set it, drag the plane to move it, zoom with the wheel or two fingers, and double-click to see all again. Colored by sharpness it is white exactly where λ₁ is the selected run’s threshold. Its title is a list: why 2/η is the edge, how far a step may go before the loss can rise, and the portrait of the oscillation.",
  "On a chart, a click shows and pins a step, a drag zooms into all charts, a double click shows all again; Ctrl and the wheel, or two fingers, zoom too. The titles and the axes’ names are lists to choose from. The strip under the sharpness is the phase of the selected run: pale blue while it sharpens, blue at the edge, amber above it, red when it is thrown, violet in an orbit, gray-brown where only the last digits of the loss move, green when it has converged, dark red when it has diverged, falls without bound, or has no step.",
  "The Atlas draws maps: each pixel is one whole run of this experiment, with two of its numbers changed. Drag and scroll to move in it; a click opens the run under the pointer here.",
];

const SOURCE =
  "After “Flatland: The Adventures of Gradient Descent with Large Step Sizes”, L. Galli, C. Fox, W. Bartolomaeus, M. Schmidt, H. Rauhut, ICML 2026, arXiv 2606.06722.";

const paragraph = (text) => make("p", {}, text.split("_").map((part, index) => (index % 2 === 1 ? make("sub", { textContent: part }) : part)));

/** How much of the histories' room is taken. */
function memory(share) {
  const [used, most] = [...share.memory()].map((bytes) => bytes / (1 << 20));
  return `Every step is kept: the histories take ${used.toFixed(1)} MiB now, and ${most} MiB at the most; beyond that the oldest steps are kept as their extremes and every 16th value.`;
}

export async function open(share) {
  const rows = KEYS.map(([key, what]) => make("tr", {}, make("th", { scope: "row", textContent: key }), make("td", { textContent: what })));
  await openDialog({
    id: "help",
    title: "What you see",
    key: "?",
    content: [
      ...PARAGRAPHS.map(paragraph),
      paragraph(memory(share)),
      make("h3", { textContent: "Keys" }),
      make("table", { className: "keys" }, make("tbody", {}, rows)),
      make("p", { className: "source", textContent: SOURCE }),
    ],
  });
}
