// Draws at the pace of the screen, and counts the frames.

/** The parts of the page that are drawn: `draw()` is called when something has changed and `node` is on the screen. */
class Frames {
  constructor(drawn) {
    this.views = [];
    this.drawn = drawn;
    this.isAsked = false;
    this.times = [];
    this.isBusy = () => false;
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const view = this.views.find(({ node }) => node === target);
        if (view === undefined) continue;
        view.isSeen = isIntersecting;
        if (isIntersecting) this.ask(view);
      }
    }, { rootMargin: "80px" });
    document.addEventListener("visibilitychange", () => (this.times = []));
  }

  /** Adds a view. It is drawn at most every `every` milliseconds. */
  add(view, every = 0) {
    Object.assign(view, { isStale: true, isSeen: false, drawnAt: -Infinity, every });
    this.views.push(view);
    this.seen.observe(view.node);
    return view;
  }

  remove(view) {
    this.seen.unobserve(view.node);
    this.views = this.views.filter((other) => other !== view);
  }

  /** Something has changed that this view shows, or that any view shows. */
  ask(view) {
    for (const one of view ? [view] : this.views) one.isStale = true;
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    this.isAsked = false;
    this.times.push(now);
    while (this.times[0] < now - 1000) this.times.shift();
    let isLater = false;
    for (const view of this.views) {
      if (!view.isStale || !view.isSeen) continue;
      if (now - view.drawnAt < view.every) {
        isLater = true;
        continue;
      }
      view.isStale = false;
      view.drawnAt = now;
      view.draw();
    }
    this.drawn();
    // While something trains, every frame is counted, also those in which nothing is new.
    if ((isLater || this.isBusy()) && !this.isAsked) {
      this.isAsked = true;
      requestAnimationFrame((next) => this.frame(next));
    }
  }

  /** The frames of the last second; `null` before there is a second to count. */
  get perSecond() {
    const { times } = this;
    if (times.length < 2) return null;
    const spent = times[times.length - 1] - times[0];
    return spent < 300 ? null : (1000 * (times.length - 1)) / spent;
  }
}
