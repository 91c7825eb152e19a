// A form is sent once: after the first submit it rests until the page is shown again or the answer is here.
// data-repeatable on a form turns this off (an export that leaves the page standing).
const resting = new Set();

// aria-disabled, not disabled: a disabled button would be left out of what is sent, and would lose the focus.
function rest(form, button) {
  form.dataset.sent = "";
  resting.add(form);
  if (!button?.matches(".button")) return;
  button.dataset.busy = "";
  button.setAttribute("aria-disabled", "true");
}

function wake(form) {
  delete form.dataset.sent;
  resting.delete(form);
  for (const button of form.querySelectorAll("[data-busy]")) {
    delete button.dataset.busy;
    button.removeAttribute("aria-disabled");
  }
}

// A form that htmx asks about while one types is still sent by the browser, and no question rests it.
const byHtmx = (form) => form?.matches?.("[hx-post]:not([hx-trigger])");
const guarded = (form) => form?.matches?.("form") && form.method === "post" && !form.matches("[data-repeatable], [data-theme-form]");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!guarded(form)) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (byHtmx(form)) return;
  rest(form, event.submitter ?? form.querySelector("button:not([type=button])"));
  setTimeout(() => event.defaultPrevented && wake(form));
}, true);

// Only what the form itself sends; a field of it that keeps a draft asks on its own account.
document.addEventListener("htmx:beforeSend", ({ target, detail }) => {
  if (byHtmx(target) && guarded(target)) rest(target, detail.requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", ({ target }) => {
  if (target.matches?.("form") && byHtmx(target)) wake(target);
});
addEventListener("pageshow", () => [...resting].forEach(wake));
