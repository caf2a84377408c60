// Shows one slide at a time: space and arrows, a list of sections, an address for each slide.

(() => {
  const slides = [...document.querySelectorAll("section")];
  const sections = document.getElementById("sections");
  const LARGEST = 1.35;
  const SMALLEST = 0.55;
  const SCROLLED = 0.75;
  // How high a picture may be, in hundredths of the window, and how small the letters beside it:
  // tried in this order. The labels in a picture are smaller than the letters.
  const BESIDE_PICTURES = [[80, 0.75], [72, 0.75], [62, 0.75], [52, 0.7], [44, 0.65], [36, 0.6], [30, SMALLEST], [24, 0.5]];
  const NEXT = [" ", "ArrowRight", "ArrowDown", "PageDown", "Enter"];
  const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];
  let here = 0;

  /** Make the letters and pictures of a slide as large as fits; what fits in no size is scrolled. */
  function fit(slide) {
    const content = slide.firstElementChild;
    const tried = content.querySelector("img") ? BESIDE_PICTURES : [[62, SMALLEST]];
    for (const [height, smallest] of tried) {
      content.style.setProperty("--picture-height", `${height}vh`);
      for (let size = LARGEST; size > smallest - 0.01; size -= 0.05) {
        content.style.fontSize = `${size.toFixed(2)}em`;
        if (slide.scrollHeight <= slide.clientHeight + 1) return;
      }
    }
    content.style.setProperty("--picture-height", "62vh");
    content.style.fontSize = `${SCROLLED}em`;
  }

  function show(place, { keep = true } = {}) {
    here = Math.max(0, Math.min(slides.length - 1, place));
    slides.forEach((slide, i) => slide.classList.toggle("is-shown", i === here));
    fit(slides[here]);
    slides[here].scrollTop = 0;
    slides[here].focus({ preventScroll: true });
    document.getElementById("place").textContent = `${here + 1} / ${slides.length}`;
    sections.value = String(titled.filter((i) => i <= here).at(-1) ?? titled[0]);
    if (keep) history.replaceState(null, "", `#${here + 1}`);
  }

  const titled = slides.map((_, i) => i).filter((i) => slides[i].dataset.title);
  for (const i of titled) sections.append(new Option(slides[i].dataset.title, String(i)));
  sections.addEventListener("change", () => show(Number(sections.value)));
  document.getElementById("next").addEventListener("click", () => show(here + 1));
  document.getElementById("previous").addEventListener("click", () => show(here - 1));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === sections) return;
    const isButton = event.target.closest("button, a");
    if (isButton && (event.key === " " || event.key === "Enter")) return;
    // A slide that is longer than the screen is scrolled first.
    const slide = slides[here];
    const rest = slide.scrollHeight - slide.clientHeight - slide.scrollTop;
    if ((event.key === "ArrowDown" || event.key === " ") && rest > 2) {
      slide.scrollBy({ top: 0.8 * slide.clientHeight });
    } else if (event.key === "ArrowUp" && slide.scrollTop > 2) {
      slide.scrollBy({ top: -0.8 * slide.clientHeight });
    } else if (NEXT.includes(event.key)) show(here + (event.shiftKey ? -1 : 1));
    else if (BACK.includes(event.key)) show(here - 1);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(slides.length - 1);
    else if (event.key.toLowerCase() === "f") {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    } else return;
    event.preventDefault();
  });
  const asked = () => (parseInt(location.hash.slice(1), 10) || 1) - 1;
  addEventListener("hashchange", () => show(asked()));
  addEventListener("resize", () => fit(slides[here]));
  document.documentElement.classList.add("is-live");
  show(asked(), { keep: false });
})();
