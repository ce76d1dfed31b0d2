// The weights or gradients of a layer as a heat map.

class WeightsPicture {
  constructor() {
    this.kind = "weight";
    this.cursor = [0, 0];
    this.buffers = [document.createElement("canvas"), document.createElement("canvas")];
    this.picture = new Canvas("Weights", (context, width, height) => this.paint(context, width, height), { tabindex: 0, role: "application" });
    this.picture.resized = () => app.frames.ask(this);
    this.node = this.picture.node;
    this.node.classList.add("heat");
    this.legend = element("p", { class: "note" });
    this.chooser = new Pills("Show", [["weight", "Weights"], ["gradient", "Gradients"]], "weight", (value) => {
      this.kind = value;
      app.frames.ask(this);
    });
    const { canvas } = this.picture;
    this.said = readingOf(canvas);
    for (const name of ["pointermove", "pointerdown"]) canvas.addEventListener(name, ({ offsetX, offsetY }) => this.point(offsetX, offsetY));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** The numbers that are shown. */
  get shown() {
    const data = app.session.weights;
    if (data === null || data.rows === undefined) return null;
    const isWeight = this.kind === "weight";
    return {
      ...data,
      values: isWeight ? data.weights : data.weight_gradients,
      offsets: isWeight ? data.biases : data.bias_gradients,
      largest: isWeight ? data.largest.weight : data.largest.weight_gradient,
      largestOffset: isWeight ? data.largest.bias : data.largest.bias_gradient,
    };
  }

  /** The boxes of the weights and of the biases below them. */
  boxes({ rows }) {
    const width = this.node.clientWidth;
    const cell = rows === 1 ? 36 : Math.max(3, Math.min(10, 380 / rows));
    return {
      weights: { left: 0, top: 0, right: width, bottom: rows * cell },
      biases: { left: 0, top: rows * cell + 8, right: width, bottom: rows * cell + 26 },
    };
  }

  draw() {
    const shown = this.shown;
    if (app.session.missing !== null) {
      this.picture.clear();
      this.said.textContent = "";
      this.legend.textContent = "";
    }
    if (shown === null) return;
    const { biases } = this.boxes(shown);
    const height = `${biases.bottom + 2}px`;
    if (this.node.style.height !== height) this.node.style.height = height;
    const word = this.kind === "weight" ? "weights" : "gradients";
    const text = `Rows are the ${counted(shown.rows, "input")} of the layer, columns its ${counted(shown.columns, "unit")}. The strip below is the biases. Blue is negative, orange is positive. The largest ${word.slice(0, -1)} is ${short(shown.largest)}, the largest of a bias ${short(shown.largestOffset)}.`;
    if (this.legend.textContent !== text) this.legend.textContent = text;
    this.picture.label = `Heat map of the ${word}: ${shown.rows} by ${shown.columns}. The arrow keys choose a cell.`;
    if (document.activeElement !== this.picture.canvas) this.tell();
    this.picture.draw();
  }

  paint(context) {
    const shown = this.shown;
    const { weights, biases } = this.boxes(shown);
    drawHeat(context, this.buffers[0], weights, shown.values, shown.rows, shown.columns, shown.largest);
    drawHeat(context, this.buffers[1], biases, shown.offsets, 1, shown.columns, shown.largestOffset);
    context.strokeStyle = theme().line;
    for (const box of [weights, biases]) context.strokeRect(box.left + 0.5, box.top + 0.5, box.right - 1, box.bottom - box.top - 1);
    const [row, column] = this.clamped(shown);
    const isBias = row === shown.rows;
    const box = isBias ? biases : weights;
    const wide = box.right / shown.columns;
    const high = isBias ? box.bottom - box.top : box.bottom / shown.rows;
    context.strokeStyle = theme().ink;
    context.lineWidth = 2;
    context.strokeRect(column * wide, box.top + (isBias ? 0 : row * high), Math.max(4, wide), Math.max(4, high));
  }

  /** The chosen cell; the row after the last is that of the biases. */
  clamped({ rows, columns }) {
    return [Math.max(0, Math.min(rows, this.cursor[0])), Math.max(0, Math.min(columns - 1, this.cursor[1]))];
  }

  point(left, top) {
    const shown = this.shown;
    if (shown === null) return;
    const { weights, biases } = this.boxes(shown);
    const row = top >= biases.top ? shown.rows : Math.floor((top / weights.bottom) * shown.rows);
    this.move(row, Math.floor((left / weights.right) * shown.columns));
  }

  key(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (step === undefined || this.shown === null) return;
    event.preventDefault();
    const [row, column] = this.clamped(this.shown);
    this.move(row + step[0], column + step[1]);
  }

  move(row, column) {
    this.cursor = [row, column];
    this.tell();
    app.frames.ask(this);
  }

  tell() {
    const shown = this.shown;
    if (shown === null) return;
    const [row, column] = this.clamped(shown);
    const isBias = row === shown.rows;
    const value = isBias ? shown.offsets[column] : shown.values[row * shown.columns + column];
    const noun = this.kind === "weight" ? (isBias ? "bias" : "weight") : `gradient of the ${isBias ? "bias" : "weight"}`;
    this.said.textContent = isBias ? `Unit ${column}: ${noun} ${short(value)}.` : `Input ${row} to unit ${column}: ${noun} ${short(value)}.`;
  }
}
