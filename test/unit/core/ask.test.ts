import { askForFilm, askForFilmPatiently, askForTask, askPatiently } from '../../../lib/core/ask';
import type { Film } from '../../../lib/core/film';
import { NoReply, type Http, type HttpReply, type HttpRequest } from '../../../lib/core/http';
import { hasEnded, type Diagnosis, type Provider, type StatusAnswer } from '../../../lib/core/provider';

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

describe('a film that is asked about', () => {
	const gone = (kind: Diagnosis['kind'], unknownTask = false) =>
		({ kind: 'gone', diagnosis: { ...answer.diagnosis, kind, unknownTask } }) satisfies StatusAnswer;
	const report = (response: object) =>
		({ kind: 'report', report: { state: 'succeeded', providerState: 'success', response } }) satisfies StatusAnswer;
	const unknown = gone('permanent', true);
	const film: Film = { kind: 'music', storyboard: [], versions: [] };

	const notAsked = () => {
		throw new Error('Nothing is ordered here');
	};

	/** Gives each path its answer; the film is told of where an answer holds one. */
	async function asking(answers: Record<string, StatusAnswer>) {
		const asked: string[] = [];
		const found = await askForFilm(
			{
				provider: {
					...provider,
					ask: (taskId: string, path = '/usual/{id}') => ({ method: 'GET', path: path.replace('{id}', taskId) }),
					readStatus: ({ body }: HttpReply) => body as StatusAnswer,
					otherQueries: ['/other/{id}'],
					films: {
						partsQuery: '/parts/{id}',
						read: (body: unknown) => (Object(body) as { film?: Film }).film,
						edit: notAsked,
						compose: notAsked,
					},
				},
				http: http(async ({ path }) => {
					asked.push(path);
					return { status: 200, headers: {}, body: answers[path] };
				}),
			},
			'42',
			1_000,
		);
		return { kind: found.kind, film: found.film, asked };
	}

	test.each<[string, Record<string, StatusAnswer>, object]>([
		[
			'has its parts beside the answer about the task',
			{ '/usual/42': report({}), '/parts/42': report({ film }) },
			{ kind: 'report', film, asked: ['/usual/42', '/parts/42'] },
		],
		[
			'has its parts in the answer at a path of its own',
			{ '/usual/42': unknown, '/other/42': report({ film }) },
			{ kind: 'report', film, asked: ['/usual/42', '/other/42'] },
		],
		[
			'has none where it is not known to have any',
			{ '/usual/42': report({}), '/parts/42': unknown },
			{ kind: 'report', film: undefined, asked: ['/usual/42', '/parts/42'] },
		],
		[
			'has none at a path of its own that tells of none',
			{ '/usual/42': unknown, '/other/42': report({}) },
			{ kind: 'report', film: undefined, asked: ['/usual/42', '/other/42'] },
		],
		[
			'is in doubt where nobody tells of its parts',
			{ '/usual/42': report({}), '/parts/42': answer },
			{ kind: 'unclear', asked: ['/usual/42', '/parts/42'] },
		],
		[
			'is in doubt where its parts are gone for a reason that passes',
			{ '/usual/42': report({}), '/parts/42': gone('transient', true) },
			{ kind: 'gone', asked: ['/usual/42', '/parts/42'] },
		],
		[
			'is in doubt where one of the places gave no clear answer, and none knows it',
			{ '/usual/42': unknown, '/other/42': answer },
			{ kind: 'unclear', asked: ['/usual/42', '/other/42'] },
		],
		[
			'is not looked for elsewhere where it is gone for another reason',
			{ '/usual/42': gone('permanent') },
			{ kind: 'gone', asked: ['/usual/42'] },
		],
		[
			'is refused where the key may not ask for its parts',
			{ '/usual/42': report({}), '/parts/42': gone('auth') },
			{ kind: 'gone', asked: ['/usual/42', '/parts/42'] },
		],
		[
			'is unknown where it is unknown everywhere',
			{ '/usual/42': unknown, '/other/42': unknown },
			{ kind: 'gone', asked: ['/usual/42', '/other/42'] },
		],
	])('%s', async (_name, answers, expected) => {
		expect(await asking(answers)).toMatchObject(expected);
	});

	test('is asked about again where the first answer was none', async () => {
		const answers = [answer, report({ film })];
		const sleepsMs: number[] = [];
		const found = await askForFilmPatiently(
			{
				provider: {
					...provider,
					readStatus: () => answers.shift()!,
					films: { partsQuery: '/parts/{id}', read: () => film, edit: notAsked, compose: notAsked },
				},
				http: http(async () => await Promise.resolve({ status: 200, headers: {}, body: {} })),
				clock: { nowMs: () => 0, sleep: async (ms) => void sleepsMs.push(ms) },
			},
			'42',
			{ answerMs: 1_000, allMs: 60_000 },
		);
		expect([found.kind, found.film, sleepsMs]).toEqual(['report', film, [1_000]]);
	});
});
