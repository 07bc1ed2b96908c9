// The chart that readers change themselves is loaded, with what draws it, when they ask for it.
function load(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

for (const section of document.querySelectorAll(".look")) {
  const { key, chart, runtime } = section.dataset;
  const button = section.querySelector("button");
  const place = section.querySelector(".chart");
  section.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    await Promise.all([load(runtime), load(chart)]);
    // In the colour of the page, light or dark.
    const spec = JSON.parse(JSON.stringify(window.charts[key]).replaceAll("#1a1a1a", "currentColor"));
    // What a bar tells under the pointer is part of the section, too.
    section.append(Object.assign(document.createElement("div"), { id: "vg-tooltip-element" }));
    await vegaEmbed(place, spec, { actions: false, renderer: "svg" });
    button.remove();
    place.querySelector("select").focus();
  });
}
