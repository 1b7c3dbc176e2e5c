import { OPERATION_NAMES } from '../../labels';
import { endpointsOf } from '../../backends';
import type { CheckedImage } from '../image';
import { invalid } from '../invalidInput';
import { type Slot, type SlotReader } from './slot';

/** Exactly one image. */
export const image: Slot<'image'> = {
	async read({ name, label, wire }, reader) {
		const hasLists = endpointsOf(reader.backend).includes('referenceToVideo');
		return {
			[wire]: [await readOne(name, label, reader, hasLists ? `, or use ${OPERATION_NAMES.referenceToVideo}` : '')],
		};
	},
};

/** A first and a last frame that resemble each other. */
export const framePair: Slot<'framePair'> = {
	async read({ first, last, wire }, reader) {
		const start = await readOne(first.name, first.label, reader);
		const end = await readOne(last.name, last.label, reader);
		reader.images.checkPair(start, end);
		return { [wire]: [start, end] };
	},
};

async function readOne(name: string, label: string, { item, open }: SlotReader, otherwise = ''): Promise<CheckedImage> {
	const [first, ...others] = await open(item.get(name), label);
	if (!first)
		throw invalid(
			label,
			`${label} is empty`,
			'This row has no image. Give one, or leave such rows out with a Filter node before this one.',
		);
	if (others.length === 0) return first;
	throw invalid(
		label,
		`${label} holds ${others.length + 1} images`,
		`Give exactly one, for example {{ $json.images[0].src }}${otherwise}.`,
	);
}
