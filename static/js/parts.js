// Parts of a thread: the last box is always empty, and the next one comes when something is written into it.
function grow(list) {
  const boxes = [...list.querySelectorAll("[data-part]")];
  const last = boxes.at(-1);
  if (!last?.querySelector("textarea").value.trim() || boxes.length >= Number(list.dataset.most)) return;
  const next = last.cloneNode(true);
  const [label, box] = [next.querySelector("label"), next.querySelector("textarea")];
  const number = boxes.length + 1;
  label.textContent = label.textContent.replace(/\d+/, String(number + 1));
  box.value = "";
  box.id = label.htmlFor = box.id.replace(/\d+$/, String(number));
  last.after(next);
}

document.addEventListener("input", (event) => {
  const list = event.target.closest?.("[data-parts]");
  if (list) grow(list);
});
