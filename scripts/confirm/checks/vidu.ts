import { VIDU_BACKENDS } from '../../../lib/n8n/backends';
import { asRecord, asText } from '../../../lib/providers/replies';
import {
	comparePrice,
	creditsOf,
	dataUri,
	isKeyRefused,
	tell,
	tellEnd,
	tellFile,
	tellFreshLink,
	tellLife,
	tellOrdered,
	tellTime,
} from '../words';
import { CannotTell, type Ended, type Ordered, type Session } from '../session';
import { asRead, check, decide, otherwise, told, unclear, type Checklist, type Finding, type Wish } from '../types';

/** What docs/api/vidu.md leaves open or contradicts. In the order of worth: what comes last is left out where a cap is low. */

const [backend] = VIDU_BACKENDS;
const CREDITS = '/ent/v2/credits?show_detail=false';
const PROMPT = 'A white sneaker turns slowly on a plain table';
/** The cheapest clip on the price list. */
const SHORTEST: Wish = {
	backend,
	endpoint: 'textToVideo',
	model: 'viduq3-turbo',
	fields: { prompt: PROMPT, duration: 1, resolution: '540p' },
};
const withFields = (fields: Wish['fields']): Wish => ({ ...SHORTEST, fields: { ...SHORTEST.fields, ...fields } });

/** Endpoints that are looked for with an empty order, which costs nothing. */
const CHINA_ONLY = [
	{ name: 'digital human', path: '/ent/v2/digital-human', page: 'docs/api/vidu.md#digital-human' },
	{ name: 'subjects', path: '/ent/v2/subjects', page: 'docs/api/vidu.md#subjects-kept' },
	{ name: 'general film', path: '/ent/v2/one-click/general_one_click', page: 'docs/api/vidu.md#films' },
] as const;

const PAYLOAD = 'n8n-nodes-vidu-cogvideox confirm';
const WORDS = ['created', 'queueing', 'processing', 'success'];
/** What the catalogue assumes, in seconds. */
const assumed = (endpoint: 'extend' | 'multiFrameToVideo' | 'generate' | 'soundEffects', model: string): number =>
	backend.catalogue.models[endpoint]?.[model]?.typicalSeconds ?? NaN;

/** Three seconds from one image, the shortest that every model but viduq3-drama makes of references. */
const withReference = (model: string, resolution: string, more: Partial<Wish> = {}): Wish => ({
	backend,
	endpoint: 'referenceToVideo',
	model,
	inputs: { images: [dataUri('sneaker.png')] },
	...more,
	fields: { prompt: PROMPT, duration: 3, resolution, ...more.fields },
});
/**
 * On what two pages disagree, and one order decides: whether the service takes it. What is refused costs nothing, so each
 * is announced with the price of what would be made.
 */
const IN_CONFLICT: ReadonlyArray<{ what: string; request: string; wish: Wish; isTaken: boolean }> = [
	{
		what: 'A prompt of 2,001 characters with references',
		request: 'viduq3-turbo, 3 s, 540p, a prompt of 2,001 characters',
		wish: withReference('viduq3-turbo', '540p', { fields: { prompt: PROMPT.padEnd(2_001, '.') } }),
		isTaken: true,
	},
	{
		what: 'viduq3-mix at 540p',
		request: 'viduq3-mix, 3 s, resolution 540p',
		wish: withReference('viduq3-mix', '720p', { extraFields: { resolution: '540p' } }),
		isTaken: false,
	},
	{
		what: 'viduq3-mix for 2 seconds',
		request: 'viduq3-mix, 720p, duration 2',
		wish: withReference('viduq3-mix', '720p', { extraFields: { duration: 2 } }),
		isTaken: false,
	},
	{
		what: 'viduq3-mix in 4:3',
		request: 'viduq3-mix, 3 s, 720p, aspect_ratio 4:3',
		wish: withReference('viduq3-mix', '720p', { fields: { aspectRatio: '4:3' } }),
		isTaken: true,
	},
	{
		what: 'viduq3-turbo with references in 4:3',
		request: 'viduq3-turbo, 3 s, 540p, aspect_ratio 4:3',
		wish: withReference('viduq3-turbo', '540p', { extraFields: { aspect_ratio: '4:3' } }),
		isTaken: false,
	},
	{
		what: 'viduq3-drama for 2 seconds',
		request: 'viduq3-drama, 720p, 2 s',
		wish: withReference('viduq3-drama', '720p', { fields: { duration: 2 }, atMost: 100 }),
		isTaken: true,
	},
	{
		what: 'viduq3-pro with references',
		request: 'viduq3-pro, 3 s, 540p, one image',
		wish: withReference('viduq3-turbo', '540p', { extraFields: { model: 'viduq3-pro' }, atMost: 60 }),
		isTaken: false,
	},
];

const balanceOf = async (session: Session): Promise<number | undefined> =>
	backend.provider.usage?.read(await session.ask({ method: 'GET', path: CREDITS }))?.credits;

/** An order that the rest of the check stands on. */
async function taken(
	session: Session,
	wish: Wish,
	late?: Record<string, unknown>,
): Promise<Extract<Ordered, { taken: true }>> {
	const ordered = await session.order(wish, late);
	if (!ordered.taken) throw new CannotTell(`the order was ${tellOrdered(session.provider, ordered)}`);
	return ordered;
}

/** Ended with a file, or the check is unclear. */
async function made(session: Session, ordered: Extract<Ordered, { taken: true }>, name: string): Promise<Ended> {
	const ended = await session.end(ordered);
	if (ended.report.state !== 'succeeded') throw new CannotTell(`the task ended as ${tellEnd(ended)}`);
	session.made.set(name, { ...ended, taskId: ordered.task.taskId });
	return ended;
}

/** What a cancelled task looks like, or that it could not be cancelled. */
async function cancelled(
	session: Session,
	ordered: Extract<Ordered, { taken: true }>,
): Promise<Record<'cancel' | 'state', Finding>> {
	const { cancel } = backend.provider;
	if (!cancel) throw new CannotTell('there is no cancel');
	const before = asText(asRecord(ordered.reply.body).state) ?? 'unknown';
	const reply = await session.ask(cancel(ordered.task.taskId));
	if (reply.status >= 300)
		return {
			cancel: told(`refused while ${before}: ${tell(session.provider, reply)}`),
			state: unclear('nothing was cancelled'),
		};
	const { report } = await session.end(ordered);
	return {
		cancel: told(`taken while ${before}: HTTP ${reply.status}`),
		state: decide(report.state === 'canceled', tellEnd({ report } as Ended)),
	};
}

export const viduChecklist: Checklist = {
	provider: 'vidu',
	keyName: 'VIDU_API_KEY',
	credential: 'viduApi',
	scheme: 'Token',
	cap: { option: '--max-credits', unit: () => 'credits', counts: 'credits' },
	checks: [
		check({
			name: 'key',
			request: 'GET /ent/v2/credits',
			isGate: true,
			facts: {
				key: {
					what: 'The key is good',
					page: 'docs/api/vidu.md#hosts-and-keys',
					why: 'everything below',
					expected: '200',
				},
				remains: {
					what: 'How the list of balances is called',
					page: 'docs/api/vidu.md#account',
					why: 'the check before an order that the account can pay it, and Account → Get Credits',
					expected: 'remains',
				},
			},
			async run(session) {
				const reply = await session.ask({ method: 'GET', path: CREDITS });
				if (reply.status >= 300) return { key: otherwise(tell(session.provider, reply)) };
				const names = ['remains', 'remaining_credits'].filter((name) => Array.isArray(asRecord(reply.body)[name]));
				const usage = backend.provider.usage?.read(reply);
				const seen = `${names.join(', ') || 'neither'}; ${usage?.atOnce ?? 'unknown'} tasks at once`;
				return { key: asRead('200'), remains: decide(names[0] === 'remains', seen) };
			},
		}),
		check({
			name: 'wrong key',
			request: 'GET /ent/v2/credits with a made-up key',
			facts: {
				refused: {
					what: 'How a wrong key is refused',
					page: 'docs/api/vidu.md#hosts-and-keys',
					why: 'the test of the credential, and that a run ends at once instead of waiting',
					expected: '401 or 403',
				},
			},
			async run(session) {
				const reply = await session.ask({ method: 'GET', path: CREDITS }, { authorization: 'Token vda_no_such_key' });
				return { refused: decide(isKeyRefused(session.provider, reply), tell(session.provider, reply)) };
			},
		}),
		check({
			name: 'Bearer',
			request: 'GET /ent/v2/credits with Bearer in front of the key',
			facts: {
				bearer: {
					what: 'Bearer is taken beside Token',
					page: 'docs/api/vidu.md#hosts-and-keys',
					why: 'the package sends Token, and no more rests on it',
					expected: 'refused',
				},
			},
			async run(session) {
				const reply = await session.ask({ method: 'GET', path: CREDITS }, { authorization: `Bearer ${session.key}` });
				return { bearer: told(reply.status < 300 ? 'taken' : `refused: ${tell(session.provider, reply)}`) };
			},
		}),
		check({
			name: 'other host',
			request: "GET /ent/v2/credits at Vidu's other host",
			needsOtherHost: true,
			facts: {
				refused: {
					what: 'Keys of one host on the other',
					page: 'docs/api/vidu.md#hosts-and-keys',
					why: 'the credential asks for the region',
					expected: 'refused',
				},
			},
			async run(session) {
				const reply = await session.ask({ method: 'GET', path: CREDITS }, { root: session.otherRoot ?? '' });
				return { refused: decide(isKeyRefused(session.provider, reply), tell(session.provider, reply)) };
			},
		}),
		check({
			name: 'task IDs',
			request: 'GET /ent/v2/tasks/{id}/creations for an ID that no task has, and for a word, that without a key',
			facts: {
				unknown: {
					what: 'A task that does not exist',
					page: 'docs/api/vidu.md#errors',
					why: 'a lost task ends its wait at once',
					expected: '404 TaskNotFound',
				},
				word: {
					what: 'The number is read before the key',
					page: 'docs/api/vidu.md#task-ids',
					why: 'no wrong ID is told as a wrong key',
					expected: '400',
				},
			},
			async run(session) {
				const unknown = await session.ask(session.provider.ask('100000000000000001'));
				const word = await session.ask(session.provider.ask('no-number'), { authorization: null });
				return {
					unknown: decide(session.provider.diagnose(unknown).unknownTask === true, tell(session.provider, unknown)),
					word: decide(word.status === 400, tell(session.provider, word)),
				};
			},
		}),
		...CHINA_ONLY.map(({ name, path, page }) =>
			check({
				name,
				request: `POST ${path} without any field`,
				facts: {
					known: {
						what: `${path} on this host`,
						page,
						why: "it stands on China's pages alone, and is offered with a note",
						expected: 'refused for a field, not for the address',
					},
				},
				async run(session) {
					const reply = await session.probe({ method: 'POST', path, body: {} });
					const isKnown = reply.status >= 400 && reply.status < 500 && reply.status !== 404 && reply.status !== 405;
					return { known: decide(isKnown, tell(session.provider, reply)) };
				},
			}),
		),
		check({
			name: 'clip',
			request: 'POST /ent/v2/text2video: viduq3-turbo, 1 s, 540p, with a payload; read until it ends, then once more',
			orders: [withFields({ payload: PAYLOAD })],
			facts: {
				price: {
					what: 'Price of viduq3-turbo a second at 540p',
					page: 'docs/api/vidu.md#prices',
					why: 'Max Credits and Dry Run',
					expected: '7',
				},
				payload: {
					what: 'The payload comes back with the query',
					page: 'docs/api/vidu.md#common-fields',
					why: 'the output field payload',
					expected: 'the same text',
				},
				createdAt: {
					what: 'Form of created_at',
					page: 'docs/api/vidu.md#common-fields',
					why: 'the time of a task in From List',
					expected: 'a time, or a number of seconds',
				},
				id: {
					what: 'The query names its task',
					page: 'docs/api/vidu.md#reading-a-task',
					why: 'nothing: the package knows whom it asked',
					expected: 'id',
				},
				states: {
					what: 'Words for its states',
					page: 'docs/api/vidu.md#states',
					why: 'a word that nobody knows counts as under way',
					expected: WORDS.join(', '),
				},
				life: {
					what: "How long a video's link works",
					page: 'docs/api/vidu.md#links',
					why: 'urlExpiresAt, and when a link is read again',
					expected: '24 hours',
				},
				coverLife: {
					what: "How long a cover's link works",
					page: 'docs/api/vidu.md#links',
					why: 'coverUrlExpiresAt',
					expected: '1 hour',
				},
				fresh: {
					what: 'Reading a task again gives a fresh link',
					page: 'docs/api/vidu.md#links',
					why: 'a download that failed is tried again with it',
					expected: 'another link',
				},
				file: {
					what: 'The link works without the key',
					page: 'docs/api/vidu.md#links',
					why: 'downloads carry no credential',
					expected: 'video/mp4',
				},
			},
			async run(session, [wish]) {
				const ordered = await taken(session, wish);
				const { report, states, reply } = await made(session, ordered, 'clip');
				const { task } = ordered;
				return {
					price: comparePrice(creditsOf(task), 7),
					payload: decide(report.payload === PAYLOAD, report.payload === undefined ? 'none' : 'a payload'),
					createdAt: decide(task.createdAt !== undefined, typeof asRecord(ordered.reply.body).created_at),
					id: told(asRecord(reply.body).id === undefined ? 'no id' : 'id'),
					states: decide(
						states.every((word) => WORDS.includes(word)),
						states.join(', '),
					),
					life: tellLife(report.videoUrl, report.urlExpiresAt, 24),
					coverLife: tellLife(report.coverUrl, report.coverUrlExpiresAt, 1),
					fresh: await tellFreshLink(session, task.taskId, report.videoUrl),
					file: await tellFile(session, report.videoUrl, /^video\/mp4$/),
				};
			},
		}),
		check({
			name: 'off-peak and cancel',
			request: 'POST /ent/v2/text2video with off_peak, then its cancel, then GET /ent/v2/credits',
			orders: [withFields({ offPeak: true, audio: true })],
			facts: {
				price: {
					what: 'Off-peak price of viduq3-turbo',
					page: 'docs/api/vidu.md#off-peak-and-cancel',
					why: 'Max Credits and Dry Run',
					expected: '4',
				},
				cancel: {
					what: 'An off-peak task can be cancelled',
					page: 'docs/api/vidu.md#off-peak-and-cancel',
					why: 'Stop cancels what does not run yet',
					expected: 'taken',
				},
				state: {
					what: 'What a cancelled task looks like',
					page: 'docs/api/vidu.md#states',
					why: 'it is told as cancelled, not as failed',
					expected: 'failed with UserCancelled, or canceled, or cancelled',
				},
				back: {
					what: 'Its credits come back',
					page: 'docs/api/vidu.md#off-peak-and-cancel',
					why: 'what docs/cost-and-safety.md promises of Stop',
					expected: 'the balance is as before',
				},
			},
			async run(session, [wish]) {
				const before = await balanceOf(session);
				const ordered = await taken(session, wish);
				const { cancel, state } = await cancelled(session, ordered);
				const after = await balanceOf(session);
				const lost = before === undefined || after === undefined ? undefined : before - after;
				return {
					price: comparePrice(creditsOf(ordered.task), 4),
					cancel,
					state,
					back:
						lost === undefined || state.verdict === 'unclear'
							? unclear('the balance was not read, or nothing was cancelled')
							: decide(lost === 0, `${lost} credits less`),
				};
			},
		}),
		check({
			name: 'field without effect, and cancel of a normal task',
			request: 'POST /ent/v2/text2video with style, which has an effect on viduq1 only; then its cancel at once',
			orders: [{ ...SHORTEST, extraFields: { style: 'anime' } }],
			facts: {
				ignored: {
					what: 'A field without effect on the model',
					page: 'docs/api/vidu.md#fields-and-models',
					why: 'such fields are not offered; taken or refused, nothing changes',
					expected: 'ignored',
				},
				cancel: {
					what: 'A normal task in the queue can be cancelled',
					page: 'docs/api/vidu.md#off-peak-and-cancel',
					why: 'whether Stop saves anything but off-peak orders',
					expected: 'not said',
				},
				state: {
					what: 'What a cancelled task looks like',
					page: 'docs/api/vidu.md#states',
					why: 'it is told as cancelled, not as failed',
					expected: 'failed with UserCancelled, or canceled, or cancelled',
				},
			},
			async run(session, [wish]) {
				const ordered = await session.order(wish);
				const ignored = told(tellOrdered(session.provider, ordered));
				return ordered.taken ? { ignored, ...(await cancelled(session, ordered)) } : { ignored };
			},
		}),
		check({
			name: 'watermark',
			request: 'POST /ent/v2/text2video with watermark and wm_position 3',
			orders: [withFields({ watermark: true, wmPosition: 3 })],
			facts: {
				taken: {
					what: 'Watermark fields on this host',
					page: 'docs/api/vidu.md#common-fields',
					why: "the fields are offered as China's alone",
					expected: 'taken in China; open on the global host',
				},
				copy: {
					what: 'Where the marked copy is',
					page: 'docs/api/vidu.md#reading-a-task',
					why: 'videoUrl is the marked one, unmarkedVideoUrl the clean one',
					expected: 'watermarked_url beside another url',
				},
			},
			async run(session, [wish]) {
				const ordered = await session.order(wish);
				const taking = told(tellOrdered(session.provider, ordered));
				if (!ordered.taken) return { taken: taking };
				const { report } = await made(session, ordered, 'marked');
				const isTwo = report.unmarkedVideoUrl !== undefined && report.unmarkedVideoUrl !== report.videoUrl;
				return { taken: taking, copy: decide(isTwo, isTwo ? 'two files' : 'one file') };
			},
		}),
		check({
			name: 'image',
			request: 'POST /ent/v2/reference2image: viduq2, 1080p, aspect_ratio auto and no image',
			orders: [
				{
					backend,
					endpoint: 'generate',
					model: 'viduq2',
					fields: { prompt: PROMPT, resolution: '1080p', aspectRatio: 'auto' },
					bought: { images: 0 },
				},
			],
			facts: {
				auto: {
					what: 'auto for an image out of a text alone',
					page: 'docs/api/vidu.md#images-made',
					why: 'it is offered without an image too',
					expected: 'not said',
				},
				price: {
					what: 'Price of an image of viduq2 without a source',
					page: 'docs/api/vidu.md#images-made',
					why: 'Max Credits and Dry Run',
					expected: '6',
				},
				file: {
					what: 'Type of the file',
					page: 'docs/api/vidu.md#images-made',
					why: 'the name of the file in n8n',
					expected: 'image/png or image/jpeg',
				},
				time: {
					what: 'How long an image takes',
					page: 'docs/api/vidu.md#images-made',
					why: 'when the first question is asked',
					expected: `${assumed('generate', 'viduq2')} s assumed`,
				},
			},
			async run(session, [wish]) {
				const ordered = await session.order(wish);
				const auto = told(tellOrdered(session.provider, ordered));
				if (!ordered.taken) return { auto };
				const ended = await made(session, ordered, 'image');
				return {
					auto,
					price: comparePrice(creditsOf(ordered.task), 6),
					file: await tellFile(session, ended.report.videoUrl, /^image\/(png|jpeg)$/),
					time: tellTime(ended, assumed('generate', 'viduq2')),
				};
			},
		}),
		check({
			name: 'multi-frame',
			request: 'POST /ent/v2/multiframe: viduq2-turbo, 540p, three data URIs, two segments of 2 s',
			orders: [
				{
					backend,
					endpoint: 'multiFrameToVideo',
					model: 'viduq2-turbo',
					fields: { resolution: '540p' },
					inputs: {
						start_image: dataUri('sneaker.png'),
						image_settings: ['sneaker-end.png', 'sneaker.png'].map((name) => ({
							key_image: dataUri(name as 'sneaker.png'),
							duration: 2,
						})),
					},
					bought: { seconds: [2, 2] },
					// one client adds a second to each segment
					atMost: 28,
				},
			],
			facts: {
				price: {
					what: 'Price of two segments of two seconds',
					page: 'docs/api/vidu.md#multi-frame',
					why: 'Max Credits and Dry Run',
					expected: '24; 28 by one client',
				},
				length: {
					what: 'Length of the result',
					page: 'docs/api/vidu.md#multi-frame',
					why: 'what Upscale of it costs',
					expected: '4 s',
				},
				time: {
					what: 'How long it takes',
					page: 'docs/api/vidu.md#multi-frame',
					why: 'when the first question is asked',
					expected: `${assumed('multiFrameToVideo', 'viduq2-turbo')} s assumed`,
				},
			},
			async run(session, [wish]) {
				const ordered = await taken(session, wish);
				const ended = await made(session, ordered, 'frames');
				const { seconds } = await session.fetchFile(ended.report.videoUrl ?? '');
				return {
					price: comparePrice(creditsOf(ordered.task), 24),
					length:
						seconds === undefined
							? unclear('the file does not say')
							: decide(Math.abs(seconds - 4) < 0.5, `${seconds} s`),
					time: tellTime(ended, assumed('multiFrameToVideo', 'viduq2-turbo')),
				};
			},
		}),
		check({
			name: 'extend',
			request: 'POST /ent/v2/extend: viduq2-turbo, 540p, 1 s more for the clip of the check before',
			orders: [
				{
					backend,
					endpoint: 'extend',
					model: 'viduq2-turbo',
					fields: { prompt: PROMPT, duration: 1, resolution: '540p' },
				},
			],
			facts: {
				price: {
					what: 'Price of one second more',
					page: 'docs/api/vidu.md#extend',
					why: 'Max Credits and Dry Run',
					expected: '10',
				},
				whole: {
					what: 'The result holds the whole video, or what was added',
					page: 'docs/api/vidu.md#extend',
					why: 'what docs/models.md says of it',
					expected: 'not said',
				},
				time: {
					what: 'How long it takes',
					page: 'docs/api/vidu.md#extend',
					why: 'when the first question is asked',
					expected: `${assumed('extend', 'viduq2-turbo')} s assumed`,
				},
			},
			async run(session, [wish]) {
				const source = session.made.get('frames')?.report;
				if (source?.creationId === undefined) throw new CannotTell('not ordered: the check multi-frame made no clip');
				const ordered = await taken(session, wish, { video_creation_id: source.creationId });
				const ended = await made(session, ordered, 'extended');
				const [before, after] = await Promise.all(
					[source, ended.report].map(async ({ videoUrl }) => (await session.fetchFile(videoUrl ?? '')).seconds),
				);
				const whole =
					before === undefined || after === undefined
						? unclear('a file does not say how long it is')
						: told(`${before} s before, ${after} s after: ${after > before ? 'the whole' : 'what was added'}`);
				return {
					price: comparePrice(creditsOf(ordered.task), 10),
					whole,
					time: tellTime(ended, assumed('extend', 'viduq2-turbo')),
				};
			},
		}),
		check({
			name: 'upscale',
			request: 'POST /ent/v2/upscale-new: the first clip, by its creation ID, to 1080p',
			orders: [
				{
					backend,
					endpoint: 'upscale',
					fields: { upscaleResolution: '1080p' },
					bought: { seconds: 1 },
					// a clip of one second may be a frame longer
					atMost: 20,
				},
			],
			facts: {
				price: {
					what: 'Price of a second, and whether a started one counts whole',
					page: 'docs/api/vidu.md#upscale',
					why: 'Max Credits and Dry Run',
					expected: '10; 20 where the clip is longer than a second',
				},
				time: {
					what: 'How long it takes',
					page: 'docs/api/vidu.md#upscale',
					why: 'when the first question is asked',
					expected: `${backend.catalogue.rules.upscale?.typicalSeconds ?? NaN} s assumed`,
				},
			},
			async run(session, [wish]) {
				const source = session.made.get('clip')?.report.creationId;
				if (source === undefined) throw new CannotTell('not ordered: the check clip made none');
				const ordered = await taken(session, wish, { video_creation_id: source });
				const ended = await made(session, ordered, 'upscaled');
				return {
					price: comparePrice(creditsOf(ordered.task), 10, 20),
					time: tellTime(ended, backend.catalogue.rules.upscale?.typicalSeconds ?? NaN),
				};
			},
		}),
		check({
			name: 'sound',
			request: 'POST /ent/v2/text2audio: 2 s, with a payload',
			orders: [
				{
					backend,
					endpoint: 'soundEffects',
					model: 'audio1.0',
					fields: { prompt: 'A door closes', duration: 2, payload: PAYLOAD },
				},
			],
			facts: {
				price: {
					what: 'Price of a sound below 5 s',
					page: 'docs/api/vidu.md#sound-effects',
					why: 'Max Credits and Dry Run',
					expected: '10',
				},
				payload: {
					what: 'A payload is taken and comes back',
					page: 'docs/api/vidu.md#sound-effects',
					why: 'Payload is offered, though no table has it',
					expected: 'the same text',
				},
				file: {
					what: 'Type of the file',
					page: 'docs/api/vidu.md#sound-effects',
					why: 'the name of the file in n8n',
					expected: 'a sound of a type that is known',
				},
				time: {
					what: 'How long a sound takes',
					page: 'docs/api/vidu.md#sound-effects',
					why: 'when the first question is asked',
					expected: `${assumed('soundEffects', 'audio1.0')} s assumed`,
				},
			},
			async run(session, [wish]) {
				const ordered = await taken(session, wish);
				const ended = await made(session, ordered, 'sound');
				return {
					price: comparePrice(creditsOf(ordered.task), 10),
					payload: decide(ended.report.payload === PAYLOAD, ended.report.payload === undefined ? 'none' : 'a payload'),
					file: await tellFile(session, ended.report.videoUrl, /^(audio|video)\//),
					time: tellTime(ended, assumed('soundEffects', 'audio1.0')),
				};
			},
		}),
		check({
			name: 'speech',
			request: 'POST /ent/v2/audio-tts: a few words',
			orders: [
				{
					backend,
					endpoint: 'speech',
					fields: { text: 'Meet the sneaker', voiceId: 'English_Trustworthy_Man' },
				},
			],
			facts: {
				price: {
					what: 'Price of up to 500 characters',
					page: 'docs/api/vidu.md#speech',
					why: 'Max Credits and Dry Run',
					expected: '10',
				},
				atOnce: {
					what: 'The answer to the order is the result',
					page: 'docs/api/vidu.md#speech',
					why: 'where it is not, the task is asked about',
					expected: 'success, or queueing',
				},
				file: {
					what: 'Type of the file',
					page: 'docs/api/vidu.md#speech',
					why: 'the name of the file in n8n',
					expected: 'audio/mpeg',
				},
			},
			async run(session, [wish]) {
				const ordered = await taken(session, wish);
				const { task } = ordered;
				const report = task.state === 'succeeded' ? task : (await made(session, ordered, 'speech')).report;
				return {
					price: comparePrice(creditsOf(task), 10),
					atOnce: decide(['success', 'queueing'].includes(task.providerState), task.providerState),
					file: await tellFile(session, report.videoUrl, /^audio\/mpeg$/),
				};
			},
		}),
		check({
			name: 'template',
			request: 'POST /ent/v2/template: zoom_in with one image and no prompt',
			orders: [
				{
					backend,
					endpoint: 'templateToVideo',
					inputs: { template: 'zoom_in', images: [dataUri('sneaker.png')] },
					// the highest class of a reseller
					atMost: 100,
				},
			],
			facts: {
				prompt: {
					what: 'A template does without a prompt',
					page: 'docs/api/vidu.md#template',
					why: 'Prompt may be left empty',
					expected: 'taken',
				},
				price: {
					what: 'What a template costs',
					page: 'docs/api/vidu.md#template',
					why: 'no price is told before the order',
					expected: '40, 60 or 100',
				},
			},
			async run(session, [wish]) {
				const ordered = await session.order(wish);
				const prompt = decide(ordered.taken, tellOrdered(session.provider, ordered));
				return ordered.taken ? { prompt, price: comparePrice(creditsOf(ordered.task), 40, 60, 100) } : { prompt };
			},
		}),
		check({
			name: 'list',
			request: 'GET /ent/v2/tasks, then with two of its IDs as task_ids twice, and once with a comma',
			facts: {
				repeated: {
					what: 'How lists are encoded: names repeated',
					page: 'docs/api/vidu.md#listing-tasks',
					why: 'filters of Task → Get Many, and the look at what runs',
					expected: 'both tasks, no other',
				},
				commas: {
					what: 'How lists are encoded: commas',
					page: 'docs/api/vidu.md#listing-tasks',
					why: 'the other way, should the first not work',
					expected: 'not said',
				},
				order: {
					what: 'In which order tasks come',
					page: 'docs/api/vidu.md#listing-tasks',
					why: 'nothing; From List shows them as they come',
					expected: 'not said',
				},
			},
			async run(session) {
				const listed = async (query: string) => {
					const reply = await session.ask({ method: 'GET', path: `/ent/v2/tasks?${query}` });
					const page = backend.provider.list?.read(reply);
					if (!page) throw new CannotTell(`GET /ent/v2/tasks: ${tell(session.provider, reply)}`);
					return page.tasks;
				};
				const all = await listed('pager.pagesz=5');
				const times = all.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt]));
				const order = told(
					times.length < 2
						? 'too few to tell'
						: (times[0] ?? '') >= (times.at(-1) ?? '')
							? 'newest first'
							: 'oldest first',
				);
				const wanted = all.slice(0, 2).map(({ taskId }) => taskId);
				// with three or more it shows whether the filter was heeded
				if (all.length < 3) return { order, repeated: unclear('the account has fewer than three tasks of this week') };
				const isThose = (found: Array<{ taskId: string }>) =>
					found.length === 2 && found.every(({ taskId }) => wanted.includes(taskId));
				const repeated = await listed(wanted.map((id) => `task_ids=${id}`).join('&'));
				const commas = await listed(`task_ids=${wanted.join(',')}`).catch(() => []);
				return {
					repeated: decide(isThose(repeated), `${repeated.length} tasks`),
					commas: told(isThose(commas) ? 'work too' : 'do not work'),
					order,
				};
			},
		}),
		check({
			name: 'old file',
			request: 'GET /ent/v2/tasks for one that succeeded more than a day ago; its link',
			facts: {
				kept: {
					what: 'How long files are kept beyond 24 hours',
					page: 'docs/api/vidu.md#links',
					why: 'what docs/recovering.md promises',
					expected: 'not said',
				},
			},
			async run(session) {
				const { list, provider } = { list: backend.provider.list, provider: session.provider };
				const createdBefore = new Date(Date.now() - 86_400_000).toISOString();
				const page = list?.read(await session.ask(list.page({ createdBefore, states: ['success'] }, 1, undefined)));
				const [old] = page?.tasks ?? [];
				if (!old) return { kept: unclear('no task of this week is older than a day; run this again tomorrow') };
				const answer = provider.readStatus(await session.ask(provider.ask(old.taskId)));
				const url = answer.kind === 'report' ? answer.report.videoUrl : undefined;
				const { status } = url === undefined ? { status: 0 } : await session.fetchFile(url);
				const seen = status === 200 ? 'still there' : url === undefined ? 'no link' : `HTTP ${status}`;
				return { kept: told(`made ${old.createdAt ?? 'at an unknown time'}: ${seen}`) };
			},
		}),
		...IN_CONFLICT.map(({ what, request, wish, isTaken }) =>
			check({
				name: what,
				request: `POST /ent/v2/reference2video: ${request}`,
				orders: [wish],
				facts: {
					taken: {
						what,
						page: 'docs/api/vidu.md#in-conflict',
						why: 'what the panel offers and the run refuses',
						expected: isTaken ? 'taken' : 'refused',
					},
				},
				async run(session, [asked]) {
					const ordered = await session.order(asked);
					return { taken: decide(ordered.taken === isTaken, tellOrdered(session.provider, ordered)) };
				},
			}),
		),
	],
	byHand: [
		{
			what: 'viduq1 with sounds of one kind, where wm_position 3 is, and vidu2.0 with more than three references',
			page: 'docs/api/vidu.md#in-conflict',
			how: 'the first and the third cost 80 credits each; look at the video of the check "watermark" for the second: the mark is bottom right',
		},
		{
			what: 'Whether callbacks carry an id, want a 2xx, and come again after a refusal',
			page: 'docs/api/vidu.md#callbacks',
			how: 'they need an address that Vidu reaches: run a workflow with Wait Mode → Callback in an n8n that the internet reaches, and look at the calls in its proxy',
		},
		{
			what: '400 or 402 without credits',
			page: 'docs/api/vidu.md#errors',
			how: 'needs an account that is empty: with its key, order one clip with Max Credits off; both are read alike',
		},
		{
			what: 'sounds on viduq4-preview',
			page: 'docs/api/vidu.md#viduq4-preview',
			how: 'needs an MP3 of 3 to 12 seconds at a public address: Reference to Video, viduq4-preview, 3 s, 540p, about 27 credits',
		},
		{
			what: 'A data URI in motion sync; how long lip sync, motion sync and digital human take',
			page: 'docs/api/vidu.md#motion-sync',
			how: 'they need an image and a video of a person who agreed: run each operation once from the panel; the output names the seconds',
		},
		{
			what: 'How many images a template takes',
			page: 'docs/api/vidu.md#template',
			how: 'every template has a rule of its own: try those that you use',
		},
		{
			what: 'How many images a story takes, what it costs, and how long films take',
			page: 'docs/api/vidu.md#films',
			how: 'no price is published, so no cap could be kept: run each once from the panel, and read credits and seconds in the output',
		},
		{
			what: 'What an answer about a part of a film looks like, and whether a film can be edited twice at once',
			page: 'docs/api/vidu.md#parts-of-a-film',
			how: 'needs a film of your own: Film → Edit Part twice in one run, with Simplify off, then Film → Get; a scene costs 40 credits a second, a narration 10',
		},
		{
			what: 'The code of a voice ID that exists, and how several IDs of subjects are written',
			page: 'docs/api/vidu.md#cloned-voices',
			how: 'they make something that stays in the account: clone a voice twice under one ID, and list two subjects, from the panel',
		},
		{
			what: 'How a failed speech is told',
			page: 'docs/api/vidu.md#speech',
			how: 'cannot be brought about on purpose; look at the first one that fails',
		},
	],
};
