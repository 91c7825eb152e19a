// The composer while one types: a first count before the server's, tabs of chosen channels only, pictures added at once.
const form = document.getElementById("composer");
const seen = new Intl.Segmenter("en", { granularity: "grapheme" });
const LINK = /https?:\/\/\S+/g;

// As near as a line of code comes to each platform's rule; the server's exact count follows within a second.
function estimate(platform, text) {
  const short = platform === "facebook" ? text : text.replace(LINK, "x".repeat(23));
  if (platform === "facebook") return short.length;
  const letters = [...seen.segment(short)].map((one) => one.segment);
  if (platform !== "x") return letters.length;
  return letters.reduce((sum, one) => sum + (one.codePointAt(0) < 4352 || /^[\u2000-\u206f]/.test(one) ? 1 : 2), 0);
}

function words(key, part) {
  if (part) return [...form.querySelectorAll(`[name="part_${key}"]`)].filter((one) => one.value.trim())[part - 1]?.value.trim() ?? "";
  const own = form.elements[`own_${key}`]?.value.trim();
  const text = own || form.elements.text.value.trim();
  const link = form.elements.link.value.trim();
  return link && !text.includes(link) ? `${text}\n\n${link}` : text;
}

function count() {
  for (const counter of document.querySelectorAll("#counts [data-of]")) {
    const [key, part] = counter.dataset.of.split(".");
    const platform = counter.querySelector("[data-platform]").dataset.platform;
    if (platform === "facebook" && form.elements.link.value) continue;
    const limit = Number(counter.dataset.limit);
    const used = estimate(platform, words(key, Number(part ?? 0)));
    counter.querySelector("[data-used]").textContent = String(used);
    counter.dataset.state = used > limit ? "over" : used > limit * 0.9 ? "near" : "";
  }
}

function tabs() {
  for (const box of form.querySelectorAll("[data-channel]")) {
    const tab = document.getElementById(`w-${box.dataset.channel}-tab`);
    if (!tab) continue;
    tab.hidden = !box.checked;
    if (tab.hidden && tab.getAttribute("aria-selected") === "true") document.getElementById("w-all-tab").click();
    const late = document.querySelector(`#step-${box.dataset.channel} [data-step]`);
    tab.querySelector(".tab-mark")?.remove();
    if (late) tab.append(Object.assign(document.createElement("span"), { className: "tab-mark", title: "Out of step", innerHTML: '≠<span class="hidden-text"> out of step</span>' }));
  }
}

form.addEventListener("input", count);
// A reason being written, or a picture being looked for, is no change of the post.
for (const id of ["beside", "picker"]) {
  for (const kind of ["input", "change"]) document.getElementById(id).addEventListener(kind, (event) => event.stopPropagation());
}
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-channel]")) tabs();
  if (event.target.type === "file" && event.target.files.length) {
    event.stopPropagation();
    document.getElementById("pictures-help").textContent = "The pictures are being checked…";
    form.requestSubmit(document.getElementById("add-pictures"));
  }
});
document.addEventListener("htmx:afterSettle", ({ target }) => target.id === "beside" && tabs());

tabs();
