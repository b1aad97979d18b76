// flatland.Lab in a notebook's cell (anywidget): the Lab's page in a frame.
//
// A kernel may be remote, and then there is no address at which the browser could find the page. So
// the cell asks the kernel for the page's files over the widget's own channel, each once, and hands
// them to the frame: `{ type: "file", name }`, which is answered with the content by
// `{ type: "file", name, encoding }`, or by `{ type: "file", name, error }`.

/** How long the kernel may be silent until the cell says so, in milliseconds. */
const PATIENCE = 5_000;

/** After a step that the kernel has asked for until it is told where the page is, in milliseconds. */
const ARRIVAL = 300;

const TYPES = { js: "text/javascript", css: "text/css", html: "text/html", json: "application/json", svg: "image/svg+xml", png: "image/png", wasm: "application/wasm", woff2: "font/woff2", csv: "text/csv" };

/** What the page may do: nothing goes out. */
const POLICY =
  "default-src 'none'; script-src blob: 'wasm-unsafe-eval'; style-src blob:; font-src blob:; img-src data: blob:; worker-src blob:; connect-src blob:; form-action 'none'";

/** The same text for the same document, in whatever order its fields come. */
const textOf = (document) => JSON.stringify(document, (_, value) => (value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value));

/** `light` or `dark`, as the notebook is where the cell is, whatever the system prefers. */
function themeAt(element) {
  for (let ground = element; ground !== null; ground = ground.parentElement) {
    const [red, green, blue, alpha = 1] = getComputedStyle(ground).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (alpha > 0.5) return 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
  }
  return "light";
}

/** The files that have come, for all cells of the notebook that show the same build of the page. */
function keptFiles(build) {
  const builds = (globalThis[Symbol.for("flatland.files")] ??= new Map());
  if (!builds.has(build)) builds.set(build, { contents: new Map(), addresses: new Map() });
  return builds.get(build);
}

/** The page's files, from the kernel. */
class Files {
  #model;
  #kept;
  #asked = new Map();
  #take = (message, buffers) => this.#answered(message, buffers);

  constructor(model) {
    this.#model = model;
    this.#kept = keptFiles(model.get("_build"));
    model.on("msg:custom", this.#take);
  }

  close() {
    this.#model.off("msg:custom", this.#take);
  }

  /** The content of a file. */
  content(name) {
    const kept = this.#kept.contents.get(name);
    if (kept !== undefined) return Promise.resolve(kept);
    if (!this.#asked.has(name)) {
      const question = {};
      question.promise = new Promise((resolve, reject) => Object.assign(question, { resolve, reject }));
      this.#asked.set(name, question);
      this.#model.send({ type: "file", name });
    }
    return this.#asked.get(name).promise;
  }

  async text(name) {
    return new TextDecoder().decode(await this.content(name));
  }

  typeOf(name) {
    return TYPES[name.split(".").at(-1)] ?? "application/octet-stream";
  }

  /** An address of a text in this browser, made once for each name. */
  async address(name, make = () => this.content(name)) {
    const { addresses } = this.#kept;
    if (!addresses.has(name)) {
      const content = await make();
      if (!addresses.has(name)) addresses.set(name, URL.createObjectURL(new Blob([content], { type: this.typeOf(name) })));
    }
    return addresses.get(name);
  }

  /** The address of a script that imports others. */
  script(name) {
    return this.address(name, async () => {
      const text = await this.text(name);
      const others = new Set([...text.matchAll(/from\s*"\.\/([^"]+)"/g)].map(([, other]) => other));
      const addresses = new Map(await Promise.all([...others].map(async (other) => [other, await this.script(other)])));
      return text.replace(/(from\s*")\.\/([^"]+)"/g, (_, begin, other) => `${begin}${addresses.get(other)}"`);
    });
  }

  /** The address of a style sheet that names other files. */
  style(name) {
    return this.address(name, async () => {
      const text = await this.text(name);
      const others = new Set([...text.matchAll(/url\(["']?([\w.-]+\.(?:woff2|svg))["']?\)/g)].map(([, other]) => other));
      const addresses = new Map(await Promise.all([...others].map(async (other) => [other, await this.address(other)])));
      return text.replace(/url\(["']?([\w.-]+\.(?:woff2|svg))["']?\)/g, (_, other) => `url("${addresses.get(other)}")`);
    });
  }

  /** The address of the page, which shows the parts that are named. */
  async page(shown) {
    const page = new DOMParser().parseFromString(await this.text("index.html"), "text/html");
    const boot = page.querySelector("script[data-js]");
    const sheet = page.querySelector("link[rel=stylesheet]");
    const plain = (address) => address.replace(/^\.\//, "");
    const [program, looks, rooms, start, worker, frame] = await Promise.all([
      this.script(plain(boot.getAttribute("data-js"))),
      this.style(plain(sheet.getAttribute("href"))),
      this.style("rooms.css"),
      this.address(plain(boot.getAttribute("src"))),
      this.address("frame.js,worker.js", async () => `${await this.text("frame.js")}\n${await this.text("worker.js")}`),
      this.address("frame.js"),
      // Wanted at once as well: on their way while the others are read.
      this.content(plain(boot.getAttribute("data-wasm"))),
    ]);
    for (const link of page.querySelectorAll("link")) link.remove();
    page.querySelector("meta[http-equiv]").setAttribute("content", POLICY);
    page.documentElement.setAttribute("data-query", `?embed=1&show=${encodeURIComponent(shown)}`);
    const link = (attributes) => Object.assign(page.head.appendChild(page.createElement("link")), attributes);
    link({ rel: "stylesheet", href: looks });
    link({ rel: "stylesheet", href: rooms });
    // The page looks for it, and is content.
    page.head.appendChild(page.createElement("link")).setAttribute("href", "./rooms.css");
    const first = page.createElement("script");
    first.src = frame;
    first.dataset.worker = worker;
    boot.before(first);
    boot.src = start;
    boot.dataset.js = program;
    boot.dataset.wasm = `flatland:/${plain(boot.getAttribute("data-wasm"))}`;
    return URL.createObjectURL(new Blob([`<!doctype html>\n${page.documentElement.outerHTML}`], { type: "text/html" }));
  }

  /** Answers the frame's questions for files. */
  serve(port) {
    port.onmessage = async ({ data: { id, name } }) => {
      try {
        port.postMessage({ id, content: await this.content(name), type: this.typeOf(name) });
      } catch (error) {
        port.postMessage({ id, error: error.message });
      }
    };
  }

  async #answered(message, buffers) {
    const question = message?.type === "file" ? this.#asked.get(message.name) : undefined;
    if (question === undefined) return;
    this.#asked.delete(message.name);
    if (message.error !== undefined) return question.reject(new Error(message.error));
    try {
      const stream = new Blob([buffers[0]]).stream();
      const plain = message.encoding === "gzip" ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
      const content = await new Response(plain).arrayBuffer();
      this.#kept.contents.set(message.name, content);
      question.resolve(content);
    } catch (error) {
      question.reject(error);
    }
  }
}

/** The Lab in one cell: the frame, and what page and kernel tell each other. */
class Cell {
  #model;
  #files;
  #frame = document.createElement("iframe");
  #sentence = document.createElement("p");
  #isReady = false;
  #isGone = false;
  /** What the page is known to show. */
  #shown;
  /** What the kernel has asked for while the page was on its way. */
  #waiting = [];
  #step = 0;
  #page;
  #hear = (event) => this.#heard(event);
  #changed = () => this.#follow();

  constructor(model, element) {
    this.#model = model;
    this.#files = new Files(model);
    this.#sentence.setAttribute("role", "status");
    this.#sentence.style.font = "14px/1.5 system-ui, sans-serif";
    this.#sentence.hidden = true;
    Object.assign(this.#frame, { title: "Flatland", allow: "clipboard-write; fullscreen" });
    Object.assign(this.#frame.style, { display: "block", width: "100%", border: "0" });
    element.append(this.#frame, this.#sentence);
    addEventListener("message", this.#hear);
    model.on("change", this.#changed);
    model.on("msg:custom", this.#obey);
    this.#load();
  }

  close() {
    this.#isGone = true;
    removeEventListener("message", this.#hear);
    this.#model.off("change", this.#changed);
    this.#model.off("msg:custom", this.#obey);
    this.#files.close();
    this.#frame.remove();
    if (this.#page !== undefined) URL.revokeObjectURL(this.#page);
  }

  async #load() {
    this.#resize();
    const patience = setTimeout(() => this.#say("The Lab waits for the kernel: it is busy, or it has ended. It opens as soon as the kernel answers; one that has ended is started by running the cell again."), PATIENCE);
    try {
      this.#page = await this.#files.page(this.#model.get("show"));
      if (this.#isGone) return;
      this.#say("");
      this.#shown = textOf(this.#model.get("experiment"));
      const begin = this.#model.get("step");
      this.#frame.addEventListener("load", () => {
        const { port1, port2 } = new MessageChannel();
        this.#files.serve(port1);
        this.#frame.contentWindow.postMessage({ flatlandFiles: true }, "*", [port2]);
      });
      const step = begin > 0 ? `&step=${begin}` : "";
      const experiment = encodeURIComponent(JSON.stringify(this.#model.get("experiment")));
      this.#frame.src = `${this.#page}#lab=${experiment}${step}&theme=${themeAt(this.#frame.parentElement)}`;
    } catch (error) {
      this.#say(`The Lab cannot be shown here: ${error.message}.`);
    } finally {
      clearTimeout(patience);
    }
  }

  #say(text) {
    this.#sentence.textContent = text;
    this.#sentence.hidden = text === "";
  }

  #resize() {
    this.#frame.style.height = `${this.#model.get("height")}px`;
  }

  #tell(message) {
    this.#frame.contentWindow?.postMessage({ flatland: 1, ...message }, "*");
  }

  /**
   * What the kernel asks of the page, in messages: a step that is only a change of the model may be
   * overtaken by those that the page tells while time runs.
   */
  #obey = (message) => {
    switch (message?.type) {
      case "play":
      case "pause":
      case "goto":
        return this.#isReady ? this.#do(message) : this.#waiting.push(message);
    }
  };

  #do({ type, step }) {
    if (type === "goto") {
      // Time that goes on would leave the step at once.
      this.#tell({ type: "pause" });
      setTimeout(() => this.#arrive(), ARRIVAL);
    }
    this.#tell({ type, step });
  }

  /** Tells the kernel where the page is; until then it ignores the steps on the way. */
  #arrive() {
    if (!this.#isGone) this.#model.send({ type: "at", step: this.#step });
  }

  /** Has the page show the model's experiment, which the kernel or another cell has set. */
  #follow() {
    this.#resize();
    const experiment = this.#model.get("experiment");
    if (!this.#isReady || textOf(experiment) === this.#shown) return;
    this.#shown = textOf(experiment);
    this.#say("");
    this.#tell({ type: "set", experiment });
  }

  #heard({ source, data }) {
    if (source === null || source !== this.#frame.contentWindow || data?.flatland !== 1) return;
    switch (data.type) {
      case "ready":
        this.#isReady = true;
        this.#step = data.state.step;
        this.#arrive();
        // Somebody may have been quick, here or in Python; then Python's word counts.
        if (textOf(this.#model.get("experiment")) === this.#shown) this.#took(data.state.experiment);
        this.#keep({ phase: data.state.runs.map(({ phase }) => phase) });
        this.#follow();
        return this.#waiting.splice(0).forEach((message) => this.#do(message));
      case "step":
        this.#step = data.step;
        return this.#keep({ step: data.step });
      case "experiment":
        this.#say("");
        this.#took(data.experiment);
        return this.#keep({ phase: this.#model.get("phase").slice(0, data.experiment.runs.length) });
      case "phase": {
        const phase = [...this.#model.get("phase")];
        phase[data.run] = data.phase;
        return this.#keep({ phase });
      }
      case "error":
        return this.#say(data.message);
    }
  }

  /** Notes the experiment that the page shows. */
  #took(experiment) {
    if (textOf(experiment) === this.#shown) return;
    this.#shown = textOf(experiment);
    this.#keep({ experiment });
  }

  /** Tells the kernel. */
  #keep(traits) {
    for (const [name, value] of Object.entries(traits)) this.#model.set(name, value);
    this.#model.save_changes();
  }
}

export default {
  render({ model, el }) {
    const cell = new Cell(model, el);
    return () => cell.close();
  },
};
