import type { Purchase } from '../../lib/catalogue/prices';
import type { Endpoint } from '../../lib/catalogue/operations';
import type { Backend } from '../../lib/n8n/backends';
import type { CredentialType } from '../../lib/n8n/io/apiRoots';
import type { Session } from './session';

/** An order as it is announced: what is asked before it is paid, and the only thing that may be paid then. */
export interface Wish {
	backend: Backend;
	endpoint: Endpoint;
	model?: string;
	/** By field name in camelCase. */
	fields?: Readonly<Record<string, unknown>>;
	/** By their names on the wire. */
	inputs?: Readonly<Record<string, unknown>>;
	/** What of the inputs counts for the price. */
	bought?: Purchase;
	/** In the service's own words, beside what the catalogue offers. */
	extraFields?: Readonly<Record<string, unknown>>;
	/** What it may cost at most, where the papers leave room or name no price; in the unit of the provider. */
	atMost?: number;
}

/**
 * `as read`: the papers and the package are right. `otherwise`: the package has to change. `told`: was open, and no code
 * waits for it. `unclear`: the answer decides nothing.
 */
export type Verdict = 'as read' | 'otherwise' | 'told' | 'unclear';

export interface Finding {
	verdict: Verdict;
	/** What was seen, in words; no keys, no links. */
	seen: string;
}

/** One datum of docs/api. */
export interface Fact {
	what: string;
	/** Paper and heading, such as `docs/api/vidu.md#links`. */
	page: string;
	/** What of the package rests on it. */
	why: string;
	/** The reading that the package has. */
	expected: string;
}

/** One exchange with the service, and what it tells. */
export interface Check<Names extends string = string> {
	name: string;
	/** What is sent, in words. */
	request: string;
	facts: Readonly<Record<Names, Fact>>;
	/** Absent where nothing is ordered. */
	orders?: readonly Wish[];
	/** Nothing else makes sense where this is not as read. */
	isGate?: true;
	/** Asks the vendor's other host with this key, so only where the owner says so. */
	needsOtherHost?: true;
	/** A fact that is not in the result is unclear. */
	run(session: Session, orders: readonly Wish[]): Promise<Partial<Record<Names, Finding>>>;
}

/** What no call of this command can tell, and how it is found out. */
export interface ByHand {
	what: string;
	page: string;
	how: string;
}

/** Everything to be confirmed at one provider. */
export interface Checklist {
	provider: string;
	/** Of the environment. */
	keyName: string;
	credential: CredentialType;
	scheme: 'Token' | 'Bearer';
	/** What the cap counts: the option, and what one of it is called. */
	cap: { option: string; unit(region: string): string; counts: 'credits' | 'money' | 'orders' };
	checks: readonly Check[];
	byHand: readonly ByHand[];
}

/** Holds the names of facts together, which a list of checks forgets. */
export const check = <Names extends string>(row: Check<Names>): Check => row;

export const asRead = (seen: string): Finding => ({ verdict: 'as read', seen });
export const otherwise = (seen: string): Finding => ({ verdict: 'otherwise', seen });
export const told = (seen: string): Finding => ({ verdict: 'told', seen });
export const unclear = (seen: string): Finding => ({ verdict: 'unclear', seen });
/** As read where it holds. */
export const decide = (holds: boolean, seen: string): Finding => (holds ? asRead(seen) : otherwise(seen));
