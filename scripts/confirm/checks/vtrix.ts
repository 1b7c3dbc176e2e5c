import { VIDU_BACKENDS, type Backend } from '../../../lib/n8n/backends';
import { asRecord } from '../../../lib/providers/replies';
import { dataUri, isKeyRefused, tell, tellEnd, tellFile, tellLife, tellOrdered } from '../words';
import { CannotTell } from '../session';
import { asRead, check, decide, otherwise, told, unclear, type Checklist } from '../types';

/** What docs/api/vtrix.md leaves open. It publishes no prices, so its cap counts orders. */

const backend: Backend = VIDU_BACKENDS.find(({ credential }) => credential === 'vtrixApi') ?? VIDU_BACKENDS[0];
const NO_TASK = { method: 'GET', path: '/model/v1/generation/task/credential-test' } as const;

export const vtrixChecklist: Checklist = {
	provider: 'vtrix',
	keyName: 'VTRIX_API_KEY',
	credential: 'vtrixApi',
	scheme: 'Bearer',
	cap: { option: '--max-orders', unit: () => 'orders', counts: 'orders' },
	checks: [
		check({
			name: 'key',
			request: 'GET /model/v1/generation/task/credential-test, which is no task',
			isGate: true,
			facts: {
				key: {
					what: 'A good key is told by the answer about a task that does not exist',
					page: 'docs/api/vtrix.md#test-of-a-key',
					why: 'the test of the credential',
					expected: '404 or 400 with words about a task',
				},
			},
			async run(session) {
				const reply = await session.ask(NO_TASK);
				const seen = tell(session.provider, reply);
				const isTold = [400, 404].includes(reply.status) && /task/i.test(JSON.stringify(reply.body));
				return { key: isTold ? asRead(seen) : otherwise(seen) };
			},
		}),
		check({
			name: 'wrong key',
			request: 'the same with a made-up key',
			facts: {
				refused: {
					what: 'How a wrong key is refused',
					page: 'docs/api/vtrix.md#errors',
					why: 'the test of the credential, and that a run ends at once instead of waiting',
					expected: '401',
				},
			},
			async run(session) {
				const reply = await session.ask(NO_TASK, { authorization: 'Bearer sk-no-such-key' });
				return { refused: decide(isKeyRefused(session.provider, reply), tell(session.provider, reply)) };
			},
		}),
		check({
			name: 'form of a refusal',
			request: 'POST /model/v1/generation: vidu20_img2video without an image',
			facts: {
				form: {
					what: 'The form of a refusal, and whether its code is a number or a text',
					page: 'docs/api/vtrix.md#errors',
					why: 'the message of an item that was refused',
					expected: 'one of three bodies',
				},
			},
			async run(session) {
				const reply = await session.probe({
					method: 'POST',
					path: '/model/v1/generation',
					body: { model: 'vidu20_img2video', input: [{ params: { images: [] } }] },
				});
				const { error, status } = asRecord(reply.body);
				const code = asRecord(error).code ?? asRecord(status).code;
				const names = Object.keys(asRecord(reply.body)).sort().join(', ');
				const { providerMessage } = session.provider.diagnose(reply);
				const seen = `${tell(session.provider, reply)}; fields ${names}; code ${code === undefined ? 'absent' : typeof code}`;
				return { form: decide(reply.status >= 400 && providerMessage !== undefined, seen) };
			},
		}),
		check({
			name: 'clip',
			request: 'POST /model/v1/generation: vidu20_img2video, 4 s, 360p, a data URI; read until it ends',
			orders: [
				{
					backend,
					endpoint: 'imageToVideo',
					model: 'vidu20_img2video',
					fields: { prompt: 'A white sneaker turns slowly', duration: 4, resolution: '360p' },
					inputs: { images: [dataUri('sneaker.png')] },
				},
			],
			facts: {
				first: {
					what: 'The first answer to an order',
					page: 'docs/api/vtrix.md#task',
					why: 'a task without an id could not be waited for',
					expected: 'an id and in_progress, or completed',
				},
				cost: {
					what: 'What it costs',
					page: 'docs/api/vtrix.md#prices',
					why: 'the output field cost',
					expected: 'text in dollars',
				},
				life: {
					what: 'How long a link works',
					page: 'docs/api/vtrix.md#links',
					why: 'urlExpiresAt, and when a link is read again',
					expected: '24 hours assumed',
				},
				file: {
					what: 'The link works without the key',
					page: 'docs/api/vtrix.md#links',
					why: 'downloads carry no credential',
					expected: 'video/mp4',
				},
			},
			async run(session, [wish]) {
				const ordered = await session.order(wish);
				if (!ordered.taken) return { first: otherwise(tellOrdered(session.provider, ordered)) };
				const { providerState } = ordered.task;
				const first = decide(['in_progress', 'completed'].includes(providerState), providerState);
				const ended = await session.end(ordered);
				const { report } = ended;
				if (report.state !== 'succeeded') throw new CannotTell(`the task ended as ${tellEnd(ended)}`);
				return {
					first,
					cost: report.cost ? told(`${report.cost.amount} ${report.cost.currency}`) : unclear('not named'),
					life: tellLife(report.videoUrl, report.urlExpiresAt, 24),
					file: await tellFile(session, report.videoUrl, /^video\/mp4$/),
				};
			},
		}),
	],
	byHand: [
		{
			what: 'Limits',
			page: 'docs/api/vtrix.md#limits',
			how: 'a run of 20 items; the hints on the canvas name the limit that was found',
		},
		{
			what: 'Callbacks',
			page: 'docs/api/vtrix.md#callbacks',
			how: 'order with Callback URL set to an address of yours, and look at what is called',
		},
		{
			what: 'How long the older protocol stays',
			page: 'docs/api/vtrix.md#sources',
			how: 'ask the vendor',
		},
	],
};
