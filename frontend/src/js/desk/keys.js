// Single keys press what carries data-key; "g i" is a sequence. Off in the profile, in text and while composing.
import { open } from "./dialogs.js";

let prefix = "";
let timer = 0;

const allowed = () => document.body.dataset.shortcuts !== "off";
export const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));

function visible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

// The nearest scope wins: what stands in the same pane or dialog, then on the page, then in the frame around it.
function target(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const modal = document.querySelector("dialog[open]");
  for (const scope of modal ? [modal] : [document.activeElement?.closest(".pane, .page"), document.getElementById("main"), document]) {
    const found = scope && [...scope.querySelectorAll(wanted)].find(visible);
    if (found) return found;
  }
  return null;
}

function press(element) {
  if (element.matches("input, textarea, select") || element.dataset.keyAct === "focus") element.focus();
  else element.click();
  // A menu that a key opened is walked with the arrows from where it stands.
  if (element.matches("details[data-menu] > summary")) element.focus();
}

function labelOf(element) {
  const given = element.dataset.keyLabel || element.getAttribute("aria-label");
  if (given) return given;
  const words = element.cloneNode(true);
  words.querySelectorAll("kbd, .rail-count, .sr-only").forEach((part) => part.remove());
  return words.textContent.replace(/\s+/g, " ").trim();
}

function help() {
  const dialog = document.getElementById("keys-help");
  const list = dialog?.querySelector("[data-keys-here]");
  if (!list) return;
  const rows = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (visible(element) && !dialog.contains(element)) rows.set(element.dataset.key, labelOf(element));
  }
  list.replaceChildren(...[...rows].flatMap(([key, label]) => {
    const term = document.createElement("dt");
    term.textContent = label;
    const keys = document.createElement("dd");
    for (const one of key.split(" ")) {
      const sign = document.createElement("kbd");
      sign.className = "kbd is-always";
      sign.textContent = one;
      keys.append(sign);
    }
    return [term, keys];
  }));
  open(dialog);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) help();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("desk:palette"));
    return;
  }
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !allowed()) return;
  if (event.key.length !== 1 || event.key === " ") return;
  if (event.key === "?") {
    event.preventDefault();
    help();
    return;
  }
  const element = target(prefix ? `${prefix} ${event.key}` : event.key);
  clearTimeout(timer);
  prefix = "";
  if (element) {
    event.preventDefault();
    press(element);
  } else if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    prefix = event.key;
    timer = setTimeout(() => { prefix = ""; }, 1200);
  }
});
