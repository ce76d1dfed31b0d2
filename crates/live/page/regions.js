// The large picture of a classification: the regions of the classes, and the samples.

class RegionChart {
  constructor(session) {
    this.session = session;
    this.picture = new Canvas("Decision regions", (context, width, height) => this.paint(context, width, height));
    this.node = this.picture.node;
    this.node.classList.add("fit", "square");
    this.cells = document.createElement("canvas");
  }

  draw() {
    this.picture.label = this.words();
    this.picture.draw();
  }

  words() {
    const { made, last, picture } = this.session;
    if (made === null) return "No picture.";
    const classes = picture === null ? [] : [...new Set(picture.class)].sort();
    const found = classes.length === 0 ? "" : ` The network answers ${classes.length === 1 ? `class ${classes[0]} everywhere` : `classes ${classes.join(", ")}`}.`;
    const fit = last === null ? "" : ` The accuracy is ${percent(last.accuracy)}.`;
    return `Spiral with ${made.classes} classes, ${made.rows} samples, after ${count(this.session.epoch)} epochs.${found}${fit}`;
  }

  paint(context, width, height) {
    const { made, picture } = this.session;
    if (made === null || made.task !== "classification") return;
    const edge = Math.min(width, height);
    const [left, top] = [(width - edge) / 2, (height - edge) / 2];
    const { low, high } = made.grid;
    const placeX = linear(low, high, left, left + edge);
    const placeY = linear(low, high, top + edge, top);
    if (picture !== null && picture.class !== undefined) {
      this.colorCells(picture, made.grid.cells);
      context.imageSmoothingEnabled = true;
      context.drawImage(this.cells, left, top, edge, edge);
    }
    const { samples } = made;
    context.lineWidth = 1;
    for (let index = 0; index < samples.x.length; index++) {
      const label = samples.class[index];
      context.fillStyle = classColor(label);
      context.strokeStyle = theme().surface;
      mark(context, label, placeX(samples.x[index]), placeY(samples.y[index]), edge < 420 ? 3.2 : 4.2);
      context.fill();
      context.stroke();
    }
  }

  /** A pixel for each cell: the colour of its class, stronger where the network is surer. */
  colorCells({ class: classes, probability }, cells) {
    if (this.cells.width !== cells) Object.assign(this.cells, { width: cells, height: cells });
    const context = this.cells.getContext("2d");
    const image = context.createImageData(cells, cells);
    const parts = [0, 1, 2].map((label) => classColor(label).match(/[\d.]+/g).map(Number));
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        const from = row * cells + column;
        const to = 4 * ((cells - 1 - row) * cells + column);
        const color = parts[classes[from] ?? 0];
        image.data.set([color[0], color[1], color[2], 25 + 120 * ((probability[from] ?? 0) ** 2)], to);
      }
    }
    context.putImageData(image, 0, 0);
  }
}

function classColor(label) {
  const { blue, orange, green } = theme();
  return [blue, orange, green][label % 3];
}
