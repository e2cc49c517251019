// Columns are dragged by their grip; the buttons beside it do the same for the keyboard.
const board = document.querySelector("[data-columns]");
let dragged = null;

function send() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", board.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const column of board.querySelectorAll("[data-column]")) body.append("column", column.dataset.column);
  fetch(board.dataset.orderUrl, { method: "POST", body, headers: { "HX-Request": "true" } })
    .then((answer) => answer.ok || location.reload(), () => location.reload());
}

board?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".column-grip") && event.target.closest("[data-column]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.column);
  event.dataTransfer.setDragImage(dragged, 20, 20);
  dragged.classList.add("is-dragged");
});
board?.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest("[data-column]");
  if (!dragged) return;
  event.preventDefault();
  if (!over || over === dragged) return;
  const place = over.getBoundingClientRect();
  over[event.clientX < place.left + place.width / 2 ? "before" : "after"](dragged);
});
board?.addEventListener("drop", (event) => dragged && event.preventDefault());
board?.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  dragged = null;
  send();
});
