// A map to take away: with title, axes, what the colors mean, the parameters and the link.
import { settingOf } from "../ask.js";
import { endsOf } from "./controls.js";

const MARGIN = 24;
const MAP = { left: 62, top: 96, width: 720, height: 540 };

/** Draws one map as a PNG. */
export async function poster(share, { view, state, legend, tone, words }) {
  const setting = await settingOf(share, state.experiment);
  const kinds = legend.kinds.filter((kind) => kind.share === null || kind.share > 0);
  const rows = Math.ceil(kinds.length / 3) + (legend.scale ? 1 : 0);
  const width = MAP.left + MAP.width + MARGIN;
  const height = MAP.top + MAP.height + 52 + 20 * rows + 44;
  const ratio = 2;
  const canvas = new OffscreenCanvas(width * ratio, height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = tone.page;
  context.fillRect(0, 0, width, height);
  const write = (text, x, y, font, color, most = width - x - MARGIN) => {
    context.font = `${font} ${tone.face}`;
    context.fillStyle = color;
    context.textBaseline = "alphabetic";
    let shown = text;
    while (context.measureText(shown).width > most && shown.length > 2) shown = `${shown.slice(0, -2)}…`;
    context.fillText(shown, x, y);
    return context.measureText(shown).width;
  };
  write(`${state.title}: ${view.name}`, MARGIN, 34, "600 17px", tone.ink);
  write(words, MARGIN, 54, "12px", tone.muted);
  write(setting, MARGIN, 71, "12px", tone.muted);
  view.paintOn(context, MAP, tone);
  let y = MAP.top + MAP.height + 58;
  if (legend.scale) {
    const { label, colors } = legend.scale;
    const [low, high] = endsOf(legend.scale);
    let x = MARGIN + write(`${label}: ${low}`, MARGIN, y, "12px", tone.ink) + 8;
    for (const color of colors) {
      context.fillStyle = color;
      context.fillRect(x, y - 10, 6, 12);
      x += 6;
    }
    write(high, x + 8, y, "12px", tone.ink);
    y += 20;
  }
  kinds.forEach((kind, i) => {
    const x = MARGIN + (i % 3) * 250;
    const line = y + 20 * Math.floor(i / 3);
    context.fillStyle = kind.color;
    context.fillRect(x, line - 10, 12, 12);
    write(kind.share === null ? kind.label : `${kind.label}: ${(100 * kind.share).toFixed(1)} %`, x + 18, line, "12px", tone.ink, 220);
  });
  write(state.link, MARGIN, height - 16, "11px", tone.muted);
  return canvas.convertToBlob({ type: "image/png" });
}
