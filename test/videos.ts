import type { INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import { declarationOf, type Endpoint } from '../lib/catalogue/operations';
import type { FieldRule, InputSlot, SlotOf } from '../lib/catalogue/types';
import type { EmulatorOptions } from './emulator';
import { inputsOf, operationOf, resourceOf, VIDU_BACKENDS } from '../lib/n8n/backends';

export interface SimplestVideo extends INodeParameters {
	operation: ReturnType<typeof operationOf>;
	/** Empty for an operation that is not told what happens. */
	prompt: string;
}

/**
 * The parameters with which an operation makes a video from as little as it takes.
 * @param images where the emulator keeps its images
 */
export function simplestVideo(endpoint: Endpoint, images: string): SimplestVideo {
	const locate: Locate = (file) => ({ __rl: true, mode: 'url', value: `${images}/${file}` });
	const slots = inputsOf(VIDU_BACKENDS[0]).flatMap(([of, slot]) => (of === endpoint ? [slot] : []));
	const operation = operationOf(endpoint);
	const { ownFields = {} } = declarationOf(operation)!;
	return {
		resource: resourceOf(operation),
		operation,
		prompt: '',
		...Object.fromEntries(
			Object.entries(ownFields)
				.filter(([, { isRequired }]) => isRequired)
				.map(([name, { rule }]) => [name, OWN[name] ?? simplestOf(rule)]),
		),
		...(endpoint === 'subjectsToVideo' ? { referenceType: 'subjects' } : {}),
		...(Object.assign({}, ...slots.map((slot) => simplest(slot, locate))) as INodeParameters),
		...(endpoint === 'subjectsToVideo' ? { prompt: '@shoe turns' } : {}),
	};
}

function simplestOf(rule: FieldRule): NodeParameterValueType {
	if (rule.kind === 'choice') return rule.values[0];
	if (rule.kind === 'words') return [rule.values[0]];
	return rule.kind === 'integer' ? rule.min : 'The shoe turns';
}

/** A subject that Update finds where an emulator is told to keep it. */
export const KEPT_SUBJECT = '901200000000000001';

/** A product film that is changed where an emulator is told to keep it. */
export const KEPT_FILM = '901300000000000001';

/** What an emulator is told to keep for them. */
export const FURNISHED = {
	keptSubjects: [KEPT_SUBJECT],
	keptFilms: { [KEPT_FILM]: 'ad-one-click' },
} satisfies EmulatorOptions;

/** Values of fields that take no free text. */
const OWN: Readonly<Record<string, string>> = { voiceId: 'shoe_voice_01', id: KEPT_SUBJECT };

type Locate = (file: string) => INodeParameters;

const SIMPLEST: { [Kind in InputSlot['kind']]: (slot: SlotOf<Kind>, locate: Locate) => INodeParameters } = {
	prompt: () => ({ prompt: 'The shoe turns' }),
	image: ({ name }, locate) => ({ [name]: locate('sneaker.png') }),
	framePair: ({ first, last }, locate) => ({
		[first.name]: locate('sneaker.png'),
		[last.name]: locate('sneaker-end.png'),
	}),
	images: ({ name }, locate) => ({ [name]: { image: [{ image: locate('sneaker.png') }] } }),
	subjects: ({ name }, locate) => ({ [name]: { subject: [{ name: 'shoe', images: locate('sneaker.png') }] } }),
	videos: () => ({}),
	cues: ({ name }) => ({ [name]: { cue: [{ from: 0, to: 2, prompt: 'A door' }] } }),
	video: ({ name }, locate) => ({ [name]: locate('clip.mp4') }),
	frames: ({ name, duration }, locate) => ({
		[name]: {
			frame: ['sneaker.png', 'sneaker-end.png'].map((file) => ({
				image: locate(file),
				prompt: '',
				duration: duration.default,
			})),
		},
	}),
	voice: ({ text }) => ({ [text.name]: 'The shoe speaks' }),
	sound: ({ name }, locate) => ({ [name]: locate('voice.mp3') }),
	filmPart: ({ film, type, types, scene }) => ({
		...{ [film.name]: { __rl: true, mode: 'id', value: KEPT_FILM }, [type.name]: Object.keys(types)[0] },
		[scene.name]: 0,
	}),
	filmCut: ({ film }) => ({ [film.name]: { __rl: true, mode: 'id', value: KEPT_FILM } }),
	name: ({ name, suggestions }) => ({ [name]: { __rl: true, mode: 'name', value: suggestions[0] } }),
};

const simplest = <Kind extends InputSlot['kind']>(
	slot: SlotOf<Kind> & { kind: Kind },
	locate: Locate,
): INodeParameters => SIMPLEST[slot.kind](slot, locate);
