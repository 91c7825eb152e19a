// Ticking rows of the queue: x ticks the row one is at, what is ticked stays so when the queue is drawn anew.
const boxes = () => [...document.querySelectorAll(".queue-pick input")];
let kept = new Set();

function tell() {
  const ticked = boxes().filter((one) => one.checked).length;
  const words = document.getElementById("picked");
  if (words) words.textContent = ticked === 1 ? "1 ticked" : `${ticked} ticked`;
}

function row() {
  const link = document.activeElement?.closest?.(".queue-row") ?? document.querySelector(".queue .row-link[aria-current]");
  return link?.closest(".queue-row");
}

document.addEventListener("change", (event) => event.target.closest(".queue-pick") && tell());

document.addEventListener("click", (event) => {
  const how = event.target.closest("[data-pick]")?.dataset.pick;
  if (!how) return;
  for (const box of boxes()) box.checked = how === "all";
  tell();
});

// The same rule as for the other single keys: only where the person wants them, and not while typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || !("shortcuts" in document.documentElement.dataset) || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("textarea, select, [contenteditable], dialog[open], input:not([type=checkbox])")) return;
  const box = row()?.querySelector(".queue-pick input");
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
  tell();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "queue") kept = new Set(boxes().filter((one) => one.checked).map((one) => one.value));
});
document.addEventListener("htmx:afterSettle", () => {
  if (!kept.size) return;
  for (const box of boxes()) box.checked ||= kept.has(box.value);
  kept = new Set();
  tell();
});

// What was done with them is done: nothing stays ticked.
document.addEventListener("picked-done", () => {
  for (const box of boxes()) box.checked = false;
  tell();
});
