// Finds pages in which every word stands; accents and capitals do not matter.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const folded = pages.map(([, title, , words]) => [fold(title), fold(words)]);
const input = document.getElementById("zoek");
const list = document.getElementById("lijst");

function show() {
  const words = fold(input.value).split(/\s+/).filter(Boolean);
  const rank = ([title, more]) =>
    words.every((word) => title.includes(word)) ? 0
      : words.every((word) => title.includes(word) || more.includes(word)) ? 1 : 2;
  const found = words.length
    ? pages.map((page, number) => [rank(folded[number]), page])
        .filter(([place]) => place < 2).sort((a, b) => a[0] - b[0])
    : [];
  list.replaceChildren(...found.slice(0, 50).map(([, [path, title, kind]]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title;
    item.append(link, ` (${kind})`);
    return item;
  }));
  const status = document.getElementById("gevonden");
  const told = found.length ? status.dataset.found.replace("#", found.length) : status.dataset.none;
  status.textContent = words.length ? told : "";
}

input.addEventListener("input", show);
input.value = new URLSearchParams(location.search).get("q") ?? "";
show();
