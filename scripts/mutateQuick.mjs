import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reasonToIgnore } from './mutationWords.mjs';

/**
 * `npm run mutate:quick -- FILE…`: the changes of `npm run mutate`, made by the same instrumenter, tried by the same tests in
 * one process instead of one jest a change: a hundred a second where the tests are quick. TESTS=a,b names the test files.
 * What it found goes to .cache/mutation/quick.json, which `npm run mutate:summary` reads beside stryker's own. While a file
 * stays as it is, a further run tries only what no test has noticed so far; ALL=1 tries all anew. EVERY=6 tries each sixth change
 * alone, where only whole runs notice.
 */

const FOLDER = '.cache/mutation';
const REPORT = `${FOLDER}/quick.json`;
const TICKS_A_SECOND = 100;
/** What takes more would take all, and never end. */
const MOST_MEGABYTES = 1_500;

// as stryker itself finds it
const stryker = createRequire(createRequire(import.meta.url).resolve('@stryker-mutator/core'));
const { Instrumenter } = await import(pathToFileURL(stryker.resolve('@stryker-mutator/instrumenter')));

const quiet = { debug() {}, info() {}, warn: console.warn, isDebugEnabled: () => false };
const ignorers = [{ shouldIgnore: reasonToIgnore }];

for (const name of process.argv.slice(2)) await measure(relative('.', resolve(name)));

async function measure(name) {
  const source = readFileSync(name, 'utf8');
  const { files, mutants } = await new Instrumenter(quiet).instrument(
    [{ name: resolve(name), mutate: true, content: source }],
    {
      ignorers,
      excludedMutations: [],
      plugins: null,
    },
  );
  const every = Number(process.env.EVERY ?? 1);
  const tried = mutants.filter(({ status }) => status !== 'Ignored').filter((_mutant, at) => at % every === 0);
  mkdirSync(FOLDER, { recursive: true });
  const plan = `${FOLDER}/plan.${process.pid}.json`;
  const results = `${FOLDER}/results.${process.pid}.jsonl`;
  const startedMs = Date.now();
  const found = new Map();
  const before = readReport().files[name];
  if (before?.source === source && (before.every ?? 1) === every && !process.env.ALL)
    before.mutants.forEach(({ status, by }, at) => {
      if (status === 'Killed' || status === 'Timeout') found.set(tried[at].id, { status, by });
    });
  try {
    writeFileSync(
      plan,
      JSON.stringify({ file: resolve(name), code: files[0].content, tests: process.env.TESTS, results }),
    );
    writeFileSync(results, '');
    let base;
    while (found.size < tried.length) {
      const left = tried.map(({ id }) => id).filter((id) => !found.has(id));
      const end = await runSome(
        plan,
        results,
        left,
        (line) => {
          if (line.base) base = line;
          else found.set(line.id, line);
        },
        base,
      );
      if (end.hung) found.set(end.hung, { status: 'Timeout', by: 'processor' });
      else if (end.code !== 0) throw new Error(`${name}: the tests ended with ${end.code}`);
    }
  } finally {
    for (const path of [plan, results]) rmSync(path, { force: true });
  }
  const report = readReport();
  report.files[name] = {
    source,
    every,
    mutants: tried.map(({ id, location, mutatorName, replacement }) => ({
      ...{ location: { start: lineOf(location.start), end: lineOf(location.end) }, mutatorName, replacement },
      ...{ status: found.get(id).status, by: found.get(id).by },
    })),
  };
  writeFileSync(REPORT, JSON.stringify(report));
  const count = (status) => [...found.values()].filter((line) => line.status === status).length;
  const [killed, ended] = [count('Killed'), count('Timeout')];
  console.log(
    `${name}: ${killed + ended} of ${tried.length} (${ended} never end), ${((100 * (killed + ended)) / tried.length).toFixed(1)} %, ${Math.round((Date.now() - startedMs) / 1000)} s`,
  );
}

function readReport() {
  return existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, 'utf8')) : { files: {} };
}

/** The report counts lines from 1, the instrumenter from 0. */
function lineOf({ line, column }) {
  return { line: line + 1, column: column + 1 };
}

/** Tries changes in one process until it is done, or one of them never ends. */
async function runSome(plan, results, ids, onLine, base) {
  writeFileSync(results, '');
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${MOST_MEGABYTES}`, 'scripts/mutateQuickRun.cjs', plan],
    {
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  );
  child.stdin.end(JSON.stringify({ ids, base }));
  let read = 0;
  let current;
  let untilMs = Infinity;
  let hung;
  const readLines = () => {
    const lines = readFileSync(results, 'utf8').split('\n');
    for (; read < lines.length - 1; read += 1) {
      const line = JSON.parse(lines[read]);
      if (line.trying) {
        current = line.trying;
        untilMs = line.untilMs;
      } else {
        current = undefined;
        onLine(line);
      }
    }
  };
  const watch = setInterval(() => {
    readLines();
    if (current && cpuMsOf(child.pid) > untilMs) {
      hung = current;
      child.kill('SIGKILL');
    }
  }, 250);
  const [code, signal] = await new Promise((done) => child.on('close', (...how) => done(how)));
  clearInterval(watch);
  readLines();
  if (signal === 'SIGABRT') hung = current;
  return { code, hung };
}

/** What a process has taken of the processor; on Linux. */
function cpuMsOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1000;
  } catch {
    return 0;
  }
}
