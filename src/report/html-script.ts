/** The only script of the HTML report: search, filter and sort. The page is whole without it. */

/** Reads nothing but the page's own text; its hash below is what the page's policy allows to run. */
export const SCRIPT = `(() => {
"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
for (const bar of all(".bar")) bar.hidden = false;
const text = new WeakMap();
const textOf = (item) => {
  if (!text.has(item)) text.set(item, item.textContent.toLowerCase());
  return text.get(item);
};
const update = (bar) => {
  const words = bar.querySelector("input[type=search]").value.toLowerCase().split(" ").filter(Boolean);
  const severities = new Set(all("input[type=checkbox]:checked", bar).map((box) => box.value));
  const platform = bar.querySelector("select").value;
  const items = all(bar.dataset.items);
  let shown = 0;
  for (const item of items) {
    const isShown = severities.has(item.dataset.severity) &&
      (platform === "" || item.dataset.platform === platform) &&
      words.every((word) => textOf(item).includes(word));
    item.hidden = !isShown;
    if (isShown) shown++;
  }
  bar.querySelector(".shown").textContent = shown === items.length ? "" : shown + " of " + items.length + " shown";
};
for (const bar of all(".bar")) bar.addEventListener("input", () => update(bar));
for (const button of all(".sort")) button.addEventListener("click", () => {
  const head = button.closest("th");
  const table = head.closest("table");
  const column = head.cellIndex;
  const isUp = head.getAttribute("aria-sort") === "descending";
  for (const other of all("th", table)) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
  const keyOf = (body) => body.rows[0].cells[column].dataset.key ?? "";
  const order = (a, b) => keyOf(a).localeCompare(keyOf(b), "en", { numeric: true });
  table.append(...[...table.tBodies].sort((a, b) => (isUp ? order(a, b) : order(b, a))));
});
const open = () => {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  const details = target?.matches("details") ? target : target?.querySelector("details");
  if (details) details.open = true;
};
addEventListener("hashchange", open);
open();
addEventListener("beforeprint", () => { for (const one of all(".finding")) one.open = true; });
})();`;

/** SHA-256 of SCRIPT in base64, for the content security policy. A test computes it again. */
export const SCRIPT_SHA256 = "i8twk7DeQdEIzYGodkdg7mRh99hWbl7U49zKVp/f0+8=";
