// Sections that stand under each other become tabs: .tabs-frame > .tab-panel[data-tab="Name"].
// Without JavaScript they stay sections, each with its own heading.
const last = new Map(); // what was chosen in a frame, for when the server sends it anew

function choose(frame, tab) {
  if (frame.id) last.set(frame.id, tab.id);
  for (const one of frame.querySelectorAll(":scope > .tabs [role=tab]")) {
    const on = one === tab;
    one.setAttribute("aria-selected", String(on));
    one.tabIndex = on ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !on;
  }
}

function keys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || !event.target.matches("[role=tab]")) return;
  event.preventDefault();
  const tabs = [...event.currentTarget.querySelectorAll("[role=tab]")];
  const next = tabs.at((tabs.indexOf(event.target) + step) % tabs.length);
  next.focus();
  next.click();
}

function build(frame) {
  if ("live" in frame.dataset) return;
  frame.dataset.live = "";
  const bar = document.createElement("div");
  bar.className = "tabs";
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", frame.dataset.label ?? "Versions");
  for (const panel of frame.querySelectorAll(":scope > .tab-panel")) {
    const tab = document.createElement("button");
    Object.assign(tab, { type: "button", id: `${panel.id}-tab`, textContent: panel.dataset.tab });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    tab.addEventListener("click", () => choose(frame, tab));
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    if (panel.dataset.platform) {
      const glyph = Object.assign(document.createElement("span"), { className: "glyph" });
      glyph.dataset.platform = panel.dataset.platform;
      tab.prepend(glyph);
    }
    bar.append(tab);
  }
  frame.prepend(bar);
  bar.addEventListener("keydown", keys);
  // A panel with a mistake in it comes first, else the first one.
  const wrong = frame.querySelector(":scope > .tab-panel:has([aria-invalid=true])");
  const before = bar.querySelector(`#${CSS.escape(last.get(frame.id) ?? "none")}`);
  choose(frame, wrong ? document.getElementById(`${wrong.id}-tab`) : (before ?? bar.firstElementChild));
}

const all = (root) => {
  if (root.matches?.(".tabs-frame")) build(root);
  root.querySelectorAll?.(".tabs-frame").forEach(build);
};
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
