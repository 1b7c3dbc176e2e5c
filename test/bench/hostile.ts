import { looksLikeSeveral } from '../../lib/core/urlList';
import { readImageHeader } from '../../lib/core/images/header';
import { cleanKey } from '../../lib/n8n/io/apiRoots';
import { readSources } from '../../lib/n8n/input/sources';
import { fileNameFor } from '../../lib/n8n/run/fileName';
import { LONG_HEADS } from '../fixtures/images/longHeads';
import { first, mutants } from '../fixtures/images/mutants';
import { targetTable, trim, type Row, type Table } from './report';

/**
 * What users may paste or link to, as long or as broken as it can be. n8n runs everybody's workflows in one thread: a
 * reader that starts anew at every sign stops them all.
 */

const HEADERS = 100_000;
const MAX_HEADER_MS = 1;
const MAX_MEAN_HEADER_MS = MAX_HEADER_MS / 20;
const SIGNS = 200_000;
/** A reader that goes back at every sign takes half a minute. */
const MAX_TEXT_MS = 50;

const TEXTS: ReadonlyArray<[what: string, read: (signs: string) => unknown, signs: readonly string[]]> = [
	['key', (signs) => cleanKey(`vda_1${signs}2${signs}`), [' ']],
	['file name', (signs) => fileNameFor(`a${signs}b`, '42'), [' ']],
	[
		'image address',
		(signs) => {
			const [{ value }] = readSources(`https://shop.example.com/a.png${signs}b/c`, 'Image');
			return looksLikeSeveral(value as string);
		},
		[' ', ',', '/', '\n', ',//a'],
	],
];

export function measureHostile(): Table {
	return targetTable(
		'Hostile input',
		[
			`${HEADERS.toLocaleString('en')} broken image headers, made from real ones by a seeded chance; heads of a megabyte made to keep a reader busy; and ${SIGNS.toLocaleString('en')} equal signs within a text. Wall time, the least of several tries, since a pause of the garbage collector is not the reader's.`,
		],
		[...headers(), ...LONG_HEADS.map(longHead), ...TEXTS.map(text)],
	);
}

function headers(): Row[] {
	let slowestMs = 0;
	let totalMs = 0;
	for (const bytes of first(HEADERS, mutants(5))) {
		const tookMs = timeMs(() => readImageHeader(bytes));
		totalMs += tookMs;
		slowestMs = Math.max(slowestMs, tookMs > MAX_HEADER_MS ? leastMs(() => readImageHeader(bytes)) : tookMs);
	}
	const meanMs = totalMs / HEADERS;
	return [
		{
			what: 'The slowest broken header',
			target: `< ${MAX_HEADER_MS} ms`,
			measured: `${trim(slowestMs)} ms (mean ${(meanMs * 1000).toFixed(1)} µs)`,
			ok: slowestMs < MAX_HEADER_MS && meanMs < MAX_MEAN_HEADER_MS,
		},
	];
}

function longHead([what, head]: (typeof LONG_HEADS)[number]): Row {
	const ms = leastMs(() => readImageHeader(head));
	return {
		what: `A head of a megabyte: ${what}`,
		target: `< ${MAX_HEADER_MS} ms`,
		measured: `${ms.toFixed(3)} ms`,
		ok: ms < MAX_HEADER_MS,
	};
}

function text([what, read, signs]: (typeof TEXTS)[number]): Row {
	const ms = Math.max(...signs.map((sign) => leastMs(() => read(sign.repeat(SIGNS)))));
	const names = signs.map((sign) => JSON.stringify(sign).replaceAll('|', '\\|')).join(', ');
	return {
		what: `${SIGNS.toLocaleString('en')} signs in a ${what}: ${names}`,
		target: `< ${MAX_TEXT_MS} ms`,
		measured: `${trim(ms)} ms`,
		ok: ms < MAX_TEXT_MS,
	};
}

const leastMs = (read: () => unknown): number => Math.min(...Array.from({ length: 5 }, () => timeMs(read)));

function timeMs(read: () => unknown): number {
	const startMs = performance.now();
	read();
	return performance.now() - startMs;
}
