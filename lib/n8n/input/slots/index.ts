import type { IExecuteFunctions } from 'n8n-workflow';

import type { Purchase } from '../../../catalogue/prices';
import type { InputSlot, SlotOf } from '../../../catalogue/types';
import { BinaryReader } from '../binary';
import { ImageReader, type CheckedImage, type ImageSettings } from '../image';
import { readSources } from '../sources';
import { readSwitch } from '../switches';
import { frames } from './frames';
import { cues } from './cues';
import { filmCut } from './filmCut';
import { filmPart } from './filmPart';
import { framePair, image } from './image';
import { images } from './images';
import { name } from './name';
import { prompt } from './prompt';
import type { Inputs, Slot, SlotReader } from './slot';
import { subjects } from './subjects';
import { video } from './video';
import { videos } from './videos';
import { sound, voice } from './voice';

/** What goes into an operation: one slot for each kind of input. */
const SLOTS: { [Kind in InputSlot['kind']]: Slot<Kind> } = {
	prompt,
	cues,
	image,
	framePair,
	images,
	subjects,
	videos,
	video,
	frames,
	voice,
	sound,
	name,
	filmPart,
	filmCut,
};

/** The slot of an input, which takes inputs of its own kind alone. */
const slotOf = <Kind extends InputSlot['kind']>({ kind }: SlotOf<Kind> & { kind: Kind }): Slot<Kind> => SLOTS[kind];

/** What a reader needs beside the images' own settings. */
export type Wish = Pick<
	SlotReader,
	'item' | 'backend' | 'rows' | 'rules' | 'taker' | 'audio' | 'ask' | 'taskOf' | 'seen'
> & {
	/** The service is at a private address. */
	isLocalService: boolean;
};

/**
 * Reads and checks all that goes into one item's request.
 * @param fields that are sent beside
 * @returns what goes in by its name on the wire, and what of it counts for the price
 * @throws InvalidInput with a message for the user
 */
export async function readInputs(
	context: IExecuteFunctions,
	inputs: readonly InputSlot[],
	wish: Wish,
	fields: Readonly<Record<string, unknown>> = {},
): Promise<{ inputs: Inputs; bought: Purchase }> {
	const reader = readerFor(context, wish, fields);
	const found: Inputs = {};
	for (const input of inputs) Object.assign(found, await read(input, reader));
	for (const input of inputs) check(input, found, reader, fields);
	return { inputs: found, bought: Object.assign({}, ...inputs.map((input) => count(input, found))) as Purchase };
}

const read = async <Kind extends InputSlot['kind']>(
	input: SlotOf<Kind> & { kind: Kind },
	reader: SlotReader,
): Promise<Inputs> => await slotOf<Kind>(input).read(input, reader);

const check = <Kind extends InputSlot['kind']>(
	input: SlotOf<Kind> & { kind: Kind },
	found: Inputs,
	reader: SlotReader,
	fields: Readonly<Record<string, unknown>>,
): void => {
	const slot = slotOf<Kind>(input);
	slot.check?.(input, found, reader);
	slot.checkFields?.(input, found, fields);
};

const count = <Kind extends InputSlot['kind']>(
	input: SlotOf<Kind> & { kind: Kind },
	found: Inputs,
): Purchase | undefined => slotOf<Kind>(input).counts?.(input, found);

function readerFor(context: IExecuteFunctions, wish: Wish, fields: SlotReader['fields']): SlotReader {
	const { item, backend, rules, taker, isLocalService } = wish;
	const settings: ImageSettings = {
		checkUrls: readSwitch(item.option('checkImageUrls'), 'Check Image URLs', false),
		asSignedUrl: readSwitch(item.option('sendBinaryAsSignedUrl'), 'Send Binary as Signed URL', false),
		allowPrivateUrl: readSwitch(item.option('allowPrivateUrls'), 'Allow Private URLs', false),
		isLocalService,
	};
	const isOnce = readSwitch(item.option('removeDuplicateImages'), 'Remove Duplicate Images', false);
	const imageRules = rules?.images?.rules ?? backend.catalogue.images;
	const binaries = new BinaryReader(context, item.itemIndex, settings);
	const reader = new ImageReader(context, item.itemIndex, imageRules, taker, settings, binaries);
	return {
		...wish,
		fields,
		settings,
		images: reader,
		binaries,
		secondsInItem: (id) => secondsOf(context.getInputData()[item.itemIndex]?.json, id),
		async open(value, parameter) {
			const opened: CheckedImage[] = [];
			for (const source of readSources(value, parameter)) opened.push(await reader.open(source, parameter));
			const kept = isOnce ? withoutDuplicates(opened) : opened;
			wish.seen.duplicateImages += opened.length - kept.length;
			return kept;
		},
	};
}

/** An item of this node, as an order before left it. */
function secondsOf(json: unknown, id: string): number | undefined {
	const { creationId, taskId, file } = Object(json) as Record<string, unknown>;
	const { durationSeconds } = Object(file) as { durationSeconds?: unknown };
	const isOfVideo = creationId === id || taskId === id;
	return isOfVideo && typeof durationSeconds === 'number' && durationSeconds > 0 ? durationSeconds : undefined;
}

function withoutDuplicates(opened: CheckedImage[]): CheckedImage[] {
	return opened.filter(({ identity }, index) => opened.findIndex((other) => other.identity === identity) === index);
}
