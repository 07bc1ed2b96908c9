// Names the square under the pointer, or the one to which the arrow keys went.
const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

for (const map of document.querySelectorAll(".map")) {
  const name = map.parentElement.querySelector(".map-name");
  const squares = [...map.querySelectorAll("rect")];
  const place = (square) => [square.x.baseVal.value, square.y.baseVal.value];
  let here = null;

  function show(square) {
    here?.classList.remove("here");
    here = square;
    here.classList.add("here");
    const took = here.classList.contains("yes") ? name.dataset.yes : name.dataset.no;
    name.textContent = `${here.textContent}: ${took}`;
  }

  map.addEventListener("pointerover", (event) => {
    if (event.target.matches("rect")) show(event.target);
  });
  map.addEventListener("focus", () => here || show(squares[0]));
  map.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [x, y] = place(here);
    // The nearest in that direction, and straight on before aslant.
    const near = (square) => {
      const [dx, dy] = place(square).map((at, axis) => at - [x, y][axis]);
      const ahead = dx * step[0] + dy * step[1];
      return ahead > 0.5 ? ahead + 2 * Math.abs(step[0] ? dy : dx) : Infinity;
    };
    const next = squares.reduce((best, square) => (near(square) < near(best) ? square : best));
    if (near(next) < Infinity) show(next);
  });
}
