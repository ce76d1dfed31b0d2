// What the network predicts, frame by frame.

/** The pictures of a run, which follow the player. */
function runPictures(run) {
  const { picture } = run;
  if (run.frames.length === 0) return [];
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
    super({ ...parts, option: (theme, chart) => this.all(theme, chart), describe: () => this.words() });
    this.run = run;
    this.frame = run.frames[run.frames.length - 1];
  }

  /** Moves on to another frame. */
  show(frame) {
    this.frame = frame;
    this.merge(this.moving());
  }
}

/** How many of a list fulfil a condition, as a share. */
function share(list, condition) {
  return list.filter(condition).length / list.length;
}

function zip(left, right) {
  return left.map((value, index) => [value, right[index]]);
}

/** A number that is missing (the run has diverged) stays missing. */
function difference(prediction, target) {
  return prediction === null ? 0 : prediction - target;
}

/** Limits with a little room around all these numbers. */
function around(lists, room = 0.2) {
  const all = lists.flat().filter((number) => number !== null);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const step = niceLimit(Math.max((high - low) / 5, 1e-12));
  return { min: step * Math.floor(low / step - room), max: step * Math.ceil(high / step + room) };
}
