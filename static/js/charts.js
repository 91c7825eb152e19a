// Draws every canvas[data-chart] from its json_script with Chart.js, in the page's own colours, again when they change.
const library = document.querySelector("script[data-library]").dataset.library;
const drawn = new Map();
const nonce = document.querySelector("script[nonce]")?.nonce;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let loading;
let printing = false;

function load() {
  loading ??= new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: library, nonce, onload: done, onerror: failed });
    document.head.append(script);
  });
  return loading;
}

// A token resolved to the colour it has now: canvases do not know custom properties.
function colour(canvas, name) {
  const probe = canvas.parentElement.appendChild(document.createElement("span"));
  if (printing) probe.style.colorScheme = "light";
  probe.style.color = `var(--${name})`;
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(probe).color;
  pen.fillRect(0, 0, 1, 1);
  probe.remove();
  return `rgb(${[...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).join(" ")})`;
}

function series(canvas, data) {
  return data.names.slice(1).map((name, at) => {
    const tone = String(data.tones?.[at] ?? at + 1);
    const ink = colour(canvas, /^\d$/.test(tone) ? `hue-${tone}` : `${tone}-solid`);
    const dashed = data.dashed?.includes(name);
    const bar = data.kind !== "line" && !dashed;
    return {
      type: bar ? "bar" : "line", label: name, data: data.rows.map((row) => row[at + 1]), borderColor: ink,
      backgroundColor: ink, borderWidth: bar ? 0 : dashed ? 1.5 : 2.25, borderDash: dashed ? [5, 5] : [], borderRadius: 3,
      pointRadius: dashed ? 0 : 2.5, pointHoverRadius: 5, tension: 0, maxBarThickness: 34, spanGaps: false, order: dashed ? 0 : 1,
    };
  });
}

const whole = (data) => data.rows.every((row) => row.slice(1).every((value) => value === null || Number.isInteger(value)));

async function draw(canvas) {
  const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  await load();
  drawn.get(canvas)?.destroy();
  const [ink, line, ground] = ["ink-soft", "line-soft", "panel"].map((name) => colour(canvas, name));
  canvas.dataset.ground = ground;
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  const axis = { ticks: { color: ink, font, maxRotation: 0, autoSkipPadding: 12, precision: whole(data) ? 0 : undefined }, border: { display: false } };
  const stacked = data.kind === "stacked";
  const unit = (value) => (data.unit ? `${value.toLocaleString()} ${data.unit}` : value.toLocaleString());
  drawn.set(canvas, new Chart(canvas, {
    data: { labels: data.rows.map((row) => row[0]), datasets: series(canvas, data) }, plugins: [globalThis.directLabels(unit, ink, ground, stacked)],
    options: {
      layout: { padding: { top: 16, right: 6 } }, animation: still.matches || printing ? false : { duration: 250 }, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
      indexAxis: data.kind === "level" ? "y" : "x",
      scales: { x: { ...axis, grid: { display: data.kind === "level", color: line }, stacked }, y: { ...axis, grid: { display: data.kind !== "level", color: line }, beginAtZero: true, stacked } },
      plugins: {
        legend: { display: data.names.length > 2 && data.kind !== "line", align: "start", labels: { color: ink, font, boxHeight: 6, pointStyleWidth: 10, usePointStyle: true, padding: 14 } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${unit(item.raw)}` } },
      },
    },
  }));
  canvas.closest("figure")?.querySelector("[data-picture]")?.removeAttribute("hidden");
}

// In other colours: on paper the ground is white, whatever it is on the screen.
function again(paper) {
  printing = paper;
  [...drawn.keys()].forEach((canvas) => canvas.isConnected && draw(canvas));
}

const all = (root) => root.querySelectorAll?.("canvas[data-chart]").forEach(draw);
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
for (const event of ["beforeprint", "afterprint"]) addEventListener(event, () => again(event === "beforeprint"));
document.addEventListener("themechange", () => again(printing));
