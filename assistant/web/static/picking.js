// Ticking many entries of a list: all at once, and how many are ticked.

for (const form of document.querySelectorAll("[data-picking]")) {
  const boxes = [...form.querySelectorAll("input[name^=pick-]")];
  const all = form.querySelector("[data-all]");
  const picked = form.querySelector("[data-picked]");
  all.closest("[hidden]").hidden = false;
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    picked.textContent = count ? picked.dataset.words.replace("{count}", String(count)) : "";
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  form.addEventListener("change", (event) => {
    // Who says what somebody is means them.
    const entry = event.target.closest("[data-list] > *");
    if (event.target.matches("select[name^=kind-]") && event.target.value && entry) entry.querySelector("input[name^=pick-]").checked = true;
    if (event.target !== all) tell();
  });
  tell();
}
