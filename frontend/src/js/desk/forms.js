// A form is sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && !form.dataset.many) {
    event.preventDefault();
    return;
  }
  if (form.matches("[hx-get], [hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 8000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const source = document.getElementById(copy.dataset.copy);
    navigator.clipboard?.writeText(source.value ?? source.textContent.trim());
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: copy.dataset.copied, kind: "good" } }));
  }
  const reveal = event.target.closest("[data-reveal]");
  if (reveal) {
    const input = document.getElementById(reveal.dataset.reveal);
    input.type = input.type === "password" ? "text" : "password";
    reveal.setAttribute("aria-pressed", String(input.type === "text"));
  }
});

// <select data-submit> and the like send their form when they change.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// [data-shown-by="name=value"] shows while that choice stands in the same form.
function follow(form) {
  for (const element of form.querySelectorAll("[data-shown-by]")) {
    const [name, value] = element.dataset.shownBy.split("=");
    const chosen = new FormData(form).getAll(name);
    element.hidden = !value.split("|").some((one) => chosen.includes(one));
  }
}
document.addEventListener("change", (event) => event.target.form && follow(event.target.form));
document.querySelectorAll("form").forEach(follow);

// The browser's own zone, where nothing was chosen yet.
for (const input of document.querySelectorAll("[data-guess-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const before = input.value;
  if (!before || before === "UTC") input.value = zone;
  // A name that the list does not know leaves it without a choice.
  if (!input.value) input.value = before;
}
