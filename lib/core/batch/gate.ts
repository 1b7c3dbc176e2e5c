import { capped, notStarted, unreachable } from '../failure';
import type { Failure } from '../failure';
import type { NoReply } from '../http';
import { RESULT } from '../noun';
import { creditsOf, modelOf, type Job } from '../job';
import type { Diagnosis } from '../provider';
import type { BatchSettings } from './parts';
import { backoffMs } from '../account/schedule';

/** Whether a run may order on: the user's caps, reasons to order nothing more, pauses after orders that went wrong. */

const SUBMISSIONS_AT_ONCE = 4;
/** Orders in a row without a clear answer before no more are risked. */
const UNKNOWN_IN_A_ROW = 3;
/** How long an unreachable provider is tried; a name that was never found is most likely mistyped. */
const UNREACHABLE_PATIENCE_MS = 240_000;
const UNKNOWN_HOST_PATIENCE_MS = 20_000;
/** Orders in a row turned away by something in between, such as a firewall, before no more are sent. */
const TURNED_AWAY_IN_A_ROW = { atFirst: 3, later: 30 };

type Limits = Pick<BatchSettings, 'maxWaitMs' | 'maxVideos' | 'maxCredits' | 'noun'>;

export class Gate {
	/** Why nothing more is ordered. */
	stopReason?: Failure;
	pausedUntilMs = 0;
	private videos = 0;
	private credits = 0;
	/** By model: where an order cost more than its published price, the next will. */
	private readonly dearer = new Map<string, { charged: number; published: number }>();
	private isReached = false;
	private hasAccepted = false;
	private unreachableSinceMs: number | undefined;
	/** In a row. */
	private failedOrders = 0;
	private unknownInARow = 0;
	private turnedAwayInARow = 0;

	constructor(
		private readonly limits: Limits,
		private readonly providerName: string,
	) {}

	/** What an earlier try started counts for the caps. */
	noteEarlier(credits: number): void {
		this.videos += 1;
		this.credits += credits;
	}

	/** @param submitting orders without an answer yet */
	mayOrder(submitting: number, nowMs: number): boolean {
		const { maxVideos = Infinity, maxCredits } = this.limits;
		// until the provider has taken one, one at a time: a key without credit costs one call, not four
		const atOnce = this.videos === 0 ? 1 : SUBMISSIONS_AT_ONCE;
		return (
			!this.stopReason &&
			submitting < atOnce &&
			this.videos + submitting < maxVideos &&
			this.credits < (maxCredits ?? Infinity) &&
			nowMs >= this.pausedUntilMs
		);
	}

	/**
	 * Whether Max Credits leaves room for one more order. Orders that have left count by their price, for each may be taken.
	 * Where nothing is on its way and there is no room, nothing more is ordered.
	 * An order without a published price goes alone, and what the service says counts.
	 * @param onTheirWay orders without an answer yet
	 */
	hasRoomFor(job: Job, onTheirWay: readonly Job[]): boolean {
		const { maxCredits } = this.limits;
		if (maxCredits === undefined) return true;
		const price = this.expectedOf(job);
		if (price === undefined) return onTheirWay.length === 0;
		let credits = this.credits + price;
		for (const other of onTheirWay) {
			const expected = this.expectedOf(other);
			if (expected === undefined) return false;
			credits += expected;
		}
		if (credits <= maxCredits) return true;
		if (onTheirWay.length === 0)
			this.stopReason ??= capped(
				`Max Credits of ${maxCredits} is reached (${this.credits} spent, the next order costs ${price})`,
				'Raise Max Credits, or run the item again.',
			);
		return false;
	}

	/** Its published price, or more where such orders were seen to cost more: prices move. */
	private expectedOf(job: Job): number | undefined {
		const price = creditsOf(job);
		const seen = this.dearer.get(modelOf(job));
		return price === undefined || !seen ? price : Math.ceil((price * seen.charged) / seen.published);
	}

	/** Looks whether a cap is reached. Not while an order is on its way: it may yet fail. */
	checkCaps(): void {
		const { maxVideos, maxCredits, noun: { title } = RESULT } = this.limits;
		if (maxVideos !== undefined && this.videos >= maxVideos)
			this.stopReason ??= capped(
				`Max ${title} of ${maxVideos} is reached`,
				`Raise Max ${title}, or run the item again.`,
			);
		else if (maxCredits !== undefined && this.credits >= maxCredits)
			this.stopReason ??= capped(
				`Max Credits of ${maxCredits} is reached (${this.credits} spent)`,
				'Raise Max Credits, or run the item again.',
			);
	}

	/** Nothing moved for as long as a task may take. @param busy what the account said last */
	patienceEnded(busy: Diagnosis | undefined): Failure {
		const minutes = Math.round(this.limits.maxWaitMs / 60_000);
		const isModel = busy?.busy === 'model';
		return notStarted(
			`${this.providerName} took no order for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}${isModel ? ` (${busy.summary})` : ''}`,
			isModel
				? 'Run the item again later, or choose another model.'
				: 'The account is busy with other tasks. Run the item again later, or raise Max Wait (Minutes).',
			busy,
		);
	}

	/** The provider answered, whatever it said. */
	noteReachable(): void {
		this.isReached = true;
		this.unreachableSinceMs = undefined;
	}

	/** @param charged credits, where the answer says how many */
	noteAccepted(job: Job, charged?: number): void {
		const published = creditsOf(job);
		const expected = this.expectedOf(job) ?? 0;
		this.videos += 1;
		this.credits += charged ?? expected;
		if (charged !== undefined && published && charged > expected) this.dearer.set(modelOf(job), { charged, published });
		this.unknownInARow = 0;
		this.turnedAwayInARow = 0;
		this.hasAccepted = true;
		this.failedOrders = 0;
	}

	/** A clear no, which says nothing against the orders to come; only the service's own ends a row of turned away ones. */
	noteRefused({ isOwnWords }: Diagnosis): void {
		this.unknownInARow = 0;
		if (isOwnWords) this.turnedAwayInARow = 0;
	}

	/** The key, or the account's balance, will do for none of the others either. */
	noteAccountRefused(diagnosis: Diagnosis): void {
		this.stopReason ??= notStarted(diagnosis.summary, diagnosis.advice, diagnosis);
	}

	/**
	 * A firewall that stumbles over a text answers 403 with a page of its own. That is about this item. Only where the provider
	 * has taken nothing yet, and several in a row are turned away, is it about all.
	 */
	noteTurnedAway(diagnosis: Diagnosis): void {
		this.turnedAwayInARow += 1;
		if (this.turnedAwayInARow >= (this.hasAccepted ? TURNED_AWAY_IN_A_ROW.later : TURNED_AWAY_IN_A_ROW.atFirst))
			this.stopReason ??= notStarted(
				`${this.turnedAwayInARow} orders in a row were turned away on their way to ${this.providerName}`,
				'A firewall or proxy in between refuses them, or the base URL in the credential leads elsewhere.',
				diagnosis,
			);
	}

	/**
	 * The request cannot have arrived: it may go again once the provider is back.
	 * @param random in [0, 1), drawn where it is needed
	 * @returns what becomes of the item where it may not go again
	 */
	noteNotReached(cause: NoReply, nowMs: number, random: () => number): Failure | undefined {
		this.unreachableSinceMs ??= nowMs;
		const patienceMs = cause.unknownHost && !this.isReached ? UNKNOWN_HOST_PATIENCE_MS : UNREACHABLE_PATIENCE_MS;
		if (cause.permanent || nowMs - this.unreachableSinceMs >= patienceMs) {
			const failure = unreachable(this.providerName, cause.message);
			this.stopReason ??= { ...failure, kind: 'notStarted' };
			return failure;
		}
		this.pause(nowMs, random);
		return undefined;
	}

	/**
	 * Silence means unknown, never "try again": it counts as started. After a few in a row no more money is risked.
	 * @param job counts by its price, for it may have been bought
	 */
	noteUnknown(job: Job, nowMs: number, random: () => number): void {
		this.videos += 1;
		this.credits += this.expectedOf(job) ?? 0;
		this.unknownInARow += 1;
		this.pause(nowMs, random);
		if (this.unknownInARow >= UNKNOWN_IN_A_ROW)
			this.stopReason ??= notStarted(
				`${this.providerName} gave no clear answer to ${UNKNOWN_IN_A_ROW} orders in a row`,
				'Wait until the service answers again, then run the item again.',
			);
	}

	private pause(nowMs: number, random: () => number): void {
		this.failedOrders += 1;
		this.pausedUntilMs = nowMs + backoffMs(this.failedOrders, random());
	}
}
