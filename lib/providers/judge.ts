import type { HttpReply } from '../core/http';
import type { Diagnosis, StatusAnswer, SubmitAnswer } from '../core/provider';

/** What an answer means, out of its HTTP status and of what its adapter made of its code. The only place that decides it. */

/** @param mentioned an id in the answer that may be the task's */
export function judgeSubmit(
	{ status, headers }: HttpReply,
	diagnosis: Diagnosis,
	mentioned: string | undefined,
): Exclude<SubmitAnswer, { kind: 'accepted' }> {
	const { kind, busy, isOwnWords } = diagnosis;
	// a conflict with a task may be one with the task of this very order
	if (!provesNothingStarted(status, diagnosis) || (status === 409 && mentioned !== undefined))
		return {
			kind: 'unknown',
			reason: describe(status, diagnosis),
			...(mentioned === undefined ? {} : { mentionedTaskId: mentioned }),
		};
	if (busy) return { kind: 'busy', diagnosis, why: busy, ...readRetryAfter(headers) };
	const isTurnedAway = !isOwnWords && (kind === 'auth' || kind === 'balance');
	return { kind: 'refused', diagnosis, ...(isTurnedAway ? { isTurnedAway } : {}) };
}

/** A 5xx, a time-out (408, and 499 of nginx) and an answer without sense prove nothing. */
function provesNothingStarted(status: number, { kind, code, busy }: Diagnosis): boolean {
	if (status >= 300) return status < 500 && status !== 408 && status !== 499;
	return busy !== undefined || (code !== undefined && kind !== 'transient');
}

function describe(status: number, { code, providerMessage, traceId }: Diagnosis): string {
	const said = [code, providerMessage].filter(Boolean).join(': ');
	return [
		`The answer was HTTP ${status}${said ? ` (${said})` : ''}.`,
		...(traceId ? [`Trace ID ${traceId}.`] : []),
	].join(' ');
}

export function judgeStatus({ status, headers }: HttpReply, diagnosis: Diagnosis): StatusAnswer {
	const { kind, isOwnWords } = diagnosis;
	const isFinal = isOwnWords && (kind === 'auth' || kind === 'permanent' || kind === 'content');
	return { kind: isFinal ? 'gone' : 'unclear', diagnosis, ...readRetryAfter(headers), ...judgePace(status) };
}

/** An order may be refused for a full account; a check is refused for nothing but coming too fast. */
export function judgePace(status: number): Pick<StatusAnswer, 'isTooFast'> {
	return status === 429 ? { isTooFast: true } : {};
}

const readRetryAfter = ({ 'retry-after': retryAfter }: HttpReply['headers']): { retryAfter?: string } =>
	retryAfter === undefined ? {} : { retryAfter };
