// What every page does: its theme, and what it says where something is missing.

const THEME = "hpt-theme";
// Nobody reads more of what is wrong in an address.
const MOST_TOLD = 10;

function remembered() {
  try {
    return localStorage.getItem(THEME);
  } catch {
    return null; // storage is blocked
  }
}

function remember(theme) {
  try {
    localStorage.setItem(THEME, theme);
    return true;
  } catch {
    return false;
  }
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function currentTheme() {
  return document.documentElement.dataset.theme ?? (prefersDark.matches ? "dark" : "light");
}

function useTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("themechange"));
}

const theme = remembered();
if (theme === "dark" || theme === "light") useTheme(theme);

const button = document.getElementById("theme");
button.hidden = false;
const showButton = () => {
  const words = currentTheme() === "dark" ? button.dataset.light : button.dataset.dark;
  button.setAttribute("aria-label", words);
  button.title = words;
};
showButton();
button.addEventListener("click", () => {
  useTheme(currentTheme() === "dark" ? "light" : "dark");
  showButton();
  if (!remember(currentTheme())) notify(button.dataset.forgets);
});
prefersDark.addEventListener("change", showButton);

// A lab's address holds its settings: this link leads on without writing itself there.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});

/** Show a sentence at the top of the page, and let a screen reader say it. */
export function notify(words) {
  const place = document.getElementById("notices");
  const known = [...place.children].some((notice) => notice.textContent === words);
  if (known) return null;
  const notice = document.createElement("p");
  notice.textContent = words;
  place.append(notice);
  return notice;
}

let told = [];

/** Tell what could not be used of an address, in the place of what was told of the one before. */
export function tellProblems(problems) {
  told.forEach((notice) => notice?.remove());
  told = problems.slice(0, MOST_TOLD).map(notify);
}

// This line runs, so modules do: what is said where they don't is not for this reader.
document.getElementById("no-modules").remove();
