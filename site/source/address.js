// Settings in the page's address, behind the "#", so that a link shares them.

import { text } from "./texts.js";

// Safari refuses an address bar that is written more than a hundred times in half a minute, and a
// drag would do that.
const WRITE_MILLISECONDS = 400;
// No setting is longer, and nobody reads more of a wrong one.
const LONGEST_SHOWN = 200;

/**
 * Read settings from an address; what can't be used is told and left out.
 *
 * @param {string} hash such as "#learning_rate=0.01&optimizer=adam"
 * @param {Record<string, {parse: (typed: string) => any}>} settings
 * @returns {{found: object, problems: string[]}}
 */
export function readAddress(hash, settings) {
  const found = {};
  const problems = [];
  for (const [name, whole] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!Object.hasOwn(settings, name)) {
      problems.push(text("page.address_unknown", { name: shortened(name) }));
      continue;
    }
    try {
      found[name] = settings[name].parse(shortened(whole));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(text("page.address_wrong", { problem: error.message }));
    }
  }
  return { found, problems };
}

/** Cut a text that is too long to be read. */
function shortened(typed) {
  return typed.length > LONGEST_SHOWN ? `${typed.slice(0, LONGEST_SHOWN)}…` : typed;
}

/** Write the settings that differ from the defaults as an address's hash; "" if none does. */
export function writeAddress(values, defaults, settings) {
  const parts = Object.keys(settings)
    .filter((name) => settings[name].write(values[name]) !== settings[name].write(defaults[name]))
    .map((name) => `${name}=${escaped(settings[name].write(values[name]))}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

let newest = "";
let writtenAt = -Infinity;
let timer = null;

/** Put a hash into the links to the other language, and soon into the address bar. */
export function showAddress(hash) {
  newest = hash;
  document.querySelectorAll("a[data-keeps-settings]").forEach((link) => {
    link.hash = hash;
  });
  if (timer !== null) return;
  const wait = writtenAt + WRITE_MILLISECONDS - performance.now();
  if (wait > 0) timer = setTimeout(write, wait);
  else write();
}

function write() {
  timer = null;
  writtenAt = performance.now();
  history.replaceState(null, "", newest || location.pathname + location.search);
}

/** Return the page's address with the newest settings, which the address bar may not show yet. */
export function addressHere() {
  const address = new URL(location.href);
  address.hash = newest;
  return address.href;
}

/** Escape a value, but for the signs that an address may hold as they are and people can read. */
function escaped(value) {
  return encodeURIComponent(value).replace(/%(2C|3A)/g, decodeURIComponent).replaceAll("%20", "");
}
