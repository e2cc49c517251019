// What is being written stays in this browser until it has arrived: the text of a post or an answer, and every
// <textarea data-shelf>, each for its page.
//
// What was sent waits once more, and comes back where it plainly did not arrive: the session had ended and the
// sign-in page came instead, the form was too old, or the page tells that something was refused.
const draft = `draft:${location.pathname}`;
const sent = "sent:";
const written = () => document.querySelector("[data-composer] [data-text]");
const areas = () => [written(), ...document.querySelectorAll("[data-shelf]")].filter(Boolean);
const place = (area) => (area === written() ? draft : `${draft}#${area.id}`);

const missed = document.querySelector("[data-nothing-arrived], form [name=login], #toasts .toast.is-bad") !== null;
for (const key of Object.keys(sessionStorage).filter((one) => one.startsWith(sent))) {
  if (missed) sessionStorage.setItem(key.slice(sent.length), sessionStorage.getItem(key));
  sessionStorage.removeItem(key);
}

document.addEventListener("input", ({ target }) => {
  if (!areas().includes(target)) return;
  if (target.value) sessionStorage.setItem(place(target), target.value);
  else sessionStorage.removeItem(place(target));
});

document.addEventListener("submit", (event) => {
  for (const area of areas().filter((one) => event.target.contains(one))) {
    if (area.value) sessionStorage.setItem(sent + place(area), area.value);
    sessionStorage.removeItem(place(area));
  }
});

for (const area of areas().filter((one) => !one.value && sessionStorage.getItem(place(one)))) {
  area.value = sessionStorage.getItem(place(area));
  const box = area.closest("details:not([open])");
  if (!box) continue;
  // It lies open, and takes the cursor from nobody.
  box.dataset.kept = "";
  box.open = true;
}
