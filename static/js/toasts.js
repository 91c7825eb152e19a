// Short messages: dismissable, leaving by themselves when they are good news, staying when something is wrong or can be undone.
const region = document.getElementById("toasts");
const STAY = 7000;

function leave(toast) {
  toast.dataset.leaving = "";
  setTimeout(() => toast.remove(), matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200);
}

function watch(toast) {
  if ("watched" in toast.dataset) return;
  toast.dataset.watched = "";
  toast.querySelector(".toast-close")?.addEventListener("click", () => leave(toast));
  if (["alarm", "warn"].includes(toast.dataset.tone) || toast.querySelector("a, form")) return;
  let timer = setTimeout(leave, STAY, toast);
  const hold = () => clearTimeout(timer);
  const go = () => { hold(); timer = setTimeout(leave, STAY, toast); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", go);
}

// From the server: HX-Trigger: {"toast": {"words": "Sent", "tone": "good"}}; from another module: the same event.
document.addEventListener("toast", ({ detail }) => {
  if (!region || !detail?.words) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.tone = detail.tone ?? "calm";
  const words = document.createElement("p");
  words.textContent = detail.words;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "toast-close", textContent: "✕" });
  close.setAttribute("aria-label", "Dismiss");
  toast.append(Object.assign(document.createElement("span"), { className: "toast-dot" }), words, close);
  region.append(toast);
});

if (region) {
  const all = () => region.querySelectorAll(".toast").forEach(watch);
  new MutationObserver(all).observe(region, { childList: true });
  all();
}
