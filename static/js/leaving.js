// Who signs out leaves no words of theirs in this browser; and words that are in the post are not kept beside it.
document.addEventListener("submit", (event) => {
  const person = event.target.dataset.leaves;
  if (!person) return;
  for (const name of Object.keys(localStorage)) if (name.startsWith(`parley:kept:${person}:`)) localStorage.removeItem(name);
});

const post = document.querySelector("[data-kept-post]");
const copy = post && JSON.parse(localStorage.getItem(post.dataset.keptPost) ?? "null");
if (copy) {
  const said = JSON.parse(document.getElementById("said").textContent);
  const of = (name) => copy.fields.filter(([one]) => one === name).map(([, value]) => value.replace(/\r\n/g, "\n").trim());
  const names = new Set([...Object.keys(said), ...copy.fields.map(([name]) => name).filter((name) => /^(text|link|own_|part_)/.test(name))]);
  const all = [...names].every((name) => JSON.stringify(of(name)) === JSON.stringify((said[name] ?? []).map((one) => one.trim())));
  if (all) localStorage.removeItem(post.dataset.keptPost);
}
