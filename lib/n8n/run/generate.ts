import type { INodeExecutionData } from 'n8n-workflow';

import { creationFinder } from '../../core/creations';
import { defined } from '../../core/defined';
import { askForFilmPatiently, askForTask, askPatiently, type AskedForFilm } from '../../core/ask';
import type { BatchItem, Outcome } from '../../core/batch';
import type { Ledger } from '../../core/batch/ledger';
import type { Job } from '../../core/job';
import { mapPooled } from '../../core/pool';
import { hasEnded } from '../../core/provider';
import { isPrivateHost } from '../input/addresses';
import { readJob, type Reading } from '../input/job';
import { readOrderKey } from '../input/orderKey';
import type { AskAbout } from '../input/slots/slot';
import { originReader } from '../input/origin';
import { readDelivery, readDryRun, readSettings, readWait, withTimeLeft, type RunSettings } from '../input/settings';
import { unexpected, type ApiClient } from '../io/http';
import { callsBack, patienceMinutesOf } from '../operations';
import { failureOf, isNodeError } from './failureOf';
import type { NodeRun } from './nodeRun';
import { whyUnaffordable } from './affordable';
import { adoptOrder, openLedger } from './openLedger';
import { callbackUrlFor, parkRun, readResumeUrl } from './park';
import { RunKeys } from './orderKeys';
import { planItems, type Plan } from './plan';
import { hintAtSum } from './summary';
import {
	blameAll,
	hintAtMissing,
	newResult,
	recordOutcome,
	throwIfFailed,
	toOutputs,
	type Result,
} from './recordOutcome';

/** Images given by URL may be looked at before anything is ordered; that is waiting, not work. */
const READS_AT_ONCE = 8;
const ASKS_BEFORE_PARKING = 5;
const MINUTE_MS = 60_000;
const ASK_BEFORE_PARKING_MS = 60_000;
/** Of questions about a task whose video goes in. */
const ASK_ABOUT_SOURCE = { answerMs: 30_000, allMs: 90_000 };
const POLLS_AS_SUB_WORKFLOW =
	'In a sub-workflow the node waits by polling: n8n hands back only one of several parked sub-executions.';

/** What holds for all items of one order. */
interface Order {
	account: ApiClient;
	settings: RunSettings;
	ledger: Ledger;
	/** Where the service calls, when the execution is to be parked. */
	registered: string | undefined;
	/** On the clock of the run. */
	beganMs: number;
}

/** What is ordered, and how. */
interface Ordering extends Order {
	items: readonly BatchItem[];
	keys: RunKeys | undefined;
}

/** Orders one video per item: reads and checks all, then orders, waits and delivers. */
export async function generate(run: NodeRun): Promise<INodeExecutionData[]> {
	const { context, operation } = run;
	const results = run.itemIndexes().map((itemIndex): Result => newResult({ itemIndex, operation }));
	const ledger = openLedger(run);
	let beganMs = run.clock.nowMs();
	let region = '';
	try {
		const account = await run.createClient();
		region = account.region;
		beganMs = run.clock.nowMs();
		const isWaiting = run.readOnce(readWait);
		const settings = run.readOnce((item) => readSettings(context, item, isWaiting));
		const parks = settings.parks && callsBack(operation);
		const registered = parks ? run.readOnce((item) => readResumeUrl(context, item)) : undefined;
		if (settings.pollsAsSubWorkflow && callsBack(operation))
			context.addExecutionHints?.({ message: POLLS_AS_SUB_WORKFLOW, location: 'outputPane' });
		const order: Order = { account, settings, ledger, registered, beganMs };
		const { items, plans } = await readItems(run, results, order);
		// check all, then buy: one item that cannot be sent stops the run before the first order
		if (run.continuesOnFail || results.every(({ failure }) => failure === undefined)) {
			await planItems(run, plans, results, order);
			const parked = await orderByKeys(run, items, results, order);
			if (parked) return parked;
		}
	} catch (cause) {
		blameAll(results, failureOf(cause), ledger);
		// n8n's own words, such as those for a missing credential, are best left as they are
		if (!run.continuesOnFail && isNodeError(cause) && results.every(({ facts }) => facts.taskId === undefined))
			throw unexpected(cause);
	} finally {
		ledger.letGo();
	}
	hintAtMissing(run, results);
	hintAtSum(run, results, region, run.clock.nowMs() - beganMs);
	// what a cap left is left by it on the next try too
	for (const result of results)
		result.isOpen = result.failure !== undefined && !result.failure.isCap && ledger.isOpen(result.facts.itemIndex);
	if (!run.continuesOnFail || run.signal?.aborted) throwIfFailed(run, results);
	const isDelivered = results.every(({ failure, isPlanned }) => !isPlanned && (failure === undefined || failure.isCap));
	// a model may repeat its call in the same execution
	if (isDelivered && !run.isTool) ledger.forgetRun();
	return toOutputs(run, results);
}

/** Reads and checks every item; what one is at fault for becomes its result. */
async function readItems(
	run: NodeRun,
	results: readonly Result[],
	{ account, settings, ledger, registered }: Order,
): Promise<{ items: BatchItem[]; plans: Plan[] }> {
	const { context, backend } = run;
	const isLocal = isPrivateHost(account.root);
	const items: BatchItem[] = [];
	const plans: Plan[] = [];
	const originOf = originReader(context, account.identity);
	const askOnce = sourceAsker(run, account, settings.answerWithinMs);
	const taskOf = creationFinder(backend.provider, run.paced(account), run.clock, run.signal);
	await mapPooled(results, READS_AT_ONCE, async (result, itemIndex) => {
		const { facts } = result;
		try {
			const origin = originOf(itemIndex);
			// what an earlier try ordered is not read again: its expressions may read differently, its images be gone
			const known = ledger.recall(itemIndex, origin);
			if (known) Object.assign(facts, defined({ model: known.model, taskId: ledger.taskIdsOf(itemIndex)[0] }));
			const item = run.parametersOf(itemIndex);
			const isDryRun = readDryRun(item);
			run.deliveries.set(itemIndex, readDelivery(context, item, settings.until === 'ended'));
			const reading: Reading = {
				accountIdentity: account.identity,
				region: account.region,
				isLocalService: isLocal,
				seen: result.seen,
				ask: askOnce,
				...defined({ taskOf }),
				...(registered === undefined ? {} : { callbackUrl: callbackUrlFor(registered, itemIndex) }),
			};
			// the first item's count; another's that are none are a fault of that item all the same
			if (!known) readSettings(context, item, readWait(item));
			const orderKey = known ? undefined : readOrderKey(context, item);
			const job = known ?? { ...(await readJob(context, item, backend, reading)), origin, ...defined({ orderKey }) };
			// a change is made again: what was changed in between would stay
			if (run.isTool && job.request?.method !== 'PUT')
				await adoptOrder(run, ledger, job, { ...defined({ withinMs: settings.answerWithinMs }), isDryRun });
			const tellsTime = run.isTool || settings.until === 'submitted';
			const expectedSeconds = tellsTime ? run.expectedSeconds(job, account) : undefined;
			const { queryPath } = job;
			Object.assign(facts, defined({ model: job.model, expectedSeconds, price: job.price, queryPath }));
			if (isDryRun) {
				plans.push({ job, ...defined({ held: ledger.read(job) }) });
				return;
			}
			items.push({
				itemIndex,
				job,
				typicalSeconds: job.typicalSeconds,
				...defined({ maxWaitMs: patienceOf(job, settings) }),
			});
		} catch (cause) {
			result.failure = failureOf(cause);
			const earlierTaskIds = ledger.taskIdsOf(itemIndex).filter((taskId) => taskId !== facts.taskId);
			if (earlierTaskIds.length > 0) facts.earlierTaskIds = earlierTaskIds;
		}
	});
	return { items: items.sort((a, b) => a.itemIndex - b.itemIndex), plans };
}

/** Its own, where the user set no limit: off-peak tasks and films take longer than clips. */
function patienceOf({ isOffPeak, operation }: Job, { maxWaitMs, offPeakWaitMs }: RunSettings): number | undefined {
	if (offPeakWaitMs === undefined || isOffPeak) return offPeakWaitMs;
	const minutes = patienceMinutesOf(operation);
	return minutes === undefined ? undefined : Math.max(maxWaitMs, minutes * MINUTE_MS);
}

/** Asks about a task whose video goes in, or about a film, once in a run: many items may take up the same one. @param withinMs that whoever called this run waits */
function sourceAsker(run: NodeRun, account: ApiClient, withinMs = Infinity): AskAbout {
	const { backend, clock, signal } = run;
	const { provider } = backend;
	const http = run.paced(account);
	const answers = new Map<string, Promise<AskedForFilm>>();
	const patience = { ...ASK_ABOUT_SOURCE, allMs: Math.min(ASK_ABOUT_SOURCE.allMs, withinMs) };
	const asking = { provider, http, clock, ...(signal ? { signal } : {}) };
	return async (taskId, what) => {
		const key = `${what} ${taskId}`;
		const ask = what === 'film' ? askForFilmPatiently : askPatiently;
		const answer = answers.get(key) ?? ask(asking, taskId, patience);
		answers.set(key, answer);
		return await answer;
	};
}

/** Leaves out what is ordered already, and orders the rest. @returns as `orderAndWait` */
async function orderByKeys(
	run: NodeRun,
	items: readonly BatchItem[],
	results: readonly Result[],
	order: Order,
): Promise<INodeExecutionData[] | undefined> {
	const keys = RunKeys.open(run, items, order.settings.maxKeys);
	if (!keys) return await orderAndWait(run, results, { ...order, items, keys });
	try {
		const left = await keys.sort(items, order.ledger, run.signal);
		leaveOut(results, left);
		return await orderAndWait(run, results, { ...order, items: items.filter((item) => !left.has(item)), keys });
	} finally {
		const closed = keys.close();
		if (!run.signal?.aborted) await closed;
	}
}

function leaveOut(results: readonly Result[], left: ReadonlySet<BatchItem>): void {
	for (const { itemIndex } of left) Object.assign(results[itemIndex] ?? {}, { isLeftOut: true });
}

/** @returns what a parked execution returns; undefined when the results are complete */
async function orderAndWait(
	run: NodeRun,
	results: readonly Result[],
	order: Ordering,
): Promise<INodeExecutionData[] | undefined> {
	const { items, keys, account, ledger, registered, beganMs } = order;
	const settings = withTimeLeft(order.settings, run.clock.nowMs() - beganMs);
	const unaffordable = await whyUnaffordable(run, items, { account, settings, ledger });
	if (unaffordable) {
		// what is ordered already costs nothing: keys that few items have are looked up now
		const left = await keys?.sort(items, ledger, run.signal, 1);
		if (left && left.size > 0) {
			leaveOut(results, left);
			return await orderAndWait(run, results, { ...order, items: items.filter((item) => !left.has(item)) });
		}
		blameAll(
			results.filter(({ isLeftOut }) => !isLeftOut),
			unaffordable,
			ledger,
		);
		return undefined;
	}
	// when parked, what ends while others are ordered is fetched with them
	const ordering: RunSettings = registered === undefined ? settings : { ...settings, until: 'submitted' };
	let outcomes = await run.runBatch(items, ordering, account, ledger, keys);
	const pending = outcomes.filter(({ failure, isLeftOut }) => !failure && !isLeftOut);
	const record = (until: RunSettings['until']): void => {
		for (const outcome of outcomes) recordOutcome(run, results[outcome.work.itemIndex], outcome, until);
	};
	// an execution that will fail does so now
	const goesOn = run.continuesOnFail || outcomes.every(({ failure }) => !failure || failure.isCap);
	if (registered !== undefined && pending.length > 0 && goesOn && !run.signal?.aborted) {
		if (await isWorthParking(run, pending, account)) {
			record('submitted');
			hintAtMissing(run, results);
			hintAtSum(run, results, account.region, run.clock.nowMs() - beganMs);
			try {
				return await parkRun(run, results, registered, deadlineOf(outcomes, settings));
			} catch (cause) {
				// ordered, but neither parked nor delivered: no success, and the ids go with the fault
				for (const { work } of pending) delete results[work.itemIndex]?.item;
				throw unexpected(cause);
			}
		}
		const ended = await run.runBatch(
			pending.map(({ work }) => work),
			settings,
			account,
			ledger,
			keys,
		);
		const endOf = new Map(ended.map((outcome) => [outcome.work, outcome]));
		outcomes = outcomes.map((outcome) => endOf.get(outcome.work) ?? outcome);
	}
	record(settings.until);
	return undefined;
}

/** When the last wait is over, on the clock of the run. */
const deadlineOf = (outcomes: ReadonlyArray<Outcome<unknown>>, { maxWaitMs }: RunSettings): number =>
	Math.max(...outcomes.map(({ submittedAtMs, work }) => submittedAtMs + (work.maxWaitMs ?? maxWaitMs)));

/**
 * Callbacks of what an earlier execution ordered do not come here, and one that came while the run was still running was
 * turned away: look once more right before parking.
 */
async function isWorthParking(
	run: NodeRun,
	pending: ReadonlyArray<Outcome<unknown>>,
	account: ApiClient,
): Promise<boolean> {
	const { provider } = run.backend;
	const http = run.paced(account);
	if (pending.some(({ isFromEarlier }) => isFromEarlier)) return false;
	const ended = await mapPooled(pending, ASKS_BEFORE_PARKING, async ({ taskId, work }) => {
		if (taskId === undefined) return false;
		const answer = await askForTask({ provider, http }, taskId, ASK_BEFORE_PARKING_MS, work.job?.queryPath);
		return answer.kind === 'report' && hasEnded(answer.report.state);
	});
	return !ended.every(Boolean);
}
