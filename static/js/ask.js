// “Can I…?” beside what is being written: Alt+Q (or q, see shortcuts.js) opens it, Escape gives the focus back.
const panel = document.getElementById("ask");
let from = null;

function open() {
  from = document.activeElement;
  if (!panel.matches(":popover-open")) panel.showPopover();
  panel.querySelector("input").focus();
}

panel?.addEventListener("toggle", (event) => {
  if (event.newState === "open") panel.querySelector("input").focus();
});

// The words keep their focus when the panel's button is pressed with the mouse, so that Escape leads back to them.
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.("[popovertarget='ask']")) from = document.activeElement;
});

document.addEventListener("keydown", (event) => {
  if (!panel) return;
  if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === "KeyQ") {
    event.preventDefault();
    open();
  }
  if (!panel.matches(":popover-open")) return;
  if (event.key === "Escape") {
    event.preventDefault();
    panel.hidePopover();
    from?.focus();
  }
  if (!panel.contains(event.target)) return;
  const answers = [...panel.querySelectorAll(".ask-answer")];
  const here = answers.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && answers.length) {
    event.preventDefault();
    answers[Math.min(here + 1, answers.length - 1)].focus();
  }
  if (event.key === "ArrowUp" && here >= 0) {
    event.preventDefault();
    (answers[here - 1] ?? panel.querySelector("input")).focus();
  }
});
