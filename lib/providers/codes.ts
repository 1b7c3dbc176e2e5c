import type { Diagnosis, TroubleKind } from '../core/types';

/** One code of a provider: what it means for the money, what happened, what to do. */
export interface CodeRow {
	kind: TroubleKind;
	busy?: Diagnosis['busy'];
	unknownTask?: boolean;
	said: string;
	hint: string;
}
export type CodeTable = Readonly<Record<string, CodeRow>>;

/** The row of a code; undefined for codes the documents do not list. */
export function listed(table: CodeTable, code: string | undefined): CodeRow | undefined {
	return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
}

/** What an HTTP status alone tells, where no code of the provider comes with it. */
export function diagnoseByStatus(status: number, providerName: string): CodeRow {
	if (status === 401)
		return {
			kind: 'auth',
			said: `${providerName} does not accept this API key`,
			hint: 'Check the key and the region in the credential, then run again.',
		};
	if (status === 402)
		return {
			kind: 'balance',
			said: `${providerName} finds no balance for this key`,
			hint: 'Top up the account, then run again.',
		};
	if (status === 403)
		return {
			kind: 'auth',
			said: `${providerName} rejected this API key or does not allow it to make this call`,
			hint: 'Check the key and the region in the credential, and whether the key may use this model.',
		};
	if (status === 404)
		return {
			kind: 'permanent',
			unknownTask: true,
			said: `${providerName} knows nothing under this address or ID`,
			hint: 'Check the task ID, and that the credential is the one the task was made with.',
		};
	if (status === 408 || status === 425 || status >= 500)
		return {
			kind: 'transient',
			said: `${providerName} is out of order at the moment (HTTP ${status})`,
			hint: 'Wait a little, then run again.',
		};
	if (status === 429)
		return {
			kind: 'transient',
			busy: 'rate',
			said: `${providerName} takes no more calls at the moment`,
			hint: 'Wait a little, then run again, or lower Max Concurrency.',
		};
	if (status < 300)
		return {
			kind: 'transient',
			said: `The answer of ${providerName} cannot be read`,
			hint: 'Wait a little, then run again. If it stays so, check the base URL in the credential.',
		};
	if (status < 400)
		return {
			kind: 'permanent',
			said: `The address of ${providerName} has moved (HTTP ${status})`,
			hint: 'Check the base URL in the credential. The key is not sent on to another address.',
		};
	return {
		kind: 'permanent',
		said: `${providerName} refused the request (HTTP ${status})`,
		hint: 'The details hold what the service said.',
	};
}
