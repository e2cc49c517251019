// Toasts come with the page (#toasts) or as an event: {"toast": {"text": "...", "kind": "good"}} in HX-Trigger.
const linger = (toast) => Number(toast.dataset.seconds || 6) * 1000;

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "1";
  let timer = setTimeout(() => toast.remove(), linger(toast));
  // Somebody reading or about to press the way back has all the time they need, except where time is the point.
  if (toast.dataset.strict) return;
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), linger(toast)); });
}

export function toast(text, kind = "info") {
  const template = document.getElementById(`toast-${kind}`) ?? document.getElementById("toast-info");
  const box = document.getElementById("toasts");
  if (!template || !box) return;
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("[data-toast-text]").textContent = text;
  box.append(element);
  watch(element);
}

const all = () => document.querySelectorAll("#toasts > .toast").forEach(watch);
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value ?? "", event.detail.kind));
document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest(".toast").remove());
document.addEventListener("htmx:after:swap", all);
all();
