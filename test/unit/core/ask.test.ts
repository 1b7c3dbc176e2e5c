import { askForTask, askPatiently } from '../../../lib/core/ask';
import { NoReply, type Http, type HttpReply, type HttpRequest } from '../../../lib/core/http';
import { hasEnded, type Provider, type StatusAnswer } from '../../../lib/core/provider';

const answer = { kind: 'unclear', diagnosis: { kind: 'transient', summary: 'No', advice: '' } } satisfies StatusAnswer;
const provider = {
	ask: (taskId: string): HttpRequest => ({ method: 'GET', path: `/tasks/${taskId}` }),
	readStatus: ({ status }: HttpReply): StatusAnswer => ({ ...answer, retryAfter: String(status) }),
} as unknown as Provider;
const http = (send: Http['send']): Http => ({ send });

test('a task is asked for in the time that is given, and the adapter says what the answer means', async () => {
	const sent: HttpRequest[] = [];
	const asked = await askForTask(
		{
			provider,
			http: http(async (request) => {
				sent.push(request);
				return { status: 503, headers: {}, body: undefined };
			}),
		},
		'42',
		1_000,
	);
	expect(sent).toEqual([{ method: 'GET', path: '/tasks/42', timeoutMs: 1_000 }]);
	expect(asked).toEqual({ ...answer, retryAfter: '503' });
});

test('no answer is an answer too, and says why', async () => {
	const cause = new NoReply('reset', false);
	const asked = await askForTask({ provider, http: http(async () => await Promise.reject(cause)) }, '42', 1_000);
	expect(asked).toEqual({ kind: 'silent', cause });
});

test('a fault of the code is not taken for silence', async () => {
	const cause = new TypeError('x is not a function');
	const send = http(async () => await Promise.reject(cause));
	await expect(askForTask({ provider, http: send }, '42', 1_000)).rejects.toBe(cause);
});

test.each([
	['queued', false],
	['processing', false],
	['unknown', false],
	['succeeded', true],
	['failed', true],
	['canceled', true],
] as const)('a task that is %s has ended: %s', (state, ended) => {
	expect(hasEnded(state)).toBe(ended);
});

describe('a task that is asked about patiently', () => {
	const gone = { kind: 'gone', diagnosis: answer.diagnosis } satisfies StatusAnswer;
	const report = {
		kind: 'report',
		report: { state: 'succeeded', providerState: 'success', response: {} },
	} satisfies StatusAnswer;

	/** Gives these answers one after the other; `undefined` is silence. */
	async function asking(
		answers: Array<StatusAnswer | undefined>,
		{ signal, allMs = 60_000 }: { signal?: AbortSignal; allMs?: number } = {},
	) {
		let nowMs = 5_000_000;
		const beganMs = nowMs;
		const timeoutsMs: Array<number | undefined> = [];
		const left = [...answers];
		const asked = await askPatiently(
			{
				provider: { ...provider, readStatus: ({ body }: HttpReply) => body as StatusAnswer },
				http: http(async ({ timeoutMs }) => {
					timeoutsMs.push(timeoutMs);
					const body = left.shift();
					if (body === undefined) throw new NoReply('reset', true);
					return { status: 200, headers: {}, body };
				}),
				clock: { nowMs: () => nowMs, sleep: async (ms) => void (nowMs += ms) },
				...(signal ? { signal } : {}),
			},
			'42',
			{ answerMs: 1_000, allMs },
		);
		const seconds = (nowMs - beganMs) / 1_000;
		return { asked: { kind: asked.kind, questions: answers.length - left.length, seconds }, timeoutsMs };
	}

	test.each<[string, Array<StatusAnswer | undefined>, string, number, number]>([
		['is reported at once', [report], 'report', 1, 0],
		['is reported after a page and a silence', [answer, undefined, report], 'report', 3, 3],
		['is gone when that is said twice', [gone, gone], 'gone', 2, 1],
		['is not gone for one answer among pages', [answer, answer, gone], 'unclear', 3, 3],
		['stays silent', [undefined, undefined, undefined], 'silent', 3, 3],
	])('%s', async (_name, answers, kind, questions, seconds) => {
		expect((await asking(answers)).asked).toEqual({ kind, questions, seconds });
	});

	test('is asked about no more after Stop', async () => {
		const { asked } = await asking([answer, report], { signal: AbortSignal.abort() });
		expect(asked).toMatchObject({ kind: 'unclear', questions: 1 });
	});

	test('gets no more time than there is for all questions together', async () => {
		expect((await asking([answer, answer, answer], { allMs: 3_500 })).timeoutsMs).toEqual([1_000, 1_000, 500]);
		expect((await asking([answer, report], { allMs: 1_001 })).timeoutsMs).toEqual([1_000, 1]);
		expect((await asking([answer, report], { allMs: 1_000 })).timeoutsMs).toEqual([1_000]);
	});
});
