/** Bundle each widgets/js/<name>.ts into one ES module that Python hands to the browser. */

import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = 'widgets/js';
const TARGET = 'widgets/ustaz_widgets/static';

const entries = (existsSync(SOURCE) ? readdirSync(SOURCE) : [])
  .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
  .map(name => join(SOURCE, name));

if (entries.length === 0) {
  console.error(`No widget to bundle: expected at least one file ${SOURCE}/<name>.ts`);
  process.exit(1);
}

await build({
  entryPoints: entries,
  outdir: TARGET,
  bundle: true,
  format: 'esm',
  target: 'es2021',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning'
});
console.log(`${entries.length} bundled into ${TARGET}`);
