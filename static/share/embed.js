// The page inside of another one: it obeys messages of the page around, tells it what happens, and leaves it its keys until it is clicked.
//
// To the frame: { flatland: 1, type: "play" | "pause" | "step" | "goto" | "set" | "getState", … }, where "step" takes `by` (1 if left out),
// "goto" takes `step`, and "set" takes `experiment` (a document, as object or text) or `link` (an address, or what stands after its #).
// From the frame: { flatland: 1, type: "ready" | "step" | "phase" | "state" | "error", … }.

/** Steps are told at most so often, in milliseconds. */
const TELL_MS = 100;

/** Opens what a message asks for; what is wrong with it, if something is. */
function opened(share, { experiment, link }) {
  if (link !== undefined) return share.open(String(link).split("#").at(-1));
  return share.openDocument(typeof experiment === "string" ? experiment : JSON.stringify(experiment));
}

/** What is shown, for the page around. */
function stateOf(share) {
  const [experiment, title, link, frontier] = share.state();
  const [step, playing, runs] = share.now();
  return { experiment: JSON.parse(experiment), title, link, frontier, step, playing, runs: runs.map(([name, phase]) => ({ name, phase })) };
}

export function start(share, query) {
  const root = document.documentElement;
  const host = window.parent;
  const tell = (type, rest = {}) => host.postMessage({ flatland: 1, type, ...rest }, "*");

  // Whoever may embed the page may also open it: there is nothing here that a link does not say.
  const verbs = {
    play: () => share.play(true),
    pause: () => share.play(false),
    step: ({ by = 1 }) => share.stepBy(Math.trunc(Number(by)) || 0),
    goto: ({ step }) => {
      if (!(Number(step) >= 0)) throw new Error(`goto: expected a step such as 150, got ${JSON.stringify(step)}`);
      share.seek(Math.trunc(Number(step)));
    },
    set: (message) => {
      const wrong = opened(share, message);
      if (wrong !== undefined) throw new Error(wrong);
    },
    getState: ({ id }) => tell("state", { id, state: stateOf(share) }),
  };
  window.addEventListener("message", ({ source, data }) => {
    if (source !== host || host === window || data?.flatland !== 1) return;
    try {
      if (!Object.hasOwn(verbs, data.type)) throw new Error(`expected one of ${Object.keys(verbs).join(", ")}; got ${JSON.stringify(data.type)}`);
      verbs[data.type](data);
    } catch (error) {
      tell("error", { id: data.id, message: error.message });
    }
  });

  window.addEventListener("pointerdown", () => delete root.dataset.asleep, { capture: true });
  // Esc leaves what the page is in first, a dialog or a zoom; the next one gives the keys back.
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    root.dataset.asleep = "";
    document.activeElement?.blur();
    host.focus();
  });

  let told = { step: -1, phases: [], at: 0 };
  const watch = (now) => {
    const [step, , runs] = share.now();
    if (step !== told.step && now - told.at >= TELL_MS) {
      tell("step", { step });
      told = { ...told, step, at: now };
    }
    runs.forEach(([name, phase], run) => {
      if (told.phases[run] !== phase) tell("phase", { step, run, name, phase });
    });
    told.phases = runs.map(([, phase]) => phase);
    requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
  if (query.has("autoplay")) share.play(query.get("autoplay") !== "0");
  tell("ready", { state: stateOf(share) });
}
