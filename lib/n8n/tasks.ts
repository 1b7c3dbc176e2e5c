import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { invalidInput, lostTask, ROUNDED_ID, type Trouble } from '../core/trouble';
import { NoReply, type HttpReply, type HttpRequest, type TaskFilters, type TaskReport } from '../core/types';
import { isLeftOut } from '../core/validate';
import { unexpected } from './http';
import { InvalidInput } from './images';
import { toItem, toJson } from './output';
import type { Route } from './routes';
import type { Call, Operate } from './run';

/** The operations on tasks that exist already, but for waiting, which is the batch engine's. */

const CALL_TIMEOUT_MS = 30_000;
const PAGE_SIZE = 100;

/**
 * The task ids of one item: a text, a list in a text, or an array.
 * @throws InvalidInput with a message for the user; a number that a spreadsheet rounded is told as such
 */
export function readTaskIds(
	context: IExecuteFunctions,
	{ provider }: Route,
	names: readonly string[],
	label: string,
	itemIndex: number,
): string[] {
	const entries = names
		.flatMap((name): unknown => context.getNodeParameter(name, itemIndex, ''))
		.flatMap((entry: unknown) => (typeof entry === 'string' ? entry.split(/[\s,;]+/) : [entry]));
	const ids = entries.filter((entry) => !isLeftOut(entry));
	if (ids.length === 0)
		throw new InvalidInput(invalidInput(label, `${label} is empty`, 'Give the ID the node returned.'));
	return ids.map((id) => {
		const fault = faultOfId(id, provider.isTaskId);
		if (fault) throw new InvalidInput(invalidInput(label, `${label} ${String(id)} ${fault.said}`, fault.todo));
		return String(id);
	});
}

function faultOfId(
	id: unknown,
	isTaskId: (text: string) => boolean,
): { said: string; todo: string } | undefined {
	const rounded = { said: 'was rounded', todo: ROUNDED_ID };
	if (typeof id === 'number') return Number.isSafeInteger(id) && isTaskId(String(id)) ? undefined : rounded;
	const text = String(id);
	if (/^\d+([.,]\d+)?[eE]\+?\d+$/.test(text)) return rounded;
	return isTaskId(text) ? undefined : { said: 'is no task ID', todo: 'Give the ID as the node returned it.' };
}

const get: Operate = async (call) => {
	const { context, route, settings, itemIndex } = call;
	const [taskId] = readTaskIds(context, route, ['taskId'], 'Task ID', itemIndex);
	const ask = async () => readReport(call, taskId, await send(call, route.provider.ask(taskId)));
	const report = await ask();
	const facts = { itemIndex, taskId, report };
	const json = toJson(route.provider, facts, { simplify: settings.simplify, nowMs: Date.now() });
	if (!settings.download || report.state !== 'succeeded' || report.videoUrl === undefined)
		return [toItem(json, itemIndex)];
	const askAgain = async () => await ask().catch(() => undefined);
	const done = await call.download({ taskId, report, askAgain }, settings, itemIndex);
	if ('trouble' in done) throw new InvalidInput(done.trouble);
	return [toItem(json, itemIndex, done.result)];
};

const cancel: Operate = async (call) => {
	const { context, route, itemIndex } = call;
	const [taskId] = readTaskIds(context, route, ['taskId'], 'Task ID', itemIndex);
	const reply = await send(call, route.provider.cancel!(taskId));
	if (reply.status >= 300) throw lost(call, taskId, reply);
	return [toItem({ taskId, status: 'canceled', provider: route.provider.id }, itemIndex)];
};

const getMany: Operate = async (call) => {
	const { context, route, settings, itemIndex } = call;
	const { list } = route.provider;
	const limit =
		context.getNodeParameter('returnAll', itemIndex, false) === true
			? Infinity
			: Number(context.getNodeParameter('limit', itemIndex, 50));
	const filters = readFilters(context.getNodeParameter('filters', itemIndex, {}) as Record<string, unknown>);
	const found: INodeExecutionData[] = [];
	let pageToken: string | undefined;
	do {
		const size = Math.min(PAGE_SIZE, limit - found.length);
		const reply = await send(call, list!.page(filters, size, pageToken));
		const page = list!.read(reply);
		if (!page) throw refusal(call, reply);
		for (const task of page.tasks)
			found.push(
				toItem(
					toJson(
						route.provider,
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

function readFilters(given: Record<string, unknown>): TaskFilters {
	const words = (value: unknown): string[] =>
		(Array.isArray(value) ? value : String(value ?? '').split(/[\s,;]+/)).map(String).filter((word) => word !== '');
	const time = (value: unknown): string | undefined =>
		isLeftOut(value) ? undefined : new Date(String(value)).toISOString();
	const filters: Record<string, unknown> = {
		createdAfter: time(given.createdAfter),
		createdBefore: time(given.createdBefore),
		taskIds: words(given.taskIds),
		modelVersions: words(given.modelVersions),
		resolutions: words(given.resolutions),
		states: words(given.states),
	};
	return Object.fromEntries(
		Object.entries(filters).filter(([, value]) => value !== undefined && (value as string[]).length > 0),
	);
}

/** Sends one call of a plain operation. @throws InvalidInput when no reply comes */
export async function send({ account, route }: Call, request: HttpRequest): Promise<HttpReply> {
	try {
		return await account.http.send({ ...request, timeoutMs: CALL_TIMEOUT_MS });
	} catch (cause) {
		throw cause instanceof NoReply ? notReached(route.provider.name, cause) : unexpected(cause);
	}
}

const notReached = (name: string, { message }: NoReply): InvalidInput =>
	new InvalidInput({
		kind: 'refused',
		headline: `${name} cannot be reached`,
		description: `Check the network, and the base URL in the credential. ${message}`,
	});

function readReport(call: Call, taskId: string, reply: HttpReply): TaskReport {
	const report = call.route.provider.readReport(reply);
	if (!report) throw lost(call, taskId, reply);
	return report;
}

const lost = ({ route }: Call, taskId: string, reply: HttpReply): InvalidInput =>
	new InvalidInput(lostTask(taskId, route.provider.diagnose(reply)));

/** A refusal of a call that orders nothing. */
export function refusal({ route }: Call, reply: HttpReply): InvalidInput {
	const diagnosis = route.provider.diagnose(reply);
	const trouble: Trouble = {
		kind: 'refused',
		headline: diagnosis.said,
		description: diagnosis.hint,
		diagnosis,
	};
	return new InvalidInput(trouble);
}
