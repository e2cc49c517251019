// [data-presence="/inbox/.../presence"]: tell the others that this page looks at a conversation, or writes in it.
// What is told expires by itself on the server, so a page that dies is gone within a minute.
const EVERY = 20000;
const TYPING_LASTS = 6000;
let typedAt = 0;
let told = "";
let toldAt = 0;

const place = () => document.querySelector("[data-presence]");

function say(doing) {
  const element = place();
  if (!element || (doing === told && Date.now() - toldAt < EVERY - 1000)) return;
  told = doing;
  toldAt = Date.now();
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
  fetch(element.dataset.presence, { method: "POST", headers, body: new URLSearchParams({ doing }), keepalive: true }).catch(() => { told = ""; });
}

const now = () => (Date.now() - typedAt < TYPING_LASTS ? "typing" : "looking");

document.addEventListener("input", (event) => {
  if (!place() || !event.target.matches(".answer textarea, .note-box textarea")) return;
  typedAt = Date.now();
  say("typing");
});
document.addEventListener("visibilitychange", () => say(document.hidden ? "gone" : now()));
window.addEventListener("pagehide", () => say("gone"));
setInterval(() => { if (!document.hidden) say(now()); }, 5000);
if (!document.hidden) say("looking");

// The note opens with the cursor in it; a colleague's name goes where the cursor stands.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("[data-note-box]") || !event.target.open) return;
  if (event.target.dataset.kept === undefined) event.target.querySelector("textarea").focus();
  delete event.target.dataset.kept;
}, true);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const field = document.getElementById(button.dataset.insertInto);
  field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// Chosen rows: the bar of what can be done with them shows while any is chosen.
function choose() {
  const bar = document.getElementById("bulk");
  if (!bar) return;
  const chosen = document.querySelectorAll('input[form="bulk"][name="id"]:checked').length;
  bar.hidden = chosen === 0;
  bar.querySelectorAll("[data-chosen]").forEach((one) => { one.textContent = String(chosen); });
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    document.querySelectorAll('input[form="bulk"][name="id"]').forEach((one) => { one.checked = event.target.checked; });
  }
  choose();
});
document.addEventListener("htmx:after:swap", choose);
choose();
