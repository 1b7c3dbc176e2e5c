import { NoReply, type Http, type HttpReply } from '../../../../lib/core/http';
import { askInWebhook } from '../../../../lib/n8n/callbacks/findTask';
import { vidu } from '../../../../lib/providers/vidu';

const reply = (status: number, body: unknown): HttpReply => ({ status, headers: {}, body });
const MADE = reply(200, { state: 'success', creations: [{ id: '1', url: 'https://cdn.example.com/1.mp4' }] });
const UNKNOWN = reply(404, { code: 404, reason: 'TaskNotFound', message: 'task not found', metadata: {} });
const BAD_KEY = reply(401, { code: 401, reason: 'Unauthorized', message: 'unauthorized', metadata: {} });
const PAGE = reply(404, '<html>Not Found</html>');
const GATEWAY = reply(403, { message: 'Forbidden' });
const SILENCE = 'silence';

/** Asks a service that answers as scripted, each answer after `seconds`, silence after the limit of one look. */
async function ask(script: Array<HttpReply | typeof SILENCE>, seconds = 0.1) {
	let nowMs = 0;
	let looks = 0;
	const http: Http = {
		async send({ path, timeoutMs = Infinity }) {
			// films are asked about elsewhere: there is none
			if (!path.includes('/tasks/')) return await Promise.resolve(UNKNOWN);
			const answer = script[looks++];
			nowMs += answer === SILENCE ? timeoutMs : Math.min(seconds * 1_000, timeoutMs);
			if (answer === SILENCE) throw new NoReply('The connection ended with ETIMEDOUT.', true);
			return await Promise.resolve(answer);
		},
	};
	const clock = { nowMs: () => nowMs, sleep: async (ms: number) => await Promise.resolve(void (nowMs += ms)) };
	const { report, refusal } = await askInWebhook(vidu, http, '876543210123456789', { clock });
	return { told: report?.state ?? refusal?.code ?? 'nothing', looks, seconds: nowMs / 1_000 };
}

test.each([
	['the true answer', [MADE], 'succeeded', 1],
	['a page, then the true answer', [PAGE, MADE], 'succeeded', 2],
	['a denial, then the true answer', [UNKNOWN, MADE], 'succeeded', 2],
	['silence, then the true answer', [SILENCE, MADE], 'succeeded', 2],
	['two denials in its own words', [UNKNOWN, UNKNOWN], 'TaskNotFound', 2],
	['two refusals of the key in its own words', [BAD_KEY, BAD_KEY], 'Unauthorized', 2],
	['a page, then two denials', [PAGE, UNKNOWN, UNKNOWN], 'TaskNotFound', 3],
	['a denial, then pages', [UNKNOWN, PAGE, GATEWAY], 'nothing', 3],
	['pages and a gateway', [PAGE, GATEWAY, PAGE], 'nothing', 3],
] as Array<[string, Array<HttpReply | typeof SILENCE>, string, number]>)(
	'a task asked for in a webhook: %s',
	async (_, script, told, looks) => {
		expect(await ask(script)).toMatchObject({ told, looks });
	},
);

test.each([
	['is silent', [SILENCE, SILENCE, SILENCE], 0],
	['takes nine seconds for a page', [PAGE, PAGE, PAGE], 9],
] as Array<[string, Array<HttpReply | typeof SILENCE>, number]>)(
	'a webhook has its answer within 15 seconds though the service %s',
	async (_, script, seconds) => {
		const asked = await ask(script, seconds);
		expect(asked.told).toBe('nothing');
		expect(asked.looks).toBeGreaterThan(1);
		expect(asked.seconds).toBeLessThanOrEqual(15);
	},
);
