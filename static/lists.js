// Makes lists as wide as what is chosen in them, where the browser has no `field-sizing`: there a
// list is as wide as the longest thing one could choose. Fetched by boot.js in such browsers only.
const LISTS = "select.bare";
const pen = document.createElement("canvas").getContext("2d");
/** What each list was last fitted to. */
const fitted = new WeakMap();
let isDue = false;

function fit(list) {
  const style = getComputedStyle(list);
  const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const text = list.selectedOptions[0]?.label ?? "";
  const key = `${text}|${font}|${style.paddingLeft}|${style.paddingRight}`;
  if (fitted.get(list) === key) return;
  fitted.set(list, key);
  pen.font = font;
  pen.letterSpacing = style.letterSpacing;
  const around = ["paddingLeft", "paddingRight", "borderLeftWidth", "borderRightWidth"].reduce((sum, name) => sum + parseFloat(style[name]), 0);
  list.style.width = `${Math.ceil(pen.measureText(text).width + around) + 1}px`;
}

function fitAll() {
  isDue = false;
  document.querySelectorAll(LISTS).forEach(fit);
}

/** Whatever changes on the page may have changed a choice, which the browser does not tell. */
function fitSoon() {
  if (!isDue) requestAnimationFrame(fitAll);
  isDue = true;
}

new MutationObserver(fitSoon).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributeFilter: ["class", "data-theme", "data-projector"] });
document.addEventListener("change", fitSoon);
document.fonts?.ready.then(() => {
  document.querySelectorAll(LISTS).forEach((list) => fitted.delete(list));
  fitSoon();
});
fitSoon();
