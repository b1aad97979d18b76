// Pictures to take away: one chart or the whole board, with title, legend, parameters and the link. Drawn once, on a canvas for
// PNG or on a recording for SVG.
import { recordingCanvas, toSvg } from "./svg.js";

const FACE = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const TONES = {
  light: { page: "#ffffff", ink: "#16191d", muted: "#5b626b", line: "#e1e4e8" },
  dark: { page: "#14171b", ink: "#e9ecf0", muted: "#9aa3ae", line: "#2b3138" },
};
const MARGIN = 20;
const GAP = 18;

/** The panels in the board's order, given the charts' titles, with their sizes in CSS pixels. */
export const panels = (titles) => [
  { name: "chart0", title: titles[0], width: 520, height: 250 },
  { name: "landscape", title: "Landscape", width: 400, height: 250 },
  { name: "chart1", title: titles[1], width: 520, height: 250 },
  { name: "chart2", title: titles[2], width: 400, height: 250 },
];

/** The panels of a picture: all for the board, or one of them, larger. */
function panelsOf({ which, titles }) {
  const all = panels(titles);
  if (which === "board") return all;
  return all.filter((panel) => panel.name === which).map((panel) => ({ ...panel, width: 720, height: 400 }));
}

/** Words in lines that fit. A word that is too long is broken anywhere. */
function lines(context, text, width) {
  const done = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (context.measureText(longer).width <= width) {
      line = longer;
      continue;
    }
    if (line !== "") done.push(line);
    line = word;
    while (context.measureText(line).width > width) {
      let end = line.length - 1;
      while (end > 1 && context.measureText(line.slice(0, end)).width > width) end -= 1;
      done.push(line.slice(0, end));
      line = line.slice(end);
    }
  }
  return [...done, line];
}

/** Where everything goes. Legend entries flow like words. */
function layout(context, sheet, panels) {
  const columns = panels.length > 1 ? 2 : 1;
  const width = 2 * MARGIN + panels.slice(0, columns).reduce((sum, panel) => sum + panel.width, 0) + (columns - 1) * GAP;
  const inner = width - 2 * MARGIN;
  context.font = `12px ${FACE}`;
  const setting = lines(context, sheet.setting, inner);
  const legend = [];
  let [x, y] = [MARGIN, MARGIN + 26 + 16 * setting.length + 16];
  for (const run of sheet.runs) {
    const wide = 34 + context.measureText(run.name).width + 20;
    if (x > MARGIN && x + wide > MARGIN + inner) [x, y] = [MARGIN, y + 18];
    legend.push({ run, x, y });
    x += wide;
  }
  y += 22;
  const places = panels.map((panel, i) => {
    const place = { panel, x: MARGIN + (i % columns === 0 ? 0 : panels[i - 1].width + GAP), y };
    if (i % columns === columns - 1) y += 24 + panel.height + 8;
    return place;
  });
  context.font = `9.5px ${FACE}`;
  // Where the page's type face is missing, the one in its place may be wider.
  const link = lines(context, sheet.link, 0.92 * inner);
  return { width, height: Math.ceil(y + 8 + 13 * link.length + MARGIN - 6), setting, legend, places, link };
}

/** Draws a picture on a canvas of `ratio` pixels to a CSS pixel; `canvasOf(width, height)` makes one. */
function compose(share, sheet, ratio, canvasOf) {
  const colors = sheet.dark ? TONES.dark : TONES.light;
  const measured = document.createElement("canvas").getContext("2d");
  const { width, height, setting, legend, places, link } = layout(measured, sheet, panelsOf(sheet));
  const canvas = canvasOf(width * ratio, height * ratio);
  const context = canvas.getContext("2d");
  const text = (words, x, y, font, color) => {
    context.font = `${font} ${FACE}`;
    context.fillStyle = color;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillText(words, x, y);
  };
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colors.page;
  context.fillRect(0, 0, width, height);
  text(sheet.title, MARGIN, MARGIN + 14, "600 17px", colors.ink);
  setting.forEach((words, i) => text(words, MARGIN, MARGIN + 34 + 16 * i, "12px", colors.muted));
  for (const { run, x, y } of legend) {
    context.strokeStyle = run.color;
    context.lineWidth = 2.5;
    context.setLineDash(run.dashes);
    context.beginPath();
    context.moveTo(x, y - 4);
    context.lineTo(x + 26, y - 4);
    context.stroke();
    context.setLineDash([]);
    text(run.name, x + 34, y, "12px", colors.ink);
  }
  for (const { panel, x, y } of places) {
    text(panel.title, x, y + 14, "600 13px", colors.ink);
    const drawn = canvasOf(panel.width * ratio, panel.height * ratio);
    share.draw(panel.name, drawn, panel.width, panel.height, ratio, sheet.dark);
    if (drawn.recording) {
      context.resetTransform();
      context.drawImage(drawn, x * ratio, (y + 24) * ratio, panel.width * ratio, panel.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
    } else {
      context.drawImage(drawn, x, y + 24, panel.width, panel.height);
    }
  }
  link.forEach((words, i) => text(words, MARGIN, height - MARGIN + 6 - 13 * (link.length - 1 - i), "9.5px", colors.muted));
  return { canvas, width, height };
}

/** A picture as PNG, at two pixels to a CSS pixel. */
export async function png(share, sheet) {
  const real = (width, height) => Object.assign(document.createElement("canvas"), { width, height });
  const { canvas } = compose(share, sheet, 2, real);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the browser could not make a PNG"))), "image/png");
  });
}

/** A picture as SVG; lines are placed on a tenth of a CSS pixel. */
export function svg(share, sheet) {
  const { canvas, width, height } = compose(share, sheet, 10, recordingCanvas);
  const names = sheet.runs.map((run) => run.name).join("; ");
  return toSvg(canvas, width, height, `Flatland: ${sheet.title}`, `${sheet.setting}. Runs: ${names}. ${sheet.link}`);
}
