// A button that copies the words of a box. Without this the words are selected and copied by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const box = document.getElementById(button.dataset.copies);
  if (!box || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.value);
    button.append(document.createTextNode(" ✓"));
    setTimeout(() => button.lastChild.remove(), 2000);
  });
}
