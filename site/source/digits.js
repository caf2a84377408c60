// Fetches the files of digits, checks them against what the page was built with, and unpacks them.

import { facts } from "./facts.js";

/** A file that could not be had: `reason` says why, `altered` whether it is another one. */
export class DataProblem extends Error {
  constructor(file, reason, altered) {
    super(`${file}: ${reason}`);
    this.file = file;
    this.reason = reason;
    this.altered = altered;
  }
}

/**
 * Return the digits of one file.
 *
 * @param {object} pack one of `facts.packs`
 * @param {URL} folder
 * @returns {Promise<{split: string, from: number, images: Uint8Array, labels: Uint8Array}[]>}
 */
export async function fetchDigits(pack, folder) {
  const response = await checkedResponse(pack, new URL(pack.file, folder));
  const unpacked = response.body.pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(unpacked).arrayBuffer());
  return digitsIn(pack, bytes);
}

async function checkedResponse(pack, address) {
  try {
    return await fetch(address, { integrity: pack.integrity });
  } catch (error) {
    // fetch says the same of a server that does not answer, a missing file and an altered one.
    throw await problemWith(pack.file, address, error);
  }
}

async function problemWith(file, address, error) {
  try {
    const { ok, status } = await fetch(address, { method: "HEAD", cache: "no-store" });
    return new DataProblem(file, ok ? error.message : `HTTP ${status}`, ok);
  } catch {
    return new DataProblem(file, error.message, false);
  }
}

/** Split a file's bytes: the pictures of both splits, then their labels. */
export function digitsIn(pack, bytes) {
  const { pixels } = facts.digits;
  const splits = ["train", "validation"].map((split) => {
    const [from, to] = pack[split];
    return { split, from, count: to - from };
  });
  let place = 0;
  const take = (length) => bytes.subarray(place, (place += length));
  const images = splits.map(({ count }) => take(count * pixels));
  const labels = splits.map(({ count }) => take(count));
  return splits.map(({ split, from }, i) => ({ split, from, images: images[i], labels: labels[i] }));
}
