import type { Http } from '../http';
import type { Provider } from '../provider';
import type { Lane } from './lane';

/** An order that may leave now. */
export interface Turn {
	/** Characters of its media on the wire. */
	wireLength: number;
	start(): void;
}

/** A run, as its account sees it. */
export interface Member {
	/** Most tasks at once of this run and of the others with the same limit, as the user set it. */
	readonly cap: number;
	/** Orders everything at once, although it will stand in line: nobody waits for it here. */
	readonly ordersAhead: boolean;
	readonly provider: Provider;
	readonly http: Http;
	/** Starts what needs no turn, and ends what has waited its time. @returns false when it leaves */
	look(nowMs: number): boolean;
	/** When it wants to be looked at again, though nothing reports back. */
	readonly nextLookMs: number;
	/** When it wants to ask for a task; Infinity where for none. */
	readonly nextAskMs: number;
	ask(): void;
	readonly hasOrders: boolean;
	/** @param isOpen whether an order may leave in a lane */
	nextOrder(nowMs: number, isOpen: (lane: Lane) => boolean): Turn | undefined;
	/** A fault of ours: it has left. */
	fail(cause: unknown): void;
}
