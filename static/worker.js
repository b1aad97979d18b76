// A worker of Flatland: the page's own program, started a second time.
//
// The first message is `{ js, module }`: the absolute address of the program's glue and the compiled
// `WebAssembly.Module`. Messages that arrive while the program starts are kept and handed to it, in order, as soon
// as its `main` has returned; `main` must have installed its listener by then. If the program cannot start,
// `{ error: String }` is posted back.

const early = [];

/** Keeps what arrives before the program listens. */
function keep(event) {
  early.push(event);
}

self.addEventListener(
  "message",
  async ({ data }) => {
    self.addEventListener("message", keep);
    try {
      const { default: init } = await import(data.js);
      await init({ module_or_path: data.module });
    } catch (error) {
      self.postMessage({ error: String(error) });
      return;
    } finally {
      self.removeEventListener("message", keep);
    }
    for (const { data, ports } of early.splice(0)) {
      self.dispatchEvent(new MessageEvent("message", { data, ports }));
    }
  },
  { once: true },
);
