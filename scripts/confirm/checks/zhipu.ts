import { COGVIDEOX_BACKENDS, VIDU_BACKENDS, type Backend } from '../../../lib/n8n/backends';
import { asRecord } from '../../../lib/providers/replies';
import { dataUri, isKeyRefused, tell, tellEnd, tellFile, tellFreshLink, tellLife, tellOrdered } from '../words';
import { CannotTell } from '../session';
import { asRead, check, decide, otherwise, told, unclear, type Check, type Checklist, type Wish } from '../types';

/** What docs/api/zhipu.md leaves open or contradicts. CogVideoX-Flash is free at BigModel, so it carries most of it. */

const [cogVideoX] = COGVIDEOX_BACKENDS;
const vidu: Backend = VIDU_BACKENDS.find(({ credential }) => credential === 'zhipuApi') ?? VIDU_BACKENDS[0];
const MODELS = { method: 'GET', path: '/models' } as const;
const PROMPT = 'A white sneaker turns slowly on a plain table';
const flash = (extraFields?: Wish['extraFields'], prompt = PROMPT): Wish => ({
	backend: cogVideoX,
	endpoint: 'textToVideo',
	model: 'cogvideox-flash',
	fields: { prompt },
	...(extraFields ? { extraFields } : {}),
});

/** What is refused by some and not by others. */
const DOUBTED = { quality: 'speed', size: '1280x720', fps: 30, duration: 5 } as const;
const LONGEST_PROMPT = 512;

/** Ordered and looked at no further. */
const takenOrNot = (
	name: string,
	wish: Wish,
	request: string,
	fact: Check['facts'][string],
	isExpected: boolean,
): Check =>
	check({
		name,
		request,
		orders: [wish],
		facts: { taken: fact },
		async run(session, [order]) {
			const ordered = await session.order(order);
			return { taken: decide(ordered.taken === isExpected, tellOrdered(session.provider, ordered)) };
		},
	});

export const zhipuChecklist: Checklist = {
	provider: 'zhipu',
	keyName: 'ZHIPU_API_KEY',
	credential: 'zhipuApi',
	scheme: 'Bearer',
	cap: { option: '--max-cost', unit: (region) => (region === 'zai' ? 'USD' : 'yuan'), counts: 'money' },
	checks: [
		check({
			name: 'key',
			request: 'GET /models',
			isGate: true,
			facts: {
				key: {
					what: 'The key is good, and GET /models tells',
					page: 'docs/api/zhipu.md#test-of-a-key',
					why: 'the test of the credential: the call is on no page',
					expected: '200',
				},
			},
			async run(session) {
				const reply = await session.ask(MODELS);
				return { key: reply.status < 300 ? asRead('200') : otherwise(tell(session.provider, reply)) };
			},
		}),
		check({
			name: 'wrong key',
			request: 'GET /models with a made-up key, and with the key without Bearer',
			facts: {
				refused: {
					what: 'How a wrong key is refused',
					page: 'docs/api/zhipu.md#codes',
					why: 'the test of the credential, and that a run ends at once instead of waiting',
					expected: '401',
				},
				bare: {
					what: 'A key without Bearer',
					page: 'docs/api/zhipu.md#hosts-and-keys',
					why: 'nothing: the package sends Bearer',
					expected: 'not said',
				},
			},
			async run(session) {
				const wrong = await session.ask(MODELS, { authorization: `Bearer ${'0'.repeat(32)}.noSuchKey` });
				const bare = await session.ask(MODELS, { authorization: session.key });
				return {
					refused: decide(isKeyRefused(session.provider, wrong), tell(session.provider, wrong)),
					bare: told(bare.status < 300 ? 'taken' : `refused: ${tell(session.provider, bare)}`),
				};
			},
		}),
		check({
			name: 'other host',
			request: "GET /models at the vendor's other host",
			needsOtherHost: true,
			facts: {
				refused: {
					what: 'Keys of one host on the other',
					page: 'docs/api/zhipu.md#hosts-and-keys',
					why: 'the credential asks for the region',
					expected: 'in conflict',
				},
			},
			async run(session) {
				const reply = await session.ask(MODELS, { root: session.otherRoot ?? '' });
				return { refused: told(reply.status < 300 ? 'taken' : `refused: ${tell(session.provider, reply)}`) };
			},
		}),
		check({
			name: 'unknown task',
			request: 'GET /async-result/{id} for an ID that no task has',
			facts: {
				unknown: {
					what: 'A task that does not exist',
					page: 'docs/api/zhipu.md#codes',
					why: 'a lost task ends its wait at once; the codes are from an older list',
					expected: '1232 or 1233',
				},
			},
			async run(session) {
				const reply = await session.ask(session.provider.ask('10000000000000000001'));
				return {
					unknown: decide(session.provider.diagnose(reply).unknownTask === true, tell(session.provider, reply)),
				};
			},
		}),
		check({
			name: 'flash',
			request: 'POST /videos/generations: cogvideox-flash with a prompt alone; read until it ends, then once more',
			orders: [flash()],
			facts: {
				states: {
					what: 'Words for its states',
					page: 'docs/api/zhipu.md#answers',
					why: 'a word that nobody knows counts as under way',
					expected: 'PROCESSING, SUCCESS',
				},
				life: {
					what: "How long a CogVideoX video's link works",
					page: 'docs/api/zhipu.md#links',
					why: 'urlExpiresAt, and when a link is read again',
					expected: '24 hours',
				},
				fresh: {
					what: 'Reading a task again gives a fresh link',
					page: 'docs/api/zhipu.md#links',
					why: 'a download that failed is tried again with it',
					expected: 'not said',
				},
				file: {
					what: 'The link works without the key',
					page: 'docs/api/zhipu.md#links',
					why: 'downloads carry no credential',
					expected: 'video/mp4',
				},
			},
			async run(session, [wish]) {
				const ordered = await session.order(wish);
				if (!ordered.taken) throw new CannotTell(`the order was ${tellOrdered(session.provider, ordered)}`);
				const ended = await session.end(ordered);
				const { report, states } = ended;
				if (report.state !== 'succeeded') throw new CannotTell(`the task ended as ${tellEnd(ended)}`);
				return {
					states: decide(
						states.every((word) => ['PROCESSING', 'SUCCESS'].includes(word)),
						states.join(', '),
					),
					life: tellLife(report.videoUrl, report.urlExpiresAt, 24),
					fresh: await tellFreshLink(session, ordered.task.taskId, report.videoUrl),
					file: await tellFile(session, report.videoUrl, /^video\/mp4$/),
				};
			},
		}),
		...Object.entries(DOUBTED).map(([field, value]) =>
			takenOrNot(
				`flash with ${field}`,
				flash({ [field]: value }),
				`POST /videos/generations: cogvideox-flash with ${field} ${value}`,
				{
					what: `cogvideox-flash with ${field}`,
					page: 'docs/api/zhipu.md#cogvideox-flash',
					why: 'it is not offered for this model',
					expected: 'refused with 1214',
				},
				false,
			),
		),
		takenOrNot(
			'long prompt',
			flash(undefined, PROMPT.padEnd(LONGEST_PROMPT + 1, '.')),
			`POST /videos/generations: cogvideox-flash with ${LONGEST_PROMPT + 1} characters`,
			{
				what: 'The longest prompt',
				page: 'docs/api/zhipu.md#in-conflict',
				why: 'longer ones are refused before anything is sent',
				expected: `${LONGEST_PROMPT} characters`,
			},
			false,
		),
		check({
			name: 'form of a failure',
			request: 'POST /videos/generations: cogvideox-flash with an image at an address that leads nowhere',
			orders: [
				{
					backend: cogVideoX,
					endpoint: 'imageToVideo',
					model: 'cogvideox-flash',
					fields: { prompt: PROMPT },
					inputs: { images: ['https://example.com/no-such-image.png'] },
				},
			],
			facts: {
				form: {
					what: 'The form of a FAIL',
					page: 'docs/api/zhipu.md#answers',
					why: 'what the Error output says of it',
					expected: 'error with code and message, or nothing',
				},
			},
			async run(session, [wish]) {
				const ordered = await session.order(wish);
				if (!ordered.taken) return { form: unclear(`refused at once: ${tell(session.provider, ordered.reply)}`) };
				const { report, reply } = await session.end(ordered);
				if (report.state !== 'failed') return { form: unclear(`it ended as ${report.providerState}`) };
				const names = Object.keys(asRecord(reply.body)).sort().join(', ');
				const { code } = report.diagnosis ?? {};
				return { form: told(`${code === undefined ? 'no code' : `code ${code}`}; fields ${names}`) };
			},
		}),
		takenOrNot(
			'Vidu 2',
			{
				backend: vidu,
				endpoint: 'imageToVideo',
				model: 'vidu2-image',
				fields: { prompt: PROMPT, size: '720x480' },
				inputs: { images: [dataUri('sneaker.png')] },
			},
			'POST /videos/generations: vidu2-image, 720x480, a data URI',
			{
				what: 'Vidu 2 on this host, in 720x480, with a data URI',
				page: 'docs/api/zhipu.md#in-conflict',
				why: 'both sizes are offered; on Z.AI the models are gone from the pages',
				expected: 'taken',
			},
			true,
		),
		takenOrNot(
			'two frames with quality',
			{
				backend: cogVideoX,
				endpoint: 'startEndToVideo',
				model: 'cogvideox-3',
				fields: { prompt: PROMPT, quality: 'quality' },
				inputs: { images: [dataUri('sneaker.png'), dataUri('sneaker-end.png')] },
			},
			'POST /videos/generations: cogvideox-3, two frames, quality "quality"',
			{
				what: 'Two frames of cogvideox-3 with quality "quality"',
				page: 'docs/api/zhipu.md#in-conflict',
				why: 'speed alone is offered for two frames: could this be taken, it would be offered',
				expected: 'taken at BigModel, refused at Z.AI',
			},
			true,
		),
	],
	byHand: [
		{
			what: 'Whether a link is renewed after a day',
			page: 'docs/api/zhipu.md#links',
			how: 'Task → Get with an ID of this report, a day later',
		},
		{
			what: 'Whether a task or only its request counts as running',
			page: 'docs/api/zhipu.md#limits',
			how: 'needs more orders at once than the account may have: a run of 20 items on cogvideox-flash; the hints on the canvas name the limit that was found',
		},
		{
			what: 'The limit of a request',
			page: 'docs/api/zhipu.md#images',
			how: 'needs images that come to more than 20 MB together: Vidu 2, Reference to Video, three large PNG files',
		},
	],
};
