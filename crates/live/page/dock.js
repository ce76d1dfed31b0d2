// The bar at the lower edge: train, pause, one epoch, reset, and the numbers of the moment.

const PACES = [["", "as fast as possible"], ["10", "10 epochs a frame"], ["1", "1 epoch a frame"]];

class Dock {
  constructor() {
    this.play = element("button", { type: "button", id: "play", class: "main", onclick: () => app.toggle() }, "Train");
    this.step = element("button", { type: "button", id: "one", onclick: () => app.step() }, "One step");
    this.reset = element("button", { type: "button", id: "reset", onclick: () => app.reset() }, "Reset");
    this.bar = element("progress", { max: 1, value: 0, "aria-label": "Epochs done" });
    this.epoch = element("span", { class: "number", id: "epoch" });
    this.loss = element("span", { class: "number", id: "loss" });
    this.reason = element("span", { class: "number", id: "reason", role: "status" });
    this.speed = element("span", { class: "number", id: "speed" });
    this.pace = new Choice("Speed", PACES, (value) => app.setPace(value === "" ? null : Number(value)));
    this.node = document.getElementById("dock");
    this.node.append(
      element("div", { class: "buttons" }, this.play, this.step, this.reset),
      element("div", { class: "progress" }, this.bar, element("div", { class: "numbers" }, this.epoch, this.loss, this.reason, this.speed)),
      this.pace.node,
    );
    this.isSeen = true;
  }

  draw() {
    const session = app.session;
    const { last } = session;
    const isPlaying = app.isPlaying;
    const word = isPlaying ? "Pause" : app.sessions.every((one) => one.isDone) ? "Train again" : app.sessions.some((one) => one.epoch > 0) ? "Continue" : "Train";
    if (this.play.textContent !== word) this.play.textContent = word;
    this.play.classList.toggle("on", isPlaying);
    const reason = app.reason();
    // What trains can always be paused.
    this.play.disabled = !isPlaying && (reason !== null || app.sessions.every((one) => one.id === null));
    this.step.disabled = reason !== null || session.id === null || session.isDone;
    this.reason.classList.toggle("problem", wrongField() !== null);
    if (this.reason.textContent !== (reason ?? "")) this.reason.textContent = reason ?? "";
    const epochs = session.made?.settings.epochs ?? session.settings?.epochs ?? 1;
    this.bar.max = epochs;
    this.bar.value = session.epoch;
    this.epoch.textContent = this.epochWords(session, epochs);
    const name = app.sessions.length > 1 ? `${session.name}: ` : "";
    this.loss.textContent = last === null ? "" : `${name}loss ${short(last.loss)}, accuracy ${percent(last.accuracy)}`;
    // The numbers of the curves and of the dock are those of the same epoch.
    for (const curve of app.stage.curves) curve.tell();
    this.speed.textContent = this.speedWords(session);
  }

  /** The epoch of the network, or of both. */
  epochWords(session, epochs) {
    if (app.sessions.length < 2) return `epoch ${count(session.epoch)} of ${count(epochs)}`;
    const all = app.sessions.map((one) => one.made?.settings.epochs ?? epochs);
    if (all.every((one) => one === all[0])) return `${app.sessions.map(({ name, epoch }) => `${name} ${count(epoch)}`).join(" · ")} of ${count(all[0])}`;
    return app.sessions.map(({ name, epoch }, index) => `${name} ${count(epoch)} of ${count(all[index])}`).join(" · ");
  }

  speedWords(session) {
    const words = [];
    const left = Math.max(0, ...app.sessions.map((one) => one.secondsLeft ?? 0));
    if (app.isPlaying && left > 0) words.push(leftWords(left));
    if (session.speed !== null && app.isPlaying) words.push(`${count(Math.round(session.speed))} epochs/s`);
    const frames = app.frames.perSecond;
    if (frames !== null && app.isBusy) words.push(`${Math.round(frames)} frames/s`);
    return words.join(", ");
  }
}

/** How long something still takes, in words. */
function leftWords(seconds) {
  if (seconds < 10) return `about ${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 57) return `about ${5 * Math.round(seconds / 5)} s left`;
  if (seconds < 5400) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
}
