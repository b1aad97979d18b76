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
  return decoded(new Uint8Array(bytes));
}

/** What files begin with that are no text, and what they are. */
const SIGNATURES = [
  [[0x89, 0x50, 0x4e, 0x47], "a PNG picture"],
  [[0xff, 0xd8, 0xff], "a JPEG picture"],
  [[0x47, 0x49, 0x46, 0x38], "a GIF picture"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive, as spreadsheets are too"],
  [[0x1f, 0x8b], "a compressed file"],
  [[0x93, 0x4e, 0x55, 0x4d], "an array for NumPy"],
];

/** The text that bytes hold, in UTF-8 or UTF-16; an error that names what they are instead. */
function decoded(bytes) {
  const begins = (...wanted) => wanted.every((byte, i) => bytes[i] === byte);
  const found = SIGNATURES.find(([signature]) => begins(...signature));
  if (found) throw new Error(`it is ${found[1]}; expected the JSON of an experiment`);
  // With a mark, or with every other byte of the first two letters 0.
  const encoding =
    begins(0xff, 0xfe) || (bytes[0] > 0 && bytes[1] === 0 && bytes[3] === 0) ? "utf-16le"
    : begins(0xfe, 0xff) || (bytes[0] === 0 && bytes[1] > 0 && bytes[2] === 0) ? "utf-16be"
    : "utf-8";
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`its text is not ${encoding.toUpperCase()}; save it as UTF-8 and open that`);
  }
  if (text.trim() === "") throw new Error("the file is empty");
  return text;
}

/** What a text without an experiment is, if that can be seen. */
function kindOf(text) {
  const [first, second = ""] = text.split(/\r?\n|\r/);
  const commas = (line) => line.split(",").length - 1;
  if (/^<(\?xml|svg)/i.test(text)) return "it is a picture or another document in XML";
  if (/^<(!doctype|html)/i.test(text)) return "it is a page in HTML";
  if (/^(import|from) |^#!.*python/m.test(text)) return "it is a script";
  if (commas(first) > 0 && commas(first) === commas(second)) return "it is a table (CSV)";
  return undefined;
}

/** Opens a document, or a link in a text, whatever stands around it; what is wrong with it, if something is. */
function opened(share, text) {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return share.openDocument(trimmed);
  const [, fragment] = /#([^#]*\blab(?:=|%(?:25)*3D)[^]*)$/i.exec(trimmed) ?? [];
  if (fragment !== undefined) return share.open(fragment);
  const kind = kindOf(trimmed);
  throw new Error(`${kind === undefined ? "" : `${kind}; `}expected an experiment, which begins with {, or a link of this page`);
}

/** Opens files or, without files, a text. Returns what went wrong, if something did. */
export async function attempt(share, files, text) {
  if (files.length > 1) return "One experiment at a time can be opened: choose one of the files.";
  const [file] = files;
  const what = file === undefined ? "This" : `“${file.name}”`;
  try {
    const error = opened(share, file === undefined ? text : await textOf(file));
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
