import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CHECKLISTS, confirm, type ConfirmOptions, type Outcome } from '../../../scripts/confirm/confirm';
import { highestPrice } from '../../../scripts/confirm/price';
import { readArguments } from '../../../scripts/confirm/arguments';
import { toReport } from '../../../scripts/confirm/report';
import { startEmulator, type Emulator, type ServerOptions } from '../../emulator';

/** The guided check of a live service, against the emulator: what it finds, and above all what it may spend. */

type Name = 'vidu' | 'zhipu' | 'vtrix';

let emulator: Emulator;
let isStarted = false;
afterEach(async () => {
	if (isStarted) await emulator.stop();
	isStarted = false;
});

const start = async (options: ServerOptions = {}): Promise<void> => {
	emulator = await startEmulator({
		// what is meant to be cancelled stays in line until it is
		taskSeconds: ({ input }) => (input.off_peak === true || input.style !== undefined ? 3_600 : 0.02),
		queueShare: 0.9,
		...options,
	});
	isStarted = true;
};

const asked: string[] = [];
beforeEach(() => asked.splice(0));

async function run(provider: Name, options: Partial<ConfirmOptions> = {}): Promise<Outcome> {
	const list = CHECKLISTS.find((each) => each.provider === provider)!;
	return await confirm({
		list,
		key: emulator.keys[provider],
		baseUrl: emulator.urls[provider],
		limit: 1_000,
		mayPay: async (question) => asked.push(question) > 0,
		say: () => {},
		pollMs: 2,
		waitMs: 60_000,
		...options,
	});
}

const found = ({ lines }: Outcome, verdict: string): string[] =>
	lines.flatMap(({ check, fact, finding }) =>
		finding?.verdict === verdict ? [`${check}: ${fact.what}: ${finding.seen}`] : [],
	);
const leftOut = ({ lines }: Outcome): string[] => [
	...new Set(lines.flatMap(({ check, leftOut: why }) => (why === undefined ? [] : [`${check}: ${why}`]))),
];
/** What stays charged. */
const chargedOf = (tasks: ReadonlyArray<{ charged: number }>): number =>
	tasks.reduce((sum, { charged }) => sum + charged, 0);
const backOf = (tasks: ReadonlyArray<{ refunded: number }>): number =>
	tasks.reduce((sum, { refunded }) => sum + refunded, 0);
const report = (outcome: Outcome): string => toReport(outcome, { version: '1.2.3', day: '2026-11-29' });

const PROVIDERS: Name[] = ['vidu', 'zhipu', 'vtrix'];
/** What only time or luck can show. */
const MAY_BE_UNCLEAR = /^old file/;

describe.each(PROVIDERS)('%s', (provider) => {
	test('a service that is as the papers say is as read, and the account pays what was announced', async () => {
		await start();
		emulator.control.fault({ do: 'failTask', contains: 'no-such-image', code: '1214', shape: 'object' });
		const outcome = await run(provider);
		expect(found(outcome, 'otherwise')).toEqual([]);
		expect(found(outcome, 'unclear').filter((line) => !MAY_BE_UNCLEAR.test(line))).toEqual([]);
		expect(leftOut(outcome).filter((line) => !line.startsWith('other host'))).toEqual([]);
		expect(found(outcome, 'as read').length).toBeGreaterThan(3);
		const orders = emulator.journal.tasks.filter((task) => task.provider === provider);
		expect(orders.map(({ id }) => id)).toEqual(outcome.tasks.map(({ taskId }) => taskId));
		// what is cancelled is given back, and counts all the same
		expect(outcome.spent).toBe(provider === 'vtrix' ? orders.length : chargedOf(orders) + backOf(orders));
		expect(emulator.journal.counts(provider).keyLeaks).toBe(0);
		// free ones are not asked for; what is refused was asked for too
		const refused = outcome.lines.filter(
			({ fact }) => fact.page.endsWith('#in-conflict') && fact.expected === 'refused',
		);
		expect(refused).toHaveLength(provider === 'vidu' ? 4 : 0);
		expect(asked).toHaveLength(outcome.tasks.filter(({ price }) => price > 0).length + refused.length);
	});

	test('a key that is refused ends it before anything is ordered', async () => {
		await start();
		const outcome = await run(provider, { key: 'no-such-key' });
		expect(outcome.isKeyRefused).toBe(true);
		expect(leftOut(outcome)).toHaveLength(outcome.list.checks.length - 1);
		expect(leftOut(outcome).every((line) => line.endsWith(': the key was refused'))).toBe(true);
		expect(emulator.journal.counts(provider)).toMatchObject({ submits: 0, created: 0 });
		expect(report(outcome)).toContain('**The key was refused');
		expect(asked).toEqual([]);
	});

	test('without a cap nothing is ordered that costs', async () => {
		await start();
		const outcome = await run(provider, { limit: 0 });
		expect(outcome.spent).toBe(0);
		expect(outcome.tasks.filter(({ price }) => price > 0)).toEqual([]);
		expect(chargedOf(emulator.journal.tasks)).toBe(0);
		expect(leftOut(outcome).join()).toContain('0 of 0 are left');
	});

	test('nothing that costs is ordered where the owner says no', async () => {
		await start();
		const outcome = await run(provider, { mayPay: async () => false });
		expect(outcome.spent).toBe(0);
		expect(leftOut(outcome).join()).toContain('not wanted');
	});

	test('a dry run sends nothing and tells the prices', async () => {
		await start();
		const lines: string[] = [];
		const outcome = await run(provider, { isDry: true, key: '', say: (line) => lines.push(line) });
		expect(emulator.journal.requests).toEqual([]);
		expect(outcome.spent).toBe(0);
		expect(lines.join('\n')).toMatch(
			{ vidu: /clip \(7 credits\)/, zhipu: /Vidu 2 \(1.25 yuan\)/, vtrix: /clip \(1 orders\)/ }[provider],
		);
		expect(report(outcome)).toContain('A dry run: nothing was sent.');
	});

	test('a service that contradicts the papers is told', async () => {
		await start({ urlSeconds: 3_600 });
		const outcome = await run(provider);
		expect(found(outcome, 'otherwise')).toHaveLength(1);
		expect(found(outcome, 'otherwise')[0]).toMatch(/link works: 1\.0 hours$/);
		expect(report(outcome)).toContain('## Otherwise than the papers say');
	});

	test('the report names no key and no link, and every datum with its paper', async () => {
		await start();
		const outcome = await run(provider);
		const text = report(outcome);
		expect(text).not.toContain(emulator.keys[provider]);
		expect(text).not.toMatch(/https?:\/\//);
		for (const { facts } of outcome.list.checks)
			for (const { what, page } of Object.values(facts)) {
				expect(text).toContain(what.replaceAll('|', '\\|'));
				expect(outcome.lines.map(({ fact }) => fact.page)).toContain(page);
			}
	});
});

describe('the cap', () => {
	test('holds to the credit, and what it leaves out is named', async () => {
		await start();
		const outcome = await run('vidu', { limit: 24 });
		expect(outcome.spent).toBe(24);
		expect(chargedOf(emulator.journal.tasks)).toBe(24 - 4 - 7);
		expect(backOf(emulator.journal.tasks)).toBe(4 + 7);
		expect(leftOut(outcome)).toContain('watermark: it may cost 7, and 6 of 24 are left');
	});

	test('an order whose answer is lost counts as paid', async () => {
		await start();
		emulator.control.fault({ do: 'resetAfter', kind: 'submit', contains: '"duration"' });
		const outcome = await run('vidu', { limit: 10 });
		expect(emulator.journal.counts('vidu').created).toBe(1);
		expect(outcome.spent).toBe(7);
		expect(found(outcome, 'unclear')[0]).toMatch(/^clip: .*no answer came/);
		expect(leftOut(outcome)).toContain('image: it may cost 6, and 3 of 10 are left');
	});

	test('nothing more is ordered where more is charged than was announced', async () => {
		await start({ vidu: { priceFactor: 2 } });
		const outcome = await run('vidu');
		expect(emulator.journal.counts('vidu').created).toBe(1);
		expect(outcome.spent).toBe(14);
		expect(found(outcome, 'otherwise')).toEqual(['clip: Price of viduq3-turbo a second at 540p: 14, published 7']);
		expect(leftOut(outcome)).toContain('image: clip was charged 14 where at most 7 were announced');
	});

	test('nothing more is ordered where an order without content was taken', async () => {
		await start();
		emulator.control.fault({
			do: 'status',
			kind: 'submit',
			status: 200,
			body: { task_id: '900000000000000001', state: 'created' },
		});
		const outcome = await run('vidu');
		expect(emulator.journal.counts('vidu').created).toBe(0);
		expect(outcome.spent).toBe(0);
	});

	test('no price at a region means no order', async () => {
		await start();
		const { lines } = await run('zhipu', { baseUrl: undefined, region: 'zai', isDry: true });
		const why = lines.find(({ check }) => check === 'flash')?.leftOut;
		expect(why).toMatch(/nobody publishes a price/);
	});
});

test('docs/publishing.md names what all checks come to', async () => {
	await start();
	const outcome = await run('vidu', { isDry: true });
	const highest = outcome.list.checks
		.flatMap(({ orders = [] }) => orders)
		.reduce((sum, wish) => sum + (highestPrice(wish, outcome.list, 'global') ?? NaN), 0);
	const paper = readFileSync(join(__dirname, '../../../docs/publishing.md'), 'utf8');
	expect(paper).toContain(`come to ${highest} credits at most`);
	const within = await run('vidu', { isDry: true, limit: 100 });
	expect(leftOut(within).filter((line) => / left$/.test(line))).toHaveLength(9);
});

test('a cancelled task is read in whichever word it comes', async () => {
	await start({ vidu: { cancelledState: 'canceled' } });
	expect(found(await run('vidu', { only: 'off-peak' }), 'as read')).toContain(
		'off-peak and cancel: What a cancelled task looks like: canceled UserCancelled',
	);
});

test('the other host is asked only where the owner says so', async () => {
	await start();
	const other = await startEmulator({ keys: { vidu: 'vda_another_key', zhipu: 'a.b', vtrix: 'sk' } });
	try {
		expect(leftOut(await run('vidu', { only: 'other host' }))).toEqual([
			'other host: the key is tried at the other host only with --other-host',
		]);
		expect(other.journal.requests).toEqual([]);
		const outcome = await run('vidu', { only: 'other host', otherHost: other.urls.vidu });
		expect(found(outcome, 'as read').join()).toContain('Keys of one host on the other: HTTP 401');
	} finally {
		await other.stop();
	}
});

describe('the command line', () => {
	const read = (line: string) => readArguments(line.split(' '), CHECKLISTS);

	test.each([
		['--provider sora', 'Say which: --provider vidu, --provider zhipu, --provider vtrix'],
		['--provider zhipu --max-credits 100', 'use --max-cost'],
		['--provider vidu --max-credits much', '--max-credits takes a number'],
		['--provider vidu --max-credits -5', 'max-credits'],
	])('%s is refused', (line, why) => {
		expect(() => read(line)).toThrow(why);
	});

	test('what is read', () => {
		expect(read('--provider vidu --max-credits 100 --other-host --dry')).toMatchObject({
			limit: 100,
			isDry: true,
			isSure: false,
			otherHost: true,
		});
		expect(read('--provider vidu')).toMatchObject({ limit: 0 });
		expect(read('--provider vidu --other-host https://api.vidu.cn').otherHost).toBe('https://api.vidu.cn');
	});

	test('the key is shown nowhere, though the service repeats it', async () => {
		await start();
		const { vtrix: key } = emulator.keys;
		emulator.control.fault({ do: 'status', kind: 'submit', status: 400, message: `bad request of ${key}` });
		const folder = mkdtempSync(join(tmpdir(), 'confirm-'));
		try {
			const { stdout, stderr, code } = await command(
				['--provider', 'vtrix', '--max-orders', '1', '--yes', '--base-url', emulator.urls.vtrix, '--out', folder],
				{ VTRIX_API_KEY: key },
			);
			const written = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
			expect(written).toHaveLength(1);
			expect(written[0]).toContain('bad request of (key)');
			expect([stdout, stderr, ...written].join('\n')).not.toContain(key);
			expect(stderr).toBe('');
			expect(stdout).toContain('ordered for 1 of at most 1 orders');
			expect(code).toBe(0);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

/** `npm run confirm`, as it is typed. */
async function command(args: string[], env: Record<string, string>) {
	const file = join(__dirname, '../../../scripts/confirm/main.ts');
	const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { env: { ...process.env, ...env } });
	const [out, err]: [Buffer[], Buffer[]] = [[], []];
	child.stdout.on('data', (part: Buffer) => out.push(part));
	child.stderr.on('data', (part: Buffer) => err.push(part));
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), code };
}
