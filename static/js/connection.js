// Says that the server cannot be reached, tries again by itself, and says when it is back.
const notice = document.getElementById("lost");
const EVERY = 5000;
let timer = 0;

async function reach() {
  try {
    const answer = await fetch("/health/live", { cache: "no-store", credentials: "omit" });
    if (answer.ok) back();
  } catch {
    // still away
  }
}

function back() {
  clearInterval(timer);
  timer = 0;
  notice.hidden = true;
  document.dispatchEvent(new CustomEvent("toast", { detail: { words: "Connected again.", tone: "good" } }));
  document.body.dispatchEvent(new CustomEvent("reconnected", { bubbles: true }));
}

function away() {
  if (timer || !notice) return;
  notice.hidden = false;
  timer = setInterval(reach, EVERY);
}

addEventListener("offline", away);
addEventListener("online", () => timer && reach());
document.addEventListener("htmx:sendError", away);
document.addEventListener("htmx:timeout", away);
