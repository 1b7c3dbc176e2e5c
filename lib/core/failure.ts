import { RESULT, withArticle } from './noun';
import type { Diagnosis, Provider, TaskReport } from './provider';

/**
 * A closed list of what can go wrong with an item. Each answers: what became of this item, is money spent, what now.
 * Headlines follow n8n's rules (no "error" or "problem"; the n8n layer adds the item); raw codes and trace ids go into
 * the description and the details.
 */
export interface Failure {
	kind:
		| 'invalidInput'
		| 'refused'
		| 'outcomeUnknown'
		| 'endedEmpty'
		| 'canceled'
		| 'stillRunning'
		| 'lostTask'
		| 'notCanceled'
		| 'notStarted'
		| 'download'
		| 'stopped'
		/** Of this node itself. */
		| 'internal';
	headline: string;
	description: string;
	/** Display name of the parameter at fault. */
	parameter?: string;
	diagnosis?: Diagnosis;
	/** The user's own cap: a wish that was carried out, not something that went wrong. */
	isCap?: true;
}

const COLLECT = 'collect it later with Task → Wait for Completion';

/** A wish that cannot be sent. Nothing was. */
export function invalidInput(parameter: string, headline: string, advice: string): Failure {
	return { kind: 'invalidInput', parameter, headline, description: `${advice} Nothing was sent.` };
}

/** The provider said no to the order itself. */
export function refused(diagnosis: Diagnosis, remembered = false): Failure {
	const again = remembered
		? ' This was said on an earlier try and holds for this execution. Change the parameters, or start a new execution to order again.'
		: '';
	return {
		kind: 'refused',
		headline: diagnosis.summary,
		description: `${diagnosis.advice} Nothing was ordered.${again}${saidBy(diagnosis)}`,
		diagnosis,
	};
}

export function unreachable(providerName: string, reason: string): Failure {
	return {
		kind: 'refused',
		headline: `${providerName} cannot be reached`,
		description: `Check the network, and the base URL in the credential. Nothing was ordered. ${reason}`.trim(),
	};
}

/** Something in between, such as a firewall, answered instead of the provider: the order did not get there. */
export function turnedAway(providerName: string, diagnosis: Diagnosis): Failure {
	return {
		kind: 'refused',
		headline: `The order was turned away on its way to ${providerName}${diagnosis.httpStatus === undefined ? '' : ` (HTTP ${diagnosis.httpStatus})`}`,
		description:
			`The answer is not ${providerName}'s own: a firewall or proxy in between refuses this request. Firewalls stumble over ` +
			'single words and addresses, so change Prompt or the image; if every item is turned away, check the key and the base URL ' +
			`in the credential. Nothing was ordered.${saidBy(diagnosis)}`,
		diagnosis,
	};
}

/**
 * The order may have arrived; nobody knows.
 * @param taskId where the unclear answer names a task
 */
export function outcomeUnknown(
	{ name, list }: Pick<Provider, 'name' | 'list'>,
	reason: string,
	taskId?: string,
): Failure {
	const look =
		taskId === undefined
			? `Look in ${tasksOf(name, list)} for a task of this time; if there is none, start a new execution for this item.`
			: `The answer names task ${taskId}: look at it with Task → Get. If there is no such task, start a new execution for this item.`;
	return {
		kind: 'outcomeUnknown',
		headline: `No clear answer came back after ordering at ${name}`,
		description: `${name} may have started and charged a task, so the order was not repeated. ${look} ${reason}`.trim(),
	};
}

/** An earlier try left a note that this version of the package cannot read. @param taskId that stands in it */
export function unreadableRecord({ name, list }: Pick<Provider, 'name' | 'list'>, taskId?: string): Failure {
	const look =
		taskId === undefined
			? `Look in ${tasksOf(name, list)} for a task of that try; if there is none, start a new execution for this item.`
			: `It names task ${taskId}: look at it with Task → Get. If there is no such task, start a new execution for this item.`;
	return {
		kind: 'outcomeUnknown',
		headline: 'What an earlier try ordered for this item cannot be read',
		description:
			`Another version of this package wrote what n8n keeps of that try. ${name} may have started and charged a task, ` +
			`so nothing was ordered. ${look}`,
	};
}

const tasksOf = (name: string, list: Provider['list']): string =>
	`${list ? 'Task → Get Many or ' : ''}the console of ${name}`;

/** The task ended and nothing came of it. @param noun what it was to make */
export function endedEmpty(
	providerName: string,
	taskId: string,
	diagnosis: Diagnosis | undefined,
	{ one: noun } = RESULT,
	remembered = false,
): Failure {
	const again = remembered ? ' It was not ordered again.' : '';
	return {
		kind: 'endedEmpty',
		headline: `${providerName} ended task ${taskId} without ${withArticle(noun)}`,
		description: diagnosis
			? `${diagnosis.summary}. ${diagnosis.advice}${again}${saidBy(diagnosis)}`
			: `The service gave no reason.${again}`,
		...(diagnosis ? { diagnosis } : {}),
	};
}

export function canceled(taskId: string, diagnosis?: Diagnosis): Failure {
	return {
		kind: 'canceled',
		headline: `Task ${taskId} was cancelled`,
		description: 'It ended before anything was made. Run the item again to order anew.',
		...(diagnosis ? { diagnosis } : {}),
	};
}

/** Our wait ended, not the task. */
export function stillRunning(providerName: string, taskId: string, said: string, waitedMs: number): Failure {
	const count = waitedMs < 60_000 ? Math.round(waitedMs / 1000) : Math.round(waitedMs / 60_000);
	const unit = waitedMs < 60_000 ? 'second' : 'minute';
	return {
		kind: 'stillRunning',
		headline: `Task ${taskId} is still "${said}" after ${count} ${unit}${count === 1 ? '' : 's'}`,
		description: `It may still finish at ${providerName}: ${COLLECT} and task ID ${taskId}, or raise Max Wait (Minutes).`,
	};
}

export const ROUNDED_ID =
	'A spreadsheet or a number field turned the ID into a number, which keeps only 15 to 16 digits. Format the column as text and copy the ID again.';

/** Asking for the task was refused for good. */
export function lostTask(taskId: string, diagnosis: Diagnosis): Failure {
	// real ids of this length end in zeros once in a hundred; unknown ones that do were rounded
	if (diagnosis.unknownTask && /^\d{14,}00$/.test(taskId))
		return {
			kind: 'lostTask',
			headline: `Task ID ${taskId} was rounded: no such task exists`,
			description: `${ROUNDED_ID}${saidBy(diagnosis)}`,
			diagnosis,
		};
	// what does not exist is not running either
	const rest = diagnosis.unknownTask ? '' : ` The task may still be running; ${COLLECT} and task ID ${taskId}.`;
	return {
		kind: 'lostTask',
		headline: `Task ${taskId} ${diagnosis.unknownTask ? 'was not found' : 'cannot be read'}: ${diagnosis.summary}`,
		description: `${diagnosis.advice}${rest}${saidBy(diagnosis)}`,
		diagnosis,
	};
}

/** A question about a task was refused for what it asks, not for who asks or when. */
export function unreadableTask(providerName: string, taskId: string, diagnosis: Diagnosis): Failure {
	return {
		kind: 'lostTask',
		headline: `${providerName} does not take ${taskId} as a task ID`,
		description: `Check the task ID, and that the provider and the credential are those the task was made with.${saidBy(diagnosis)}`,
		diagnosis,
	};
}

/** The task exists and goes on, or has ended: nothing to cancel. */
export function notCanceled(providerName: string, taskId: string, diagnosis: Diagnosis): Failure {
	return {
		kind: 'notCanceled',
		headline: `Task ${taskId} can no longer be cancelled`,
		description: `${providerName} cancels only tasks that have not begun. Task → Get shows its state.${saidBy(diagnosis)}`,
		diagnosis,
	};
}

/** The task is known where it is asked about, and not to the call that cancels. */
export function notCancelable(providerName: string, taskId: string, diagnosis: Diagnosis): Failure {
	return {
		kind: 'notCanceled',
		headline: `Task ${taskId} is of a kind that cannot be cancelled`,
		description: `${providerName} has no way to cancel it, and it goes on. Task → Get shows its state.`,
		diagnosis,
	};
}

/** Never ordered: a cap, an account without credit, a key that is not accepted. */
export function notStarted(reason: string, advice: string, diagnosis?: Diagnosis): Failure {
	return {
		kind: 'notStarted',
		headline: `Not started: ${reason}`,
		description: `${advice} Nothing was ordered for this item.${diagnosis ? saidBy(diagnosis) : ''}`,
		...(diagnosis ? { diagnosis } : {}),
	};
}

/** No place came free while somebody waited for an answer. */
export function noPlaceYet(providerName: string, waitedMs: number): Failure {
	return notStarted(
		`${providerName} had no free place for another task within ${Math.round(waitedMs / 1000)} seconds`,
		'Ask again in a minute.',
	);
}

/** Said twice at the same time: the other call's order is this one's too, once it is known. */
export function orderedBeside(): Failure {
	return notStarted(
		'another call is about to order the same',
		'Call again with the same values in a minute: what it ordered is found then, and not ordered again.',
	);
}

/** Another execution has its order key: a model that is told nothing takes its call for lost, and words it anew. */
export function orderedBefore(): Failure {
	return notStarted(
		'the same Order Key was ordered before, or is being ordered',
		'Do not order it again: ask for the task ID that the first order answered, or look for it with Task → Get Many.',
	);
}

/** Not ordered because the user's own cap is reached. */
export function capped(reason: string, advice: string): Failure {
	return { ...notStarted(reason, advice), isCap: true };
}

/** A fault of this node: whatever it is, it costs one item and not the id of its task. */
export function internalFault(cause: unknown, taskId?: string, report?: TaskReport): Failure {
	const what = cause instanceof Error ? cause.message : String(cause);
	const task =
		taskId === undefined
			? " n8n's log says whether anything was ordered for this item."
			: ` Task ${taskId} may still finish: ${COLLECT} and this ID.${report?.videoUrl ? ` Its file: ${report.videoUrl}` : ''}`;
	return {
		kind: 'internal',
		headline: 'This node could not handle the item',
		description: `${what.replace(/\.$/, '')}.${task} Please report this to the maintainers of the node.`,
	};
}

/** The file exists but did not arrive whole. */
export function downloadCutOff(taskId: string, reason: string, report: TaskReport, noun = 'video'): Failure {
	const until = report.urlExpiresAt ? ` until ${report.urlExpiresAt}` : '';
	return {
		kind: 'download',
		headline: `The ${noun} of task ${taskId} did not arrive whole`,
		description:
			`${reason} The ${noun} is made and paid for. Task → Get with task ID ${taskId} downloads it again; ` +
			`the link works${until}: ${report.videoUrl ?? 'none'}`,
	};
}

export function stopped(taskId?: string): Failure {
	return {
		kind: 'stopped',
		headline: taskId ? `Stopped while waiting for task ${taskId}` : 'Stopped before the order was sent',
		description: taskId
			? `If the task is not cancelled it may still finish: ${COLLECT} and task ID ${taskId}.`
			: 'Nothing was ordered for this item.',
	};
}

function saidBy({ code, providerMessage, traceId }: Diagnosis): string {
	const said = [code, providerMessage].filter(Boolean).join(': ');
	return `${said ? ` The service said ${said}.` : ''}${traceId ? ` Trace ID ${traceId}.` : ''}`;
}
