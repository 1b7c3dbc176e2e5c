import type { INodeExecutionData } from 'n8n-workflow';

import { readJson } from '../../../core/json';
import { lostTask, notCanceled, ROUNDED_ID, unreadableTask, type Failure } from '../../../core/failure';
import { askForTask } from '../../../core/ask';
import { NoReply, type HttpReply, type HttpRequest } from '../../../core/http';
import type { Diagnosis, Provider, TaskFilters, TaskReport } from '../../../core/provider';
import { isLeftOut } from '../../../core/fields';
import { unexpected } from '../../io/http';
import { invalid, InvalidInput } from '../../input/invalidInput';
import { toItem, toJson } from '../output';
import type { Backend } from '../../backends';
import type { Call, Operate } from '../../run';
import type { ItemParameters } from '../../input/parameters';
import { readSwitch } from '../../input/switches';

/** The operations on tasks that exist already, but for waiting, which is the batch engine's. */

const CALL_TIMEOUT_MS = 30_000;
/** A list repeats the images of its tasks: small pages, and time for them. */
const PAGE_SIZE = 25;
const PAGE_TIMEOUT_MS = 120_000;
const DEFAULT_LIMIT = 50;

/**
 * The task ids of one item, each once: out of a text, whatever words stand around them, a list, an item, or a list of
 * items.
 * @param seen ids that earlier items of the run named. An item that lists several leaves these out, since a list made by
 *   an expression comes again with every item; an item with one id keeps it, so that it has its result.
 * @throws InvalidInput with a message for the user; a number that a spreadsheet rounded is told as such
 */
export function readTaskIds(
	item: ItemParameters,
	{ provider }: Backend,
	names: readonly string[],
	label: string,
	seen: Set<string> = new Set(),
): string[] {
	const given = names.map((name) => item.get(name, label)).filter(isGiven);
	const isMany = label.endsWith('s');
	if (given.length === 0)
		throw invalid(label, `${label} ${isMany ? 'are' : 'is'} missing`, 'Give the ID that the node returned.');
	const ids = [...new Set(given.flatMap((value) => findIds(value, { provider, label })))];
	if (ids.length === 0)
		throw invalid(
			label,
			`${label} "${shorten(given)}" ${isMany ? 'hold' : 'holds'} no task ID`,
			'Give the ID as the node returned it, a text that holds it, or an item of the node.',
		);
	const fresh = ids.length > 1 ? ids.filter((id) => !seen.has(id)) : ids;
	for (const id of ids) seen.add(id);
	return fresh;
}

function readTaskId(item: ItemParameters, backend: Backend): string {
	const label = 'Task ID';
	const [taskId, ...others] = readTaskIds(item, backend, ['taskId'], label);
	if (others.length === 0) return taskId;
	throw invalid(
		label,
		`${label} holds ${others.length + 1} task IDs`,
		'Give one ID per item. Task → Wait for Completion takes several.',
	);
}

const isGiven = (value: unknown): boolean =>
	Array.isArray(value)
		? value.some(isGiven)
		: !isLeftOut(value) && !(typeof value === 'string' && /^[\s,;]*$/.test(value));

const shorten = (values: unknown[]): string => {
	const text = values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(', ');
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

interface IdReader {
	provider: Provider;
	label: string;
}

/** Where items, the output of a task, an error's details and a resource locator keep an id. */
const ID_KEYS = ['taskId', 'taskIds', 'task_id', 'details', 'json'];

function findIds(value: unknown, reader: IdReader): string[] {
	if (typeof value === 'string') return findIdsInText(value, reader);
	if (Array.isArray(value)) return value.flatMap((entry) => findIds(entry, reader));
	if (typeof value === 'number') {
		if (!Number.isSafeInteger(value)) throw rounded(value, reader);
		return reader.provider.isTaskId(String(value)) ? [String(value)] : [];
	}
	if (typeof value !== 'object' || value === null) return [];
	const entry = value as Record<string, unknown>;
	for (const key of '__rl' in entry ? ['value'] : ID_KEYS) {
		const ids = key in entry ? findIds(entry[key], reader) : [];
		if (ids.length > 0) return ids;
	}
	return findIdsInAnswer(entry, reader);
}

/** A service's own answer, whose id may stand in a wrapper, or be called `id` as much else is. */
function findIdsInAnswer(body: Record<string, unknown>, reader: IdReader): string[] {
	const { provider } = reader;
	if (Number.isInteger(body.id) && !Number.isSafeInteger(body.id)) throw rounded(Number(body.id), reader);
	const id = provider.mentionedTaskId({ status: 200, headers: {}, body });
	return id !== undefined && provider.findTaskIds?.(id).includes(id) ? [id] : [];
}

/** What a spreadsheet shows of a long number: one digit in front, and in running text an exponent of an id's length. */
const ROUNDED = /^\d([.,]\d+)?[eE]\+?\d{1,2}$/;
const ROUNDED_INSIDE = /(?<![\w.,])\d[.,]\d{2,}[eE]\+?(1[4-9]|2\d)(?!\w)/;
/** What a spreadsheet shows of a long number in the format for numbers: 876,543,210,123,456,789. */
const GROUPED = /^\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})(?:\1\d{3}){3,}$/;

function findIdsInText(text: string, reader: IdReader): string[] {
	const { provider } = reader;
	const trimmed = text.trim();
	if (ROUNDED.test(trimmed)) throw rounded(trimmed, reader);
	if (GROUPED.test(trimmed)) return [trimmed.replace(/\D/g, '')];
	if (provider.isTaskId(trimmed)) {
		// "task_876543210123456789"
		const inside = provider.findTaskIds?.(trimmed) ?? [];
		return inside.length > 0 ? inside : [trimmed];
	}
	if (/^[[{]/.test(trimmed)) {
		const data = readJson(trimmed);
		const ids = typeof data === 'object' ? findIds(data, reader) : [];
		if (ids.length > 0) return ids;
	}
	const [spoiled] = ROUNDED_INSIDE.exec(trimmed) ?? [];
	if (spoiled !== undefined) throw rounded(spoiled, reader);
	const found = provider.findTaskIds?.(trimmed) ?? [];
	if (found.length > 0) return found;
	// ids of a kind that the provider does not document yet, as long as nothing else is there
	const words = trimmed.split(/[\s,;|]+/).filter((word) => word !== '');
	return words.every(provider.isTaskId) ? words : [];
}

const rounded = (id: string | number, { label }: IdReader): InvalidInput =>
	invalid(label, `Task ID ${id} was rounded`, ROUNDED_ID);

const get: Operate = async (call) => {
	const { item, backend, settings } = call;
	const { itemIndex } = item;
	const taskId = readTaskId(item, backend);
	const report = await readTask(call, taskId);
	const facts = { itemIndex, taskId, report };
	const json = toJson(backend.provider, facts, { simplify: settings.simplify, nowMs: Date.now() });
	if (!settings.download || report.state !== 'succeeded' || report.videoUrl === undefined)
		return [toItem(json, itemIndex)];
	const askAgain = async () => await readTask(call, taskId).catch(() => undefined);
	const done = await call.download({ taskId, report, askAgain }, settings);
	if ('failure' in done) throw new InvalidInput(done.failure, { taskId, report });
	return [toItem(json, itemIndex, done.result)];
};

const cancel: Operate = async (call) => {
	const { item, backend } = call;
	const taskId = readTaskId(item, backend);
	const reply = await send(call, backend.provider.cancel!(taskId));
	if (reply.status >= 300) throw await whyNotCanceled(call, taskId, reply);
	return [toItem({ taskId, status: 'canceled', provider: backend.provider.id }, item.itemIndex)];
};

const getMany: Operate = async (call) => {
	const { item, backend, settings } = call;
	const { itemIndex } = item;
	const { list } = backend.provider;
	const isAll = readSwitch(item.get('returnAll'), 'Return All', false);
	const limit = isAll ? Infinity : readLimit(item.get('limit'));
	const filters = readFilters(item.collection('filters'), backend.provider);
	const found: INodeExecutionData[] = [];
	let pageToken: string | undefined;
	do {
		const size = Math.min(PAGE_SIZE, limit - found.length);
		const reply = await send(call, { ...list!.page(filters, size, pageToken), timeoutMs: PAGE_TIMEOUT_MS });
		const page = list!.read(reply);
		if (!page) throw refusal(call, reply);
		for (const task of page.tasks)
			found.push(
				toItem(
					toJson(
						backend.provider,
						{ itemIndex, taskId: task.taskId, report: task },
						{ simplify: settings.simplify, nowMs: Date.now() },
					),
					itemIndex,
				),
			);
		pageToken = page.tasks.length > 0 ? page.nextPageToken : undefined;
	} while (pageToken !== undefined && found.length < limit);
	return found.slice(0, limit);
};

export const taskOperations: Readonly<Record<string, Operate>> = { get, cancel, getMany };

/** A number above 0, also as a sheet writes it. */
function readLimit(value: unknown): number {
	if (isLeftOut(value)) return DEFAULT_LIMIT;
	const limit = typeof value === 'string' ? Number(value.trim() || NaN) : value;
	if (typeof limit === 'number' && Number.isInteger(limit) && limit > 0) return limit;
	throw invalid('Limit', `Limit "${shorten([value])}" is not a whole number above 0`, 'Correct it or remove it.');
}

function readFilters(given: Readonly<Record<string, unknown>>, provider: Provider): TaskFilters {
	// half a character has no place in an address
	const words = (value: unknown): string[] =>
		(Array.isArray(value) ? value : String(value ?? '').split(/[\s,;]+/))
			.map((word) => String(word).replace(/\p{Surrogate}/gu, ''))
			.filter((word) => word !== '');
	const ids = (value: unknown): string[] => [...new Set(findIds(value, { provider, label: 'Task IDs' }))];
	const taskIds = isGiven(given.taskIds) ? ids(given.taskIds) : [];
	if (isGiven(given.taskIds) && taskIds.length === 0)
		throw invalid(
			'Task IDs',
			`Task IDs "${shorten([given.taskIds])}" hold no task ID`,
			'Give the IDs as the node returned them, or remove the filter.',
		);
	const filters: Record<string, unknown> = {
		createdAfter: readTime(given.createdAfter, 'Created After'),
		createdBefore: readTime(given.createdBefore, 'Created Before'),
		taskIds,
		modelVersions: words(given.modelVersions),
		resolutions: words(given.resolutions),
		states: words(given.states),
	};
	return Object.fromEntries(
		Object.entries(filters).filter(([, value]) => value !== undefined && (value as string[]).length > 0),
	);
}

/** @param value a text, milliseconds since 1970, or a date of an expression */
function readTime(value: unknown, label: string): string | undefined {
	if (isLeftOut(value)) return undefined;
	const time = new Date(typeof value === 'number' ? value : String(value));
	if (!Number.isNaN(time.getTime())) return time.toISOString();
	throw invalid(
		label,
		`${label} "${shorten([value])}" is not a date`,
		'Give a date such as 2026-11-25 or 2026-11-25T18:00:00Z, or an expression such as {{ $now.minus({ days: 1 }) }}.',
	);
}

/** Sends one call of a plain operation. @throws InvalidInput when no reply comes */
export async function send({ account, backend }: Call, request: HttpRequest): Promise<HttpReply> {
	try {
		return await account.http.send({ timeoutMs: CALL_TIMEOUT_MS, ...request });
	} catch (cause) {
		throw cause instanceof NoReply ? notReached(backend.provider.name, cause) : unexpected(cause);
	}
}

const notReached = (name: string, { message }: NoReply): InvalidInput =>
	new InvalidInput({
		kind: 'refused',
		headline: `${name} cannot be reached`,
		description: `Check the network, and the base URL in the credential. ${message}`,
	});

/** @throws InvalidInput where the service does not tell */
async function readTask(call: Call, taskId: string): Promise<TaskReport> {
	const { provider } = call.backend;
	const answer = await askForTask({ provider, http: call.account.http }, taskId, CALL_TIMEOUT_MS);
	if (answer.kind === 'report') return answer.report;
	throw answer.kind === 'silent' ? notReached(provider.name, answer.cause) : lost(call, taskId, answer.diagnosis);
}

function lost({ backend }: Call, taskId: string, diagnosis: Diagnosis): InvalidInput {
	// the codes of a refused request speak of orders; here only the id can be wrong
	const isAboutId = diagnosis.kind === 'permanent' && !diagnosis.unknownTask && (diagnosis.httpStatus ?? 0) >= 400;
	const failure = isAboutId ? unreadableTask(backend.provider.name, taskId, diagnosis) : lostTask(taskId, diagnosis);
	return new InvalidInput(failure, { taskId });
}

/** A refusal does not tell a task that has begun from one that does not exist: the task itself does. */
async function whyNotCanceled(call: Call, taskId: string, refused: HttpReply): Promise<InvalidInput> {
	const { provider } = call.backend;
	const diagnosis = provider.diagnose(refused);
	if (diagnosis.kind !== 'permanent') return refusal(call, refused, taskId);
	if (diagnosis.unknownTask) return lost(call, taskId, diagnosis);
	const report = await readTask(call, taskId);
	if (report.state === 'queued') return refusal(call, refused, taskId);
	return new InvalidInput(notCanceled(provider.name, taskId, diagnosis), { taskId, report });
}

/** A refusal of a call that orders nothing. @param taskId of the task that it was about */
export function refusal({ backend }: Call, reply: HttpReply, taskId?: string): InvalidInput {
	const diagnosis = backend.provider.diagnose(reply);
	const failure: Failure = {
		kind: 'refused',
		headline: diagnosis.summary,
		description: diagnosis.advice,
		diagnosis,
	};
	return new InvalidInput(failure, taskId === undefined ? {} : { taskId });
}
