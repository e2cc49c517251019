// In [data-list], j and k (and the arrows) walk the rows that carry data-row; Enter opens, as a link does.
import { typing } from "./keys.js";

const rows = (list) => [...list.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

function current(list, all) {
  const focused = document.activeElement?.closest("[data-row]");
  if (focused && list.contains(focused)) return all.indexOf(focused);
  return all.findIndex((row) => row.matches('[aria-current="true"], [aria-selected="true"]'));
}

function move(list, step) {
  const all = rows(list);
  if (!all.length) return;
  const at = current(list, all);
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  const row = all[next];
  (row.matches("a, button, [tabindex]") ? row : row.querySelector("a, button"))?.focus();
  row.scrollIntoView({ block: "nearest" });
  if (list.dataset.list === "follow") row.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const focused = event.target.closest?.("[data-list]");
  const list = focused ?? document.querySelector("[data-list]");
  if (!list || document.querySelector("dialog[open]")) return;
  const letters = document.body.dataset.shortcuts !== "off";
  const down = (letters && event.key === "j") || (focused && event.key === "ArrowDown");
  const up = (letters && event.key === "k") || (focused && event.key === "ArrowUp");
  if (!down && !up) return;
  event.preventDefault();
  move(list, down ? 1 : -1);
});
