// One map on the screen: its canvas, its sheet, and what hands do to it.
import { make } from "../dialog.js";
import { drawAxes } from "./axes.js";

const MARGIN = { left: 54, right: 10, top: 24, bottom: 38 };
/** Device pixels of a map at the most: beyond that its pixels grow. */
const MOST_PIXELS = 1_500_000;
/** The picture is painted this often while it is computed. */
const PAINT_MS = 120;
/** A press that moves less than this is a click. */
const CLICK_PX = 4;

/** The page's colors and type face, as canvases need them. */
export function tones() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  return { ink: token("--ink"), muted: token("--muted"), line: token("--line-strong"), face: token("--face"), page: token("--page"), dark: style.colorScheme === "dark" };
}

export class View {
  #sheet;
  #off;
  #rects;
  #painted = 0;
  #waiting;
  #key = 0;
  #cursor;
  #image = new OffscreenCanvas(1, 1);
  #frame;

  /**
   * `makeSheet(columns, rows)` makes the sheet; `crews()` are those to try, one after the other; `on` hears of `progress(share, rates)`, `hover(reading)`, `open(document)`, `change(order)`
   * and `complain(text)`, and says with `scale()` from where to where colors run.
   */
  constructor({ crews, name, makeSheet, labels, ticks, document: experiment, isDiagram, on }) {
    Object.assign(this, { crews, name, labels, ticks, experiment, isDiagram, on });
    this.makeSheet = makeSheet;
    this.canvas = make("canvas", { className: "atlas-canvas", tabIndex: 0, role: "img" });
    this.title = make("figcaption", { textContent: name });
    this.element = make("figure", { className: "atlas-view" }, this.title, this.canvas);
    this.#listen();
  }

  /** The order as it stands. */
  get order() {
    return JSON.parse(this.#sheet.order());
  }

  get sheet() {
    return this.#sheet;
  }

  /** Fits the drawing to the place it has on the page. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width < 90 || height < 90) return;
    const ratio = devicePixelRatio || 1;
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const rect = { left: MARGIN.left, top: MARGIN.top, width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
    const fine = Math.min(ratio, Math.sqrt(MOST_PIXELS / (rect.width * rect.height)));
    const [columns, rows] = [Math.max(1, Math.round(rect.width * fine)), Math.max(1, Math.round(rect.height * fine))];
    this.#rects = { rect, ratio, columns, rows };
    if (this.#sheet === undefined) this.#sheet = this.makeSheet(columns, rows);
    else this.#sheet.resize(columns, rows);
    this.#draw();
  }

  /** Ends it, and frees what it holds. */
  close() {
    this.#off?.();
    clearTimeout(this.#waiting);
    cancelAnimationFrame(this.#frame);
    this.#sheet?.free();
    this.#sheet = undefined;
    this.element.remove();
  }

  /** Has what is not known computed, and shows it as it comes. */
  #draw() {
    this.#off?.();
    this.#key += 1;
    const { columns, rows } = this.#rects;
    const drawing = { key: `${this.name} ${this.#key} ${Math.random()}`, document: this.experiment, order: this.#sheet.order(), columns, rows, unit: this.isDiagram ? 1 : 64 };
    const work = this.#sheet.work();
    let coarse = this.#sheet.coarse();
    performance.mark("atlas: begun");
    this.paint();
    this.on.change(this.order);
    if (work.length === 0) {
      this.on.progress(1);
      return;
    }
    this.on.progress(this.#sheet.share());
    this.#hand(drawing, work, coarse, this.crews());
  }

  /** Hands the work to a crew; what it leaves undone goes to the next one. */
  #hand(drawing, work, coarse, [crew, ...others]) {
    this.crew = crew;
    this.#off = crew.draw(drawing, work, {
      fail: (text, isLost) => {
        if (others.length === 0) {
          this.#off = undefined;
          this.on.progress(1);
          this.on.complain(text);
          return;
        }
        this.on.fallBack(text, isLost);
        this.#hand(drawing, this.#sheet.work(), this.#sheet.coarse(), others);
      },
      take: (pixels, numbers) => {
        this.#sheet.put(pixels, numbers);
        this.on.progress(this.#sheet.share());
        const isCoarse = coarse > 0 && coarse <= pixels.length;
        coarse -= pixels.length;
        // The first picture comes at once.
        if (isCoarse) {
          this.paint();
          performance.mark("atlas: coarse");
        } else this.#paintSoon();
      },
      done: (rates) => {
        this.#off = undefined;
        this.on.progress(1, rates);
        this.paint();
        performance.mark("atlas: done");
      },
    });
  }

  #paintSoon() {
    if (this.#waiting !== undefined) return;
    const wait = Math.max(0, PAINT_MS - (performance.now() - this.#painted));
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      this.#frame = requestAnimationFrame(() => this.paint());
    }, wait);
  }

  /** Paints what is known. */
  paint() {
    if (this.#sheet === undefined || this.#rects === undefined) return;
    this.#painted = performance.now();
    const { rect, ratio, columns, rows } = this.#rects;
    const tone = tones();
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.paintOn(context, rect, tone, { columns, rows });
    if (this.#cursor) {
      const at = { x: rect.left + this.#cursor.x * rect.width, y: rect.top + this.#cursor.y * rect.height };
      context.strokeStyle = tone.ink;
      context.lineWidth = 1;
      context.strokeRect(at.x - 5.5, at.y - 5.5, 11, 11);
    }
    const order = this.order;
    this.canvas.setAttribute(
      "aria-label",
      `Map of ${this.name}: ${this.labels.x(order)} from ${order.x.from} to ${order.x.to}, ${this.labels.y(order)} from ${order.y.from} to ${order.y.to}. Arrow keys move a cursor, Enter opens the run there, plus and minus zoom, 0 shows all.`,
    );
    this.on.painted();
  }

  /** Paints map, axes and the Lab's place on a context. */
  paintOn(context, rect, tone, { columns, rows } = this.#rects) {
    const order = this.order;
    Object.assign(this.#image, { width: columns, height: rows });
    this.#image.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(this.#sheet.rgba(tone.dark, ...this.on.scale())), columns, rows), 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#image, rect.left, rect.top, rect.width, rect.height);
    drawAxes(context, rect, { x: order.x, y: order.y, xLabel: this.labels.x(order), yLabel: this.labels.y(order), ticks: this.ticks }, tone);
    const [right, down] = this.#sheet.here();
    if (!(right >= 0 && right <= 1) || down < 0 || down > 1) return;
    context.save();
    context.lineWidth = 2;
    const x = rect.left + right * rect.width;
    context.beginPath();
    if (Number.isNaN(down)) {
      context.setLineDash([4, 4]);
      context.moveTo(x, rect.top);
      context.lineTo(x, rect.top + rect.height);
      context.strokeStyle = tone.ink;
      context.lineWidth = 1;
      context.stroke();
    } else {
      context.arc(x, rect.top + down * rect.height, 5, 0, 2 * Math.PI);
      context.fillStyle = "#ffffff";
      context.fill();
      context.strokeStyle = "#16191d";
      context.stroke();
    }
    context.restore();
  }

  /** Where a pointer is, in shares of the map's sides; undefined beside it. */
  #place(event) {
    const { rect } = this.#rects;
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - rect.left) / rect.width;
    const y = (event.clientY - box.top - rect.top) / rect.height;
    return x >= 0 && x < 1 && y >= 0 && y < 1 ? { x, y } : undefined;
  }

  zoom(place, factor) {
    this.#sheet.zoom(place.x, this.isDiagram && place.onlyAcross ? 0.5 : place.y, factor);
    this.#draw();
  }

  #openAt(place) {
    try {
      this.on.open(this.#sheet.experiment_at(place.x, place.y));
    } catch (error) {
      this.on.complain(String(error));
    }
  }

  #read(place) {
    this.on.hover(place && this.#sheet?.read(place.x, place.y), this);
  }

  #listen() {
    const pointers = new Map();
    let press;
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (this.#sheet === undefined || event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const place = this.#place(event);
      press = pointers.size === 1 && place ? { place, x: event.clientX, y: event.clientY, moved: { right: 0, down: 0 }, isDrag: false } : undefined;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#sheet === undefined) return;
      const before = pointers.get(event.pointerId);
      if (before === undefined) {
        this.#read(this.#place(event));
        return;
      }
      const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, other]) => other);
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (others.length === 1) {
        const [other] = others;
        const distance = (a) => Math.hypot(a.x - other.x, a.y - other.y);
        const now = { x: event.clientX, y: event.clientY };
        const place = this.#place({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 });
        if (place && distance(now) > 10) this.zoom(place, distance(before) / distance(now));
      } else if (press) {
        const { columns, rows, rect } = this.#rects;
        const right = Math.round(((event.clientX - press.x) * columns) / rect.width);
        const down = Math.round(((event.clientY - press.y) * rows) / rect.height);
        press.isDrag ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) >= CLICK_PX;
        if (press.isDrag && (right !== press.moved.right || down !== press.moved.down)) {
          this.#sheet.pan(right - press.moved.right, down - press.moved.down);
          press.moved = { right, down };
          this.#draw();
        }
      }
    });
    const release = (event) => {
      pointers.delete(event.pointerId);
      if (press && !press.isDrag && event.type === "pointerup") this.#openAt(press.place);
      press = undefined;
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("pointerleave", () => this.on.hover(undefined, this));
    canvas.addEventListener(
      "wheel",
      (event) => {
        const place = this.#sheet && this.#place(event);
        if (!place) return;
        event.preventDefault();
        this.zoom(place, Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 100) * 0.003));
      },
      { passive: false },
    );
    canvas.addEventListener("keydown", (event) => this.#press(event));
    canvas.addEventListener("blur", () => {
      this.#cursor = undefined;
      this.paint();
    });
  }

  #press(event) {
    if (this.#sheet === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { columns, rows } = this.#rects;
    const step = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: [-step / columns, 0], ArrowRight: [step / columns, 0], ArrowUp: [0, -step / rows], ArrowDown: [0, step / rows] };
    const cursor = (this.#cursor ??= { x: 0.5, y: 0.5 });
    const move = moves[event.key];
    if (move) {
      const inside = (share, count) => Math.min(Math.max(share, 0), 1 - 0.5 / count);
      this.#cursor = { x: inside(cursor.x + move[0], columns), y: inside(cursor.y + move[1], rows) };
      this.#read(this.#cursor);
      this.paint();
    } else if (event.key === "Enter") this.#openAt(cursor);
    else if (event.key === "+" || event.key === "=") this.zoom(cursor, 0.5);
    else if (event.key === "-") this.zoom(cursor, 2);
    else if (event.key === "0") this.on.reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
