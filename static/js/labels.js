// Labels drawn at the lines and bars themselves, as a plugin of Chart.js: the last number of each line, with its name
// where there are several, and the number of every bar where there is room.
const GAP = 6;
const HIGH = 15;

// A halo in the colour of the ground keeps the words legible where a line runs below them.
function write(pen, words, x, y, align = "center") {
  pen.textAlign = align;
  pen.textBaseline = "bottom";
  pen.strokeText(words, x, y);
  pen.fillText(words, x, y);
}

function last(chart, set, meta, words, taken) {
  const { left, right } = chart.chartArea;
  const { x, y } = meta.data[set.data.findLastIndex((value) => value !== null)];
  const half = chart.ctx.measureText(words).width / 2;
  let height = Math.max(y - GAP, HIGH);
  while (taken.some((other) => Math.abs(other - height) < HIGH)) height += HIGH;
  taken.push(height);
  write(chart.ctx, words, Math.min(Math.max(x, left + half), right - half), height);
}

function bars(chart, set, meta, told) {
  const { right, top, width } = chart.chartArea;
  const across = chart.options.indexAxis === "y";
  if (!across && meta.data.length * 34 > width) return;
  meta.data.forEach((bar, at) => {
    if (set.data[at] === null) return;
    if (!across) write(chart.ctx, told(set.data[at]), bar.x, Math.max(bar.y - 2, top + HIGH - 3));
    else if (bar.x + 40 > right) write(chart.ctx, told(set.data[at]), bar.x - GAP, bar.y + 7, "right");
    else write(chart.ctx, told(set.data[at]), bar.x + GAP, bar.y + 7, "left");
  });
}

globalThis.directLabels = (told, ink, ground, stacked) => ({
  id: "directLabels",
  afterDatasetsDraw(chart) {
    const { ctx, data } = chart;
    const taken = [];
    ctx.save();
    Object.assign(ctx, { font: `600 12px ${getComputedStyle(document.body).fontFamily}`, fillStyle: ink, strokeStyle: ground, lineWidth: 4, lineJoin: "round" });
    data.datasets.forEach((set, at) => {
      const meta = chart.getDatasetMeta(at);
      if (stacked || meta.hidden || set.data.every((value) => value === null)) return;
      if (set.type === "bar") return bars(chart, set, meta, told);
      const number = told(set.data.findLast((value) => value !== null));
      last(chart, set, meta, data.datasets.length > 1 ? `${set.label} ${number}` : number, taken);
    });
    ctx.restore();
  },
});
