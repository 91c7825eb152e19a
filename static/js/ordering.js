// Pictures in their order: dragged, or moved by their buttons without a new page. The order of the page is the order sent.
const list = document.querySelector("[data-ordered]");
const items = () => [...list.querySelectorAll(":scope > [data-item]")];
let held = null;

function settle(item) {
  const all = items();
  all.forEach((one, at) => {
    one.querySelector("[name=earlier]").hidden = at === 0;
    one.querySelector("[name=later]").hidden = at === all.length - 1;
  });
  document.getElementById("ordered").textContent = `${item.dataset.name} is number ${all.indexOf(item) + 1} of ${all.length} now.`;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function step(button, by) {
  const all = items();
  const item = button.closest("[data-item]");
  const other = all[all.indexOf(item) + by];
  if (!other) return;
  if (by < 0) other.before(item);
  else other.after(item);
  settle(item);
  (button.hidden ? item.querySelector(by < 0 ? "[name=later]" : "[name=earlier]") : button).focus();
}

function drag(event) {
  const over = event.target.closest?.("[data-item]");
  if (!held || !over || over === held) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (event.clientY > box.top + box.height / 2) over.after(held);
  else over.before(held);
}

if (list) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[name=earlier], [name=later]");
    if (!button) return;
    event.preventDefault();
    step(button, button.name === "earlier" ? -1 : 1);
  });
  for (const picture of list.querySelectorAll(".media-picture")) picture.draggable = true;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-item]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.name);
    held.dataset.held = "";
  });
  list.addEventListener("dragover", drag);
  list.addEventListener("drop", (event) => held && event.preventDefault());
  list.addEventListener("dragend", () => {
    delete held.dataset.held;
    settle(held);
    held = null;
  });
}
