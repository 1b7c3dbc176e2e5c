import type { IDataObject, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import { isLeftOut } from '../../core/fields';
import { collectionOf, COLLECTIONS, type CollectionName } from '../collections';
import { nameOfParameter } from '../labels';
import { invalid, InvalidInput } from './invalidInput';

/** The one door for parameters: nothing else of the node asks n8n for one. */

/** An expression of the user failed, or gave what is no data: another item's may well be readable. */
export class UnreadableParameter extends InvalidInput {}

type Taken = { value: unknown } | { failure: UnreadableParameter };

/**
 * The parameters of one item. Each is asked for once, so that a random number or the time of day is the same wherever it
 * is used. Hold it no longer than the item is being read: it keeps what the expressions gave, images included.
 */
export class ItemParameters {
	private readonly taken = new Map<string, Taken>();

	/**
	 * @param evaluate what n8n makes of a parameter; null where the node has none of this name
	 * @param parameters as the user wrote them, expressions unread
	 */
	constructor(
		readonly itemIndex: number,
		private readonly evaluate: (name: string) => unknown,
		private readonly parameters: Readonly<IDataObject>,
	) {}

	/** How the panel of the operation that is picked calls a parameter. */
	readonly nameOf = (name: string): string => nameOfParameter(name, this.written('operation'));

	/**
	 * The value of a parameter as plain data: texts, numbers, switches, lists and objects of these. Dates are ISO texts.
	 * @param label display name, for messages
	 * @returns undefined where there is none, or null
	 * @throws UnreadableParameter that names the parameter, with n8n's own message
	 */
	get(name: string, label: string = this.nameOf(name)): unknown {
		return this.once(name, () => this.read(name, label));
	}

	/**
	 * A parameter that holds others, such as the options and filters that the user added.
	 * @returns an empty object where there is none
	 * @throws InvalidInput that names the entry whose expression fails, or the collection where it is none
	 */
	collection(name: string): Readonly<Record<string, unknown>> {
		const value = this.once(name, () => this.readCollection(name));
		if (isLeftOut(value) || (Array.isArray(value) && value.length === 0)) return {};
		if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
		const label = this.nameOf(name);
		throw invalid(label, `${label} cannot be read`, 'Give an object of options by name, or remove the expression.');
	}

	/** What the user added to its collection; undefined where there is none. @throws InvalidInput */
	option(name: string, collection: CollectionName = collectionOf(name)): unknown {
		const added = this.collection(collection);
		return Object.hasOwn(added, name) ? added[name] : undefined;
	}

	/** @throws InvalidInput for what stands in another collection than its own, where it would be passed over */
	checkPlaces(): void {
		for (const collection of COLLECTIONS)
			for (const name of Object.keys(this.collection(collection))) {
				const own = collectionOf(name);
				// a name that no collection lists may be a field of a custom model
				if (own === collection || own === 'options') continue;
				const label = this.nameOf(name);
				throw invalid(
					label,
					`${label} is not looked for in ${this.nameOf(collection)}`,
					`Move it to ${this.nameOf(own)} ("${own}").`,
				);
			}
	}

	/** What stands in the parameter, an expression as its text. */
	written(name: string): unknown {
		return Object.hasOwn(this.parameters, name) ? this.parameters[name] : undefined;
	}

	private once(name: string, read: () => Taken): unknown {
		const entry = this.taken.get(name) ?? read();
		this.taken.set(name, entry);
		if ('failure' in entry) throw entry.failure;
		return entry.value;
	}

	/** n8n reads a collection as a whole, and does not say which of its entries failed. */
	private readCollection(name: string): Taken {
		const found = this.read(name, this.nameOf(name));
		if ('value' in found) return found;
		const written = this.written(name);
		if (typeof written === 'object' && written !== null && !Array.isArray(written))
			for (const entry of Object.keys(written)) {
				const part = this.read(`${name}.${entry}`, this.nameOf(entry));
				if ('failure' in part) return part;
			}
		return found;
	}

	private read(path: string, label: string): Taken {
		try {
			return { value: toPlain(this.evaluate(path) ?? undefined) };
		} catch (cause) {
			const why = cause instanceof Error ? cause.message : 'The expression failed';
			return {
				failure: new UnreadableParameter(
					invalid(label, `The expression in ${label} cannot be read`, `${why.replace(/[.\s]+$/, '')}.`).failure,
				),
			};
		}
	}
}

/** Of one input item in `execute()`. */
export const itemParameters = (context: IExecuteFunctions, itemIndex: number): ItemParameters =>
	new ItemParameters(
		itemIndex,
		(name): unknown => context.getNodeParameter(name, itemIndex, null),
		context.getNode().parameters,
	);

/** Of a node that a webhook starts or wakes: there is no item. */
export const webhookParameters = (context: IWebhookFunctions): ItemParameters =>
	new ItemParameters(0, (name): unknown => context.getNodeParameter(name, null), context.getNode().parameters);

/** Deeper than any service's answer; what is deeper holds itself. */
const MAX_DEPTH = 100;

/** @throws Error for what cannot be written as JSON */
function toPlain(value: unknown, depth = 0): unknown {
	if (typeof value === 'bigint') return value.toString();
	if (typeof value === 'function' || typeof value === 'symbol')
		throw new Error(`The expression gives a ${typeof value}, not data`);
	if (typeof value !== 'object' || value === null) return value;
	if (depth > MAX_DEPTH) throw new Error('The expression gives data that is nested too deeply');
	if (Array.isArray(value)) return value.map((entry) => toPlain(entry, depth + 1));
	if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
		throw new Error('The expression gives bytes. Name the binary field of the item instead');
	const date = toIsoDate(value);
	if (date !== undefined) return date;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toPlain(entry, depth + 1)]));
}

/** Of a Date, and of the date of an expression ($now), whose fields are not for reading. */
function toIsoDate(value: object): string | undefined {
	const { toISO } = value as { toISO?: unknown };
	const isDate = Object.prototype.toString.call(value) === '[object Date]';
	if (!isDate && typeof toISO !== 'function') return undefined;
	const text: unknown = isDate ? (value as Date).toJSON() : (value as unknown as { toISO: () => unknown }).toISO();
	if (typeof text === 'string') return text;
	throw new Error('The expression gives a date that does not exist');
}
