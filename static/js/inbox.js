// The inbox: which pane a phone shows, which row is the open one, and the newest message in sight.
const panes = () => document.querySelector(".panes");

function show(name) {
  if (panes()) panes().dataset.show = name;
}

// The row whose address is the page's is the current one; the queue itself may have been drawn before.
function mark() {
  for (const link of document.querySelectorAll(".queue .row-link")) {
    if (new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function settle(root) {
  const body = root.matches?.("[data-newest-last]") ? root : root.querySelector?.("[data-newest-last]");
  if (body) body.scrollTop = body.scrollHeight;
}

document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  if (part.id === "thread") {
    show("thread");
    settle(part);
    if (matchMedia("(width < 834px)").matches) {
      scrollTo(0, 0);
      part.querySelector("#thread-title")?.focus({ preventScroll: true });
    }
  }
});

// What a part asks for by itself is no act of the person: it says so, and their session does not last longer for it.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.matches("[data-polls]")) event.detail.headers["X-Parley-Poll"] = "1";
});

// The address is pushed after the swap, so the current row is looked for then.
document.addEventListener("htmx:pushedIntoHistory", mark);
document.addEventListener("htmx:afterSettle", (event) => event.target.id === "queue" && mark());

// "About" and its way back only change the pane; without this they are links to the same page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-pane-link]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.dataset.paneLink);
});

// Ctrl or Command with Enter sends.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("[data-sends]")) return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector(".button[data-kind=primary]"));
});

settle(document);
