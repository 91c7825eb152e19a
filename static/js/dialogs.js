// [data-opens="id"] opens that <dialog>; on a link it does so in place of the page the link leads to.
// [data-closes] closes the dialog it stands in; so does a click beside it. The browser gives the focus back.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal) {
    event.preventDefault();
    opener.closest("[popover]")?.hidePopover();
    dialog.showModal();
    return;
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

document.addEventListener("mousedown", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return;
  const box = dialog.getBoundingClientRect();
  const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  // What has been typed is never thrown away by a stray click.
  if (outside && !dialog.querySelector("textarea, input:not([type=hidden])")) dialog.close();
});

// A dialog that comes in a fragment opens by itself.
document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  const dialog = part.matches?.("dialog[data-open-now]") ? part : part.querySelector?.("dialog[data-open-now]");
  if (dialog && !dialog.open) dialog.showModal();
});
