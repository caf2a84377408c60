// The page's words in both languages, as the board gives them out.

const LANGUAGES = ["en", "zh"];
const KEPT = "hpt-board-language";
let texts = { en: {}, zh: {} };
let language = "en";

/** Fetch the words, and begin with the language kept here, or else with the one that is given. */
export async function loadTexts(first) {
  const kept = read(KEPT);
  language = [kept, first, navigator.language.slice(0, 2)].find((name) => LANGUAGES.includes(name)) ?? "en";
  texts = await (await fetch("texts.json")).json();
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

export function currentLanguage() {
  return language;
}

/** Speak the other language from now on. */
export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  keep(KEPT, language);
}

/** Return a text with its placeholders filled. */
export function text(key, values = {}) {
  const found = texts[language][key] ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Return a text for a number of things: it has another form where there is one. */
export function counted(key, count, values = {}) {
  return text(count === 1 ? `${key}_one` : key, { count: count.toLocaleString("en"), ...values });
}

/** Return whether words are those of a text, in one of the languages. */
export function isInAnyLanguage(key, words) {
  return LANGUAGES.some((name) => texts[name][key] === words);
}

/** Return what is called by this name, or the name where there is no text for it. */
export function nameOf(name) {
  return texts[language][`name_${name}`] ?? name;
}

/** Remember something for this tab alone, also when it is loaded again; return whether that works. */
export function keepForTab(name, value) {
  try {
    sessionStorage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

export function readForTab(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

export function forgetForTab(name) {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

/** Remember a choice in this browser; without a place for it the page goes on. */
export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A private window.
  }
}

export function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
