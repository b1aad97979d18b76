// Opens what was dropped, pasted or chosen: an experiment's document or a link of the page. What is shown stays if it is neither.

/** Documents may have a megabyte; more is not even read. */
const MOST_BYTES = 1 << 20;

const megabytes = (bytes) => `${(bytes / (1 << 20)).toFixed(1)} MiB`;

/** The text of a file, or an error that says what is wrong with it. */
async function textOf(file) {
  if (file.size > MOST_BYTES) throw new Error(`expected at most ${megabytes(MOST_BYTES)}; it has ${megabytes(file.size)}`);
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    throw new Error("it cannot be read: expected a file, not a folder");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("expected text, the JSON of an experiment; it holds something else");
  }
}

/** What a link that holds this text has after its #; an error if it is neither a document nor a link. */
function fragmentOf(text) {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return `lab=${encodeURIComponent(trimmed)}`;
  const [, fragment] = /#(\S*\blab=\S*)$/.exec(trimmed) ?? [];
  if (fragment === undefined) throw new Error("expected an experiment, which begins with {, or a link of this page");
  return fragment;
}

/** Opens files or, without files, a text. Returns what went wrong, if something did. */
export async function attempt(share, files, text) {
  if (files.length > 1) return "One experiment at a time can be opened: choose one of the files.";
  const [file] = files;
  const what = file === undefined ? "This" : `“${file.name}”`;
  try {
    const error = share.open(fragmentOf(file === undefined ? text : await textOf(file)));
    return error === undefined ? undefined : `${what} cannot be opened: ${error}. What you see is what was here before.`;
  } catch (error) {
    return `${what} cannot be opened: ${error.message}. What you see is what was here before.`;
  }
}

/** Takes what was dropped on the page or pasted into it. */
export async function take(share, files, text) {
  if (files.length === 0 && text.trim() === "") return;
  const wrong = await attempt(share, files, text);
  const dialog = document.querySelector("dialog.share[open]");
  if (wrong === undefined) dialog?.close();
  // The page's own messages lie behind an open dialog.
  else if (dialog) dialog.querySelector(".share-status").textContent = wrong;
  else share.complain(wrong);
}
