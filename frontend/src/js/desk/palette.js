// Ctrl/Cmd+K: every link of the rail, everything marked data-command, and what the server finds for the words.
import { open } from "./dialogs.js";

const dialog = () => document.getElementById("palette");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function commands() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-command]")) {
    const label = element.dataset.command || element.getAttribute("aria-label") || element.textContent;
    const name = label.replace(/\s+/g, " ").trim();
    if (name && !found.has(name)) found.set(name, element);
  }
  return found;
}

function item(name, element, index) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "menu-item";
  button.id = `palette-item-${index}`;
  button.role = "option";
  button.tabIndex = -1;
  const icon = element.querySelector?.("svg.icon");
  if (icon) button.append(icon.cloneNode(true));
  const text = document.createElement("span");
  text.textContent = name;
  button.append(text);
  if (element.dataset.key) {
    const key = document.createElement("kbd");
    key.className = "kbd is-single end";
    key.textContent = element.dataset.key;
    button.append(key);
  }
  button.addEventListener("click", () => {
    dialog().close();
    element.click();
  });
  return button;
}

function select(list, index) {
  const all = [...list.querySelectorAll('[role="option"]')];
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
  const input = dialog().querySelector("input");
  input.setAttribute("aria-activedescendant", all[index]?.id ?? "");
  all[index]?.scrollIntoView({ block: "nearest" });
}

function fill() {
  const box = dialog();
  const words = fold(box.querySelector("input").value).split(/\s+/).filter(Boolean);
  const list = box.querySelector("[data-palette-list]");
  const matching = [...commands()].filter(([name]) => words.every((word) => fold(name).includes(word)));
  list.replaceChildren(...matching.map(([name, element], index) => item(name, element, index)));
  box.querySelector("[data-palette-none]").hidden = matching.length > 0;
  select(list, 0);
}

export function show() {
  const box = dialog();
  if (!box) return;
  box.querySelector("input").value = "";
  open(box);
  fill();
}

document.addEventListener("desk:palette", show);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) show();
});
document.addEventListener("input", (event) => {
  if (event.target.closest("#palette") && event.target.matches("[data-palette-input]")) fill();
});
document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("#palette");
  if (!box || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const list = box.querySelector("[data-palette-list]");
  const all = [...list.querySelectorAll('[role="option"]')];
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  event.preventDefault();
  if (event.key === "Enter") all[at]?.click();
  else select(list, (at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
});
