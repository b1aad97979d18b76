// <flatland-lab>: the Lab inside of a page of somebody's own.
//
//   <script src="https://example.org/flatland/flatland-lab.js"></script>
//   <flatland-lab show="chart2,controls" experiment='{"version":1,"objective":{"name":"double-well"},
//     "runs":[{"policy":{"name":"constant","eta":1.1}}]}'></flatland-lab>
//
// It is a frame and nothing else: whatever the page around does, and whatever its policy, the Lab computes
// in its own. `src` says where the Lab is, if not beside this file. A classic script: a module from another
// origin would need that origin's leave.
"use strict";

(() => {
  /** Where this file comes from; a module has no such thing, and `src` is needed then. */
  const HOME = document.currentScript?.src ?? document.baseURI;

  /** How long a question may go without an answer, in milliseconds. */
  const PATIENCE = 30_000;

  /** What the frame tells, and the events that the element has of it. */
  const TOLD = ["ready", "step", "phase", "experiment", "state", "error"];

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host { display: block; height: 420px; } :host([hidden]) { display: none; } iframe { width: 100%; height: 100%; border: 0; } p { font: 14px/1.5 system-ui, sans-serif; }");

  class FlatlandLab extends HTMLElement {
    static observedAttributes = ["src", "experiment", "link", "show", "autoplay"];

    #frame = document.createElement("iframe");
    #asked = new Map();
    #count = 0;
    #isHere = false;
    #isReady = false;
    #waiting = [];
    #hear = (event) => this.#take(event);

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    }

    connectedCallback() {
      this.#isHere = true;
      addEventListener("message", this.#hear);
      this.#frame.title = this.title || "Flatland";
      this.#frame.allow = "clipboard-write; fullscreen";
      this.#load();
    }

    disconnectedCallback() {
      this.#isHere = false;
      removeEventListener("message", this.#hear);
      for (const { reject } of this.#asked.values()) reject(new Error("the Lab has left the page"));
      this.#asked.clear();
      this.#frame.remove();
    }

    attributeChangedCallback(name, before, after) {
      // Those of the beginning are read once the element is on the page.
      if (this.#isHere && before !== after) this.#load();
    }

    /** Lets time run. */
    play() {
      this.#say({ type: "play" });
    }

    /** Lets time rest. */
    pause() {
      this.#say({ type: "pause" });
    }

    /** Moves by some steps. */
    step(by = 1) {
      this.#say({ type: "step", by });
    }

    /** Shows a step. */
    goto(step) {
      this.#say({ type: "goto", step });
    }

    /** Opens an experiment, as object or text, or a link: `{ experiment }` or `{ link }`. */
    set(what) {
      this.#say({ type: "set", ...what });
    }

    /** What is shown: experiment, title, link, step, frontier, playing, and each run's name and phase. */
    state() {
      return new Promise((resolve, reject) => {
        this.#count += 1;
        const id = this.#count;
        const timer = setTimeout(() => {
          this.#asked.delete(id);
          reject(new Error(`no answer from the Lab at ${this.#frame.src.split("?")[0]}: check that src leads to a page of Flatland`));
        }, PATIENCE);
        this.#asked.set(id, {
          resolve: (state) => (clearTimeout(timer), resolve(state)),
          reject: (error) => (clearTimeout(timer), reject(error)),
        });
        this.#say({ type: "getState", id });
      });
    }

    /** Where the Lab is with what it is to show. */
    #address() {
      const page = new URL(this.getAttribute("src") ?? "./", this.hasAttribute("src") ? document.baseURI : HOME);
      page.searchParams.set("embed", "1");
      for (const name of ["show", "autoplay"]) {
        if (this.hasAttribute(name)) page.searchParams.set(name, this.getAttribute(name) || "1");
      }
      const experiment = this.getAttribute("experiment");
      if (experiment !== null) {
        page.hash = `lab=${encodeURIComponent(JSON.stringify(JSON.parse(experiment)))}`;
      } else if (this.hasAttribute("link")) {
        page.hash = this.getAttribute("link").split("#").at(-1);
      }
      return page.href;
    }

    #load() {
      this.#isReady = false;
      try {
        const address = this.#address();
        this.shadowRoot.replaceChildren(this.#frame);
        // Another fragment alone would not load the page anew.
        if (this.#frame.src.split("#")[0] === address.split("#")[0]) this.#frame.src = "about:blank";
        queueMicrotask(() => (this.#frame.src = address));
      } catch (error) {
        const sentence = document.createElement("p");
        sentence.setAttribute("role", "alert");
        sentence.textContent = `<flatland-lab> cannot show this: ${error.message}. Its attribute experiment holds a JSON document, src an address.`;
        this.shadowRoot.replaceChildren(sentence);
        this.#tell("error", { message: sentence.textContent });
      }
    }

    /** Says something to the frame, as soon as it hears. */
    #say(message) {
      if (this.#isReady) this.#frame.contentWindow?.postMessage({ flatland: 1, ...message }, "*");
      else this.#waiting.push(message);
    }

    #take({ source, data }) {
      if (source === null || source !== this.#frame.contentWindow || data?.flatland !== 1 || !TOLD.includes(data.type)) return;
      if (data.type === "ready") {
        this.#isReady = true;
        for (const message of this.#waiting.splice(0)) this.#say(message);
      }
      const asked = this.#asked.get(data.id);
      if (asked) {
        this.#asked.delete(data.id);
        if (data.type === "error") asked.reject(new Error(data.message));
        else asked.resolve(data.state);
      }
      this.#tell(data.type, data);
    }

    #tell(type, detail) {
      this.dispatchEvent(new CustomEvent(type, { detail }));
    }
  }

  if (!customElements.get("flatland-lab")) customElements.define("flatland-lab", FlatlandLab);
})();
