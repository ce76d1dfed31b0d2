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
      element("p", {}, "The chapter’s program prints a line every 100 epochs, with the numbers before the step of that epoch. In the book’s arithmetic with seed 0, each line here is compared: with the book where the book prints it, else with the NumPy program of the chapter."),
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
  if (lines.length === 0) return "No lines yet. Press Train.";
  if (compared.length === 0) {
    return `${counted(lines.length, "line")}. ${session.made?.run ? "They are compared in the book’s arithmetic with seed 0." : "These settings are not those of a run of the chapter, so there is nothing to compare with."}`;
  }
  const isCode = known.runs.some(({ run, note }) => run === session.made.run && note !== null);
  const are = book.length === 1 ? "is" : "are";
  const first = isCode ? `${are} as the book’s code prints` : `that the book prints ${are} the same`;
  return `${same(book)} of ${counted(book.length, "line")} ${first}, and ${same(compared)} of all ${compared.length} compared lines.`;
}
