import type { Operation } from '../catalogue/operations';
import type { Amount, Answering } from '../catalogue/types';
import type { PreparedRequest } from './body';

/** Words used everywhere: an item is n8n's, a job is a checked wish, a task is the provider's and has an id. */

/** A checked wish, as an adapter is handed it to write the request. */
export interface Order {
	operation: Operation;
	/** Below the API root, where the service has one for each operation. */
	path?: string;
	/** POST where nothing is said. */
	method?: 'PUT';
	/** Absent where the operation has none. */
	model?: string;
	/** Checked values by field name in camelCase, prompt included. Only what is to be sent. */
	fields: Readonly<Record<string, unknown>>;
	/** What goes in, by its name on the wire; images and the like are leaves. */
	inputs: Readonly<Record<string, unknown>>;
	/** The user's own JSON, merged into the request last. */
	extraFields?: Readonly<Record<string, unknown>>;
}

export interface Job {
	itemIndex: number;
	operation: Operation;
	/** Absent where the operation has none. */
	model?: string;
	/** Absent where an earlier try ordered it: what was ordered is not read again. */
	request?: PreparedRequest;
	/** How the service answers the order, where not as usual. Absent where an earlier try ordered it. */
	answering?: Answering;
	/** Where its task is asked about, where not as usual; `{id}` stands for its id. */
	queryPath?: string;
	/** May be made at off-peak times, so it may take long. */
	isOffPeak?: true;
	/** From the catalogue: usual time from submission to result. */
	typicalSeconds: number;
	/** What it costs by the published prices; absent where none is. */
	price?: Amount;
	/** Hash of request and account. The ledger knows the wish by it. */
	fingerprint: string;
	/**
	 * Hash of what the request was made from: the item's own data, the node's parameters as written, the account. It stays
	 * when an expression ($now, a random seed) reads differently, and changes when the user changes the wish.
	 */
	origin: string;
	/** What it is bought once for, however many runs ask; a hash. Absent where the user set none. */
	orderKey?: string;
}

/** What it costs, where the price is published and in credits. */
export const creditsOf = ({ price }: Pick<Job, 'price'>): number | undefined =>
	price && 'credits' in price ? price.credits : undefined;

/** What can be overloaded: a model, or an operation that has none. */
export const modelOf = ({ model, operation }: Job): string => model ?? operation;
