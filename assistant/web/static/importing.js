// While a table is imported, the page takes its state anew every second; when it has ended, the whole page.

const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

for (let state = document.getElementById("state"); state?.hasAttribute("data-running"); state = document.getElementById("state")) {
  await wait(1);
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) continue;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("state");
  if (!now?.hasAttribute("data-running")) location.reload();
  else state.replaceChildren(...now.childNodes);
}
