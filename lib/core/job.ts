import type { Operation } from '../catalogue/types';

/** Words used everywhere: an item is n8n's, a job is a checked wish, a task is the provider's and has an id. */

/**
 * An image, held as what it takes to fetch it, so that 500 items do not hold 500 images.
 * `load` gives what goes into the request: a URL or a data URI.
 */
export interface ImageInput {
	/** Stands for the content in the ledger: the URL, or a hash of the bytes. */
	identity: string;
	/** Length of what `load` gives, in characters. */
	wireLength: number;
	load(): Promise<string>;
}

export interface Subject {
	name: string;
	images: ImageInput[];
	voiceId?: string;
}

export interface Job {
	itemIndex: number;
	operation: Operation;
	model: string;
	/** Checked values by field name in camelCase, prompt included. Only what is to be sent. */
	fields: Record<string, unknown>;
	images: ImageInput[];
	subjects?: Subject[];
	/** Addresses of reference videos. */
	videos?: string[];
	/** The user's own JSON, merged into the request last. */
	extraFields?: Record<string, unknown>;
	/** From the catalogue: usual time from submission to result. */
	typicalSeconds: number;
	/** Hash of request and account. The ledger knows the wish by it. */
	fingerprint: string;
	/**
	 * Hash of what the request was made from: the item's own data, the node's parameters as written, the account. It stays
	 * when an expression ($now, a random seed) reads differently, and changes when the user changes the wish.
	 */
	origin: string;
}

/** A job's images as they travel, loaded only for the submission. */
export interface LoadedMedia {
	images: string[];
	subjects?: Array<{ name: string; images: string[]; voiceId?: string }>;
	videos?: string[];
}
