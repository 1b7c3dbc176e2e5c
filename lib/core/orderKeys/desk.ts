import type { Clock } from '../clock';
import { Removals, type Removal } from './removals';
import { newToken, type KeyAnswer, type KeyRun } from './store';

/**
 * Who may order what is to be bought once. Keys are kept in a store that all processes share and that has no lock: whoever
 * writes reads the whole of it, adds or takes away, and writes the whole of it back. So the later of two writes erases what
 * the earlier one added, and both were told "new".
 *
 * A key is therefore recorded together with a token of whoever wants it, and is had only when both are found again, twice.
 * Two tokens recorded beside a key that both found free are never in the store together: every content of the store is an
 * older one with a change, and the second would have found the key. So when one is found, the other was overwritten, and
 * only a write that began before can bring it back. No process writes again before a pause is over, and a pause is far
 * longer than reading and writing takes: after two of them, no such write is left.
 */

/** Between two visits to the store; reading and writing takes some ten milliseconds, and must never take two pauses. */
const PAUSE_MS = 500;
const PAUSE_SPREAD_MS = 250;
/** How often a key must be found with its token, a pause apart. */
const SIGHTINGS = 2;
/** Visits for one key before it is given up. */
const VISITS = 24;
/** Faults in a row before the store counts as unusable: two processes that write its first row collide, and one is told so. */
const FAULTS = 5;
/** Tokens of orders under way and of others that were turned away, beside one for each key. */
const SPARE_ENTRIES = 200;

/** A key that is wanted. */
interface Claim {
	run: KeyRun;
	key: string;
	token: string;
	sightings: number;
	visits: number;
	faults: number;
	answer: (answer: KeyAnswer) => void;
}

/** Keys that are looked up, and not wanted yet. */
interface Look {
	run: KeyRun;
	keys: readonly string[];
	token: string;
	faults: number;
	answer: (taken: ReadonlySet<string>) => void;
}

/** All that one process does with the keys of one store: one visit at a time, for everybody who waits. */
export class KeyDesk {
	private readonly runs = new Set<KeyRun>();
	/** Which run of this process has a key, or is about to. */
	private readonly holders = new Map<string, KeyRun>();
	/** Tokens that this process may have left in the store beside a key that nobody has. */
	private readonly tokens = new Map<string, string>();
	private readonly claims = new Map<string, Claim>();
	private readonly removals = new Removals();
	private looks: Look[] = [];
	private isServing = false;

	/** @param idle told when no run is left, and nothing to do */
	constructor(
		private readonly clock: Clock,
		private readonly idle: () => void = () => {},
	) {}

	/** A run begins; it has to leave. */
	join(run: KeyRun): void {
		this.runs.add(run);
	}

	/** True while a run of this process has the key, or is taking it. */
	isHeld(key: string): boolean {
		return this.holders.has(key);
	}

	/** Takes a key, unless it is taken. Takes two pauses; a key of others is told at once. Never rejects. */
	async take(run: KeyRun, key: string): Promise<KeyAnswer> {
		if (this.holders.has(key)) return { kind: 'taken' };
		this.holders.set(key, run);
		// what this process recorded and may have failed to take out is its own
		const token = this.tokens.get(key) ?? newToken();
		this.tokens.set(key, token);
		const answer = await new Promise<KeyAnswer>((resolve) => {
			this.claims.set(key, { ...{ run, key, token }, sightings: 0, visits: 0, faults: 0, answer: resolve });
			this.removals.end(token);
			this.serve();
		});
		if (answer.kind === 'ours') {
			run.taken.set(key, token);
			this.tokens.delete(key);
		}
		if (answer.kind !== 'ours' || !this.runs.has(run)) this.holders.delete(key);
		return answer;
	}

	/**
	 * Which of the keys are taken, of many at once. They are recorded and taken out again in one visit, for there is no
	 * looking without recording: a process that dies in these milliseconds leaves them taken.
	 */
	async look(run: KeyRun, keys: readonly string[]): Promise<ReadonlySet<string>> {
		return await new Promise((resolve) => {
			this.looks.push({ run, keys, token: newToken(), faults: 0, answer: resolve });
			this.serve();
		});
	}

	/**
	 * Gives a key back for which nothing was bought. If that fails for good, the key stays taken: that is the safe side.
	 * @returns when it was tried
	 */
	async giveBack(run: KeyRun, key: string): Promise<void> {
		const token = run.taken.get(key);
		if (token === undefined) return;
		run.taken.delete(key);
		if (this.holders.get(key) === run) this.holders.delete(key);
		this.tokens.set(key, token);
		await new Promise<void>((resolve) => {
			const over = (): void => {
				if (!this.claims.has(key) && this.tokens.get(key) === token) this.tokens.delete(key);
			};
			this.remove({ run, keys: [key], token, tried: resolve, over });
		});
	}

	/** The run is over: what it has stays taken, in the store. */
	leave(run: KeyRun): void {
		this.runs.delete(run);
		for (const [key, holder] of this.holders) if (holder === run && !this.claims.has(key)) this.holders.delete(key);
		this.rest();
	}

	private get isBusy(): boolean {
		return this.claims.size > 0 || this.looks.length > 0 || this.removals.size > 0;
	}

	private serve(): void {
		if (this.isServing) return;
		this.isServing = true;
		void this.visits().finally(() => {
			this.isServing = false;
			if (this.isBusy) this.serve();
			else this.rest();
		});
	}

	private rest(): void {
		if (!this.isServing && this.runs.size === 0) this.idle();
	}

	private async visits(): Promise<void> {
		while (this.isBusy) {
			await this.visit();
			// with nothing to do as well: whoever comes next must not write at once
			await this.clock.sleep(PAUSE_MS + PAUSE_SPREAD_MS * this.clock.random());
		}
	}

	private async visit(): Promise<void> {
		const confirming = this.removals.confirming;
		// first, so that a key which is given back and wanted again is new
		await this.removals.takeOut();
		const looks = this.looks.splice(0);
		await this.record([...this.claims.values()], looks, confirming);
		if (looks.length > 0) await this.removals.takeOut();
	}

	private async record(
		claims: readonly Claim[],
		looks: readonly Look[],
		confirming: Removals['confirming'],
	): Promise<void> {
		const everybody = [...claims, ...looks, ...confirming].map(({ run }) => run);
		const [run] = everybody;
		if (!run) return;
		const wanted = looks.map(({ keys }) => keys.filter((key) => !this.holders.has(key)));
		const values = [
			...claims.flatMap(({ key, token }) => [key, token]),
			...looks.flatMap(({ token }, index) => [...(wanted[index] ?? []), token]),
			...confirming.map(({ token }) => token),
		];
		const maxKeys = Math.max(...everybody.map((other) => other.maxKeys));
		let seen: ReadonlySet<string> | undefined;
		try {
			seen = await run.store.record(values, 2 * maxKeys + SPARE_ENTRIES + values.length);
		} catch (cause) {
			this.noteFault(claims, looks, cause instanceof Error ? cause.message : String(cause));
		}
		for (const removal of confirming) this.removals.confirm(removal, seen);
		if (!seen) return;
		for (const claim of claims) this.applySighting(claim, seen);
		for (const [index, look] of looks.entries()) this.applyLook(look, wanted[index] ?? [], seen);
	}

	private applySighting(claim: Claim, seen: ReadonlySet<string>): void {
		const { run, key, token } = claim;
		claim.faults = 0;
		claim.visits += 1;
		if (!seen.has(key)) claim.sightings = 0;
		else if (seen.has(token)) claim.sightings += 1;
		else {
			this.tokens.delete(key);
			this.remove({ run, keys: [], token });
			this.end(claim, { kind: 'taken' });
			return;
		}
		if (claim.sightings === SIGHTINGS) this.end(claim, { kind: 'ours' });
		else if (claim.visits === VISITS) this.end(claim, { kind: 'contested' });
	}

	private applyLook({ run, keys, token, answer }: Look, wanted: readonly string[], seen: ReadonlySet<string>): void {
		const fresh = wanted.filter((key) => !seen.has(key));
		const free = new Set(fresh);
		const over = (): void => answer(new Set(keys.filter((key) => !free.has(key))));
		this.remove({ run, keys: fresh, token, over });
	}

	private noteFault(claims: readonly Claim[], looks: readonly Look[], reason: string): void {
		for (const claim of claims) {
			claim.faults += 1;
			if (claim.faults === FAULTS) this.end(claim, { kind: 'unusable', reason });
		}
		for (const look of looks) {
			look.faults += 1;
			// the orders will tell
			if (look.faults === FAULTS) look.answer(new Set());
			else this.looks.push(look);
		}
	}

	private remove(removal: Removal): void {
		this.removals.add(removal);
		this.serve();
	}

	private end(claim: Claim, answer: KeyAnswer): void {
		this.claims.delete(claim.key);
		claim.answer(answer);
	}
}
