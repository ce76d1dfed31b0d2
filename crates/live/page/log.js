// The lines that the chapter's program prints, each compared with the book.

class LogPart {
  constructor() {
    this.node = document.getElementById("log");
    this.shown = 0;
    this.session = null;
    this.onlyBook = false;
    this.counts = element("p", { id: "log-counts" });
    this.body = element("tbody", {});
    this.erratum = element("div", { class: "erratum", hidden: true });
    const table = element(
      "table",
      { class: "lines" },
      element("caption", { class: "hidden" }, "Lines of every 100th epoch"),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Line"), element("th", { scope: "col" }, "Compared"))),
      this.body,
    );
    this.filter = new Pills("Lines", [["all", "All lines"], ["book", "Only those that the book prints"]], "all", (value) => {
      this.onlyBook = value === "book";
      this.body.classList.toggle("only-book", this.onlyBook);
    });
    this.box = scrollable("Lines of every 100th epoch", table);
    this.node.append(
      element("h2", { id: "log-title" }, "The lines of the chapter"),
      element("p", {}, "The chapter’s program prints a line every 100 epochs, with the numbers before the step of that epoch. With the book’s digits and seed 0, each line is checked: against the book if the book prints it, else against the chapter’s NumPy program."),
      new NetworkChooser("Lines of").node,
      this.erratum,
      this.filter.node,
      this.counts,
      this.box,
    );
  }

  draw() {
    const { session } = app;
    if (session !== this.session || session.token !== this.token || session.lines.length < this.shown) this.restart(session);
    const isAtEnd = this.box.scrollTop + this.box.clientHeight >= this.box.scrollHeight - 8;
    const fresh = session.lines.slice(this.shown);
    this.shown = session.lines.length;
    if (fresh.length > 0) {
      this.body.append(...fresh.map((line) => this.row(line)));
      if (isAtEnd) this.box.scrollTop = this.box.scrollHeight;
    }
    this.count(session);
  }

  restart(session) {
    Object.assign(this, { session, token: session.token, shown: 0 });
    this.body.replaceChildren();
    const run = known.runs.find(({ run }) => run === session.made?.run);
    this.erratum.hidden = !run?.note;
    if (run?.note) {
      const listing = (lines) => element("pre", { tabindex: 0 }, lines.join("\n"));
      this.erratum.replaceChildren(
        element("p", {}, run.note),
        element("details", {}, element("summary", {}, "Both listings"), element("p", { class: "note" }, "As the book prints it:"), listing(run.printed.map(({ text }) => text)), element("p", { class: "note" }, "What the code of the book prints:"), listing(run.printed.map(({ text, really }) => really ?? text))),
      );
    }
  }

  row({ text, matches, printed }) {
    const isBook = printed !== null;
    const isRun5 = isBook && printed !== text && matches === true;
    const word = matches === null ? "" : matches
      ? isRun5 ? "✓ as the book’s code prints" : isBook ? "✓ as in the book" : "✓ as NumPy prints"
      : "✗ differs";
    const kind = matches === null ? "plain" : matches ? "same" : "different";
    const cell = element("td", { class: "mark" }, word);
    if (matches === false && printed !== null) cell.append(element("small", {}, ` book: ${printed}`));
    return element("tr", { class: `${kind} ${isBook ? "book" : ""}` }, element("td", {}, element("code", {}, text)), cell);
  }

  count(session) {
    const text = lineWords(session);
    if (this.counts.textContent !== text) this.counts.textContent = text;
  }
}

/** How many lines are the same as those of the book and of NumPy. */
function lineWords(session) {
  const { lines } = session;
  const compared = lines.filter(({ matches }) => matches !== null);
  const book = compared.filter(({ printed }) => printed !== null);
  const same = (list) => list.filter(({ matches }) => matches).length;
  const isRun = session.settings !== null && runOf(session.settings) !== null;
  const isFast = isRun && session.settings.arithmetic === "f32";
  const why = !isRun ? "These settings are not those of a run of the chapter, so there is nothing to compare with."
    : isFast ? "Fast is on: these lines are not compared." : "Only the book’s digits with seed 0 are compared.";
  if (lines.length === 0) return `No lines yet. Press Train.${isFast ? ` ${why}` : ""}`;
  if (compared.length === 0) {
    return `${counted(lines.length, "line")}. ${why}`;
  }
  const isCode = known.runs.some(({ run, note }) => run === session.made.run && note !== null);
  const all = agreeWords(same(compared), compared.length);
  const of = compared.length === 1 ? "it" : `${book.length} of them`;
  if (book.length === 0) return `${all}.`;
  return isCode ? `${all}; ${book.length} ${book.length === 1 ? "is" : "are"} compared with what the book’s code prints.` : `${all}; the book prints ${of}.`;
}

/** How many of the compared lines agree. */
function agreeWords(same, compared) {
  if (compared === 1) return same === 1 ? "The line agrees" : "The line differs";
  if (compared === 2 && same === 2) return "Both lines agree";
  return same === compared ? `All ${compared} lines agree` : `${same} of ${compared} lines agree`;
}
