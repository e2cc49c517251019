// The month: a post is dragged to another day and keeps its hour. By keyboard it is moved on its own page.
const form = document.getElementById("move-form");
let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]");
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const day = dragged && event.target.closest("[data-day]");
  if (!day) return;
  event.preventDefault();
  document.querySelectorAll(".is-drop").forEach((other) => other !== day && other.classList.remove("is-drop"));
  day.classList.add("is-drop");
});
document.addEventListener("dragend", () => {
  document.querySelectorAll(".is-drop").forEach((day) => day.classList.remove("is-drop"));
  dragged = null;
});
document.addEventListener("drop", (event) => {
  const day = dragged && event.target.closest("[data-day]");
  if (!day || day.contains(dragged)) return;
  event.preventDefault();
  form.action = dragged.dataset.move;
  form.elements.day.value = day.dataset.day;
  form.requestSubmit();
});
