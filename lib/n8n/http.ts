import { createHash } from 'node:crypto';
import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';

import { readJson } from '../core/json';
import { NoReply } from '../core/types';
import type { Http, HttpReply } from '../core/types';
import { asRecord } from '../providers/read';
import { apiRoot, cleanKey, type CredentialType } from './hosts';

/** n8n's own HTTP helper as lib/core sees it: it carries proxies, SSRF rules, redaction and the credential. */

/** Codes of a connection that never stood, so no request can have left. */
const NEVER_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENETDOWN',
	'EADDRNOTAVAIL',
]);
/** Of these, waiting mends none. */
const BROKEN_SETUP = /^(CERT_|ERR_TLS|ERR_SSL|ERR_INVALID_URL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|EPROTO$)/;

export interface Account {
	http: Http;
	/** Stands for host and key in the ledger: a hash, nothing can be read from it. */
	identity: string;
	/** API root, without a slash at its end. */
	root: string;
}

/**
 * A client for one credential of the node.
 * @throws Error in the user's words when the credential's Base URL is not an address
 */
export async function openAccount(
	context: IExecuteFunctions | IWebhookFunctions,
	credentialType: CredentialType,
): Promise<Account> {
	const data = await context.getCredentials(credentialType);
	const root = apiRoot(credentialType, data);
	const identity = createHash('sha256').update(`${root}\n${cleanKey(data.apiKey)}`).digest('hex').slice(0, 16);
	// Without getExecutionCancelSignal: n8n would cut a paid order off in flight and refuse the cancel call after Stop.
	const caller = {
		// n8n asks for each request, and would read its database and evaluate the credential's expressions every time
		getCredentials: async () => data,
		getNode: context.getNode.bind(context),
		helpers: context.helpers,
		logger: context.logger,
	} as unknown as IExecuteFunctions;
	const request = context.helpers.httpRequestWithAuthentication;
	const http: Http = {
		async send({ method, path, body, headers, timeoutMs }) {
			const options: IHttpRequestOptions = {
				method,
				url: `${root}${path}`,
				headers: { Accept: 'application/json', ...headers },
				...(body === undefined ? {} : { body: body as never }),
				...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
				// as text: a number beyond 2^53 in JSON would arrive rounded
				encoding: 'text',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				// a redirect would carry the key to another host
				disableFollowRedirect: true,
			};
			try {
				return readReply(
					(await request.call(caller, credentialType, options)) as IN8nHttpFullResponse,
				);
			} catch (cause) {
				throw readFault(cause);
			}
		},
	};
	return { http, identity, root };
}

function readReply({ statusCode, headers, body }: IN8nHttpFullResponse): HttpReply {
	return {
		status: statusCode,
		headers: Object.fromEntries(
			Object.entries(asRecord({ ...headers })).map(([name, value]) => [
				name.toLowerCase(),
				String(value),
			]),
		),
		body: typeof body === 'string' ? readJson(body) : body,
	};
}

function readFault(cause: unknown): NoReply {
	const chain: Array<Record<string, unknown>> = [];
	for (let link = cause; link instanceof Error && chain.length < 5; link = link.cause)
		chain.push(link as unknown as Record<string, unknown>);
	const codes = chain
		.flatMap(({ code, httpCode }) => [code, httpCode])
		.filter((code): code is string => typeof code === 'string');
	const isBlocked = chain.some(({ name }) => /ssrf/i.test(String(name)));
	const isBroken = isBlocked || codes.some((code) => BROKEN_SETUP.test(code));
	const isUnsent = isBroken || codes.some((code) => NEVER_SENT.has(code));
	const word = codes.find((code) => /[A-Z]/.test(code));
	return new NoReply(
		`The connection ended with ${word ?? (cause instanceof Error ? cause.message : 'no reason')}.`,
		!isUnsent,
		isBroken,
	);
}

/** Not the network's doing: a fault of this node, to be seen as it is. */
export const unexpected = (cause: unknown): unknown => cause;
