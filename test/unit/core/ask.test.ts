import { askForTask } from '../../../lib/core/ask';
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
