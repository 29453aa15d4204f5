// The line above a message: who wrote it, how sure that is, and what is the matter. It lives in the message's own
// document, so it sits in a closed shadow with styles of its own, and what comes from elsewhere enters as text only.

(() => {
  if (globalThis.kingpost) return;
  globalThis.kingpost = true;

  // A mail that Kingpost has not read yet is asked for again while it is open.
  const AGAIN = [1500, 3000, 6000, 12_000, 30_000, 60_000];
  // What a letter's own styles say cannot win over these: nothing of it may cover the line or push it away.
  const ON_TOP = { all: "initial", display: "block", position: "sticky", top: "0", "z-index": "2147483647" };
  const IN_PLACE = {
    margin: "0", padding: "0", position: "static", transform: "none", translate: "none", scale: "none", rotate: "none",
    opacity: "1", filter: "none", "clip-path": "none", mask: "none",
  };
  const BELOW = { isolation: "isolate", "z-index": "0" };
  const STYLE = `
    :host { all: initial; }
    .line { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: center; padding: 7px 12px;
      font: 13px/1.45 system-ui, sans-serif; color: #1a2029; background: #e6edf8; border-bottom: 1px solid #b9cbe6; }
    .who { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; flex: 1 1 320px; min-width: 0; overflow-wrap: anywhere; }
    .name { font: inherit; font-size: 14px; font-weight: 650; color: inherit; background: none; border: 0; padding: 0; text-align: left; }
    button.name { cursor: pointer; text-decoration: underline; text-decoration-color: #8aa4cc; text-underline-offset: 2px; }
    .crown { color: #9a6b00; }
    .quiet { color: #4c5866; }
    .trouble { flex-basis: 100%; font-weight: 600; color: #b3261e; }
    .asked { color: #7d5200; font-weight: 400; }
    .next { flex-basis: 100%; }
    .link { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; text-underline-offset: 2px; }
    .acts { display: flex; gap: 6px; flex-wrap: wrap; }
    .acts button { font: inherit; font-size: 12px; color: inherit; background: #fff; border: 1px solid #858f9c; border-radius: 5px; padding: 2px 8px; cursor: pointer; }
    button:hover { border-color: #1c4587; color: #1c4587; }
    button:focus-visible { outline: 2px solid #1c4587; outline-offset: 1px; }
    .is-spoof { background: #fdecea; border-bottom: 2px solid #b3261e; }
    .is-spoof .name { color: #b3261e; }
    .is-review { background: #fff4dc; border-bottom-color: #dfbd76; }
    .is-unknown, .is-pending { background: #eceff3; border-bottom-color: #d9dee5; }
    @media (prefers-color-scheme: dark) {
      .line { color: #e7ebf0; background: #20304a; border-bottom-color: #3a5078; }
      .quiet { color: #a3afbd; } .crown { color: #eec15c; }
      .trouble, .is-spoof .name { color: #ff9d94; } .asked { color: #f2c46b; }
      .acts button { background: #1a2028; }
      button:hover { color: #c2d8ff; }
      .is-spoof { background: #3d1f1e; border-bottom-color: #ff9d94; }
      .is-review { background: #372b15; border-bottom-color: #6d5522; }
      .is-unknown, .is-pending { background: #232b35; border-bottom-color: #313b47; }
    }
    @media print { :host { display: none; } }`;

  const say = (name) => messenger.i18n.getMessage(name);
  const tell = (asked) => messenger.runtime.sendMessage(asked).catch(() => null);
  let place = null, asking = 0;

  messenger.runtime.onMessage.addListener(({ kind }) => { if (kind === "refresh") refresh(true); });
  refresh(false);

  async function refresh(anew, turn = 0) {
    const mine = ++asking;
    const summary = await tell({ kind: "displayed", anew });
    if (mine !== asking) return;
    if (!document.body) await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve, { once: true }));
    if (summary) show(summary);
    if (summary?.status === "pending" && turn < AGAIN.length) setTimeout(() => mine === asking && refresh(true, turn + 1), AGAIN[turn]);
  }

  function show(summary) {
    if (!place) {
      const host = document.createElement("kingpost-banner");
      for (const [element, styles] of [[host, ON_TOP], [document.documentElement, IN_PLACE], [document.body, BELOW]]) {
        for (const [name, value] of Object.entries(styles)) element?.style.setProperty(name, value, "important");
      }
      place = host.attachShadow({ mode: "closed" });
      document.documentElement.insertBefore(host, document.body);
    }
    place.replaceChildren(make("style", "", STYLE), line(summary));
  }

  function make(name, kind, ...inside) {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    made.append(...inside.filter(Boolean));
    return made;
  }

  function button(words, kind, press) {
    const made = make("button", kind, words);
    made.type = "button";
    made.addEventListener("click", (event) => event.isTrusted && press(made));
    return made;
  }

  function act(words, path, body) {
    return button(words, "", async (pressed) => {
      pressed.disabled = true;
      const done = await tell({ kind: "act", path, body });
      if (done?.ok) return refresh(true);
      pressed.disabled = false;
      pressed.textContent = done?.sentence ?? say("away");
    });
  }

  const opens = (words, path, kind = "") => button(words, kind, () => tell({ kind: "open", path }));

  function line(summary) {
    const { status, message, customer, contact, match, trust, complaint, actions } = summary;
    const no = message?.no, known = status === "known" && customer;
    const name = known ? opens(customer.name, `/customers/${encodeURIComponent(customer.id)}`, "name") : make("span", "name", say(`title_${status}`));
    const aside = known
      ? [[contact?.name, contact?.role].filter(Boolean).join(", "), match?.sentence, trust?.verdict === "fail" && trust.sentence]
      : status === "pending" ? [] : [match?.sentence];
    const next = summary.next_action ?? summary.promises[0], pending = summary.cases[0];
    const open = ["open", "confirmed", "doubtful"].includes(complaint?.state);
    const asked = complaint?.state === "doubtful" && complaint.message === no;
    const drawn = make("div", `line is-${status}`,
      make("div", "who", known && customer.king && make("span", "crown", "♔ "), name,
        ...aside.filter(Boolean).map((words) => make("span", "quiet", words))),
      make("div", "acts",
        known && actions.includes("confirm") && act(say("right"), `/messages/${no}/match`, { customer: customer.id }),
        no && actions.includes("correct") && opens(say(known ? "wrong" : "assign"), `/messages/${no}#match`),
        button(say("more"), "", () => tell({ kind: "panel" }))),
      open && make("div", `trouble${asked ? " asked" : ""}`, complaint.text, " ",
        asked && make("span", "acts", act(say("yes"), `/messages/${no}/complaint`, { flag: true }), act(say("no"), `/messages/${no}/complaint`, { flag: false }))),
      pending && make("div", "next", opens(pending.text || say("case"), pending.href, "link"), " ",
        make("span", "quiet", [pending.state_text, pending.due_text, pending.assignee_text].filter(Boolean).join(" · "))),
      next && make("div", "next", next.text));
    drawn.setAttribute("role", status === "spoof" ? "alert" : "status");
    drawn.lang = messenger.i18n.getUILanguage();
    return drawn;
  }
})();
