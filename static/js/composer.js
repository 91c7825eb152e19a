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

function words(key) {
  const own = form.elements[`own_${key}`]?.value.trim();
  const text = own || form.elements.text.value.trim();
  const link = form.elements.link.value.trim();
  return link && !text.includes(link) ? `${text}\n\n${link}` : text;
}

function count() {
  const chosen = [...form.querySelectorAll("[data-channel]:checked")];
  const counters = [...document.querySelectorAll("#counts [data-used]")];
  if (chosen.length !== counters.length) return; // the server is about to send others
  chosen.forEach((box, at) => {
    const counter = counters[at].closest(".counter");
    const platform = counter.querySelector("[data-platform]").dataset.platform;
    if (platform === "facebook" && form.elements.link.value) return;
    const limit = Number(counters[at].parentElement.textContent.split(" of ")[1]);
    const used = estimate(platform, words(box.dataset.channel));
    counters[at].textContent = String(used);
    counter.dataset.state = used > limit ? "over" : used > limit * 0.9 ? "near" : "";
  });
}

function tabs() {
  for (const box of form.querySelectorAll("[data-channel]")) {
    const tab = document.getElementById(`w-${box.dataset.channel}-tab`);
    if (!tab) continue;
    tab.hidden = !box.checked;
    if (tab.hidden && tab.getAttribute("aria-selected") === "true") document.getElementById("w-all-tab").click();
  }
}

form.addEventListener("input", count);
// A reason being written is no change of the post: it must not bring a new list over itself.
for (const kind of ["input", "change"]) document.getElementById("beside").addEventListener(kind, (event) => event.stopPropagation());
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-channel]")) tabs();
  if (event.target.type === "file" && event.target.files.length) {
    event.stopPropagation();
    document.getElementById("pictures-help").textContent = "The pictures are being checked…";
    form.requestSubmit(document.getElementById("add-pictures"));
  }
});

tabs();
