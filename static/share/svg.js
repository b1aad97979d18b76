// A canvas that writes down what is drawn on it, as SVG: the painters of the page draw on it without knowing.
//
// It takes the part of CanvasRenderingContext2D that the charts and the landscape use. Its prototype is that of a real
// context, so that the program takes it for one; what it does not know throws instead of being left out silently.

const number = (value) => String(Math.round(value * 100) / 100);

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/** A color as SVG 1.1 has it: opacity stands apart. */
function paint(name, color) {
  const parts = /^rgba\((\d+),\s*(\d+),\s*(\d+),\s*([\d.e-]+)\)$/.exec(color);
  if (!parts) return `${name}="${escaped(color)}"`;
  const [r, g, b] = parts.slice(1, 4).map((part) => Number(part).toString(16).padStart(2, "0"));
  const opacity = Number(parts[4]);
  return `${name}="#${r}${g}${b}"${opacity < 1 ? ` ${name}-opacity="${number(opacity)}"` : ""}`;
}

const ANCHORS = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
/** How far the baseline lies below the point that a text is set at, in font sizes. */
const BASELINES = { alphabetic: 0, bottom: -0.21, middle: 0.35, top: 0.79, hanging: 0.79 };
const INITIAL = { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineJoin: "miter", lineCap: "butt", font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", globalAlpha: 1, dash: [], clips: 0, matrix: [1, 0, 0, 1, 0, 0] };

/** Clips need names that no other part of the document has. */
let named = 0;

class Recorder {
  parts = [];
  path = "";
  saved = [];

  constructor(canvas) {
    Object.assign(this, { canvas }, structuredClone(INITIAL));
  }

  save() {
    this.saved.push(Object.fromEntries(Object.keys(INITIAL).map((key) => [key, this[key]])));
  }

  restore() {
    const clips = this.clips;
    Object.assign(this, this.saved.pop() ?? {});
    this.parts.push("</g>".repeat(Math.max(0, clips - this.clips)));
  }

  /** What follows until the state is restored lies within the path. */
  clip() {
    named += 1;
    this.clips += 1;
    this.parts.push(`<clipPath id="clip${named}"><path d="${this.path}"${this.common()}/></clipPath><g clip-path="url(#clip${named})">`);
  }

  setTransform(...matrix) {
    this.matrix = matrix;
  }

  resetTransform() {
    this.matrix = [...INITIAL.matrix];
  }

  transform(a, b, c, d, e, f) {
    const [A, B, C, D, E, F] = this.matrix;
    this.matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
  }

  translate(x, y) {
    this.transform(1, 0, 0, 1, x, y);
  }

  scale(x, y) {
    this.transform(x, 0, 0, y, 0, 0);
  }

  rotate(angle) {
    this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0);
  }

  setLineDash(dash) {
    this.dash = [...dash];
  }

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${number(x)} ${number(y)}`;
  }

  lineTo(x, y) {
    this.path += `${this.path === "" ? "M" : "L"}${number(x)} ${number(y)}`;
  }

  closePath() {
    this.path += "Z";
  }

  rect(x, y, width, height) {
    this.path += `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}Z`;
  }

  arc(x, y, radius, from, to) {
    if (Math.abs(to - from) < 2 * Math.PI - 1e-6) {
      const at = (angle) => `${number(x + radius * Math.cos(angle))} ${number(y + radius * Math.sin(angle))}`;
      this.path += `${this.path === "" ? "M" : "L"}${at(from)}A${number(radius)} ${number(radius)} 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}`;
      return;
    }
    const [r, d] = [number(radius), number(2 * radius)];
    this.path += `M${number(x - radius)} ${number(y)}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0 -${d} 0Z`;
  }

  /** The attributes that every element has. */
  common() {
    const [a, b, c, d, e, f] = this.matrix;
    const moved = [a, b, c, d, e, f].some((value, i) => value !== INITIAL.matrix[i]);
    const alpha = this.globalAlpha < 1 ? ` opacity="${number(this.globalAlpha)}"` : "";
    return moved ? `${alpha} transform="matrix(${[a, b, c, d, e, f].map((value) => Math.round(value * 1e4) / 1e4).join(" ")})"` : alpha;
  }

  fill() {
    if (this.path !== "") this.parts.push(`<path d="${this.path}" ${paint("fill", this.fillStyle)}${this.common()}/>`);
  }

  stroke() {
    if (this.path === "") return;
    const dash = this.dash.length > 0 ? ` stroke-dasharray="${this.dash.map(number).join(" ")}"` : "";
    const style = `${paint("stroke", this.strokeStyle)} stroke-width="${number(this.lineWidth)}" stroke-linejoin="${this.lineJoin}" stroke-linecap="${this.lineCap}"${dash}`;
    this.parts.push(`<path d="${this.path}" fill="none" ${style}${this.common()}/>`);
  }

  fillRect(x, y, width, height) {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
    this.beginPath();
  }

  strokeRect(x, y, width, height) {
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
    this.beginPath();
  }

  /** Only ever used to begin with an empty canvas, which this one is. */
  clearRect() {}

  fillText(text, x, y) {
    this.text(text, x, y, paint("fill", this.fillStyle));
  }

  strokeText(text, x, y) {
    this.text(text, x, y, `fill="none" ${paint("stroke", this.strokeStyle)} stroke-width="${number(this.lineWidth)}" stroke-linejoin="${this.lineJoin}"`);
  }

  text(text, x, y, inked) {
    const [, style = "", size, family] = /^(.*?)\s*([\d.]+)px\s+(.*)$/.exec(this.font) ?? [undefined, "", "10", "sans-serif"];
    const weight = /bold|[5-9]00/.exec(style)?.[0];
    const at = `x="${number(x)}" y="${number(y + (BASELINES[this.textBaseline] ?? 0) * Number(size))}"`;
    const anchor = ANCHORS[this.textAlign] ?? "start";
    const face = `font-family="${escaped(family)}" font-size="${size}"${weight ? ` font-weight="${weight}"` : ""}`;
    this.parts.push(`<text ${at} ${face} text-anchor="${anchor}" ${inked}${this.common()}>${escaped(text)}</text>`);
  }

  measureText(text) {
    const context = document.createElement("canvas").getContext("2d");
    context.font = this.font;
    return context.measureText(text);
  }

  /** Another recording becomes a part of this one; pixels, all or a part of them, become a PNG. */
  drawImage(image, ...places) {
    const [x, y, width, height] = places.slice(-4);
    const place = `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;
    if (image.recording) {
      const box = `viewBox="0 0 ${image.width} ${image.height}" preserveAspectRatio="none" overflow="hidden"`;
      this.parts.push(`<svg ${place} ${box}>${image.recording.parts.join("")}</svg>`);
    } else {
      const source = places.length > 4 ? places.slice(0, 4) : [0, 0, image.width, image.height];
      const box = `viewBox="${source.map(number).join(" ")}" preserveAspectRatio="none" overflow="hidden"`;
      this.parts.push(`<g${this.common()}><svg ${place} ${box}><image width="${image.width}" height="${image.height}" preserveAspectRatio="none" href="${image.toDataURL("image/png")}"/></svg></g>`);
    }
  }
}

// A real context's prototype makes the program take this for one; whatever is not recorded throws there.
Object.setPrototypeOf(Recorder.prototype, CanvasRenderingContext2D.prototype);

// Fields of an instance would run into the setters of the real prototype: they are defined, not assigned.
for (const key of [...Object.keys(INITIAL), "canvas"]) {
  Object.defineProperty(Recorder.prototype, key, { value: undefined, writable: true, configurable: true });
}

/** Something that the painters take for a canvas. */
export function recordingCanvas(width, height) {
  const canvas = { width, height, clientWidth: width, clientHeight: height };
  canvas.recording = new Recorder(canvas);
  canvas.getContext = () => canvas.recording;
  return canvas;
}

/** The recording as a document; `description` is for those who do not see it. */
export function toSvg(canvas, width, height, title, description) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${canvas.width} ${canvas.height}" role="img">
<title>${escaped(title)}</title>
<desc>${escaped(description)}</desc>
${canvas.recording.parts.join("\n")}
</svg>
`;
}
