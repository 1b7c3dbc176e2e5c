const { spawn } = require('node:child_process');
const { cp, rename, rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

/** Built here and moved to dist when whole, so that a failed build leaves the last good one. */
const FRESH = `.cache/dist-${process.pid}`;

const clean = () => rm(FRESH, { recursive: true, force: true });

const compile = (...options) =>
	spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '--outDir', FRESH, ...options], {
		stdio: 'inherit',
	});
const checkAndCompile = () => compile();
const compileOnly = () => compile('--noCheck');

/** `icon: 'file:../../icons/x.svg'` of dist/nodes/Vidu/Vidu.node.js means dist/icons. */
const icons = () => cp('icons', `${FRESH}/icons`, { recursive: true });

/** What stands beside the nodes: their codex, and what each operation gives out. */
const besideNodes = () =>
	src(['nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], { base: '.' }).pipe(dest(FRESH));

async function replace() {
	await rm('dist', { recursive: true, force: true });
	await rename(FRESH, 'dist');
}

exports.build = series(clean, checkAndCompile, parallel(icons, besideNodes), replace);
/** For the tests: the same files in half the time. Types are what `npm run check` looks at. */
exports.unchecked = series(clean, compileOnly, parallel(icons, besideNodes), replace);
