// Setting up: a button says what it is waiting for, and the last page keeps itself current.

document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[data-busy]");
  if (!button) return;
  // The words stay until the answer comes; a second press would try twice.
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.pressed) event.preventDefault();
  button.dataset.pressed = "1";
});

// Leading back in the browser's history shows the page as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

async function again() {
  const part = document.getElementById("progress");
  if (!part?.dataset.again) return;
  const answer = await fetch(part.dataset.again, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("progress");
    if (fresh) part.replaceWith(fresh);
  }
  setTimeout(again, 2500);
}
setTimeout(again, 1500);
