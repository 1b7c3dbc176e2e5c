import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { askForTask, type Asked } from '../../../core/ask';
import { lostTask, notCancelable, notCanceled, unreadableTask } from '../../../core/failure';
import type { HttpReply } from '../../../core/http';
import { hasEnded, type Diagnosis, type TaskReport } from '../../../core/provider';
import { readListing } from '../../input/filters';
import { InvalidInput } from '../../input/invalidInput';
import { readTaskId } from '../../input/taskIds';
import { CALL_TIMEOUT_MS, notReached, refusal, send, type Call, type Operate } from '../call';
import { filesOf, toItem, toJson, type TaskFacts } from '../output';

/** The operations on tasks that exist already, but for waiting, which is the batch engine's. */

/** A list repeats the images of its tasks: small pages, and time for them. */
const PAGE_SIZE = 25;
const PAGE_TIMEOUT_MS = 120_000;

export const getTask: Operate = async (call) => {
	const taskId = readTaskId(call.item, call.backend);
	return [await deliver(call, taskId, await readTask(call, taskId))];
};

/** The item of a task, with its file where there is one. @param more that stands in it */
export async function deliver(
	call: Call,
	taskId: string,
	report: TaskReport,
	more: IDataObject = {},
): Promise<INodeExecutionData> {
	const { item, backend, settings } = call;
	const { itemIndex } = item;
	const facts = { itemIndex, taskId, report };
	const { simplify, download } = settings;
	const nowMs = Date.now();
	const tell = (of: TaskFacts): IDataObject => ({ ...toJson(backend.provider, of, { simplify, nowMs }), ...more });
	if (!download || report.state !== 'succeeded' || report.videoUrl === undefined) return toItem(tell(facts), itemIndex);
	const askAgain = async () => await readTask(call, taskId).catch(() => undefined);
	const done = await call.download({ taskId, report, askAgain }, download);
	// the link that worked may be a later one
	const told = { ...facts, report: done.report };
	if ('failure' in done) throw new InvalidInput(done.failure, told);
	return toItem(tell({ ...told, ...filesOf(done.result) }), itemIndex, done.result.binary);
}

export const cancelTask: Operate = async (call) => {
	const { item, backend } = call;
	const taskId = readTaskId(item, backend);
	const reply = await send(call, backend.provider.cancel!(taskId));
	if (reply.status >= 300) throw await whyNotCanceled(call, taskId, reply);
	return [toItem({ taskId, status: 'canceled', provider: backend.provider.id }, item.itemIndex)];
};

export const getManyTasks: Operate = async (call) => {
	const { item, backend, settings } = call;
	const { itemIndex } = item;
	const { list } = backend.provider;
	const { limit, filters } = readListing(item, backend.provider);
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

/** @throws InvalidInput where the service does not tell */
async function readTask(call: Call, taskId: string): Promise<TaskReport> {
	const { provider } = call.backend;
	const answer = await askForTask({ provider, http: call.account.http }, taskId, CALL_TIMEOUT_MS);
	if (answer.kind === 'report') return answer.report;
	throw withoutReport(call, taskId, answer);
}

/** Why nothing is told of a task. */
export const withoutReport = (call: Call, taskId: string, answer: Exclude<Asked, { kind: 'report' }>): InvalidInput =>
	answer.kind === 'silent'
		? notReached(call.backend.provider.name, answer.cause)
		: lost(call, taskId, answer.diagnosis);

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
	const report = await readTask(call, taskId);
	if (diagnosis.unknownTask && !hasEnded(report.state))
		return new InvalidInput(notCancelable(provider.name, taskId, diagnosis), { taskId, report });
	if (report.state === 'queued') return refusal(call, refused, taskId);
	return new InvalidInput(notCanceled(provider.name, taskId, diagnosis), { taskId, report });
}
