// Where the tests find the built page and what the package says.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

export const SITE = process.env.SITE;
export const REFERENCE = process.env.REFERENCE;

/** Import one of the page's modules. */
export function asset(name) {
  return import(pathToFileURL(path.join(SITE, "assets", name)));
}

export function readJson(name) {
  return JSON.parse(fs.readFileSync(path.join(REFERENCE, name), "utf8"), (_, value) =>
    ({ nan: Number.NaN, inf: Infinity, "-inf": -Infinity })[value] ?? value,
  );
}

/** Read arrays of float32 that lie one behind the other, split by their lengths. */
export function readArrays(name, lengths) {
  const bytes = fs.readFileSync(path.join(REFERENCE, name));
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  let place = 0;
  return lengths.map((length) => all.subarray(place, (place += length)));
}

/** Return a network with the first file of digits. */
export async function networkWithDigits(packs = 1) {
  const [{ Network }, { digitsIn }, { facts }] = await Promise.all(
    ["network.js", "digits.js", "facts.js"].map(asset),
  );
  const network = await Network.load(fs.readFileSync(path.join(SITE, "assets", "kernel.wasm")));
  for (const pack of facts.packs.slice(0, packs)) {
    const bytes = zlib.gunzipSync(fs.readFileSync(path.join(SITE, "data", pack.file)));
    digitsIn(pack, bytes).forEach((part) =>
      network.putDigits(part.split, part.from, part.images, part.labels),
    );
  }
  return network;
}

/** The largest difference between two arrays. */
export function largestDifference(found, expected) {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < found.length; i += 1) {
    const difference = Math.abs(found[i] - expected[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
