/**
 * The process behind `npm run mutate:quick`: runs the unit tests by jest's own runner and expectations, without its modules,
 * and tries one change after the other. What is loaded is compiled once and run anew for each change.
 */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { createRequire } = require('node:module');
const { transformSync } = require('@swc/core');
/** As jest itself finds it, link by link. */
const through = (...packages) => packages.reduce((from, name) => createRequire(from.resolve(name)), require);

const ROOT = process.cwd();
const { file, code, tests, results } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const { ids, base: known } = JSON.parse(fs.readFileSync(0, 'utf8'));
/** A test that takes this much of the processor, beside several times what it takes without a change, never ends. */
const LEAST_CPU_MS = 2_000;
const space = (globalThis.__stryker__ = {});
const say = (line) => fs.appendFileSync(results, `${JSON.stringify(line)}\n`);

// what waits for nothing but a test's time limit will never end: its limit is over at once
const limits = new Map();
{
	const { setTimeout: later, clearTimeout: drop } = globalThis;
	globalThis.setTimeout = (over, ms) => {
		const timer = later(() => limits.delete(timer) && over(), ms).unref();
		limits.set(timer, over);
		return timer;
	};
	globalThis.clearTimeout = (timer) => {
		limits.delete(timer);
		drop(timer);
	};
	through('jest', '@jest/core', 'jest-config')('jest-circus');
	Object.assign(globalThis, { setTimeout: later, clearTimeout: drop });
}
const circus = through('jest', '@jest/core', 'jest-config')('jest-circus');
let isDone = false;
process.on('beforeExit', () => {
	if (isDone) return;
	if (limits.size === 0) {
		console.error('Nothing is left to wait for, and the tests are not done');
		process.exit(1);
	}
	for (const [timer, over] of [...limits]) {
		limits.delete(timer);
		clearTimeout(timer);
		over();
	}
	setImmediate(() => {});
});
// while tests run, what nobody catches fails them; afterwards it proves nothing
for (const name of ['uncaughtException', 'unhandledRejection']) process.on(name, () => {});
for (const name of ['describe', 'test', 'it', 'beforeEach', 'afterEach', 'beforeAll', 'afterAll'])
	globalThis[name] = circus[name];
globalThis.expect = through('jest', '@jest/core', 'jest-config', 'jest-circus')('@jest/expect').jestExpect;

const compiled = new Map();
let loaded = new Map();
let isTarget = false;

function load(name) {
	const there = loaded.get(name);
	if (there) return there.exports;
	if (name === file) isTarget = true;
	const module = { exports: {} };
	loaded.set(name, module);
	if (!compiled.has(name)) {
		const source = name === file ? code : fs.readFileSync(name, 'utf8');
		const js = transformSync(source, {
			...{ filename: name, swcrc: false, configFile: false },
			...{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		}).code;
		compiled.set(
			name,
			vm.compileFunction(js, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: name }),
		);
	}
	const native = createRequire(name);
	const from = (wanted) => {
		if (!wanted.startsWith('.')) return native(wanted);
		const mapped = /^(?:\.\.\/)+dist\/(nodes|credentials|lib)\/(.*)$/.exec(wanted);
		const at = mapped ? path.join(ROOT, mapped[1], mapped[2]) : path.resolve(path.dirname(name), wanted);
		const ts = [at, `${at}.ts`, `${at}/index.ts`].find((one) => one.endsWith('.ts') && fs.existsSync(one));
		return ts ? load(ts) : native(at);
	};
	compiled.get(name)(module.exports, from, module, name, path.dirname(name));
	return module.exports;
}

const fullNameOf = (test) => (test ? `${fullNameOf(test.parent)} ${test.name}` : '');
const allTests = (block) => block.children.flatMap((child) => (child.type === 'test' ? [child] : allTests(child)));

/** The events of one test file. */
let hooks = {};
circus.addEventHandler((event) => hooks[event.name]?.(event));

/** Quick ones first. */
function sort(block, tookMs) {
	const costOf = (child) =>
		child.type === 'test' ? tookMs(child) : child.children.reduce((sum, inner) => sum + costOf(inner), 0);
	const costs = new Map(block.children.map((child) => [child, costOf(child)]));
	block.children.sort((a, b) => costs.get(a) - costs.get(b));
	for (const child of block.children) if (child.type !== 'test') sort(child, tookMs);
}

/** Runs one test file; tests for which `wants` is false are left out. Ends at the first that fails. */
async function runFile(name, wants, { tookMs, ...more } = {}) {
	circus.resetState();
	loaded = new Map();
	isTarget = false;
	let failed;
	delete space.currentTestId;
	try {
		load(name);
	} catch (cause) {
		return { failed: `not loaded: ${cause}` };
	}
	const state = circus.getState();
	// the beforeExit above ends what hangs; a machine that is busy shall not
	state.testTimeout = 120_000;
	state.parentProcess = process;
	const those = allTests(state.rootDescribeBlock);
	for (const test of those) if (!wants(test)) test.mode = 'skip';
	if (tookMs) sort(state.rootDescribeBlock, tookMs);
	hooks = {
		...more,
		test_done: (event) => {
			more.test_done?.(event);
			if (event.test.errors.length === 0 || failed) return;
			failed = fullNameOf(event.test);
			for (const test of those) test.mode = 'skip';
		},
	};
	await circus.run();
	hooks = {};
	if (!failed && state.unhandledErrors.length > 0) failed = `unhandled: ${String(state.unhandledErrors[0])}`;
	return { failed };
}

const cpuMs = () => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
};

/** What takes how long, and which changes each test passes by. */
async function measureBase() {
	const found = [];
	for (const name of testFiles()) {
		const took = new Map();
		let startedMs = 0;
		const fileMs = cpuMs();
		const { failed } = await runFile(name, () => true, {
			test_start: ({ test }) => {
				space.currentTestId = `${name}|${fullNameOf(test)}`;
				startedMs = cpuMs();
			},
			test_done: ({ test }) => {
				took.set(`${name}|${fullNameOf(test)}`, cpuMs() - startedMs);
				delete space.currentTestId;
			},
		});
		if (!isTarget) continue;
		if (failed) throw new Error(`${name} fails without a change: ${failed}`);
		found.push({ name, cpuMs: cpuMs() - fileMs, took: [...took] });
	}
	const { perTest = {}, static: atStart = {} } = space.mutantCoverage ?? {};
	const hits = {};
	for (const counts of [atStart, ...Object.values(perTest)])
		for (const [id, count] of Object.entries(counts)) hits[id] = (hits[id] ?? 0) + count;
	const passing = Object.fromEntries(Object.entries(perTest).map(([test, counts]) => [test, Object.keys(counts)]));
	return {
		base: true,
		cpuMs: found.reduce((sum, one) => sum + one.cpuMs, 0),
		files: found.sort((a, b) => a.cpuMs - b.cpuMs),
		hits,
		atStart: Object.keys(atStart),
		passing,
	};
}

function testFiles() {
	const { testMatch, testPathIgnorePatterns } = require(path.join(ROOT, 'jest.mutate.config.js'));
	if (testMatch.length === 0) throw new Error('No tests');
	const ignored = testPathIgnorePatterns.map((pattern) => new RegExp(pattern.replace('<rootDir>', ROOT)));
	const names = tests?.replace(/[{}]/g, '').split(',');
	return ['test/unit/core', 'test/unit/providers']
		.flatMap((folder) => fs.readdirSync(folder, { recursive: true }).map((name) => path.join(ROOT, folder, name)))
		.filter((name) => name.endsWith('.test.ts') && !ignored.some((pattern) => pattern.test(name)))
		.filter((name) => !names || names.includes(path.basename(name, '.test.ts')));
}

/** Quick tests first, file by file; a slow file may hold a quick test, but reading it costs more than that saves. */
async function tryChange(id, base) {
	const { hits, files, atStart, passing } = base;
	if (!(id in hits)) return { id, status: 'NoCoverage' };
	Object.assign(space, { activeMutant: id, hitCount: 0, hitLimit: 100 * hits[id] + 100 });
	const isStatic = atStart.includes(id);
	try {
		for (const { name, took } of files) {
			const wanted = new Map(took.filter(([test]) => isStatic || passing[test]?.includes(id)));
			if (wanted.size === 0) continue;
			const idOf = (test) => `${name}|${fullNameOf(test)}`;
			const tookMs = (test) => wanted.get(idOf(test)) ?? 0;
			const { failed } = await runFile(name, (test) => wanted.has(idOf(test)), {
				tookMs,
				test_start: ({ test }) =>
					test.mode !== 'skip' && say({ trying: id, untilMs: cpuMs() + LEAST_CPU_MS + 4 * tookMs(test) }),
			});
			if (space.hitCount > space.hitLimit) return { id, status: 'Timeout', by: 'count' };
			if (failed) return { id, status: 'Killed', by: `${path.basename(name)}:${failed}` };
		}
		return { id, status: 'Survived' };
	} finally {
		delete space.activeMutant;
		delete space.hitCount;
	}
}

async function main() {
	const base = known ?? (await measureBase());
	if (!known) say(base);
	for (const id of ids) {
		say({ trying: id, untilMs: cpuMs() + 2 * LEAST_CPU_MS });
		say(await tryChange(id, base));
	}
}

main().then(
	() => {
		isDone = true;
	},
	(cause) => {
		console.error(cause);
		process.exit(1);
	},
);
