// The page's words, in the language that it was built in.

import { filled } from "./format.js";

let table = {};
let code = "en";

/** Use these texts from now on. */
export function useTexts(language, texts) {
  code = language;
  table = texts;
}

/** Read the texts that were built into the page. */
export function readTexts() {
  const block = document.getElementById("texts");
  useTexts(document.documentElement.lang.slice(0, 2), JSON.parse(block.textContent));
}

/** Return the text `part.key` with its placeholders filled. */
export function text(key, values = {}) {
  const [part, name] = key.split(".");
  const words = table[part]?.[name];
  if (words === undefined) throw new Error(`there is no text ${key}`);
  return filled(words, values);
}

export function language() {
  return code;
}

/** Put words in a row, with the commas of the reader's language between them. */
export function listed(words) {
  return words.join(code === "zh" ? "，" : ", ");
}

/** Put a name before what it is of. */
export function labelled(label, words) {
  return `${label}${code === "zh" ? "：" : ": "}${words}`;
}

/** Put sentences together; Chinese has no space between them. */
export function joined(sentences) {
  return sentences.filter(Boolean).join(code === "zh" ? "" : " ");
}
