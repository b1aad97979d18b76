// A chart as a table: what it shows, at steps over the part of the axis that is seen.
import { make, openDialog, stateOf } from "./dialog.js";
import { significant, whole } from "./numbers.js";

/** Rows at the most, about. */
const MOST = 120;

export async function open(share, slot) {
  const { title, thinned } = stateOf(share);
  const panel = share.titles()[slot];
  const [heads, numbers] = share.table(Number(slot), MOST);
  const rows = [];
  for (let at = 0; at < numbers.length; at += heads.length) rows.push([...numbers.slice(at, at + heads.length)]);
  const distance = rows.length > 1 ? rows[1][0] - rows[0][0] : 1;
  const which = distance > 1 ? `Every ${distance === 3 ? "third" : `${whole(distance)}th`} step` : "Every step";
  const missing = thinned ? " Of the oldest steps only every 16th has its value." : "";
  const head = heads.map((name) => make("th", { scope: "col", textContent: name }));
  const body = rows.map(([step, ...values]) =>
    make("tr", {}, make("th", { scope: "row", textContent: whole(step) }), values.map((value) => make("td", { textContent: significant(value) }))),
  );
  const caption = make("caption", { textContent: `${panel}: ${title}` });
  const table = make("table", { className: "share-table share-steps" }, caption, make("thead", {}, make("tr", {}, head)), make("tbody", {}, body));
  await openDialog({
    id: "share-table",
    title: panel,
    content: [
      make("p", { className: "share-note", textContent: `${which} that the chart shows. Zoom the chart for a closer look; Export saves every step.${missing}` }),
      make("div", { className: "share-scroll", tabIndex: 0, role: "region", ariaLabel: "Table, scrolls" }, table),
    ],
  });
}
