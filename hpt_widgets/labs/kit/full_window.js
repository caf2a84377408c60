// The button in a lab's corner: it fills the window with the lab, and Escape or the same button
// brings the page back. Which of the two it is concerns this page alone, so no kernel is asked.
// It also keeps the messages of the lab's fields in sight, and what is selected in them to the lab.

const ARROWS = {
  false: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
  true: "M8 3v5H3M17 8h-5V3M12 17v-5h5M3 12h5v5",
};

function ancestorsOf(element) {
  const found = [];
  for (let one = element.parentElement; one !== null; one = one.parentElement) found.push(one);
  return found;
}

// A message under the last field in sight is cut off by the box that scrolls its fields: the box
// moves until all of it is seen.
const watched = new WeakSet();

function keepMessagesInSight(box) {
  if (watched.has(box)) return;
  watched.add(box);
  const show = () => {
    for (const message of box.querySelectorAll(".hpt-message")) {
      const cut = message.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
      if (message.offsetHeight > 0 && cut > 0) box.scrollTop += cut + 4;
    }
  };
  const changes = { childList: true, subtree: true, attributes: true, attributeFilter: ["style"] };
  new MutationObserver(show).observe(box, changes);
}

// The labs that this page has drawn before: it may draw one anew, or twice.
const drawn = new WeakSet();

function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hpt-fill";
  button.setAttribute("aria-label", model.get("fill"));
  button.addEventListener("click", () => fill(!isFull()));
  el.append(button);

  let filled = null; // the lab, while it fills the window
  let around = []; // what it lies in on the page

  const isFull = () => filled !== null;

  function describe() {
    button.setAttribute("aria-pressed", String(isFull()));
    button.title = model.get(isFull() ? "leave" : "fill");
    const path = `<path d="${ARROWS[isFull()]}"/>`;
    button.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true">${path}</svg>`;
  }

  function fill(wanted) {
    if (wanted === isFull()) return;
    if (wanted) {
      filled = el.closest(".hpt-frame");
      around = ancestorsOf(filled);
      // Behind it nothing moves: its place on the page stays as high as it was.
      around[0].style.minHeight = `${filled.offsetHeight}px`;
      document.addEventListener("keydown", onKey, true);
    } else {
      around[0].style.minHeight = "";
      document.removeEventListener("keydown", onKey, true);
    }
    filled.classList.toggle("hpt-full", wanted);
    // Panels of a notebook clip and move what they hold, be its place fixed to the window.
    around.forEach((one) => one.classList.toggle("hpt-holds-full", wanted));
    if (!wanted) filled = null;
    describe();
  }

  function onKey(event) {
    if (event.key !== "Escape") return;
    // Else JupyterLab would take the focus to the cell.
    event.stopPropagation();
    event.preventDefault();
    fill(false);
    button.focus();
  }

  // Who types has the focus in a field; the box may be drawn later than the button.
  function onFocus(event) {
    const box = event.target.closest(".hpt-overlay");
    if (box !== null && box.closest(".hpt-frame") === el.closest(".hpt-frame")) {
      keepMessagesInSight(box);
    }
  }

  // A field whose value a slider changes says that its selection has changed. Each cell's editor
  // would look for its own then, and have the page laid out once more before the curve is drawn.
  function onSelection(event) {
    if (el.closest(".hpt-frame")?.contains(event.target)) event.stopPropagation();
  }

  document.addEventListener("focusin", onFocus);
  document.addEventListener("selectionchange", onSelection, true);
  describe();
  if (!drawn.has(model)) {
    drawn.add(model);
    model.send("drawn");
  }
  return () => {
    document.removeEventListener("focusin", onFocus);
    document.removeEventListener("selectionchange", onSelection, true);
    fill(false);
  };
}

export default { render };
