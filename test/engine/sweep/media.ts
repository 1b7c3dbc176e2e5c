import type { INodeParameters } from 'n8n-workflow';

import type { InputSlot, ModelRules, SlotOf } from '../../../lib/catalogue/types';
import type { EmulatorOptions } from '../../emulator';
import { readSources } from '../../../lib/n8n/input/sources';

/**
 * What may go into each kind of slot, and what may not: an operation whose kinds of input are known here is swept as soon
 * as it is declared.
 */

/** What goes in, by the name of its parameter. */
export type Media = Record<string, unknown>;

/** One thing to try; the other slots of the operation hold the least that they take. */
export interface Trial {
	what: string;
	media: Media;
	/** Fields that it takes beside it. */
	fields?: Record<string, unknown>;
}

export interface BadTrial extends Trial {
	/** Part of the display name that has to be in the message. */
	culprit: string;
	/** What stays in a saved node when another model is picked. */
	isLeftOver?: true;
}

/** What a slot is tried with. */
export interface Taker {
	rules: ModelRules;
	/** All models of the form. */
	models: readonly ModelRules[];
}

/** Puts a value, or an expression that reads it from the item, in place of a path. */
export type Put = (path: string, value: unknown) => unknown;

interface Kind<Slot> {
	/** As little as it takes. */
	least(slot: Slot, rules: ModelRules): Media;
	good(slot: Slot, taker: Taker): Trial[];
	bad(slot: Slot, taker: Taker): BadTrial[];
	/** As the panel keeps it. */
	parameters(slot: Slot, media: Media, put: Put): INodeParameters;
	/** On the wire, as if nothing had looked at it. */
	raw(slot: Slot, media: Media): Record<string, unknown>;
}

interface Cue {
	from: unknown;
	to: unknown;
	prompt: unknown;
}
const cuesTo = (to: number): Cue[] => [{ from: 0, to, prompt: 'A door falls shut' }];

export interface Subject {
	name: unknown;
	images: unknown;
	voiceId?: unknown;
}

export const address = (number: number): string => `https://shop.example.com/images/${number}.jpg?width=1200`;
export const addresses = (count: number): string[] => Array.from({ length: count }, (_, index) => address(index + 1));
const videos = (count: number): string[] =>
	Array.from({ length: count }, (_, index) => `https://shop.example.com/clips/${index + 1}.mp4`);
/** 256 by 256 pixels, enough for everybody. */
const DATA_URI = `data:image/png;base64,${pngHead(256, 256).toString('base64')}`;

/** The first `count` subjects in a prompt; an even number of characters for one. */
export const mentionOf = (count: number): string =>
	Array.from({ length: count }, (_, index) => `@subject ${index + 1}`).join(' and ') + ': ';
export const PROMPT = 'The camera circles the sneaker';

const locate = (value: unknown): INodeParameters[string] =>
	({ __rl: true, mode: 'url', value }) as INodeParameters[string];

const KINDS: { [K in InputSlot['kind']]: Kind<SlotOf<K>> } = {
	prompt: { least: () => ({}), good: () => [], bad: () => [], parameters: () => ({}), raw: () => ({}) },

	image: {
		least: ({ name, isOptional }) => (isOptional ? {} : { [name]: address(1) }),
		good: ({ name, isOptional }) => [
			...(isOptional ? [{ what: 'no image', media: { [name]: undefined } }] : []),
			{ what: 'an image as a data URI', media: { [name]: DATA_URI } },
			{ what: 'a list of one image', media: { [name]: [address(1)] } },
			{ what: 'a row of a shop', media: { [name]: { id: 7, src: address(1) } } },
		],
		bad: ({ name, label, isOptional }) => {
			const trial = (what: string, value: unknown): BadTrial => ({ what, culprit: label, media: { [name]: value } });
			return [
				...(isOptional ? [] : [trial('no image', undefined), trial('an empty list', [])]),
				trial('two images', addresses(2)),
				trial('two images in one text', addresses(2).join(',')),
				trial('an image that is no address', 'shop.example.com/1.jpg'),
				trial('an image whose address nobody can read', 'https://[/1.jpg'),
				trial('an image that is a number', 5),
			];
		},
		parameters: ({ name }, media, put) => (name in media ? { [name]: locate(put(name, media[name])) } : {}),
		raw: ({ name, wire, isSingle }, media) => {
			const list = rawList(media[name]);
			return isSingle && list.length > 0 ? rawOne(wire, list) : listAt(wire, list);
		},
	},

	framePair: {
		least: ({ first, last }) => ({ [first.name]: address(1), [last.name]: address(2) }),
		good: ({ first, last }) => [
			{ what: 'frames as data URIs', media: { [first.name]: DATA_URI, [last.name]: DATA_URI } },
			{ what: 'one frame as a URL', media: { [first.name]: address(1), [last.name]: DATA_URI } },
		],
		bad: ({ first, last }) => [
			{ what: 'no start frame', culprit: first.label, media: { [first.name]: undefined, [last.name]: address(2) } },
			{ what: 'no end frame', culprit: last.label, media: { [last.name]: undefined } },
			{
				what: 'two start frames',
				culprit: first.label,
				media: { [first.name]: addresses(2), [last.name]: address(3) },
			},
			{ what: 'two end frames', culprit: last.label, media: { [last.name]: addresses(2) } },
		],
		parameters: ({ first, last }, media, put) =>
			Object.fromEntries([first, last].map(({ name }) => [name, locate(put(name, media[name]))])),
		raw: ({ first, last, wire }, media) =>
			listAt(
				wire,
				[first, last].flatMap(({ name }) => rawList(media[name])),
			),
	},

	images: {
		least: ({ name }, { images }) => (images.min > 0 ? { [name]: addresses(images.min) } : {}),
		good: ({ name }, { rules: { images } }) => [
			...range(images.min, images.max).map((count) => ({
				what: `${count} images`,
				media: { [name]: addresses(count) },
			})),
			{ what: `${images.max} images in one text`, media: { [name]: addresses(images.max).join(', ') } },
		],
		bad: ({ name, label }, { rules: { images } }) => {
			const trial = (what: string, value: unknown): BadTrial => ({ what, culprit: label, media: { [name]: value } });
			return [
				...(images.min > 0 ? [trial('no image', undefined)] : []),
				...(images.min > 1 ? [trial('too few images', addresses(images.min - 1))] : []),
				trial(`${images.max + 1} images`, addresses(images.max + 1)),
			];
		},
		parameters: ({ name }, media, put) =>
			name in media ? { [name]: { image: [{ image: locate(put(name, media[name])) }] } } : {},
		raw: ({ name, wire }, media) => listAt(wire, rawList(media[name])),
	},

	cues: {
		least: ({ name }) => ({ [name]: cuesTo(2) }),
		good: ({ name, maxChars }) => [
			{ what: 'a cue of the whole length', media: { [name]: cuesTo(10) }, fields: { duration: 10 } },
			{ what: 'two cues that overlap', media: { [name]: [...cuesTo(2), { from: 0.5, to: 3.25, prompt: 'Rain' }] } },
			{ what: 'a long cue', media: { [name]: [{ from: 0, to: 1, prompt: 'x'.repeat(maxChars) }] } },
			{ what: 'a cue in texts', media: { [name]: [{ from: '0', to: '1.5', prompt: 'Rain' }] } },
		],
		bad: ({ name, label, maxChars }) => {
			const trial = (what: string, value: unknown, culprit = label, fields = {}): BadTrial => ({
				...{ what, culprit, media: { [name]: value }, fields },
			});
			return [
				trial('no cue', []),
				trial('a cue that ends before it begins', [{ from: 2, to: 1, prompt: 'Rain' }], 'Cue 1'),
				trial('a cue beyond the end', cuesTo(4), 'Cue 1', { duration: 3 }),
				trial('a cue without a text', [{ from: 0, to: 1, prompt: '' }], 'cue 1'),
				trial('a cue with a long text', [{ from: 0, to: 1, prompt: 'x'.repeat(maxChars + 1) }], 'cue 1'),
				trial('a cue that begins some time', [{ from: 'soon', to: 1, prompt: 'Rain' }], 'cue 1'),
			];
		},
		parameters: ({ name }, media, put) => ({
			[name]: {
				cue: (media[name] as Cue[]).map((cue, index) => ({
					from: put(`${name}[${index}].from`, cue.from),
					to: put(`${name}[${index}].to`, cue.to),
					prompt: put(`${name}[${index}].prompt`, cue.prompt),
				})) as INodeParameters[],
			},
		}),
		raw: ({ name, wire }, media) => listAt(wire, media[name] as unknown[]),
	},

	subjects: {
		least: ({ name }, { images }) => ({ [name]: subjects(1, images.min) }),
		good: ({ name }, { rules }) => {
			const { min, max } = rules.images;
			const last = rules.subjects!.max;
			return [
				...range(1, last).map((count) => ({ what: `${count} subjects`, media: { [name]: subjects(count) } })),
				...range(min, max).map((count) => ({
					what: `a subject of ${count} images`,
					media: { [name]: subjects(1, count) },
				})),
				{ what: `${last} subjects of ${max} images`, media: { [name]: subjects(last, max) } },
				...(rules.subjects!.voice
					? [
							{
								what: 'a voice, with audio on',
								media: { [name]: [{ ...subjects(1)[0], voiceId: 'male-1' }] },
								fields: { audio: true },
							},
						]
					: []),
			];
		},
		bad: ({ name }, { rules }) => {
			const one = subjects(1)[0];
			const speaking = { ...one, voiceId: 'male-1' };
			const { max } = rules.images;
			const last = rules.subjects!.max;
			const trial = (
				what: string,
				culprit: string,
				value: Subject[],
				fields: Record<string, unknown> = {},
			): BadTrial => ({ what, culprit, media: { [name]: value }, fields });
			return [
				trial('no subject', 'Subjects', []),
				trial(`${last + 1} subjects`, 'Subjects', subjects(last + 1)),
				trial('a subject without an image', 'Images', [{ ...one, images: '' }]),
				trial(`a subject of ${max + 1} images`, 'Images', subjects(1, max + 1)),
				trial('a subject without a name', 'Subjects', [{ ...one, name: '' }]),
				trial('two subjects of one name', 'Subjects', [one, one]),
				trial('a subject that the prompt does not mention', 'Prompt', [one], { prompt: PROMPT }),
				trial('a mention of almost a subject', 'Prompt', [one], { prompt: '@subject 1 meets @subject 2' }),
				trial('a voice without audio', 'Voice ID', [speaking], { audio: false }),
				rules.subjects!.voice
					? trial('a voice while audio is off unless asked for', 'Voice ID', [speaking])
					: trial('a voice', 'Voice ID', [speaking], { audio: true }),
			];
		},
		parameters: ({ name }, media, put) => ({
			[name]: {
				subject: (media[name] as Subject[]).map((subject, index) => ({
					name: put(`${name}[${index}].name`, subject.name),
					images: locate(put(`${name}[${index}].images`, subject.images)),
					voiceId: put(`${name}[${index}].voiceId`, subject.voiceId ?? ''),
				})) as INodeParameters[],
			},
		}),
		raw: ({ name, wire }, media) => ({
			[wire]: (media[name] as Subject[]).map((subject) => ({
				name: subject.name,
				images: rawList(subject.images),
				...(subject.voiceId ? { voice_id: subject.voiceId } : {}),
			})),
		}),
	},

	videos: {
		least: () => ({}),
		good: ({ name }, { rules }) =>
			range(1, rules.videos?.max ?? 0).flatMap((count) =>
				range(rules.images.min, rules.videos!.maxImagesBeside).map((beside) => ({
					what: `${count} videos and ${beside} references`,
					media: { [BESIDE_VIDEOS]: addresses(beside), [name]: videos(count).join('\n') },
				})),
			),
		bad: ({ name, label }, { rules, models }) => {
			if (!models.some((other) => other.videos)) return [];
			const trial = (what: string, culprit: string, images: unknown, value: string): BadTrial => ({
				what,
				culprit,
				media: { [BESIDE_VIDEOS]: images, [name]: value },
			});
			if (!rules.videos)
				return [{ ...trial('a video, which it does not take', label, addresses(1), videos(1)[0]), isLeftOver: true }];
			const { max, maxImagesBeside } = rules.videos;
			return [
				trial(`${max + 1} videos`, label, addresses(1), videos(max + 1).join(',')),
				trial('a video that is no address', label, addresses(1), 'clip.mp4'),
				trial('a video without an image', 'Reference Images', undefined, videos(1)[0]),
				trial(
					`${maxImagesBeside + 1} images beside a video`,
					'Reference Images',
					addresses(maxImagesBeside + 1),
					videos(1)[0],
				),
			];
		},
		parameters: ({ name }, media, put) => (name in media ? { [name]: put(name, media[name]) as string } : {}),
		raw: ({ name, wire }, media) => (media[name] === undefined ? {} : { [wire]: rawList(media[name]) }),
	},

	video: {
		least: ({ name }) => ({ [name]: videos(1)[0] }),
		good: ({ name }) => [{ what: 'a list of one video', media: { [name]: videos(1) } }],
		bad: ({ name, label }) => [
			{ what: 'no video', culprit: label, media: { [name]: undefined } },
			{ what: 'a video that is no address', culprit: label, media: { [name]: 'shop.example.com/1.mp4' } },
		],
		parameters: ({ name }, media, put) => ({ [name]: locate(put(name, media[name])) }),
		raw: ({ name, wire }, media) => (media[name] === undefined ? {} : { [wire.url]: rawList(media[name])[0] }),
	},

	frames: {
		least: ({ name }, { images }) => ({ [name]: frames(images.min) }),
		good: ({ name, duration }, { rules }) => {
			const { min, max } = rules.images;
			const [first, ...others] = frames(min);
			const changed = (what: string, change: Partial<Frame>): Trial => ({
				what,
				media: { [name]: [{ ...first, ...change }, ...others] },
			});
			return [
				...range(min + 1, max).map((count) => ({ what: `${count} frames`, media: { [name]: frames(count) } })),
				...duration.values.map((value) => changed(`a frame of ${value} s`, { duration: value })),
				changed('a frame of the length that a sheet writes', { duration: `${duration.values[0]}` }),
				changed('a frame with a prompt', { prompt: PROMPT }),
				changed('a frame with the longest prompt', { prompt: 'x'.repeat(rules.prompt.maxChars) }),
				changed('a frame as a data URI', { image: DATA_URI }),
				changed('a frame that is a list of one', { image: [address(9)] }),
				changed('a frame that is a list of two', { image: [address(8), address(9)] }),
			];
		},
		bad: ({ name, label, duration }, { rules }) => {
			const { min, max } = rules.images;
			const [first, ...others] = frames(min);
			const changed = (what: string, culprit: string, change: Partial<Frame>): BadTrial => ({
				what,
				culprit,
				media: { [name]: [...others, { ...first, ...change }] },
			});
			const last = `Frame ${min}`;
			const seconds = duration.values as number[];
			return [
				{ what: 'no frame', culprit: label, media: { [name]: [] } },
				{ what: `${min - 1} frames`, culprit: label, media: { [name]: frames(min - 1) } },
				{ what: `${max + 1} frames`, culprit: label, media: { [name]: frames(max + 1) } },
				changed('a frame without an image', last, { image: '' }),
				changed('a frame that is no address', last, { image: 'shop.example.com/1.jpg' }),
				...[Math.min(...seconds) - 1, Math.max(...seconds) + 1, 2.5, 'NaN', 'soon', true, [5], {}].map((value) =>
					changed(`a frame of ${JSON.stringify(value)} s`, `${last}: Duration`, { duration: value }),
				),
				changed('a frame whose prompt is too long', `${last}: Prompt`, {
					prompt: 'x'.repeat(rules.prompt.maxChars + 1),
				}),
				...['NaN', 'undefined', '[object Object]', { text: PROMPT }].map((value) =>
					changed(`${JSON.stringify(value)} as prompt of a frame`, `${last}: Prompt`, { prompt: value }),
				),
			];
		},
		parameters: ({ name }, media, put) => ({
			[name]: {
				frame: (media[name] as Frame[]).map((frame, index) => ({
					image: locate(put(`${name}[${index}].image`, frame.image)),
					prompt: put(`${name}[${index}].prompt`, frame.prompt ?? ''),
					duration: put(`${name}[${index}].duration`, frame.duration),
				})) as INodeParameters[],
			},
		}),
		raw: ({ name, wire }, media) => ({
			[wire.list]: (media[name] as Frame[]).map((frame) => ({
				...(frame.image === '' ? {} : { [wire.image]: rawList(frame.image)[0] }),
				...(frame.prompt === undefined ? {} : { prompt: frame.prompt }),
				duration: frame.duration,
			})),
		}),
	},

	voice: {
		least: ({ text }) => ({ [text.name]: SPOKEN }),
		good: ({ voiceFrom, text, voiceId, audioFile }) => {
			const spoken = (what: string, words: unknown): Trial => ({ what, media: { [text.name]: words } });
			return [
				spoken('a text of 4 characters', 'tens'),
				spoken('a text of 2 Chinese characters', '你好'),
				spoken('a text of 2000 characters', 'x'.repeat(2_000)),
				spoken('a text of 1000 Chinese characters', '影'.repeat(1_000)),
				spoken('a number of four digits', 2026),
				spoken('pauses between words', 'One.<#0.01#>Two.<#99.99#>Three.'),
				spoken('lines', 'One line\nand another'),
				{ what: 'a text in a voice', media: { [text.name]: SPOKEN, [voiceId.name]: 'male-qn-qingse' } },
				{
					what: 'a sound at an address',
					media: { [voiceFrom.name]: 'audio', [text.name]: undefined, [audioFile.name]: VOICE },
				},
				{
					what: 'a list of one sound',
					media: { [voiceFrom.name]: 'audio', [text.name]: undefined, [audioFile.name]: [VOICE] },
				},
			];
		},
		bad: ({ voiceFrom, text, voiceId, audioFile }) => {
			const spoken = (what: string, words: unknown): BadTrial => ({
				what,
				culprit: text.label,
				media: { [text.name]: words },
			});
			const heard = (what: string, file: unknown): BadTrial => ({
				what,
				culprit: audioFile.label,
				media: { [voiceFrom.name]: 'audio', [text.name]: undefined, [audioFile.name]: file },
			});
			return [
				spoken('no text', undefined),
				spoken('a blank text', '    '),
				spoken('a text of 3 characters', 'two'),
				spoken('a Chinese character', '你'),
				spoken('a text of 2001 characters', 'x'.repeat(2_001)),
				spoken('a text of 1001 Chinese characters', '影'.repeat(1_001)),
				spoken('a text that is an object', { text: SPOKEN }),
				...['undefined', '[object Object]'].map((word) => spoken(`${word} as text`, word)),
				spoken('a pause of no time', 'One.<#0#>Two.'),
				spoken('a pause of 100 seconds', 'One.<#100#>Two.'),
				spoken('a pause of words', 'One.<#long#>Two.'),
				spoken('a pause at the end', 'One. Two.<#1#>'),
				spoken('a pause at the beginning', '<#1#>One. Two.'),
				spoken('two pauses in a row', 'One.<#1#><#1#>Two.'),
				{ what: 'a voice that is a list', culprit: voiceId.label, media: { [voiceId.name]: ['a', 'b'] } },
				heard('no sound', undefined),
				heard('two sounds', [VOICE, VOICE]),
				heard('a sound that is no address', 'shop.example.com/1.mp3'),
				heard('a sound as base64', 'data:audio/mpeg;base64,AAAA'),
			];
		},
		parameters: ({ voiceFrom, text, voiceId, audioFile }, media, put) => ({
			...(voiceFrom.name in media ? { [voiceFrom.name]: media[voiceFrom.name] as string } : {}),
			...Object.fromEntries(
				[text, voiceId].flatMap(({ name }) => (name in media ? [[name, put(name, media[name]) as string]] : [])),
			),
			...(audioFile.name in media ? { [audioFile.name]: locate(put(audioFile.name, media[audioFile.name])) } : {}),
		}),
		raw: ({ text, voiceId, audioFile, wire }, media) => ({
			...(media[text.name] === undefined ? {} : { [wire.text]: media[text.name] }),
			...(media[voiceId.name] === undefined ? {} : { [wire.voiceId]: media[voiceId.name] }),
			...(media[audioFile.name] === undefined ? {} : rawOne(wire.audio, rawList(media[audioFile.name]))),
		}),
	},

	sound: {
		least: ({ name }) => ({ [name]: VOICE }),
		good: ({ name }) => [{ what: 'a list of one sound', media: { [name]: [VOICE] } }],
		bad: ({ name, label }) => [
			{ what: 'no sound', culprit: label, media: { [name]: undefined } },
			{ what: 'a sound that is no address', culprit: label, media: { [name]: 'shop.example.com/1.mp3' } },
		],
		parameters: ({ name }, media, put) => ({ [name]: locate(put(name, media[name])) }),
		raw: ({ name, wire }, media) => (media[name] === undefined ? {} : rawOne(wire, rawList(media[name]))),
	},

	filmPart: {
		least: ({ film, type, types, scene }) => ({
			...{ [film.name]: PRODUCT_FILM, [type.name]: Object.keys(types)[0], [scene.name]: 0 },
		}),
		good: ({ film, type, types, scene, job }) => [
			...Object.entries(types).map(([value, part]) => ({
				what: `a ${part}`,
				media: { [type.name]: value, [scene.name]: part === 'scene' ? 2 : undefined },
			})),
			{ what: 'a scene as a sheet has it', media: { [type.name]: 'Scene', [scene.name]: '1' } },
			{ what: 'a scene by its version', media: { [scene.name]: undefined, [job.name]: partOf(PRODUCT_FILM, 1) } },
			...[MUSIC_FILM, GENERAL_FILM].flatMap((id) => [
				{ what: `a scene of ${id}`, media: { [film.name]: id, [scene.name]: 1 } },
				{
					what: `a scene of ${id} by its version`,
					media: { [film.name]: id, [scene.name]: undefined, [job.name]: partOf(id, 2) },
				},
			]),
		],
		bad: ({ film, type, scene, job }) => {
			const trial = (what: string, { label, name }: { label: string; name: string }, value: unknown): BadTrial => ({
				...{ what, culprit: label, media: { [name]: value } },
			});
			return [
				...badFilms(film),
				trial('a part that is none', type, 'title'),
				...[3, -1, 0.5, 'last', [0], {}].map((value) => trial(`scene ${JSON.stringify(value)}`, scene, value)),
				trial('no scene', scene, undefined),
				trial('a version of another film', job, partOf(MUSIC_FILM, 0)),
				trial('a version that is a narration', job, partOf(PRODUCT_FILM, NARRATION)),
				trial('a version that is none', job, 'first'),
			];
		},
		parameters: ({ film, type, scene, job }, media, put) => ({
			[film.name]: byId(put(film.name, media[film.name])),
			...putIn([type, scene, job], media, put),
		}),
		raw: ({ film, type, types, scene, job }, media) => ({
			ad_one_click_task_id: media[film.name],
			type: media[type.name],
			// what names a scene otherwise than by its number is no field of such a film
			...(media[scene.name] === undefined ? {} : { storyboard_video_index: media[scene.name] }),
			...(media[job.name] === undefined || types[String(media[type.name])] !== 'scene'
				? {}
				: { job_id: media[job.name] }),
		}),
	},

	filmCut: {
		least: ({ film }) => ({ [film.name]: PRODUCT_FILM }),
		good: ({ film, scenes, narration, music, jobs }) => [
			{ what: 'scenes that are chosen', media: { [scenes.name]: scenesOf(PRODUCT_FILM) } },
			{ what: 'scenes in one text', media: { [scenes.name]: scenesOf(PRODUCT_FILM).join(', ') } },
			{ what: 'a narration that is chosen', media: { [narration.name]: partOf(PRODUCT_FILM, NARRATION) } },
			{ what: 'a music that is chosen', media: { [music.name]: partOf(PRODUCT_FILM, MUSIC) } },
			...[MUSIC_FILM, GENERAL_FILM].flatMap((id) => [
				{ what: `all of ${id}`, media: { [film.name]: id } },
				{ what: `some of ${id}`, media: { [film.name]: id, [jobs.name]: scenesOf(id).slice(1) } },
			]),
		],
		bad: ({ film, scenes, narration, music, jobs }) => {
			const trial = (what: string, { label, name }: { label: string; name: string }, value: unknown): BadTrial => ({
				...{ what, culprit: label, media: { [name]: value } },
			});
			return [
				...badFilms(film),
				trial('too few scenes', scenes, scenesOf(PRODUCT_FILM).slice(1)),
				trial('too many scenes', scenes, [...scenesOf(PRODUCT_FILM), partOf(PRODUCT_FILM, 0)]),
				trial('scenes in another order', scenes, scenesOf(PRODUCT_FILM).reverse()),
				trial('scenes of another film', scenes, scenesOf(MUSIC_FILM)),
				trial('a music for the narration', narration, partOf(PRODUCT_FILM, MUSIC)),
				trial('a narration for the music', music, partOf(PRODUCT_FILM, NARRATION)),
				trial('jobs', jobs, scenesOf(PRODUCT_FILM)),
			];
		},
		parameters: ({ film, scenes, narration, music, jobs }, media, put) => ({
			[film.name]: byId(put(film.name, media[film.name])),
			...putIn([scenes, narration, music, jobs], media, put),
		}),
		raw: ({ film, scenes, narration, music, jobs }, media) => ({
			ad_one_click_task_id: media[film.name],
			video_task_ids: media[scenes.name] ?? scenesOf(PRODUCT_FILM),
			narration_task_id: media[narration.name] ?? partOf(PRODUCT_FILM, NARRATION),
			bgm_task_id: media[music.name] ?? partOf(PRODUCT_FILM, MUSIC),
			...(media[jobs.name] === undefined ? {} : { job_ids: media[jobs.name] }),
		}),
	},

	name: {
		least: ({ name, suggestions }) => ({ [name]: suggestions[0] }),
		good: ({ name, suggestions }) => [
			...suggestions.map((value) => ({ what: value, media: { [name]: value } })),
			{ what: 'a name that nobody has seen', media: { [name]: 'newer_than_this' } },
		],
		bad: ({ name, label, maxChars }) =>
			[undefined, '', ' ', 'undefined', 'x'.repeat(maxChars + 1), ['a', 'b'], { name: 'a' }].map((value) => ({
				what: `${JSON.stringify(value)} as ${name}`,
				culprit: label,
				media: { [name]: value },
			})),
		parameters: ({ name }, media, put) =>
			name in media ? { [name]: { __rl: true, mode: 'name', value: put(name, media[name]) as string } } : {},
		raw: ({ name, wire }, media) => (media[name] === undefined ? {} : { [wire]: media[name] }),
	},
};

const PRODUCT_FILM = '901300000000000001';
const MUSIC_FILM = '901300000000000101';
const GENERAL_FILM = '901300000000000201';
/** Films that there are, each of 15 seconds in three scenes. */
export const KEPT_FILMS: EmulatorOptions['keptFilms'] = {
	[PRODUCT_FILM]: 'ad-one-click',
	[MUSIC_FILM]: 'one-click/mv',
	[GENERAL_FILM]: 'one-click/general_one_click',
};

/** The emulator numbers them one after the other: three scenes, then what a product film has beside them. */
const partOf = (film: string, at: number): string => String(BigInt(film) + 1n + BigInt(at));
const scenesOf = (film: string): string[] => [0, 1, 2].map((at) => partOf(film, at));
const [NARRATION, MUSIC] = [3, 4];

const badFilms = ({ name, label }: { name: string; label: string }): BadTrial[] =>
	[undefined, 'film', '901300000000000009', [PRODUCT_FILM, MUSIC_FILM], partOf(PRODUCT_FILM, 0)].map((value) => ({
		...{ what: `${JSON.stringify(value)} as film`, culprit: label, media: { [name]: value } },
	}));

const byId = (value: unknown): INodeParameters[string] =>
	({ __rl: true, mode: 'id', value }) as INodeParameters[string];

const putIn = (words: ReadonlyArray<{ name: string }>, media: Media, put: Put): INodeParameters =>
	Object.fromEntries(words.flatMap(({ name }) => (name in media ? [[name, put(name, media[name]) as string]] : [])));

interface Frame {
	image: unknown;
	prompt?: unknown;
	duration: unknown;
}

const frames = (count: number): Frame[] =>
	Array.from({ length: count }, (_, index) => ({ image: address(index + 2), duration: 5 }));
const SPOKEN = 'The sneaker is as light as a feather.';
const VOICE = 'https://shop.example.com/voices/1.mp3';

/** The images that a reference video stands beside. */
const BESIDE_VIDEOS = 'referenceImages';

type Known<K extends InputSlot['kind']> = SlotOf<K> & { kind: K };
const kindOf = <K extends InputSlot['kind']>({ kind }: Known<K>): Kind<SlotOf<K>> => KINDS[kind];

export const leastOf = <K extends InputSlot['kind']>(slot: Known<K>, rules: ModelRules): Media =>
	kindOf<K>(slot).least(slot, rules);
export const goodTrials = <K extends InputSlot['kind']>(slot: Known<K>, taker: Taker): Trial[] =>
	kindOf<K>(slot).good(slot, taker);
export const badTrials = <K extends InputSlot['kind']>(slot: Known<K>, taker: Taker): BadTrial[] =>
	kindOf<K>(slot).bad(slot, taker);
export const parametersFor = <K extends InputSlot['kind']>(slot: Known<K>, media: Media, put: Put): INodeParameters =>
	kindOf<K>(slot).parameters(slot, media, put);
export const rawFor = <K extends InputSlot['kind']>(slot: Known<K>, media: Media): Record<string, unknown> =>
	kindOf<K>(slot).raw(slot, media);

function subjects(count: number, imagesEach = 1): Subject[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `subject ${index + 1}`,
		images: imagesEach === 1 ? address(index + 1) : addresses(imagesEach),
	}));
}

const listAt = (wire: string, list: unknown[]): Record<string, unknown> => (list.length > 0 ? { [wire]: list } : {});

/** Two where one is taken are sent as two, so that somebody may refuse them. */
const rawOne = (wire: string, list: unknown[]): Record<string, unknown> => ({
	[wire]: list.length === 1 ? list[0] : list,
});

function rawList(value: unknown): unknown[] {
	try {
		return readSources(value, '').map((source) => source.value);
	} catch {
		return [value];
	}
}

const range = (from: number, to: number): number[] =>
	Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

/** Signature and header of a PNG: all that anybody looks at. */
export function pngHead(width: number, height: number): Buffer {
	const head = Buffer.alloc(33);
	head.write('\x89PNG\r\n\x1a\n', 'latin1');
	head.writeUInt32BE(13, 8);
	head.write('IHDR', 12, 'latin1');
	head.writeUInt32BE(width, 16);
	head.writeUInt32BE(height, 20);
	head.set([8, 2, 0, 0, 0], 24);
	return head;
}
