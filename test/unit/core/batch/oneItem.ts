import type { Member } from '../../../../lib/core/account/member';
import { AccountPool } from '../../../../lib/core/account/pool';
import { Course } from '../../../../lib/core/batch/course';
import { newTask, type Entry, type EntryState } from '../../../../lib/core/batch/entry';
import { Gate } from '../../../../lib/core/batch/gate';
import { Ledger } from '../../../../lib/core/batch/ledger';
import { OrderLine } from '../../../../lib/core/batch/line';
import type { BatchParts, BatchSettings } from '../../../../lib/core/batch/parts';
import { Roster } from '../../../../lib/core/batch/roster';
import { NoReply, type HttpRequest } from '../../../../lib/core/http';
import type { Job } from '../../../../lib/core/job';
import type {
	Diagnosis,
	Provider,
	StatusAnswer,
	SubmitAnswer,
	SubmittedTask,
	TaskReport,
} from '../../../../lib/core/provider';
import { vidu } from '../../../../lib/providers/vidu';

/** One item in the hands of its course, with everything beside it that the course tells. */

export const ID = '876543210123456789';
export const NOW_MS = 1_000_000;
export const MAX_WAIT_MS = 600_000;
export const URL = 'https://example.com/v.mp4';

export const job: Job = {
	...{ itemIndex: 0, operation: 'textToVideo', model: 'm', typicalSeconds: 60, fingerprint: 'f', origin: 'o' },
	request: { path: '/ent/v2/text2video', body: {} },
};
export const why = (kind: Diagnosis['kind'], more: Partial<Diagnosis> = {}): Diagnosis => ({
	...{ kind, summary: 'No', advice: 'Wait.', ...more },
});
export const report = (state: TaskReport['state'], more: Partial<TaskReport> = {}): TaskReport => ({
	...{ state, providerState: state, response: {}, ...more },
});
export const submitted = (state: TaskReport['state'] = 'queued', more: Partial<SubmittedTask> = {}): SubmittedTask => ({
	...{ taskId: ID, ...report(state), ...more },
});
export const silence = new NoReply('reset', true);

export interface Changes {
	/** What the order, or the question, is answered with; it may throw. */
	answer?: () => SubmitAnswer;
	status?: () => StatusAnswer;
	job?: Job;
	provider?: Partial<Provider>;
	parts?: Partial<BatchParts<string>>;
	/** Parts that are not there. */
	without?: ReadonlyArray<'ledger' | 'keys' | 'onTask'>;
	settings?: Partial<BatchSettings>;
	key?: Awaited<ReturnType<NonNullable<BatchParts<string>['keys']>['take']>>;
	ordersAhead?: boolean;
}

/** One item, and everything that its course tells of it, in order. */
export function opened(changes: Changes = {}) {
	const told: unknown[][] = [];
	const values = (args: unknown[]): unknown[] =>
		args.map((arg) => (typeof arg === 'function' ? (arg as () => unknown)() : arg));
	/** Notes the calls, which do what they do. Functions among the arguments are noted as what they give. */
	function watch<T extends object>(name: string, target: T, methods: ReadonlyArray<keyof T & string>): T {
		for (const method of methods) {
			const own = target[method] as (...args: unknown[]) => unknown;
			const noted = (...args: unknown[]): unknown => {
				told.push([`${name}.${method}`, ...values(args)]);
				return own.apply(target, args);
			};
			Object.assign(target, { [method]: noted });
		}
		return target;
	}
	const time = { nowMs: NOW_MS };
	const clock = { nowMs: () => time.nowMs, random: () => 0.5, sleep: async () => await new Promise<void>(() => {}) };
	const sent: HttpRequest[] = [];
	const settings: BatchSettings = {
		...{ until: 'ended', maxWaitMs: MAX_WAIT_MS, cancelOnStop: false, ...changes.settings },
	};
	const provider: Provider = {
		...vidu,
		readSubmit: () => (changes.answer ?? (() => ({ kind: 'accepted' as const, task: submitted() })))(),
		readStatus: () => (changes.status ?? (() => ({ kind: 'report' as const, report: report('processing') })))(),
		mentionedTaskId: () => undefined,
		...changes.provider,
	};
	const entries: Record<string, unknown> = {};
	const ledger = watch('ledger', new Ledger(entries, 0, '1'), [
		'write',
		'forget',
		'rememberEnd',
		'rememberCanceled',
	] as const);
	const parts: BatchParts<string> = {
		provider,
		http: {
			send: async (request) => {
				sent.push(request);
				return await Promise.resolve({ status: 200, headers: {}, body: {} });
			},
		},
		clock,
		ledger,
		keys: watch('keys', { take: async () => await Promise.resolve(changes.key ?? 'ours'), giveBack: () => {} }, [
			'take',
			'giveBack',
		] as const),
		onTask: (item, taskId) => told.push(['onTask', item.itemIndex, taskId]),
		...changes.parts,
	};
	for (const name of changes.without ?? []) delete parts[name];
	const pool = new AccountPool(clock);
	watch('requests', pool.requests, ['heard']);
	watch('models', pool.models, ['accepted', 'refused']);
	watch('pool', pool, ['hasLookedSince']);
	watch('pace', pool.paces.of('m'), ['addSeen']);
	const lane = pool.laneOf('');
	watch('lane', lane, ['hasEnded']);
	watch('window', lane.window, ['accepted', 'refused']);
	const gate = watch('gate', new Gate(settings, 'Vidu'), [
		'noteReachable',
		'noteAccepted',
		'noteRefused',
		'noteAccountRefused',
		'noteTurnedAway',
		'noteNotReached',
		'noteUnknown',
	] as const);
	const places = pool.placesFor(Infinity);
	const line = new OrderLine<string>(pool.models, places);
	const roster = new Roster<string>(places);
	let wakeUps = 0;
	let awaited: Array<() => void> = [];
	const wakeUp = (): void => {
		wakeUps += 1;
		for (const over of awaited) over();
		awaited = [];
	};
	const woken = async (): Promise<void> => await new Promise((over) => awaited.push(over));
	const member = { ordersAhead: changes.ordersAhead ?? false, provider } as Member;
	const course = new Course<string>({ settings, parts, pool, member, gate, line, roster, wakeUp });
	const add = (of: Job | undefined, place: number, more: Partial<Entry<string>['item']> = {}): Entry<string> => {
		const state: EntryState<string> = of
			? { kind: 'new', order: { job: of, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 } }
			: { kind: 'waiting', task: newTask(ID, time.nowMs, MAX_WAIT_MS), dueMs: time.nowMs };
		const one: Entry<string> = {
			...{ place, lane, openedAtMs: NOW_MS - 5_000, state },
			item: { itemIndex: place, typicalSeconds: 60, ...(of ? { job: of } : { taskId: ID }), ...more },
		};
		roster.add(one);
		if (state.kind === 'new') line.add({ entry: one, order: state.order });
		return one;
	};
	/** Orders what is first in line, and waits for what follows. */
	const order = async (): Promise<void> => {
		const first = line.first(time.nowMs);
		if (!first) throw new Error('Nothing is in line');
		course.startSubmission(first);
		await woken();
	};
	const ask = async (): Promise<void> => {
		course.startAsking();
		await woken();
	};
	const deliver = async (): Promise<void> => {
		course.startDelivery();
		await woken();
	};
	/** What was told since this was asked last. */
	const heard = (): unknown[][] => told.splice(0);
	return {
		...{ course, entries, roster, line, lane, gate, pool, time, sent, member },
		...{ add, order, ask, deliver, heard, woken, wakeUps: () => wakeUps },
	};
}
