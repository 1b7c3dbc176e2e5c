import type { HttpReply } from '../../../lib/core/http';
import type { Provider, SubmittedTask, TaskReport } from '../../../lib/core/provider';

/** The accepted task; undefined where the answer is anything else. */
export function taskIn(provider: Provider, reply: HttpReply): SubmittedTask | undefined {
	const answer = provider.readSubmit(reply);
	return answer.kind === 'accepted' ? answer.task : undefined;
}

/** What the answer says of the task; undefined where it says nothing. */
export function reportIn(provider: Provider, reply: HttpReply): TaskReport | undefined {
	const answer = provider.readStatus(reply);
	return answer.kind === 'report' ? answer.report : undefined;
}
