import type { Diagnosis, DiagnosisKind } from '../core/provider';

/** One code of a provider: what it means for the money, what happened, what to do. */
export interface CodeRow {
	kind: DiagnosisKind;
	busy?: NonNullable<Diagnosis['busy']>;
	unknownTask?: boolean;
	summary: string;
	advice: string;
	/** The service's own sentence says what exactly is wrong, so it follows in the headline. */
	quotesMessage?: true;
}
export type CodeTable = Readonly<Record<string, CodeRow>>;

/** The row of a code; undefined for codes the documents do not list. */
export function listed(table: CodeTable, code: string | undefined): CodeRow | undefined {
	return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
}

/** Characters of a service's sentence in a headline; the description holds the whole. */
const LONGEST_QUOTE = 120;
/** n8n's rule for headlines. */
const NOT_IN_HEADLINES = /error|problem|failure|mistake/i;

/** A row as it reads beside what the service itself said. */
export function quoting(
	{ quotesMessage, ...row }: CodeRow,
	message: string | undefined,
): Pick<Diagnosis, 'kind' | 'busy' | 'unknownTask' | 'summary' | 'advice'> {
	const sentence = [
		...(message ?? '')
			.replace(/\s+/g, ' ')
			.replace(/[\s.。!！]+$/, '')
			.trim(),
	];
	if (!quotesMessage || sentence.length === 0 || NOT_IN_HEADLINES.test(sentence.join(''))) return row;
	const isLong = sentence.length > LONGEST_QUOTE;
	const quote = isLong
		? `${sentence
				.slice(0, LONGEST_QUOTE - 1)
				.join('')
				.trimEnd()}…`
		: sentence.join('');
	return { ...row, summary: `${row.summary}: ${quote}` };
}

/** What an HTTP status alone tells, where no code of the provider comes with it. */
export function diagnoseByStatus(status: number, providerName: string): CodeRow {
	if (status === 401)
		return {
			kind: 'auth',
			summary: `${providerName} does not accept this API key`,
			advice: 'Check the key and the region in the credential, then run again.',
		};
	if (status === 402)
		return {
			kind: 'balance',
			summary: `The ${providerName} account has no balance left`,
			advice: 'Top up the account, then run again.',
		};
	if (status === 403)
		return {
			kind: 'auth',
			summary: `${providerName} rejected this API key or does not allow it to make this call`,
			advice: 'Check the key and the region in the credential, and whether the key may use this model.',
		};
	if (status === 404)
		return {
			kind: 'permanent',
			unknownTask: true,
			summary: `${providerName} found nothing at this address or under this ID`,
			advice: 'Check the task ID and the base URL, and use the credential that the task was created with.',
		};
	if (status === 408 || status === 425 || status >= 500)
		return {
			kind: 'transient',
			summary: `${providerName} is temporarily unavailable (HTTP ${status})`,
			advice: 'Wait a moment, then run again.',
		};
	if (status === 429)
		return {
			kind: 'transient',
			busy: 'rate',
			summary: `${providerName} is not accepting more requests at the moment`,
			advice: 'Wait a moment, then run again, or lower Max Concurrency.',
		};
	if (status < 300)
		return {
			kind: 'transient',
			summary: `The answer from ${providerName} could not be read`,
			advice: 'Wait a moment, then run again. If this keeps happening, check the base URL in the credential.',
		};
	if (status < 400)
		return {
			kind: 'permanent',
			summary: `${providerName} redirected the request to another address (HTTP ${status})`,
			advice: 'Check the base URL in the credential. The API key is never sent to another address.',
		};
	return {
		kind: 'permanent',
		summary: `${providerName} refused the request (HTTP ${status})`,
		advice: 'The details contain what the service said.',
		quotesMessage: true,
	};
}
