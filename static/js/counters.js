// Live counting for boxes whose platform counts plain characters; the others ask the server as one types.
const seen = new Intl.Segmenter("en", { granularity: "grapheme" });

function count(box) {
  for (const counter of document.querySelectorAll(`[data-counts="${CSS.escape(box.id)}"]`)) {
    const used = [...seen.segment(box.value)].length;
    const limit = Number(counter.dataset.limit);
    counter.querySelector("[data-used]").textContent = String(used);
    if (used > limit) counter.dataset.state = "over";
    else if (used > limit * 0.9) counter.dataset.state = "near";
    else delete counter.dataset.state;
  }
}

document.addEventListener("input", (event) => event.target.matches("textarea, input") && event.target.id && count(event.target));
