import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * `npm run mutate:summary`: what the runs of `npm run mutate` and `mutate:quick` came to so far, out of their reports, as the
 * tables of docs/mutation.md. With `-- --left` also every change that no test noticed.
 */

const REPORTS = ['.cache/mutation/incremental.json', '.cache/mutation/quick.json'];
/** Ignored ones and those that did not even load say nothing. */
const NOTICED = { Killed: true, Timeout: true, Survived: false, NoCoverage: false };

const found = REPORTS.filter((path) => existsSync(path)).map((path) => JSON.parse(readFileSync(path, 'utf8')).files);
const isAsItWas = ([name, { source }]) => existsSync(name) && readFileSync(name, 'utf8') === source;
// a file that has changed since counts no more
const files = Object.assign({}, ...found.map((some) => Object.fromEntries(Object.entries(some).filter(isAsItWas))));
const rows = Object.entries(files)
  .map(([name, { source, mutants }]) => {
    const counted = mutants.filter(({ status }) => status in NOTICED);
    const left = counted.filter(({ status }) => !NOTICED[status]);
    return { name, source, left, killed: counted.length - left.length, total: counted.length };
  })
  .filter(({ total }) => total > 0)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const line = (name, group) => {
  const [killed, total] = ['killed', 'total'].map((key) => group.reduce((sum, row) => sum + row[key], 0));
  return `| ${name} | ${killed} / ${total} | ${((100 * killed) / total).toFixed(1)} % |`;
};

console.log('| | noticed | |\n| --- | --: | --: |');
for (const folder of new Set(rows.map(({ name }) => dirname(name)))) {
  const group = rows.filter(({ name }) => dirname(name) === folder);
  console.log(line(`**${folder}**`, group));
  for (const row of group) console.log(line(row.name.slice(folder.length + 1), [row]));
}
console.log(line('**all**', rows));

if (process.argv.includes('--left'))
  for (const { name, source, left } of rows)
    for (const { location, mutatorName, replacement } of left)
      console.log(
        `${name}:${location.start.line} ${mutatorName}: ${source.split('\n')[location.start.line - 1].trim()} => ${replacement}`,
      );
