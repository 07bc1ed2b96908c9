// What only a script can offer beside a figure: its table to paste, and the code to embed its chart.
const words = document.currentScript.dataset;
for (const line of document.querySelectorAll(".take")) {
  const block = line.parentElement;
  const status = Object.assign(document.createElement("span"), { role: "status" });

  function copy(table) {
    getSelection().selectAllChildren(table);
    // The one way that works from disk too, and keeps the cells.
    if (document.execCommand("copy")) status.textContent = ` ${words.copied}`;
    getSelection().removeAllRanges();
  }

  const table = block.querySelector("table");
  if (table && !table.closest("details:not(.section)")) {
    const button = Object.assign(document.createElement("button"), { textContent: words.copy });
    button.addEventListener("click", () => copy(table));
    line.append(" · ", button, status);
  }

  // From disk there is no address that another page could show.
  const picture = line.querySelector("a[href$='.svg']");
  if (location.protocol === "file:" || !picture) continue;
  const chart = picture.href;
  const code = Object.assign(document.createElement("textarea"), { readOnly: true, rows: 3 });
  const title = line.getAttribute("aria-label").replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  code.value = `<iframe src="${chart}" title="${title}" width="420" height="500" loading="lazy"></iframe>`;
  code.setAttribute("aria-label", words.embed);
  code.addEventListener("focus", () => code.select());
  const details = document.createElement("details");
  const summary = Object.assign(document.createElement("summary"), { textContent: words.embed });
  details.append(summary, code);
  line.after(details);
}
