// Queue slots: a slot is dragged to another day (it keeps its hour), a waiting post to another place in the queue. The
// arrows and the small form beside each do the same for the keyboard; every move can be taken back.
let slot = null;
let row = null;
const queue = document.querySelector("[data-queue]");
const dayUnder = (event) => slot && event.target.closest("[data-slot-day]");

document.addEventListener("dragstart", (event) => {
  slot = event.target.closest?.("[data-slot]");
  row = slot ? null : event.target.closest?.("[data-delivery]");
  if (slot || row) event.dataTransfer.effectAllowed = "move";
  row?.classList.add("is-dragged");
});
document.addEventListener("dragover", (event) => {
  const day = dayUnder(event);
  if (day) {
    event.preventDefault();
    for (const other of document.querySelectorAll(".is-drop")) other.classList.remove("is-drop");
    day.classList.add("is-drop");
  }
  if (!row) return;
  const over = event.target.closest("[data-delivery]");
  event.preventDefault();
  if (!over || over === row) return;
  const place = over.getBoundingClientRect();
  over[event.clientY < place.top + place.height / 2 ? "before" : "after"](row);
});
document.addEventListener("drop", (event) => {
  const day = dayUnder(event);
  if (!day) return;
  event.preventDefault();
  if (day.contains(slot)) return;
  const form = slot.querySelector(".slot-move");
  form.elements.weekday.value = day.dataset.slotDay;
  form.requestSubmit();
});
document.addEventListener("dragend", () => {
  for (const other of document.querySelectorAll(".is-drop")) other.classList.remove("is-drop");
  slot = null;
  if (!row) return;
  row.classList.remove("is-dragged");
  row = null;
  const form = document.getElementById("arrange");
  const before = form.dataset.order ?? "";
  const order = [...queue.querySelectorAll("[data-delivery]")].map((one) => one.dataset.delivery);
  if (order.join() === before) return;
  for (const one of order) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "order", value: one }));
  form.requestSubmit();
});
const arrange = document.getElementById("arrange");
if (arrange && queue) arrange.dataset.order = [...queue.querySelectorAll("[data-delivery]")].map((one) => one.dataset.delivery).join();
