// Fetches parts of the page when they are first wanted.

/** The script static/share/NAME.js; its absence is said on the page. */
async function fetched(name, share) {
  try {
    return await import(new URL(`./share/${name}.js`, document.baseURI).href);
  } catch {
    share.complain("This part of the page could not be fetched. Please check the connection and try again.");
    return undefined;
  }
}

export async function openDialog(name, share) {
  (await fetched(name, share))?.open(share);
}

const isTyping = (element) => element?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName);

export function acceptFiles(share) {
  const take = async (event, data) => {
    event.preventDefault();
    // The browser empties `data` when the event is over.
    const [files, text] = [[...data.files], data.getData("text/plain")];
    (await fetched("open", share))?.take(share, files, text);
  };
  if (/[#&]atlas=/.test(location.hash)) openDialog("atlas", share);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => take(event, event.dataTransfer));
  document.addEventListener("paste", (event) => {
    if (!isTyping(event.target) && !isTyping(document.activeElement)) take(event, event.clipboardData);
  });
}

export async function beGuest(share) {
  const query = new URLSearchParams(location.search);
  if (query.get("embed") !== "1") return;
  const { dataset } = document.documentElement;
  dataset.embed = query.get("show")?.replaceAll(",", " ") ?? "";
  // Until it is clicked, keys belong to the page around.
  dataset.asleep = "";
  (await fetched("embed", share))?.start(share, query);
}
