// Dragging a post onto another day: sends the form that "Move to…" sends. After any move the calendar looks again,
// and the focus goes back to the post that was moved.
let dragged = null;
let moved = "";

const day = (event) => event.target.closest?.(".day[data-date]");

function clear() {
  document.querySelectorAll(".day[data-drop]").forEach((one) => delete one.dataset.drop);
}

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[draggable][data-move]");
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
  if (!dragged || !over || over.contains(dragged)) return;
  event.preventDefault();
  const { move, placements, was, time } = dragged.dataset;
  const values = { placements, was, at: `${over.dataset.date}T${time}` };
  clear();
  moved = move;
  window.htmx.ajax("POST", move, { values, target: "#dialogs", swap: "innerHTML", source: document.body });
});

document.addEventListener("submit", ({ target }) => {
  if (target.closest("#move-dialog")) moved = target.getAttribute("action");
});

document.body.addEventListener("calendar-changed", () => {
  document.querySelectorAll("#dialogs dialog[open]").forEach((one) => one.close());
  document.getElementById("dialogs")?.replaceChildren();
});

// Undone: the note that offered it has nothing left to offer. Looked again: the moved post has the focus.
document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  if (detail.successful && target.matches?.(".toast-acts")) target.closest(".toast").remove();
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!moved || target.id !== "calendar") return;
  const card = document.querySelector(`[data-move="${CSS.escape(moved)}"]`);
  (card?.querySelector("a.post-menu") ?? card?.querySelector("a") ?? card)?.focus();
});

// Ticking: how many, and all at once.
const boxes = () => [...document.querySelectorAll(".post-tick")];
function told() {
  const many = boxes().filter((one) => one.checked).length;
  document.getElementById("ticked").textContent = many ? `${many} ticked.` : "Tick the posts to move.";
}
document.addEventListener("change", ({ target }) => target.matches(".post-tick") && told());
document.addEventListener("click", ({ target }) => {
  if (!target.matches("[data-tick-all]")) return;
  boxes().forEach((one) => { one.checked = true; });
  told();
});
