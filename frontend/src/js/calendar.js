// Month and week: a post is dragged to another day (it keeps its hour) or hour (it keeps its minutes). By keyboard it is
// moved on its own page.
let dragged = null;
const placeUnder = (event) => dragged && event.target.closest("[data-day], [data-at]");
const unmark = () => document.querySelectorAll(".is-drop").forEach((place) => place.classList.remove("is-drop"));

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]");
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const place = placeUnder(event);
  if (!place) return;
  event.preventDefault();
  if (place.classList.contains("is-drop")) return;
  unmark();
  place.classList.add("is-drop");
});
document.addEventListener("dragend", () => {
  unmark();
  dragged = null;
});
document.addEventListener("drop", (event) => {
  const place = placeUnder(event);
  if (!place || place.contains(dragged)) return;
  event.preventDefault();
  const form = document.getElementById("move-form");
  form.action = dragged.dataset.move;
  form.elements.day.value = place.dataset.day ?? "";
  form.elements.at.value = place.dataset.at ? `${place.dataset.at}:${dragged.dataset.minutes}` : "";
  form.requestSubmit();
});
