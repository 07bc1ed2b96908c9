// What only a script can offer: a table to paste, and the code to embed a chart.
const words = document.currentScript.dataset;

// From disk too, and with its cells: only what is selected can be copied so.
function offerCopy(table, line) {
  const status = Object.assign(document.createElement("span"), { role: "status" });
  const button = Object.assign(document.createElement("button"), { textContent: words.copy });
  button.addEventListener("click", () => {
    getSelection().selectAllChildren(table);
    if (document.execCommand("copy")) status.textContent = ` ${words.copied}`;
    getSelection().removeAllRanges();
  });
  if (line.childNodes.length) line.append(" · ");
  line.append(button, status);
}

// The files of a figure stand below its table; any other table gets a line of its own.
for (const scroll of document.querySelectorAll(".scroll:has(> table):not(.sight *)")) {
  const next = scroll.nextElementSibling;
  const line = next?.matches(".take") ? next : Object.assign(document.createElement("p"), { className: "take" });
  if (line !== next) scroll.after(line);
  offerCopy(scroll.querySelector("table"), line);
}

for (const line of document.querySelectorAll(".take[role=group]")) {
  const picture = line.querySelector("a[href$='.svg']");
  // From disk there is no address that another page could show.
  if (location.protocol === "file:" || !picture) continue;
  const code = Object.assign(document.createElement("textarea"), { readOnly: true, rows: 3 });
  const title = line.getAttribute("aria-label").replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  code.value = `<iframe src="${picture.href}" title="${title}" width="420" height="500" loading="lazy"></iframe>`;
  code.setAttribute("aria-label", words.embed);
  code.addEventListener("focus", () => code.select());
  const details = document.createElement("details");
  const summary = Object.assign(document.createElement("summary"), { textContent: words.embed });
  details.append(summary, code);
  line.after(details);
}
