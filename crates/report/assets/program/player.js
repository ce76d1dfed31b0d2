// A slider and a play button for the frames of a run.

const FRAMES_PER_SECOND = 12;

/** Plays the frames of a run; `show` is called with each. */
class Player {
  constructor(run, show) {
    this.run = run;
    this.show = show;
    this.timer = null;
    const last = run.frames.length - 1;
    this.slider = element("input", { type: "range", id: "frame", min: 0, max: last, step: 1, value: last });
    this.slider.value = String(last);
    this.slider.addEventListener("input", () => {
      this.pause();
      this.update();
    });
    this.button = element("button", { type: "button", id: "play", onclick: () => this.toggle() }, "Play");
    this.text = element("output", { for: "frame", id: "frame-text" });
    this.node = element(
      "div",
      { class: "player", role: "group", "aria-label": "Playback of the training" },
      this.button,
      element("label", { for: "frame" }, "Epoch"),
      this.slider,
      this.text,
    );
  }

  get frame() {
    return this.run.frames[Number(this.slider.value)];
  }

  /** Shows the frame at the slider's position. */
  update() {
    const words = frameWords(this.run, this.frame);
    this.slider.setAttribute("aria-valuetext", words.replace(/\n/g, ", "));
    this.text.replaceChildren(...words.split("\n").map((line) => element("span", {}, line)));
    this.show(this.frame);
  }

  toggle() {
    if (this.timer !== null) return this.pause();
    if (this.slider.value === this.slider.max) this.slider.value = "0";
    this.button.textContent = "Pause";
    // Otherwise a screen reader would read twelve epochs a second.
    this.text.setAttribute("aria-live", "off");
    this.timer = setInterval(() => this.step(), 1000 / FRAMES_PER_SECOND);
    this.update();
  }

  step() {
    if (this.slider.value === this.slider.max) return this.pause();
    this.slider.value = String(Number(this.slider.value) + 1);
    this.update();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.button.textContent = "Play";
    this.text.removeAttribute("aria-live");
  }
}

/** The epoch of a frame, and its results. */
function frameWords(run, { at }) {
  const kept = at === run.kept_epoch ? " (kept)" : "";
  const lines = [at === 0 ? when({ at }) : `epoch ${count(at)}${kept} of ${count(lastEpoch(run))}`];
  const found = run.epochs.find((epoch) => epoch.at === at);
  if (found) {
    lines.push(`training loss ${short(totalLoss(found))}`);
    if (found.metric !== null) lines.push(`training ${run.metric.label} ${metricFormat(run)(found.metric)}`);
  }
  return lines.join("\n");
}

