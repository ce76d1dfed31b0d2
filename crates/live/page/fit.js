// The large picture of a regression: the targets, and what the network makes of them.

/** Whether the corners of the ReLUs are drawn on the curve. */
let showsHinges = false;

class FitChart {
  constructor(session, index) {
    this.session = session;
    this.index = index;
    this.picture = new Canvas("Targets and predictions", (context, width, height) => this.paint(context, width, height));
    this.node = this.picture.node;
    this.node.classList.add("fit");
  }

  draw() {
    this.picture.label = this.words();
    this.picture.draw();
  }

  words() {
    const { made, picture, name, last } = this.session;
    if (made === null) return `Network ${name}: no picture. ${this.session.missing ?? ""}`.trim();
    if (picture === null) return `${made.rows} targets, no predictions yet.`;
    const [low, high] = rangeOf([picture.y]);
    const fit = last === null ? "" : ` The loss is ${short(last.loss)}, the accuracy ${percent(last.accuracy)}.`;
    const isFlat = high - low < 1e-3 * (rangeOf([made.samples.y])[1] - rangeOf([made.samples.y])[0]);
    return `Targets and predictions after ${count(this.session.epoch)} epochs. ${isFlat ? `The predictions are flat at ${short(high)}.` : `The predictions go from ${short(low)} to ${short(high)}.`}${fit}`;
  }

  /** The ranges of both axes: those of the targets, so that the picture does not jump. */
  ranges() {
    const { samples, grid } = this.session.made;
    const sorted = samples.y.filter(Number.isFinite).sort((left, right) => left - right);
    // Outliers may be far off; the middle 96 % decide, where they are much narrower.
    const cut = Math.floor(sorted.length * 0.02);
    const all = [sorted[0] ?? 0, lastOf(sorted) ?? 1];
    const middle = [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 1];
    const isWide = all[1] - all[0] > 2.5 * (middle[1] - middle[0]);
    return { x: rangeOf([grid.x, samples.x]), y: widened(isWide ? widened(middle, 0.4) : all, 0.12) };
  }

  paint(context, width, height) {
    const { made, missing } = this.session;
    if (missing !== null) {
      context.fillStyle = theme().muted;
      context.font = "18px system-ui, sans-serif";
      context.textAlign = "center";
      context.fillText(missing, width / 2, height / 2, width - 20);
    }
    if (made === null || made.task === "classification") return;
    const ranges = this.ranges();
    const box = { left: 44, top: 12, right: width - 12, bottom: height - 26 };
    const x = { place: linear(...ranges.x, box.left, box.right), values: roundValues(...ranges.x, width < 480 ? 4 : 8), text: axisText };
    const y = { place: linear(...ranges.y, box.bottom, box.top), values: roundValues(...ranges.y, 6), text: axisText };
    drawAxes(context, box, x, y);
    context.save();
    context.beginPath();
    // A point at the edge is drawn whole.
    context.rect(box.left - 6, box.top - 8, box.right - box.left + 12, box.bottom - box.top + 14);
    context.clip();
    this.drawTargets(context, x.place, y.place);
    this.drawHinges(context, x.place, y.place);
    this.drawCurve(context, x.place, y.place);
    context.restore();
  }

  drawTargets(context, placeX, placeY) {
    const { samples } = this.session.made;
    context.strokeStyle = faded(theme().blue, 0.4);
    context.fillStyle = faded(theme().blue, samples.x.length > 300 ? 0.3 : 0.55);
    const isSmooth = this.session.settings.data.kind === "sine" && this.session.settings.noise === 0 && this.session.settings.outliers === 0;
    if (isSmooth) {
      context.lineWidth = 9;
      context.lineCap = "round";
      strokeValues(context, samples.x, samples.y, placeX, placeY);
      context.lineCap = "butt";
      return;
    }
    const size = samples.x.length > 300 ? 2.5 : 4;
    for (let index = 0; index < samples.x.length; index++) {
      if (samples.y[index] === null) continue;
      context.beginPath();
      context.arc(placeX(samples.x[index]), placeY(samples.y[index]), size, 0, 2 * Math.PI);
      context.fill();
    }
  }

  drawCurve(context, placeX, placeY) {
    const { picture, made } = this.session;
    if (picture === null || picture.y === undefined) return;
    context.strokeStyle = networkColor(this.index);
    context.lineWidth = 3;
    context.setLineDash(this.index === 1 ? [8, 4] : []);
    strokeValues(context, made.grid.x, picture.y, placeX, placeY);
    context.setLineDash([]);
  }

  /** Each hinge is a mark on the curve: its shape and colour are those of its layer. */
  drawHinges(context, placeX, placeY) {
    const { hinges } = this.session;
    if (!showsHinges || hinges === null) return;
    context.lineWidth = 1.5;
    for (const { layer, x, y } of hinges.hinges) {
      if (x === null || y === null) continue;
      const color = layerColor(layer);
      context.strokeStyle = faded(color, 0.25);
      stroke(context, [[placeX(x), placeY(y)], [placeX(x), 1e4]]);
      context.strokeStyle = color;
      context.fillStyle = theme().surface;
      mark(context, layer, placeX(x), placeY(y), 5);
      context.fill();
      context.stroke();
    }
  }
}

function layerColor(layer) {
  const { green, red, ink: black, blue } = theme();
  return [green, red, black, blue][layer % 4];
}
