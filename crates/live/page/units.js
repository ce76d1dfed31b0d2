// The outputs of the units of a layer: a small picture for each.

class UnitsPicture {
  constructor() {
    this.picture = new Canvas("Outputs of the units", (context, width, height) => this.paint(context, width, height), { tabindex: 0, role: "application" });
    this.picture.node.classList.add("grid-of-units");
    this.picture.resized = () => app.frames.ask(this);
    this.node = this.picture.node;
    this.said = readingOf(this.picture.canvas);
    this.chosen = 0;
    const { canvas } = this.picture;
    canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => this.point(offsetX, offsetY));
    canvas.addEventListener("pointerdown", ({ offsetX, offsetY }) => this.point(offsetX, offsetY));
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.heat = document.createElement("canvas");
  }

  get data() {
    return app.session.units;
  }

  get columns() {
    const count = this.data?.units.length ?? 1;
    const width = this.node.clientWidth;
    return Math.max(1, Math.min(count, Math.floor(width / (count > 100 ? 40 : width < 500 ? 42 : 68))));
  }

  get cell() {
    const width = this.node.clientWidth / this.columns;
    return { width, height: Math.round(width * 0.75) };
  }

  point(left, top) {
    if (this.data === null) return;
    const index = Math.floor(top / this.cell.height) * this.columns + Math.floor(left / this.cell.width);
    if (index >= 0 && index < this.data.units.length && index !== this.chosen) this.choose(index);
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns }[event.key];
    if (step === undefined || this.data === null) return;
    event.preventDefault();
    const next = this.chosen + step;
    if (next >= 0 && next < this.data.units.length) this.choose(next);
  }

  choose(index) {
    this.chosen = index;
    this.tell();
    app.frames.ask(this);
  }

  /** The chosen unit in words. */
  tell() {
    const { data } = this;
    if (data === null) return;
    const values = data.units[this.chosen] ?? [];
    const [low, high] = rangeOf([values]);
    const dead = data.dead[this.chosen] ? " It is dead: its output is 0 for every row." : "";
    const corners = data.hinges.filter(({ unit }) => unit === this.chosen).map(({ x }) => short(x));
    const hinge = corners.length === 0 ? "" : corners.length === 1 ? ` Its corner is at x = ${corners[0]}.` : ` Its corners are at x = ${corners.join(", ")}.`;
    this.said.textContent = `Unit ${this.chosen}: outputs from ${short(low)} to ${short(high)}.${dead}${hinge}`;
  }

  draw() {
    const { data } = this;
    if (app.session.missing !== null) {
      this.picture.clear();
      this.said.textContent = "";
    }
    if (data === null || data.units === undefined) return;
    this.chosen = Math.min(this.chosen, data.units.length - 1);
    const rows = Math.ceil(data.units.length / this.columns);
    const height = `${rows * this.cell.height}px`;
    if (this.node.style.height !== height) this.node.style.height = height;
    const dead = data.dead.filter(Boolean).length;
    this.picture.label = `Outputs of ${counted(data.units.length, "unit")} of layer ${data.layer}; ${dead} of them dead. The arrow keys choose a unit.`;
    if (document.activeElement !== this.picture.canvas) this.tell();
    this.picture.draw();
  }

  paint(context) {
    const { data, columns } = this;
    const { width, height } = this.cell;
    const [low, high] = rangeOf(data.units);
    data.units.forEach((values, index) => {
      const left = (index % columns) * width + 2;
      const top = Math.floor(index / columns) * height + 2;
      this.paintUnit(context, { left, top, right: left + width - 4, bottom: top + height - 4 }, values, [low, high], index);
    });
  }

  paintUnit(context, box, values, [low, high], index) {
    const isDead = this.data.dead[index];
    context.fillStyle = theme().surface;
    context.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    if (this.data.cells === null || this.data.cells === undefined) {
      const place = linear(Math.min(low, 0), Math.max(high, 0), box.bottom - 3, box.top + 3);
      const across = linear(0, values.length - 1, box.left, box.right);
      context.strokeStyle = theme().line;
      context.lineWidth = 1;
      stroke(context, [[box.left, place(0)], [box.right, place(0)]]);
      context.strokeStyle = isDead ? theme().muted : theme().green;
      context.lineWidth = 1.5;
      const step = Math.max(1, Math.floor(values.length / 100));
      const thin = values.filter((_, at) => at % step === 0);
      strokeValues(context, thin.map((_, at) => at * step), thin, across, place);
    } else {
      drawHeat(context, this.heat, box, values, this.data.cells, this.data.cells, Math.max(Math.abs(low), Math.abs(high)), true);
    }
    if (isDead) {
      context.strokeStyle = theme().red;
      context.lineWidth = 1;
      stroke(context, [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3]]);
      stroke(context, [[box.right - 3, box.top + 3], [box.left + 3, box.bottom - 3]]);
    }
    context.strokeStyle = index === this.chosen ? theme().ink : theme().line;
    context.lineWidth = index === this.chosen ? 2.5 : 1;
    context.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  }
}

/** Numbers as pixels: blue is negative, orange positive, and the strength is the size. */
function drawHeat(context, buffer, box, values, rows, columns, largest, isUpward = false) {
  if (buffer.width !== columns || buffer.height !== rows) Object.assign(buffer, { width: columns, height: rows });
  const inside = buffer.getContext("2d");
  const image = inside.createImageData(columns, rows);
  const [negative, positive, empty] = [theme().blue, theme().orange, theme().surface].map((color) => color.match(/[\d.]+/g).map(Number));
  for (let index = 0; index < rows * columns; index++) {
    const value = values[index] ?? 0;
    const share = largest > 0 ? Math.sqrt(Math.min(1, Math.abs(value) / largest)) : 0;
    const color = value < 0 ? negative : positive;
    const row = Math.floor(index / columns);
    const to = 4 * ((isUpward ? rows - 1 - row : row) * columns + (index % columns));
    for (let part = 0; part < 3; part++) image.data[to + part] = empty[part] + (color[part] - empty[part]) * share;
    image.data[to + 3] = 255;
  }
  inside.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(buffer, box.left, box.top, box.right - box.left, box.bottom - box.top);
}
