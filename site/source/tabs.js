// Tabs as the ARIA Authoring Practices have them: arrow keys move, one panel is shown.

/** Make the tabs of an element work. */
export function makeTabs(element) {
  const tabs = [...element.querySelectorAll("[role=tab]")];
  const choose = (chosen) => {
    tabs.forEach((tab) => {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
    });
    element.dispatchEvent(new CustomEvent("tabchange", { detail: chosen.id }));
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const ends = { Home: 0, End: tabs.length - 1 };
      const next = step ? (i + step + tabs.length) % tabs.length : ends[event.key];
      if (next === undefined) return;
      event.preventDefault();
      choose(tabs[next]);
      tabs[next].focus();
    });
  });
  choose(tabs[0]);
}
