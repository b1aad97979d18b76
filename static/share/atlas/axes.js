// The axes of a map, on any canvas context.

/** Width of a digit of a label, about, in CSS pixels. */
const DIGIT = 6.4;

/** What an axis is, and what “…” in its labels' note stands for. */
const named = (name, note) => (note === "" ? name : `${name} = ${note}`);

/** Draws ticks and labels around a rectangle; `ticks(axis, wanted, room)` gives them and a note on their labels. */
export function drawAxes(context, { left, top, width, height }, { x, y, xLabel, yLabel, ticks }, { ink, muted, line, face }) {
  context.save();
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  context.fillStyle = muted;
  context.strokeStyle = muted;
  context.font = `11px ${face}`;
  context.textBaseline = "top";
  context.textAlign = "center";
  const across = ticks(x, width / 80, 72 / DIGIT);
  for (const { label, share } of across.ticks) {
    const at = Math.round(left + share * width) + 0.5;
    context.beginPath();
    context.moveTo(at, top + height);
    context.lineTo(at, top + height + 4);
    context.stroke();
    const half = context.measureText(label).width / 2;
    context.fillText(label, Math.min(Math.max(at, left + half), left + width - half), top + height + 6);
  }
  context.textBaseline = "middle";
  context.textAlign = "right";
  const up = ticks(y, height / 48, (left - 8) / DIGIT);
  for (const { label, share } of up.ticks) {
    const at = Math.round(top + (1 - share) * height) + 0.5;
    context.beginPath();
    context.moveTo(left - 4, at);
    context.lineTo(left, at);
    context.stroke();
    context.fillText(label, left - 7, Math.min(Math.max(at, top + 6), top + height - 6));
  }
  context.fillStyle = ink;
  context.font = `600 12px ${face}`;
  context.textAlign = "right";
  context.textBaseline = "alphabetic";
  context.fillText(named(xLabel, across.note), left + width, top + height + 32);
  context.textAlign = "left";
  context.fillText(named(yLabel, up.note), 2, top - 8);
  context.restore();
}
