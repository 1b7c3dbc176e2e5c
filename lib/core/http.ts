/** HTTP as lib/core sees it: whoever starts a run hands it in. */

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT';
	/** Path below the API root of the credential, with query. */
	path: string;
	body?: Record<string, unknown>;
	headers?: Record<string, string>;
	/** For the whole exchange, answer included; a large body gets time on top. */
	timeoutMs?: number;
}

export interface HttpReply {
	status: number;
	/** Lower-case names. */
	headers: Record<string, string>;
	/**
	 * Parsed JSON, or the raw text where it is not JSON. Whole numbers beyond 2^53 arrive as strings; images that the
	 * answer repeats are left out.
	 */
	body: unknown;
}

/** Why no reply came. `sent: false` only where the request cannot have reached the provider. */
export class NoReply extends Error {
	constructor(
		message: string,
		readonly sent: boolean,
		/** A broken set-up (certificate, address) that waiting will not mend. */
		readonly permanent = false,
		/** The host's name is not known: mistyped, or the name service is down for a moment. */
		readonly unknownHost = false,
	) {
		super(message);
		this.name = 'NoReply';
	}
}

/** Sends one request with the credential. Rejects with NoReply only; every HTTP status is a reply. */
export interface Http {
	send(request: HttpRequest): Promise<HttpReply>;
}
