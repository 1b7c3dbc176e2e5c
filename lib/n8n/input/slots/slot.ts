import type { Purchase } from '../../../catalogue/prices';
import type { InputSlot, ModelRules, Rules, SlotOf } from '../../../catalogue/types';
import type { AskedForFilm } from '../../../core/ask';
import type { FilmOrder } from '../../../core/film';
import { listValues } from '../../../core/fields';
import type { Backend } from '../../backends';
import type { CheckedImage, ImageReader, ImageSettings } from '../image';
import type { BinaryReader } from '../binary';
import type { ItemParameters } from '../parameters';

/** What is learned of an item's inputs beside what is sent of them. */
export interface Seen {
	/** Images that Remove Duplicate Images took out. */
	duplicateImages: number;
	/** Of the video that goes in, where somebody says how long it is. */
	sourceSeconds?: number;
	/** How it is ordered, where that depends on the film that it is about, and what of it counts for the price. */
	order?: FilmOrder & { bought: Purchase };
}

/** @param what with its parts where it is a film */
export type AskAbout = (taskId: string, what?: 'film') => Promise<AskedForFilm>;

/** What the model takes, or the operation where it has none. */
export type TakerRules = Rules & Partial<ModelRules>;

/** What a slot is read with: one item, and the wish as far as its inputs depend on it. */
export interface SlotReader {
	item: ItemParameters;
	backend: Backend;
	/** Models that take this body, for advice. */
	rows: ReadonlyArray<[id: string, rules: ModelRules]>;
	/** Undefined for a custom model. */
	rules: TakerRules | undefined;
	/** Who takes the inputs, for messages: the model, or the operation where it has none. */
	taker: string;
	/** Whether the result comes with sound, unless asked for otherwise. */
	audio: boolean;
	settings: ImageSettings;
	images: ImageReader;
	binaries: BinaryReader;
	/** Prompt and fields that are sent beside, checked. */
	fields: Readonly<Record<string, unknown>>;
	/** Asks about a task whose video goes in, or about a film with its parts. */
	ask: AskAbout;
	/** How long the video is, where the item itself is this video's and says so. @param id of the video or of its task */
	secondsInItem(id: string): number | undefined;
	/** Is added to while the item is read. */
	seen: Seen;
	/** Looks for the task that made a video; absent where the service lists none. */
	taskOf?: (creationId: string) => Promise<string | undefined>;
	/** Opens and checks the images that a value holds. @param parameter display name, for messages */
	open(value: unknown, parameter: string): Promise<CheckedImage[]>;
}

/** By names on the wire; images are leaves. */
export type Inputs = Record<string, unknown>;

/** One kind of thing that goes into an operation: how it is read. What is shown of it stands in the panel's slots. */
export interface Slot<Kind extends InputSlot['kind']> {
	/** @throws InvalidInput with a message for the user */
	read(input: SlotOf<Kind>, reader: SlotReader): Promise<Inputs>;
	/**
	 * What can be held against it only when all slots are read.
	 * @throws InvalidInput with a message for the user
	 */
	check?(input: SlotOf<Kind>, inputs: Inputs, reader: SlotReader): void;
	/**
	 * What can be held against it only when the fields are read.
	 * @throws InvalidInput with a message for the user
	 */
	checkFields?(input: SlotOf<Kind>, inputs: Inputs, fields: Readonly<Record<string, unknown>>): void;
	/** What the price depends on. */
	counts?(input: SlotOf<Kind>, inputs: Inputs): Purchase;
}

/** ", or choose viduq2-pro". */
export const orModels = (rows: ReadonlyArray<[string, ModelRules]>): string =>
	rows.length > 0 ? `, or choose ${listValues(rows.map(([id]) => id))}` : '';

export const countOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
