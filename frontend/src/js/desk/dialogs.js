// <button data-dialog="id"> opens <dialog id>, <button data-dialog-close> closes the one it stands in.
export function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    open(document.getElementById(opener.dataset.dialog));
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog").close();
  // A click on the backdrop hits the dialog element itself.
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

// A fragment that is a dialog opens when it arrives.
document.addEventListener("htmx:after:swap", () => {
  for (const dialog of document.querySelectorAll("dialog[data-open-now]:not([open])")) {
    delete dialog.dataset.openNow;
    dialog.showModal();
  }
});
