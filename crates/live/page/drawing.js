// A pad on which the reader draws points, with a mouse, a finger or the keyboard.

/** Pixels between two points of one stroke. */
const STROKE_DISTANCE = 9;
/** The most points: more do not fit into an address. */
const MOST_POINTS = 200;

class DrawingPad {
  /** `changed` is called with the points after every change. */
  constructor(changed) {
    this.changed = changed;
    this.points = [];
    this.cursor = [0, 0];
    this.picture = new Canvas("Pad for points", (context, width, height) => this.paint(context, width, height), { tabindex: 0, role: "application", "aria-describedby": "pad-help" });
    this.picture.node.classList.add("pad");
    this.picture.resized = () => this.picture.draw();
    this.said = element("p", { class: "note", role: "status" });
    const { canvas } = this.picture;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.release());
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.picture.draw());
    canvas.addEventListener("blur", () => this.picture.draw());
    this.node = element(
      "div",
      {},
      element("p", { id: "pad-help", class: "note" }, "Draw with the mouse or a finger. With the keyboard: the arrow keys move the cross, Enter adds a point, Backspace removes the last one."),
      this.picture.node,
      element(
        "div",
        { class: "row" },
        element("button", { type: "button", onclick: () => this.undo() }, "Remove the last point"),
        element("button", { type: "button", onclick: () => this.set([]) }, "Clear"),
      ),
      this.said,
    );
  }

  get place() {
    const { clientWidth: width, clientHeight: height } = this.picture.canvas;
    return { x: linear(-1, 1, 0, width), y: linear(-1, 1, height, 0), width, height };
  }

  paint(context, width, height) {
    const { x, y } = this.place;
    context.strokeStyle = theme().line;
    for (const value of [-0.5, 0, 0.5]) {
      stroke(context, [[x(value), 0], [x(value), height]]);
      stroke(context, [[0, y(value)], [width, y(value)]]);
    }
    context.fillStyle = theme().blue;
    for (const point of this.points) {
      mark(context, 0, x(point[0]), y(point[1]), 4);
      context.fill();
    }
    if (document.activeElement !== this.picture.canvas) return;
    const [left, top] = [x(this.cursor[0]), y(this.cursor[1])];
    context.strokeStyle = theme().orange;
    context.lineWidth = 2;
    stroke(context, [[left - 9, top], [left + 9, top]]);
    stroke(context, [[left, top - 9], [left, top + 9]]);
  }

  press(event) {
    if (event.button !== 0) return;
    this.picture.canvas.setPointerCapture(event.pointerId);
    this.last = null;
    this.isDrawing = true;
    this.move(event);
  }

  move(event) {
    if (!this.isDrawing) return;
    const [left, top] = [event.offsetX, event.offsetY];
    if (this.last !== null && Math.hypot(left - this.last[0], top - this.last[1]) < STROKE_DISTANCE) return;
    const { width, height } = this.place;
    if (left < 0 || top < 0 || left > width || top > height) return;
    this.last = [left, top];
    this.cursor = [linear(0, width, -1, 1)(left), linear(height, 0, -1, 1)(top)];
    this.addPoint();
  }

  release() {
    if (!this.isDrawing) return;
    this.isDrawing = false;
    this.changed(this.points);
  }

  key(event) {
    const steps = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] };
    const step = steps[event.key];
    if (step !== undefined) {
      this.cursor = this.cursor.map((value, index) => Math.max(-1, Math.min(1, value + step[index])));
      this.say(`x ${this.cursor[0].toFixed(2)}, y ${this.cursor[1].toFixed(2)}`);
    } else if (event.key === "Enter" || event.key === " ") {
      this.addPoint();
      this.changed(this.points);
    } else if (event.key === "Backspace" || event.key === "Delete") {
      this.undo();
    } else {
      return;
    }
    event.preventDefault();
    this.picture.draw();
  }

  addPoint() {
    if (this.points.length >= MOST_POINTS) {
      this.say(`The pad holds at most ${MOST_POINTS} points.`);
      return;
    }
    this.points = [...this.points, this.cursor.map((value) => Number(value.toFixed(3)))];
    this.tell();
    this.picture.draw();
  }

  undo() {
    this.set(this.points.slice(0, -1));
  }

  set(points) {
    this.show(points);
    this.changed(this.points);
  }

  /** Shows the points of a network, unless they are those that this pad or an address gave it before. */
  follow(points) {
    const text = JSON.stringify(points);
    if (text === this.followed) return;
    this.followed = text;
    this.show(points);
  }

  show(points) {
    this.points = points;
    this.tell();
    this.picture.draw();
  }

  tell() {
    const missing = this.points.length < 2 ? " A network needs at least 2." : "";
    this.say(`${counted(this.points.length, "point")}.${missing}`);
    this.picture.label = `Pad for points, with ${counted(this.points.length, "point")}`;
  }

  say(text) {
    this.said.textContent = text;
  }
}
