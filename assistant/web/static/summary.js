// One summary from its JSON, the same markup as templates/summary.html; a test compares the two.
// What comes from mails and records enters as text only.

import { fill, told } from "./moments.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; of those only elements and words are taken, not null, false or 0. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value != null) made.setAttribute(key, value);
  made.append(...children.flat().filter((child) => child && (child instanceof Node || typeof child === "string")));
  return made;
}

/** An icon of static/icons.svg, with a label where it says something by itself. */
export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  if (label) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label); }
  else svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** The summary as an element. `page`: { words, language, zone, csrf }. */
export function summaryElement(summary, page, now = new Date()) {
  const { status, message, customer, contact, match, trust } = summary;
  const w = page.words.summary;
  return h("article", { class: `summary is-${status}` },
    message && mail(),
    status === "spoof" && alarm(),
    customer ? who() : head(),
    match && message && status !== "pending" && why(),
    trust?.sentence && status !== "spoof" && h("p", { class: `trust trust-${trust.verdict}` },
      icon({ pass: "shield", fail: "alert" }[trust.verdict] ?? "dash"), h("span", {}, trust.sentence)),
    match?.candidates.length && status !== "known" && candidates(),
    summary.cases.length && cases(),
    summary.complaint && complaint(),
    summary.promises.length && h("section", { class: "promises" }, h("h3", {}, w.promises), h("ul", {}, summary.promises.map((one) =>
      h("li", { class: one.tone && "overdue" }, h("p", {}, link(one.href, one.text)), post(`/promises/${one.id}/kept`, { next: back() }, w.kept))))),
    summary.particulars.length && h("section", { class: "particulars" }, icon("star", w.particulars), stated(summary.particulars)),
    summary.money && h("section", { class: "money" }, h("h3", { class: "hidden" }, w.money), stated(summary.money.lines, summary.money.spark)),
    summary.value?.lines.length && h("details", { class: "value" },
      h("summary", {}, summary.value.lines[0].text, " ", h("span", { class: "why" }, w.value)), stated(summary.value.lines.slice(1))),
    summary.next_action && !(summary.complaint && summary.next_action.action === "solve-complaint") && next(),
    summary.recent.length ? lines(w.recent, summary.recent, "recent")
      : status === "known" && h("section", { class: "lines recent" }, h("h3", {}, w.recent), h("p", { class: "quiet" }, w.recent_empty)),
    summary.references?.length && lines(w.references, summary.references, "references"),
    summary.withheld.length && status !== "unknown" && status !== "pending" && withheld(),
    message?.no && summary.actions.includes("correct") && h("div", { class: "act" },
      status === "known" && customer && summary.actions.includes("confirm") && assign(customer, w.confirm),
      link(`/messages/${message.no}#match`, { known: w.wrong, unknown: w.assign_pick }[status] ?? w.assign_other, { class: "button small" }),
      summary.actions.includes("create") && [link(`/messages/${message.no}/new`, w.new_customer, { class: "button small" }),
        post(`/messages/${message.no}/sender`, { next: `/sidebar?message=${message.no}`, stance: "ignore" }, w.nobody)],
      summary.actions.includes("case") && post("/cases", { next: back(), message: message.no }, page.words.cases.open)));

  function back() {
    return message?.no ? `/sidebar?message=${message.no}` : customer ? `/sidebar?customer=${encodeURIComponent(customer.id)}` : "/sidebar";
  }

  function stated(items, spark) {
    return h("ul", { class: "stated" }, items.map((line) => {
      const title = [page.words.sources[line.source] ?? line.source, line.date && told(line.date, now, page.words.moments, page.zone)?.exact];
      return h("li", { title: title.filter(Boolean).join(", "), class: line.tone }, h("span", {}, line.text),
        spark && line.source === "orders" && [" ", h("span", { class: "spark", "aria-hidden": "true" }, spark)]);
    }));
  }

  function next() {
    const { text, reason, action, actions } = summary.next_action;
    return h("section", { class: "next" },
      h("p", {}, icon("arrow"), h("span", {}, h("b", {}, text), " ", h("span", { class: "quiet" }, reason))),
      actions.length && h("div", { class: "row" }, actions.map((verdict) =>
        post(`/customers/${encodeURIComponent(customer.id)}/next-action`, { next: back(), action, verdict }, w[verdict]))));
  }

  function cases() {
    const c = page.words.cases;
    return h("section", { class: "cases" }, h("h3", {}, c.open_ones), h("ul", {}, summary.cases.map((one) => {
      const due = one.due && told(one.due, now, page.words.moments, page.zone)?.exact;
      return h("li", { class: one.overdue ? "overdue" : null }, h("p", {}, link(one.href, one.text || w.no_subject)),
        h("p", { class: "quiet" }, one.state_text,
          one.due_text && [" · ", h("span", { class: "due", title: due }, one.overdue && icon("alert"), one.due_text)],
          one.assignee_text && ` · ${one.assignee_text}`),
        one.actions.includes("take") && post(`/cases/${one.id}/take`, { next: back() }, c.take));
    })));
  }

  // Links open beside the sidebar, so that it keeps its place.
  function link(href, text, attributes = {}) {
    return h("a", { ...attributes, href, target: "_blank" }, text);
  }

  function mail() {
    const subject = message.subject || w.no_subject;
    return h("p", { class: "mail" }, icon("mail"), h("span", {},
      message.no ? link(`/messages/${message.no}`, subject) : h("span", { class: "subject" }, subject),
      " ", h("span", { class: "sender" }, message.from)));
  }

  function alarm() {
    return h("div", { class: "alarm" }, icon("alert"), h("div", {},
      h("h2", { class: "alarm-title" }, w.spoof_title),
      match && h("p", {}, match.sentence),
      trust?.sentence && h("p", {}, trust.sentence),
      h("p", {}, w.spoof_advice)));
  }

  function who() {
    const person = [
      contact && [contact.name, contact.role].filter(Boolean).join(", "),
      customer.since && fill(w.since, { since: customer.since }),
      contact?.address && fill(w.address, { form: contact.address }),
      contact?.language && contact.language !== page.language && (page.words.languages[contact.language] ?? contact.language),
      contact?.channel && w[`prefers_${contact.channel}`],
    ].filter(Boolean);
    const tags = customer.party.filter((kind) => kind !== "customer").map((kind) => page.words.party[kind] ?? kind);
    if (customer.party.includes("customer") && customer.status !== "active") {
      tags.push(page.words.customer_status[customer.status] ?? customer.status);
    }
    if (customer.kind === "person") tags.push(w.private);
    return h("header", { class: "who" },
      h("h2", {}, customer.king && status !== "spoof" && icon("crown", w.king),
        link(`/customers/${encodeURIComponent(customer.id)}`, customer.name),
        summary.value?.badge && [" ", h("span", { class: "badge" }, summary.value.badge)]),
      person.length && h("p", { class: "person" }, person.join(" · ")),
      tags.length && h("ul", { class: "tags" }, tags.map((tag) => h("li", {}, tag))));
  }

  function head() {
    if (!["pending", "unknown", "review"].includes(status)) return null;
    return h("header", { class: "who" }, h("h2", {}, (status === "unknown" && match?.sentence) || w[`${status}_title`]), w[`${status}_text`] && h("p", { class: "person" }, w[`${status}_text`]));
  }

  function why() {
    if (status === "spoof") {
      const against = match.evidence.filter((item) => item.weight < 0);
      return match.evidence.length && h("section", { class: "misfit" }, h("h3", {}, w.misfit),
        evidence(against.length ? against : match.evidence));
    }
    const mark = icon(status === "known" ? "check" : "help");
    const sentence = h("span", {}, status === "unknown" ? w.unknown_why : match.sentence);
    if (!match.evidence.length) return match.sentence && status !== "unknown" && h("p", { class: "match" }, mark, sentence);
    return h("details", { class: "match" },
      h("summary", {}, mark, sentence, h("span", { class: "why" }, w.why)), evidence(match.evidence));
  }

  function evidence(items) {
    return h("ul", { class: "evidence" }, items.map((item) => h("li", { class: item.weight < 0 ? "against" : null },
      item.weight < 0 ? icon("minus", w.against) : icon("plus", w.for),
      h("span", {}, item.reason, item.quote && " ", item.quote && h("q", {}, item.quote)))));
  }

  function complaint() {
    const { state, text, date, href, relief, more, message: no } = summary.complaint;
    const c = page.words.complaint;
    return h("section", { class: `complaint is-${state}` },
      h("p", { class: "complaint-title" }, icon("alert"), h("span", {}, href ? link(href, text) : text, " ", time(date))),
      summary.complaint.lines.length && h("ul", { class: "quotes" }, summary.complaint.lines.map((line) => h("li", {}, line.text))),
      relief && h("p", { class: "relief" }, icon("check"), h("span", {}, link(relief.href, relief.text), " ", time(relief.date))),
      more && h("p", { class: "quiet" }, fill(more === 1 ? c.more.one : c.more.other, { count: more })),
      summary.complaint.actions.includes("solve") && post(`/messages/${no}/complaint/solved`,
        { next: back() }, c.solve));
  }

  function candidates() {
    return h("section", { class: "candidates" }, h("h3", {}, status === "spoof" ? w.candidates_spoof : w.candidates),
      h("ol", {}, match.candidates.map((candidate) => h("li", {},
        link(candidate.href, candidate.name), status !== "spoof" && message?.no && assign(candidate)))));
  }

  function assign(candidate, words = w.assign) {
    return post(`/messages/${message.no}/match`, { next: `/sidebar?message=${message.no}`, customer: candidate.id }, words);
  }

  function post(action, fields, words) {
    return h("form", { method: "post", action }, Object.entries({ _csrf_token: page.csrf, ...fields })
      .map(([name, value]) => h("input", { type: "hidden", name, value })), h("button", { class: "small" }, words));
  }

  function lines(title, items, name) {
    return h("section", { class: `lines ${name}` }, h("h3", {}, title), h("ul", {}, items.map((line) =>
      h("li", {}, line.date && time(line.date), h("span", {}, line.href ? link(line.href, line.text) : line.text)))));
  }

  function time(iso) {
    const found = told(iso, now, page.words.moments, page.zone);
    return found ? h("time", { datetime: iso, title: found.exact }, found.relative) : iso;
  }

  function withheld() {
    const groups = summary.withheld.map((group) => page.words.groups[group] ?? group).join(", ");
    return h("p", { class: "withheld" }, icon("lock"),
      h("span", {}, fill(status === "known" ? w.withheld : w.withheld_doubt, { groups })));
  }
}
