import { Wire } from '../../../../lib/core/account/wire';
import { Ledger } from '../../../../lib/core/batch/ledger';
import type { OrderKeys } from '../../../../lib/core/batch/parts';
import { submitJob, wireLengthOf, type SubmitParts } from '../../../../lib/core/batch/submit';
import type { Leaf } from '../../../../lib/core/body';
import { NoReply, type Http, type HttpRequest } from '../../../../lib/core/http';
import type { Job } from '../../../../lib/core/job';
import { notStarted } from '../../../../lib/core/failure';
import { vidu } from '../../../../lib/providers/vidu';

/** One order on its way: what is sent, what is noted before, and what each answer or its absence means. */

const ID = '876543210123456789';
const image = (changes: Partial<Leaf> = {}): Leaf => ({
	identity: 'i',
	wireLength: 9,
	load: async () => 'https://example.com/1.png',
	...changes,
});
const jobWith = (leaf: Leaf): Job => ({
	itemIndex: 0,
	operation: 'imageToVideo',
	model: 'm',
	typicalSeconds: 60,
	fingerprint: 'a',
	origin: 'o',
	request: { path: '/ent/v2/img2video', body: { images: [leaf] }, headers: { 'X-Test': '1' } },
});
const job = jobWith(image());
const accepted: Http['send'] = async () => ({ status: 200, headers: {}, body: { task_id: ID, state: 'created' } });

/** No time passes. */
const CLOCK: SubmitParts['clock'] = {
	nowMs: () => 5,
	random: () => 0.5,
	sleep: async () => await new Promise(() => {}),
};

/** Orders once. `order` is what happened, in its order. */
async function submit(
	send: Http['send'],
	{ of = job, leave = true, keys, ...more }: Partial<SubmitParts> & { of?: Job; leave?: boolean } = {},
) {
	const order: string[] = [];
	const sent: HttpRequest[] = [];
	const entries: Record<string, unknown> = {};
	const http: Http = {
		send: async (request) => {
			order.push(`sent, noted ${JSON.stringify(entries['0:0'])?.includes('submitting')}`);
			sent.push(request);
			return await send(request);
		},
	};
	const parts: SubmitParts = {
		provider: vidu,
		http,
		clock: CLOCK,
		wire: new Wire(),
		turn: async () => {},
		ledger: new Ledger(entries, 0, '1'),
		...(keys ? { keys } : {}),
		...more,
	};
	const submission = await submitJob(of, parts, () => {
		order.push('leaves');
		return leave;
	});
	return { submission, sent, entries, order };
}

test('an order is noted, then sent whole, and its answer is what the service says', async () => {
	const { submission, sent, entries, order } = await submit(accepted);
	expect(sent).toStrictEqual([
		{
			method: 'POST',
			path: '/ent/v2/img2video',
			headers: { 'X-Test': '1' },
			body: { images: ['https://example.com/1.png'] },
			timeoutMs: 180_000,
		},
	]);
	expect(order).toEqual(['leaves', 'sent, noted true']);
	expect(entries['0:0']).toMatchObject({ state: 'submitting', atMs: 5 });
	expect(submission).toMatchObject({ kind: 'accepted', task: { taskId: ID } });
});

test('an order needs no ledger', async () => {
	const { ledger: _, ...parts } = {
		ledger: undefined,
		provider: vidu,
		http: { send: accepted },
		clock: CLOCK,
		wire: new Wire(),
		turn: async () => {},
	};
	expect(await submitJob(job, parts, () => true)).toMatchObject({ kind: 'accepted', task: { taskId: ID } });
});

test('an order that shall not leave any more is neither noted nor sent', async () => {
	const { submission, sent, entries } = await submit(accepted, { leave: false });
	expect({ submission, sent, entries }).toEqual({ submission: { kind: 'withdrawn' }, sent: [], entries: {} });
});

test.each<[string, Job, string, string]>([
	['an image', jobWith(image({ load: async () => await Promise.reject(new Error('gone')) })), 'An image', 'gone'],
	[
		'a video',
		jobWith(image({ media: 'video', load: async () => await Promise.reject(new Error('x')) })),
		'A file',
		'x',
	],
	['what an earlier try ordered', { ...job, request: undefined }, 'An image', 'What an earlier try has ordered'],
])('%s that cannot be read is told, and nothing is sent', async (_name, of, what, why) => {
	const { submission, order } = await submit(accepted, { of });
	expect(submission).toMatchObject({
		kind: 'notSent',
		failure: {
			kind: 'invalidInput',
			headline: `${what} of this item cannot be read`,
			description: expect.stringMatching(new RegExp(`^${why}.*\\. Nothing was sent\\.$`)) as string,
		},
	});
	expect(order).toEqual([]);
});

test('a video among images is a file', async () => {
	const request = {
		path: '/',
		body: {
			images: [image()],
			videos: [image({ media: 'video', load: async () => await Promise.reject(new Error('x')) })],
		},
	};
	const { submission } = await submit(accepted, { of: { ...job, request } });
	expect(submission).toMatchObject({ failure: { headline: 'A file of this item cannot be read' } });
});

test.each<[string, unknown, object]>([
	['that cannot have arrived', new NoReply('refused', false), { kind: 'notReached' }],
	['that may have arrived', new NoReply('reset', true), { kind: 'silent', reason: 'reset' }],
	['that met a fault of ours', new TypeError('x is no function'), { kind: 'silent', reason: 'x is no function' }],
	['that met something that is no error', 'odd', { kind: 'silent', reason: 'odd' }],
])('an order %s says so', async (_name, cause, submission) => {
	const found = await submit(async () => {
		throw cause;
	});
	expect(found.submission).toMatchObject(submission);
});

test.each([
	[{ task_id: ID }, { mentionedTaskId: ID }],
	[{}, {}],
])('an answer that a fault of ours keeps from being read may be a task: %j', async (body, named) => {
	const provider = {
		...vidu,
		readSubmit: () => {
			throw new Error('oops');
		},
	};
	const { submission } = await submit(async () => ({ status: 200, headers: {}, body }), { provider });
	expect(submission).toStrictEqual({ kind: 'unknown', reason: 'The answer could not be read: oops.', ...named });
});

describe('an order key', () => {
	const keysThatSay = (word: Awaited<ReturnType<OrderKeys['take']>>) => {
		const returned: Job[] = [];
		return { returned, keys: { take: async () => word, giveBack: (of: Job) => void returned.push(of) } };
	};

	test.each([
		['taken' as const, { kind: 'leftOut' }],
		[notStarted('a', 'b'), { kind: 'notSent', failure: notStarted('a', 'b') }],
	])('that is not ours keeps the order here: %j', async (word, submission) => {
		const { keys, returned } = keysThatSay(word);
		expect(await submit(accepted, { keys })).toMatchObject({ submission, order: [] });
		expect(returned).toEqual([]);
	});

	const answer =
		(status: number, body: object): Http['send'] =>
		async () => ({ status, headers: {}, body });
	test.each<[string, Http['send'], object, boolean]>([
		['an accepted order', accepted, {}, false],
		['no clear answer', answer(500, {}), {}, false],
		['silence', async () => await Promise.reject(new NoReply('x', true)), {}, false],
		['no connection', async () => await Promise.reject(new NoReply('x', false)), {}, true],
		['a refusal', answer(400, { reason: 'FieldInvalid' }), {}, true],
		['a full account', answer(429, { reason: 'QuotaExceeded' }), {}, true],
		['an order that did not leave', accepted, { leave: false }, true],
		['a file that cannot be read', accepted, { of: { ...job, request: undefined } }, true],
	])('is given back only where nothing was bought: %s', async (_name, send, more, isBack) => {
		const { keys, returned } = keysThatSay('ours');
		await submit(send, { keys, ...(more as { leave?: boolean }) });
		expect(returned).toHaveLength(isBack ? 1 : 0);
	});
});

test('the media of a job are counted, and one from before has none', () => {
	expect(wireLengthOf(job)).toBe(9);
	expect(wireLengthOf({ ...job, request: undefined })).toBe(0);
});

test('a file that is never read to its end is given up, and nothing is sent', async () => {
	const { submission, sent } = await submit(accepted, {
		of: jobWith(image({ load: async () => await new Promise(() => {}) })),
		clock: { ...CLOCK, sleep: async () => {} },
	});
	expect(submission).toMatchObject({ kind: 'notSent', failure: { kind: 'invalidInput' } });
	expect(sent).toEqual([]);
});

test('a key that nobody answers for keeps no other order back', async () => {
	const wire = new Wire();
	const keys: OrderKeys = { take: async () => await new Promise(() => {}), giveBack: () => {} };
	for (let hung = 0; hung < 9; hung += 1) void submit(accepted, { keys, wire });
	expect((await submit(accepted, { wire })).submission.kind).toBe('accepted');
});
