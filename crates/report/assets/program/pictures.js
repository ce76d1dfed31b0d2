// What the network predicts in each frame.

/** The pictures of a run. They follow the player. */
function runPictures(run) {
  const { picture } = run;
  if (run.frames.every(({ predictions }) => predictions.length === 0)) return [];
  if (picture.kind === "curve") return [new FitPicture(run), new ResidualPicture(run)];
  if (picture.kind === "scatter") {
    return picture.outputs.flatMap((_, output) => [
      new ScatterPicture(run, output),
      new HistogramPicture(run, output),
    ]);
  }
  return picture.kind === "regions" ? [new RegionPicture(run)] : [];
}

/** A figure of one frame of a run. */
class FramePicture extends Figure {
  constructor(run, parts) {
    super({ ...parts, option: (theme, chart) => this.all(theme, chart), describe: () => this.words() + this.missingWords() });
    this.run = run;
    this.frame = run.frames[run.frames.length - 1];
    this.missing = element("p", { class: "missing" });
    this.node.firstChild.append(this.missing);
  }

  label() {
    super.label();
    this.missing.textContent = this.missingWords();
  }

  /** Says how many predictions are missing, if any are. */
  missingWords() {
    const { predictions } = this.frame;
    const missing = predictions.filter((prediction) => prediction === null).length;
    if (missing === 0) return "";
    const which = missing === predictions.length ? "All predictions" : `${count(missing)} of ${count(predictions.length)} predictions`;
    return ` ${which} are NaN or too large to draw.`;
  }

  /** Shows another frame. */
  show(frame) {
    this.frame = frame;
    this.merge(this.moving());
  }
}

/** The epoch of a frame in words. */
function when({ at }) {
  return at === 0 ? "before the first epoch" : `at epoch ${count(at)}`;
}

/** The share of a list that meets a condition. A missing number does not meet it. */
function share(list, condition) {
  return list.filter((number) => number !== null && condition(number)).length / Math.max(1, list.length);
}

/** The numbers that are not missing. */
function known(numbers) {
  return numbers.filter((number) => number !== null);
}

function zip(left, right) {
  return left.map((value, index) => [value, right[index]]);
}

/** The difference of two numbers; missing if one of them is, or if it overflows. */
function difference(prediction, target) {
  const residual = (prediction ?? NaN) - (target ?? NaN);
  return Number.isFinite(residual) ? residual : null;
}

/** The limits of an axis for these numbers, with a little room on both sides. */
function around(lists, room = 0.2) {
  const [low, high] = extremes(known(lists.flat()));
  if (low === null) return { min: 0, max: 1 };
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Never below the precision of numbers of this size.
  const step = niceLimit(Math.max(high / 5 - low / 5, 1e-12 * size, 1e-12));
  const limits = { min: step * Math.floor(low / step - room), max: step * Math.ceil(high / step + room) };
  return limits.min < limits.max ? limits : { min: low - step, max: high + step };
}
