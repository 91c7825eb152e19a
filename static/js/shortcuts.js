// Single keys, only while <html data-shortcuts> is there (the person's own choice) and no field has the focus.
// [data-key="x"] is pressed by x; "g i" goes to the rail item whose address starts so; j and k move along [data-list].
const PLACES = { t: "/", i: "/inbox/", c: "/calendar/", p: "/policy/" };
let afterG = 0;

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
}

function press(key) {
  const all = [...document.querySelectorAll(`main [data-key="${CSS.escape(key)}"]`), ...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const target = all.find((one) => one.checkVisibility()) ?? all.find((one) => one.matches("[popover] *"));
  if (!target) return false;
  if (target.matches("input, textarea")) {
    target.focus();
    target.select();
  } else target.click();
  return true;
}

function move(step) {
  const list = document.querySelector("[data-list]");
  const links = [...(list?.querySelectorAll(".row-link") ?? [])];
  if (!links.length) return false;
  const focused = links.indexOf(document.activeElement); // the open one lags behind fast fingers
  const here = focused >= 0 ? focused : links.findIndex((link) => link.matches("[aria-current]"));
  const more = document.querySelector("[data-list] ~ * a[rel=next]");
  if (more && step > 0 && here === links.length - 1) return more.focus() ?? true;
  const next = links[Math.min(links.length - 1, Math.max(0, here + step))];
  next.focus();
  if (list.dataset.list === "open" && next !== links[here]) next.click();
  return true;
}

function act(event) {
  if (event.key === "?") return document.getElementById("keys")?.showModal() ?? true;
  if (Date.now() - afterG < 1200 && PLACES[event.key]) {
    afterG = 0;
    const link = document.querySelector(`.rail-item[href="${PLACES[event.key]}"]`);
    link?.click();
    return Boolean(link);
  }
  if (event.key === "g") {
    afterG = Date.now();
    return true;
  }
  if (event.key === "j") return move(1);
  if (event.key === "k") return move(-1);
  return event.key.length === 1 && press(event.key);
}

document.addEventListener("keydown", (event) => {
  if (!("shortcuts" in document.documentElement.dataset)) return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (act(event)) event.preventDefault();
});
