import { OPERATION_NAMES } from '../../labels';
import { endpointsOf } from '../../backends';
import type { CheckedImage } from '../image';
import { invalid } from '../invalidInput';
import { type Slot, type SlotReader } from './slot';

/** Exactly one image; none at all only where it is optional. */
export const image: Slot<'image'> = {
	async read({ name, label, wire, isSingle, isOptional }, reader) {
		const found = await reader.open(reader.item.get(name), label);
		if (isOptional && found.length === 0) return {};
		const hasLists = !isSingle && endpointsOf(reader.backend).includes('referenceToVideo');
		const one = onlyOne(found, label, hasLists ? `, or use ${OPERATION_NAMES.referenceToVideo}` : '');
		return { [wire]: isSingle ? one : [one] };
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

const readOne = async (name: string, label: string, { item, open }: SlotReader): Promise<CheckedImage> =>
	onlyOne(await open(item.get(name), label), label);

function onlyOne([first, ...others]: readonly CheckedImage[], label: string, otherwise = ''): CheckedImage {
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
