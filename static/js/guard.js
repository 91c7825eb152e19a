// A form is sent once: after the first submit its buttons rest until the page is shown again or the answer is here.
const resting = new Set();

function wake(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-busy]")) {
    delete button.dataset.busy;
    button.removeAttribute("aria-disabled");
  }
  resting.delete(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[data-repeatable], [data-theme-form]")) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "";
  resting.add(form);
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  // aria-disabled, not disabled: a disabled button would be left out of what is sent, and would lose the focus.
  if (button?.matches(".button")) {
    button.dataset.busy = "";
    button.setAttribute("aria-disabled", "true");
  }
  queueMicrotask(() => event.defaultPrevented && !form.matches("[hx-post]") && wake(form));
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) wake(form);
});
addEventListener("pageshow", () => [...resting].forEach(wake));
