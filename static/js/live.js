// After a fragment came in: focus goes to a summary of mistakes, and refusals are shown instead of swallowed.
document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  const summary = part.matches?.("[data-takes-focus]") ? part : part.querySelector?.("[data-takes-focus]");
  summary?.focus();
});

// 4xx answers carry words for the person (a form with mistakes, a refusal): let them in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && xhr.status < 500 && xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  if (xhr.status === 422) event.detail.shouldSwap = true;
  if (xhr.status >= 500) {
    const words = "That did not work; the fault is ours and has been written down. Nothing was changed.";
    document.dispatchEvent(new CustomEvent("toast", { detail: { words, tone: "alarm" } }));
  }
});

const inUse = (part) => part.matches(":hover") || part.contains(document.activeElement);

// A list that renews itself holds still while somebody is using it.
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target.closest?.("[data-holds-still]");
  if (part && event.target === part && inUse(part)) event.preventDefault();
});

// Nor does it change under somebody who began to use it while the answer was on its way.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asker = event.detail.requestConfig?.elt;
  if (asker?.matches("[data-holds-still]") && inUse(asker)) event.detail.shouldSwap = false;
});

// A page kept by the browser after signing out must not come back from its memory.
addEventListener("pageshow", (event) => event.persisted && document.body.hasAttribute("data-fresh") && location.reload());
