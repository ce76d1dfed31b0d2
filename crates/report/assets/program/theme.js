// Light and dark colours: those of the system, until the reader chooses others.

const themeListeners = [];

/** The colours of the style sheet, for the charts. */
function colors() {
  const probe = element("span", { hidden: true });
  document.body.append(probe);
  const names = ["ink", "muted", "line", "surface", "blue", "orange", "green", "purple", "red"];
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found);
}

/** The colours of series and classes. */
function palette({ blue, orange, green, purple, red, muted }) {
  return [blue, orange, green, purple, red, muted];
}

/** A colour with an opacity. */
function faded(color, opacity) {
  const [red, green, blue] = color.match(/[\d.]+/g);
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

/** The button that changes between light and dark. */
function themeButton() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const button = element("button", { type: "button", id: "theme" });
  const show = () => {
    button.textContent = isDark() ? "Light colours" : "Dark colours";
    themeListeners.forEach((listener) => listener());
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  system.addEventListener("change", show);
  show();
  return button;
}

