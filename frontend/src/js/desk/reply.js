// The reply box: Alt+1 to Alt+3 choose who reads the answer; a press on a ready text puts it into the box.
const kinds = document.querySelector("[data-reply-kinds]");

function choose(input) {
  if (!input || input.checked) return;
  input.checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function insert(text) {
  const area = document.querySelector("form[data-composer] [data-text]");
  area.focus();
  area.select();
  // Keeps the browser's own undo, which setting the value would lose.
  if (!document.execCommand("insertText", false, text)) area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

if (kinds) {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const digit = /^Digit([1-3])$/.exec(event.code)?.[1];
    if (!digit) return;
    event.preventDefault();
    choose(kinds.querySelector(`[data-kind-key="${digit}"]`));
  });
  document.addEventListener("click", (event) => {
    const wanted = event.target.closest("[data-choose-kind]")?.dataset.chooseKind;
    if (wanted) choose(document.getElementById(`kind-${wanted}`));
    const ready = event.target.closest("[data-ready]");
    if (!ready) return;
    choose(document.getElementById(`kind-${ready.dataset.readyKind}`));
    insert(ready.dataset.ready);
  });
}

// What is answered is read while one writes: the newest message comes in view between the head and the box that
// stays, also when the box grows by what was answered before, until the reader scrolls or writes.
const box = document.querySelector("#conversation > .answer");
const newest = [...document.querySelectorAll("#thread .message")].at(-1);

function inView() {
  const head = document.querySelector("#conversation > .pane-head").getBoundingClientRect();
  const { top, bottom } = newest.getBoundingClientRect();
  const hidden = Math.min(bottom + 8 - box.getBoundingClientRect().top, top - 8 - head.bottom);
  if (hidden > 0) box.parentElement.scrollTop += hidden;
}

if (box && newest && getComputedStyle(box).position === "sticky") {
  const grown = new ResizeObserver(inView);
  grown.observe(box);
  for (const kind of ["wheel", "pointerdown", "keydown"]) addEventListener(kind, () => grown.disconnect(), { once: true });
}
