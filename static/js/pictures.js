// A chart as a picture to put into a paper: its title, what is drawn, and where it comes from, on the page's own ground.
const EDGE = 24;
const LINE = 24;

function broken(pen, words, width) {
  const lines = [""];
  for (const word of words.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width > width && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function picture(figure) {
  const canvas = figure.querySelector("canvas");
  const styles = getComputedStyle(figure);
  const scale = canvas.width / canvas.clientWidth;
  const width = canvas.clientWidth + 2 * EDGE;
  const title = figure.querySelector(".chart-title").textContent;
  const note = [figure.querySelector(".chart-note")?.textContent, document.querySelector("title").textContent].filter(Boolean).join(" · ");
  const pen = document.createElement("canvas").getContext("2d");
  const fonts = [`600 17px ${styles.fontFamily}`, `13px ${styles.fontFamily}`];
  const [head, foot] = [title, note].map((words, at) => {
    pen.font = fonts[at];
    return broken(pen, words, width - 2 * EDGE);
  });
  const height = 3 * EDGE + head.length * LINE + canvas.clientHeight + foot.length * LINE;
  Object.assign(pen.canvas, { width: width * scale, height: height * scale });
  pen.scale(scale, scale);
  pen.fillStyle = canvas.dataset.ground;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = styles.color;
  pen.textBaseline = "top";
  pen.font = fonts[0];
  head.forEach((words, at) => pen.fillText(words, EDGE, EDGE + at * LINE));
  pen.drawImage(canvas, EDGE, 1.5 * EDGE + head.length * LINE, canvas.clientWidth, canvas.clientHeight);
  pen.font = fonts[1];
  foot.forEach((words, at) => pen.fillText(words, EDGE, 2 * EDGE + head.length * LINE + canvas.clientHeight + at * LINE));
  return pen.canvas;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-picture]");
  if (!button) return;
  const figure = button.closest("figure");
  picture(figure).toBlob((blob) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${figure.id}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
});
