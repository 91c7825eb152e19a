// Menus are popovers and work without this. Here: arrow keys, and a place beside the button where CSS anchors are unknown.
const anchored = CSS.supports("position-area", "block-end");

function place(menu, button) {
  const box = button.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), innerWidth - menu.offsetWidth - 8);
  const below = box.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.position = "fixed";
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? box.bottom : Math.max(8, box.top - menu.offsetHeight - 12)}px`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (event.newState === "open" && button && !anchored) place(menu, button);
}, true);

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("[popovertarget]");
  const target = button && document.getElementById(button.getAttribute("popovertarget"));
  if (target?.matches(".menu") && event.key === "ArrowDown") {
    event.preventDefault();
    target.showPopover({ source: button });
    target.querySelector(".menu-item")?.focus();
    return;
  }
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || !event.target.matches(".menu-item")) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && event.key !== "Home" && event.key !== "End") return;
  event.preventDefault();
  const items = [...menu.querySelectorAll(".menu-item")];
  const place = event.key === "Home" ? 0 : event.key === "End" ? -1 : (items.indexOf(event.target) + step) % items.length;
  items.at(place).focus();
});
