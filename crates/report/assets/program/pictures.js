// What the network predicts, frame by frame.

/** The pictures of a run, which follow the player. */
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

  /** Says how many predictions there are not, if there are not all. */
  missingWords() {
    const { predictions } = this.frame;
    const missing = predictions.filter((prediction) => prediction === null).length;
    if (missing === 0) return "";
    const which = missing === predictions.length ? "All predictions" : `${count(missing)} of ${count(predictions.length)} predictions`;
    return ` ${which} are missing here: they are no finite numbers any more.`;
  }

  /** Moves on to another frame. */
  show(frame) {
    this.frame = frame;
    this.merge(this.moving());
  }
}

/** When a frame was: epochs are numbered from 0. */
function when({ at }) {
  return at < 0 ? "before the first epoch" : `at epoch ${count(at)}`;
}

/** How many of a list fulfil a condition, as a share; a missing number fulfils none. */
function share(list, condition) {
  return list.filter((number) => number !== null && condition(number)).length / Math.max(1, list.length);
}

/** What is not missing. */
function known(numbers) {
  return numbers.filter((number) => number !== null);
}

function zip(left, right) {
  return left.map((value, index) => [value, right[index]]);
}

/** The difference of two numbers; missing if one of them is, or if it is too large for a number. */
function difference(prediction, target) {
  const residual = (prediction ?? NaN) - (target ?? NaN);
  return Number.isFinite(residual) ? residual : null;
}

/** Limits with a little room around all these numbers; without any, or around a single one, some limits. */
function around(lists, room = 0.2) {
  const [low, high] = extremes(known(lists.flat()));
  if (low === null) return { min: 0, max: 1 };
  const size = Math.max(Math.abs(low), Math.abs(high));
  // What a number of this size can be told apart from.
  const step = niceLimit(Math.max(high / 5 - low / 5, 1e-12 * size, 1e-12));
  const limits = { min: step * Math.floor(low / step - room), max: step * Math.ceil(high / step + room) };
  return limits.min < limits.max ? limits : { min: low - step, max: high + step };
}
