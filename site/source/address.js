// Settings in the page's address, behind the "#", so that a link shares them.

import { text } from "./texts.js";

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
  for (const [name, typed] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!Object.hasOwn(settings, name)) {
      problems.push(text("page.address_unknown", { name }));
      continue;
    }
    try {
      found[name] = settings[name].parse(typed);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(text("page.address_wrong", { problem: error.message }));
    }
  }
  return { found, problems };
}

/** Write the settings that differ from the defaults as an address's hash; "" if none does. */
export function writeAddress(values, defaults, settings) {
  const parts = Object.keys(settings)
    .filter((name) => settings[name].write(values[name]) !== settings[name].write(defaults[name]))
    .map((name) => `${name}=${escaped(settings[name].write(values[name]))}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

/** Put a hash into the address bar and into the links to the other language. */
export function showAddress(hash) {
  history.replaceState(null, "", hash || location.pathname + location.search);
  document.querySelectorAll("a[data-keeps-settings]").forEach((link) => {
    link.hash = hash;
  });
}

/** Escape a value, but for the signs that an address may hold as they are and people can read. */
function escaped(value) {
  return encodeURIComponent(value).replace(/%(2C|3A)/g, decodeURIComponent).replaceAll("%20", "");
}
