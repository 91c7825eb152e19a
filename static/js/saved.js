// Words to begin an answer with: ; at the start of a word in the reply box, or its button, opens the panel beside it.
// Arrow keys go along what was found, Enter puts it in, Escape gives the focus back to the box.
const box = () => document.getElementById("reply");
const panel = () => document.getElementById("saved");

function open() {
  const search = panel()?.querySelector("[type=search]");
  if (!search || !box()) return false;
  panel().querySelector("[name=place]").value = box().selectionStart;
  if (!panel().matches(":popover-open")) panel().showPopover();
  search.value = "";
  search.focus();
  search.dispatchEvent(new Event("look"));
  return true;
}

function close() {
  panel().hidePopover();
  box()?.focus();
}

document.addEventListener("input", (event) => {
  const typed = event.target;
  if (typed.id !== "reply" || event.data !== ";") return;
  const before = typed.value.slice(0, typed.selectionStart - 1);
  if (!before || /\s$/.test(before)) open();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-saved]") && open()) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!panel()?.matches(":popover-open")) return;
  if (event.key === "Escape") {
    event.preventDefault();
    close();
    return;
  }
  if (!panel().contains(event.target)) return;
  const found = [...panel().querySelectorAll(".ask-answer")];
  const here = found.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && found.length) {
    event.preventDefault();
    found[Math.min(here + 1, found.length - 1)].focus();
  } else if (event.key === "ArrowUp" && here >= 0) {
    event.preventDefault();
    (found[here - 1] ?? panel().querySelector("[type=search]")).focus();
  } else if (event.key === "Enter" && event.target.type === "search") {
    event.preventDefault();
    found[0]?.click();
  }
});

// After words were put in, the box is written on.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.path?.includes("/put/")) box()?.focus();
});
