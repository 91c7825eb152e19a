// Dragging a post onto another day: sends the form that "Move to…" sends. After any move the calendar looks again.
let dragged = null;

const day = (event) => event.target.closest?.(".day[data-date]");

function clear() {
  document.querySelectorAll(".day[data-drop]").forEach((one) => delete one.dataset.drop);
}

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-move]");
  if (!card) return;
  dragged = card;
  card.dataset.dragging = "";
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.textContent.trim());
});

document.addEventListener("dragend", () => {
  if (dragged) delete dragged.dataset.dragging;
  dragged = null;
  clear();
});

document.addEventListener("dragover", (event) => {
  const over = day(event);
  if (!dragged || !over || over.contains(dragged)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  if (!("drop" in over.dataset)) {
    clear();
    over.dataset.drop = "";
  }
});

document.addEventListener("drop", (event) => {
  const over = day(event);
  if (!dragged || !over) return;
  event.preventDefault();
  const { move, placements, was, time } = dragged.dataset;
  const values = { placements, was, at: `${over.dataset.date}T${time}` };
  clear();
  window.htmx.ajax("POST", move, { values, target: "#dialogs", swap: "innerHTML", source: document.body });
});

document.body.addEventListener("calendar-changed", () => {
  document.querySelectorAll("#dialogs dialog[open]").forEach((one) => one.close());
  document.getElementById("dialogs")?.replaceChildren();
});

// Undone: the note that offered it has nothing left to offer.
document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  if (detail.successful && target.matches?.(".toast-acts")) target.closest(".toast").remove();
});
