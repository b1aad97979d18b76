// Ticks and labels of a map's axes, on any canvas context.
import { significant } from "../numbers.js";

/** Round numbers between the ends of an axis, about `count` of them, with their shares of the way. */
export function ticks({ from, to, scale }, count) {
  if (scale === "log") {
    const decades = [];
    const [low, high] = [Math.log10(from), Math.log10(to)];
    for (const factor of high - low > 1.5 ? [1] : [1, 2, 5]) {
      for (let power = Math.floor(low); power <= high; power += 1) {
        const number = factor * 10 ** power;
        if (number >= from && number <= to) decades.push({ number, share: (Math.log10(number) - low) / (high - low) });
      }
    }
    if (decades.length >= 2) {
      decades.sort((a, b) => a.number - b.number);
      const skip = Math.ceil(decades.length / Math.max(count, 2));
      return decades.filter((_, i) => i % skip === 0);
    }
  }
  const rough = (to - from) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  const found = [];
  for (let i = Math.ceil(from / step); i * step <= to * (1 + 1e-12); i += 1) {
    // i·step has rounding errors that a label must not show.
    const number = Number((i * step).toPrecision(12));
    const share = scale === "log" ? Math.log(number / from) / Math.log(to / from) : (number - from) / (to - from);
    found.push({ number, share });
  }
  return found;
}

/** A number as short as the axis allows: neighbors stay different. */
export function label(number, { from, to }) {
  const digits = Math.max(4, Math.ceil(Math.log10(Math.max(Math.abs(from), Math.abs(to)) / (to - from))) + 3);
  if (digits <= 4) return significant(number);
  return String(Number(number.toPrecision(Math.min(digits, 15)))).replace("-", "−");
}

/** Draws ticks and labels around a rectangle. */
export function drawAxes(context, { left, top, width, height }, { x, y, xLabel, yLabel }, { ink, muted, line, face }) {
  context.save();
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  context.fillStyle = muted;
  context.strokeStyle = muted;
  context.font = `11px ${face}`;
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const { number, share } of ticks(x, width / 80)) {
    const at = Math.round(left + share * width) + 0.5;
    context.beginPath();
    context.moveTo(at, top + height);
    context.lineTo(at, top + height + 4);
    context.stroke();
    const text = label(number, x);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(Math.max(at, left + half), left + width - half), top + height + 6);
  }
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const { number, share } of ticks(y, height / 48)) {
    const at = Math.round(top + (1 - share) * height) + 0.5;
    context.beginPath();
    context.moveTo(left - 4, at);
    context.lineTo(left, at);
    context.stroke();
    context.fillText(label(number, y), left - 7, Math.min(Math.max(at, top + 6), top + height - 6));
  }
  context.fillStyle = ink;
  context.font = `600 12px ${face}`;
  context.textAlign = "right";
  context.textBaseline = "alphabetic";
  context.fillText(xLabel, left + width, top + height + 32);
  context.textAlign = "left";
  context.fillText(yLabel, 2, top - 8);
  context.restore();
}
