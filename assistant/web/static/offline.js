// Waits on the page that stands in for the sidebar until Kingpost answers again.

async function look() {
  const answer = await fetch("/healthz").catch(() => null);
  if (answer?.ok) location.reload();
}

addEventListener("online", look);
setInterval(look, 5_000);
