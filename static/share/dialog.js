// What the dialogs share: a modal dialog of the page's looks, small builders of elements, copying and saving.

const STYLE = "./share/share.css";

/** An element with properties and children; `null` children are left out. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/** The key of an event, in small letters; a letter of another script is the one at its place on a Latin keyboard. */
function latin({ key, code }) {
  const isOther = /^\p{L}$/u.test(key) && !/\p{Script=Latin}/u.test(key);
  return (isOther && code.startsWith("Key") ? code.slice(3) : key).toLowerCase();
}

/** Fetches a style sheet, once. */
export async function styled(sheet = STYLE) {
  if (document.querySelector(`link[href="${sheet}"]`)) return;
  const link = make("link", { rel: "stylesheet", href: sheet });
  // A dialog without its style is still readable.
  await new Promise((done) => {
    link.onload = link.onerror = done;
    document.head.append(link);
  });
}

/**
 * Opens a modal dialog. `key` closes it again, as it opened it. Resolves with the dialog once it is open; `onclose` is
 * called when it is gone.
 */
export async function openDialog({ id, title, key, content, onclose = () => {} }) {
  if (document.querySelector("dialog[open]")) return undefined;
  await styled();
  const close = make("button", { type: "button", className: "plain share-close", ariaLabel: `Close: ${title}`, textContent: "×" });
  const heading = make("h2", { id: `${id}-title`, textContent: title });
  const dialog = make("dialog", { id, className: "help share" }, make("div", { className: "help-head" }, heading, close), ...content);
  dialog.setAttribute("aria-labelledby", heading.id);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    onclose();
  });
  dialog.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "file";
    if (latin(event) === key && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      // The page would take the same key for a wish to open it.
      event.stopPropagation();
      dialog.close();
    }
  });
  // A click beside the dialog is a click on its backdrop.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A line in which a dialog says what came of an action. */
export const statusLine = () => make("p", { className: "share-status", role: "status" });

/** What is shown, as the program says it. */
export function stateOf(share) {
  const [experiment, title, link, frontier, thinned] = share.state();
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  return { experiment, title, link, frontier, thinned, dark, runs: runsOf(share, dark) };
}

/** The names and looks of the runs on light or on dark. */
export function runsOf(share, dark) {
  const runs = [];
  for (let run = share.run(0, dark); run !== undefined; run = share.run(runs.length, dark)) {
    const [name, color, on, off] = run;
    runs.push({ name, color, dashes: on > 0 ? [on, off] : [] });
  }
  return runs;
}

/** Copies a text and says whether that worked. */
export async function copy(text, status, done) {
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = done;
  } catch {
    status.textContent = "This browser does not let the page copy. Save the file instead.";
  }
}

/** Offers a file for saving. */
export function save(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun with the click; its address may go a little later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file's name without its ending: the objective's title in letters that every system takes. */
export const fileName = (state) => `flatland-${state.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`;
