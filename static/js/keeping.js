// What is typed is kept in this browser until the post has it: per person and post, so that a lost line, a closed tab
// or a session that ended loses nothing. It is offered back, gone once saved, and gone when the person signs out.
const form = document.getElementById("composer");
const notice = document.getElementById("kept");
const mine = `parley:kept:${form.dataset.person}:`;
const SKIPPED = new Set(["csrfmiddlewaretoken", "version", "key", "q", "pictures", "act", "fold"]);
const WORDS = /^(text|own_|part_|alt_|quote_words)/;
const DAYS = 14 * 86_400_000;
let [typed, asked, timer, left] = [0, 0, 0, false];

const slot = () => mine + form.elements.key.value;
const fields = () => [...new FormData(form)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string" && value.trim());
const same = (one, other) => JSON.stringify(one.map(([n, v]) => [n, v.replace(/\r\n/g, "\n").trim()])) === JSON.stringify(other.map(([n, v]) => [n, v.replace(/\r\n/g, "\n").trim()]));

function keep() {
  clearTimeout(timer);
  timer = 0;
  if (left) return;
  const copy = { at: Date.now(), fresh: "fresh" in form.dataset, fields: fields() };
  try {
    if (copy.fields.some(([name]) => WORDS.test(name))) localStorage.setItem(slot(), JSON.stringify(copy));
    else localStorage.removeItem(slot());
  } catch {
    // A full or closed store: the server's own saving goes on as before.
  }
}

function copies() {
  const found = Object.keys(localStorage).filter((name) => name.startsWith(mine)).map((name) => [name, JSON.parse(localStorage.getItem(name))]);
  for (const [name, copy] of found) if (copy.at < Date.now() - DAYS) localStorage.removeItem(name);
  const here = found.filter(([name, copy]) => name === slot() || ("fresh" in form.dataset && copy.fresh));
  return here.sort((one, other) => other[1].at - one[1].at)[0];
}

function fill(copy) {
  const names = new Set(copy.fields.map(([name]) => name));
  for (const box of form.querySelectorAll("[type=checkbox]:not(:disabled)")) {
    box.checked = copy.fields.some(([name, value]) => name === box.name && value === box.value);
  }
  for (const name of names) {
    const values = copy.fields.filter(([one]) => one === name).map(([, value]) => value);
    values.forEach((value, at) => {
      const box = form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=checkbox], [type=hidden], [type=radio])`)[at];
      if (!box) return;
      box.value = value;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function offer([name, copy]) {
  if (!copy.fields.length || same(copy.fields, fields())) return localStorage.removeItem(name);
  const text = copy.fields.find(([one]) => WORDS.test(one))?.[1] ?? "";
  notice.querySelector("[data-when]").textContent = new Date(copy.at).toLocaleString(document.documentElement.lang, { weekday: "short", hour: "2-digit", minute: "2-digit" });
  notice.querySelector("[data-text]").textContent = text.length > 160 ? `${text.slice(0, 160)}…` : text;
  notice.hidden = false;
  notice.querySelector("[data-back]").addEventListener("click", () => {
    form.elements.key.value = name.slice(mine.length);
    fill(copy);
    notice.hidden = true;
    form.elements.text.focus();
  });
  notice.querySelector("[data-away]").addEventListener("click", () => { localStorage.removeItem(name); notice.hidden = true; });
}

const old = copies();
if (old) offer(old);
for (const kind of ["input", "change"]) form.addEventListener(kind, () => { typed += 1; timer ||= setTimeout(keep, 300); });
addEventListener("pagehide", () => timer && keep());
form.addEventListener("submit", keep);
document.addEventListener("submit", ({ target }) => (left ||= "leaves" in target.dataset), true);
form.addEventListener("htmx:beforeRequest", (event) => event.target === form && (asked = typed));
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "beside" || !("kept" in document.getElementById("saved").dataset)) return;
  delete form.dataset.fresh;
  if (asked === typed) { clearTimeout(timer); timer = 0; localStorage.removeItem(slot()); }
});
