// Light, dark or as the device: applied at once, then remembered by the server through the same form.
const root = document.documentElement;

function apply(theme) {
  root.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-form] button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
  root.dispatchEvent(new CustomEvent("themechange", { bubbles: true }));
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const was = root.dataset.theme;
  const body = new FormData(form, event.submitter);
  apply(event.submitter.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
  } catch {
    apply(was);
  }
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  root.dispatchEvent(new CustomEvent("themechange", { bubbles: true })),
);
