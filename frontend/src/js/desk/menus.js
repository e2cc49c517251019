// <details data-menu>: opens without script; with it, closes on Escape and outside, and arrows walk its items.
import { htmx } from "./htmx.js";

const items = (menu) => [...menu.querySelectorAll(".menu-panel :is(a, button, input, select):not([disabled])")]
  .filter((item) => item.offsetParent !== null);

function close(menu, refocus) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const chosen = event.target.closest(".menu-panel .menu-item");
    if (!menu.contains(event.target) || chosen) close(menu, false);
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    event.stopPropagation();
    close(menu, true);
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.matches("input[type=text], input[type=search], select")) return;
  event.preventDefault();
  menu.open = true;
  const all = items(menu);
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = all.indexOf(document.activeElement);
  all[(at + step + all.length) % all.length]?.focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu, false);
});

// A panel hangs from its button; where it would leave the window, on a phone most of all, it is moved back into it.
const EDGE = 8;

function within(menu) {
  const panel = menu.open && menu.querySelector(":scope > .menu-panel");
  if (!panel) return;
  // Where it hangs by itself, without what it was moved by when it was open before.
  const moved = parseFloat(panel.style.translate) || 0;
  const { left, right } = panel.getBoundingClientRect();
  const wide = document.documentElement.clientWidth;
  const by = left - moved < EDGE ? EDGE - left + moved : Math.min(0, wide - EDGE - right + moved);
  panel.style.translate = by ? `${Math.round(by)}px` : "";
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.menu")) within(event.target);
}, true);

// What a menu shows may be read when it is opened: <div class="menu-panel" hx-get="…" hx-trigger="opened once">.
document.addEventListener("toggle", (event) => {
  const panel = event.target.open && event.target.querySelector?.(":scope > [hx-trigger^=opened]");
  if (panel) htmx.trigger(panel, "opened");
}, true);

// A live page that is read again leaves an open menu open: nothing closes under the hand that is about to choose.
htmx.registerExtension("menus", {
  htmx_before_morph_attr: (element, { attrName, newValue }) =>
    !(attrName === "open" && newValue === null && element.matches("details[data-menu]")),
});
