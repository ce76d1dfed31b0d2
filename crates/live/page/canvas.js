// What all pictures on a canvas share: sharp pixels, colours, axes.

const FONT = "12px system-ui, sans-serif";

/** The colours of the style sheet, read again after a change of the theme. */
let ink = null;
function theme() {
  return (ink ??= colors());
}

/** A canvas that fills its box; `paint(context, width, height)` draws it in CSS pixels. */
class Canvas {
  constructor(label, paint, options = {}) {
    this.paint = paint;
    this.canvas = element("canvas", { role: "img", "aria-label": label, ...options });
    this.node = element("div", { class: "canvas" }, this.canvas);
    this.resized = () => {};
    new ResizeObserver(() => this.resized()).observe(this.node);
  }

  /** Tells a screen reader what the picture shows. */
  set label(text) {
    if (this.canvas.getAttribute("aria-label") !== text) this.canvas.setAttribute("aria-label", text);
  }

  /** An empty picture. */
  clear() {
    const { canvas } = this;
    canvas.getContext("2d").setTransform(1, 0, 0, 1, 0, 0);
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  }

  draw(scale = Math.min(3, window.devicePixelRatio || 1)) {
    const { clientWidth: width, clientHeight: height } = this.node;
    if (width === 0 || height === 0) return;
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== wide || this.canvas.height !== high) Object.assign(this.canvas, { width: wide, height: high });
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = FONT;
    context.lineJoin = "round";
    this.paint(context, width, height);
  }
}

/** A paragraph about the chosen part of a picture. It is read aloud only while the picture has the focus. */
function readingOf(canvas) {
  const said = element("p", { class: "note reading", "aria-live": "off" });
  canvas.addEventListener("focus", () => said.setAttribute("aria-live", "polite"));
  canvas.addEventListener("blur", () => said.setAttribute("aria-live", "off"));
  return said;
}

/** About `count` round values from `low` to `high`. */
function roundValues(low, high, count) {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => span / step < count + 1) ?? 10 * power;
  const values = [];
  // Whole multiples of the step, so that 0 is exactly 0.
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + span * 0.003; index++) values.push(Number((index * step).toPrecision(12)));
  return values;
}

/** Powers of ten from `low` to `high`, at most `count`. */
function powers(low, high, count) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first + 1) / count));
  const values = [];
  for (let power = last; power >= first; power -= step) values.unshift(10 ** power);
  return values;
}

/** A scale from values to pixels. */
function linear(low, high, from, to) {
  const factor = (to - from) / (high - low || 1);
  return (value) => from + (value - low) * factor;
}

function logarithmic(low, high, from, to) {
  const place = linear(Math.log10(low), Math.log10(high), from, to);
  return (value) => place(Math.log10(value));
}

/** The smallest and the largest finite number of some lists; 0 and 1 if there is none. */
function rangeOf(lists, isUsed = Number.isFinite) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const value of list) {
      if (value === null || !isUsed(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low > high ? [0, 1] : [low, high];
}

/** A range with some space around it. */
function widened([low, high], share = 0.08) {
  const space = high > low ? (high - low) * share : Math.abs(low) * 0.1 || 0.5;
  return [low - space, high + space];
}

/** Lines and labels of both axes; `x` and `y` are `{ place, values, text }`. */
function drawAxes(context, box, x, y) {
  const { line, muted } = theme();
  const { left, top, right, bottom } = box;
  context.strokeStyle = line;
  context.fillStyle = muted;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of y.values) {
    const at = Math.round(y.place(value)) + 0.5;
    stroke(context, [[left, at], [right, at]]);
    context.fillText(y.text(value), left - 6, at);
  }
  context.textBaseline = "top";
  for (const value of x.values) {
    const at = x.place(value);
    const text = x.text(value);
    const half = context.measureText(text).width / 2;
    context.textAlign = "center";
    context.fillText(text, Math.min(at, right + 8 - half), bottom + 6);
  }
}

function stroke(context, points) {
  context.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}

/** A line through the points with known values. Gaps stay gaps. */
function strokeValues(context, xs, ys, placeX, placeY) {
  context.beginPath();
  let isDown = false;
  for (let index = 0; index < xs.length; index++) {
    const value = ys[index];
    if (value === null || value === undefined || !Number.isFinite(value)) {
      isDown = false;
      continue;
    }
    const y = Math.max(-1e5, Math.min(1e5, placeY(value)));
    if (isDown) context.lineTo(placeX(xs[index]), y);
    else context.moveTo(placeX(xs[index]), y);
    isDown = true;
  }
  context.stroke();
}

/** A mark whose shape is that of a class or layer, not only its colour. */
function mark(context, shape, x, y, size) {
  context.beginPath();
  if (shape % 3 === 0) {
    context.arc(x, y, size, 0, 2 * Math.PI);
  } else if (shape % 3 === 1) {
    context.moveTo(x, y - size * 1.2);
    context.lineTo(x + size * 1.1, y + size * 0.8);
    context.lineTo(x - size * 1.1, y + size * 0.8);
    context.closePath();
  } else {
    context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  }
}

/** The colour of the n-th network, class or layer. */
function colorOf(index) {
  const { blue, orange, green, purple, red } = theme();
  return [orange, blue, green, purple, red][index % 5];
}

/** A number on an axis. */
function axisText(number) {
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1e5 || size < 1e-3) return number.toExponential(0).replace("e+", "e").replace("-", "\u2212");
  return String(Number(number.toPrecision(4))).replace("-", "\u2212");
}
