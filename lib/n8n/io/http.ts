import { createHash } from 'node:crypto';
import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';

import { withoutImages } from '../../core/echo';
import { readJson } from '../../core/json';
import { GivenUp, withinTime } from '../../core/limit';
import { NoReply } from '../../core/http';
import type { Http, HttpReply } from '../../core/http';
import { asRecord } from '../../providers/replies';
import { systemClock } from './clock';
import { apiRoot, cleanKey, regionOf, type CredentialType } from './apiRoots';

/** n8n's own HTTP helper as lib/core sees it: it carries proxies, SSRF rules, redaction and the credential. */

/** System calls that come before any byte of a request. */
const BEFORE_SENDING = /^(connect|bind|getaddrinfo|query\w+)$/;
/** Codes that stand for themselves: a connection that was made ends with none of them. */
const NEVER_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+)$/;
/** Nothing is sent before the certificate is accepted (nodejs.org/api/tls.html, X509 certificate error codes). */
const BAD_CERTIFICATE =
	/^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|CRL_)/;
/** The request itself cannot be written down, such as a key with a line break in a header. */
const BAD_REQUEST = /^ERR_(INVALID_URL|INVALID_CHAR|INVALID_HTTP_TOKEN|UNESCAPED_CHARACTERS|INVALID_PROTOCOL)$/;

/** For requests that name no limit of their own. */
const DEFAULT_LIMIT_MS = 60_000;
/** A large body gets the time it takes at this speed on top, so that no paid order is cut off on its way up. */
const SLOWEST_BYTES_PER_MS = 100;
/** n8n's own limit stands behind ours. */
const BACKSTOP_MS = 1_000;

export interface ApiClient {
	http: Http;
	/** Stands for host and key in the ledger: a hash, nothing can be read from it. */
	identity: string;
	/** API root, without a slash at its end. */
	root: string;
	/** Whose prices hold: the credential's region, or the one that a host of its own belongs to. */
	region: string;
}

/**
 * A client for one credential of the node.
 * @throws Error in the user's words when the credential's Base URL is not an address
 */
export async function createClient(
	context: IExecuteFunctions | IWebhookFunctions | ILoadOptionsFunctions,
	credentialType: CredentialType,
): Promise<ApiClient> {
	const data = await context.getCredentials(credentialType);
	const root = apiRoot(credentialType, data);
	const identity = createHash('sha256')
		.update(`${root}\n${cleanKey(data.apiKey)}`)
		.digest('hex')
		.slice(0, 16);
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
			const limitMs = (timeoutMs ?? DEFAULT_LIMIT_MS) + lengthOf(body) / SLOWEST_BYTES_PER_MS;
			const options: IHttpRequestOptions = {
				method,
				url: `${root}${path}`,
				headers: { Accept: 'application/json', ...headers },
				...(body === undefined ? {} : { body }),
				timeout: limitMs + BACKSTOP_MS,
				// as text: a number beyond 2^53 in JSON would arrive rounded
				encoding: 'text',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				// a redirect would carry the key to another host
				disableFollowRedirect: true,
			};
			try {
				return readReply(
					await withinTime(
						limitMs,
						systemClock,
						// this signal counts because the caller has none of its own
						async (abortSignal) =>
							(await request.call(caller, credentialType, { ...options, abortSignal })) as IN8nHttpFullResponse,
					),
				);
			} catch (cause) {
				throw readFault(cause);
			}
		},
	};
	return { http, identity, root, region: regionOf(credentialType, root) };
}

function readReply({ statusCode, headers, body }: IN8nHttpFullResponse): HttpReply {
	return {
		status: statusCode,
		headers: Object.fromEntries(
			Object.entries(asRecord({ ...headers })).map(([name, value]) => [name.toLowerCase(), String(value)]),
		),
		body: withoutImages(typeof body === 'string' ? readJson(body) : body),
	};
}

/** Characters of all texts in a body. */
function lengthOf(value: unknown): number {
	if (typeof value === 'string') return value.length;
	if (typeof value !== 'object' || value === null) return 0;
	return Object.values(value).reduce((sum: number, entry) => sum + lengthOf(entry), 0);
}

function readFault(cause: unknown): NoReply {
	if (cause instanceof GivenUp) return new NoReply(`${cause.message}.`, true);
	const links = linksOf(cause);
	const codes = links
		.flatMap(({ code, httpCode }) => [code, httpCode])
		.filter((code): code is string => typeof code === 'string');
	const isBlocked = links.some(({ name }) => /ssrf/i.test(String(name)));
	const isBroken =
		isBlocked ||
		codes.some((code) => BAD_CERTIFICATE.test(code) || BAD_REQUEST.test(code)) ||
		links.some(isRefusedHandshake);
	const word = codes.find((code) => /[A-Z]/.test(code));
	return new NoReply(
		`The connection ended with ${word ?? (cause instanceof Error ? cause.message : 'no reason')}.`,
		!isBroken && !isUnsent(links, codes),
		isBroken,
		codes.includes('ENOTFOUND'),
	);
}

type Link = Record<string, unknown>;

/** The error with its causes, and with the errors of each address where a host has several. */
function linksOf(cause: unknown): Link[] {
	const links = new Set<Link>();
	const visit = (link: unknown): void => {
		if (typeof link !== 'object' || link === null || links.has(link as Link) || links.size >= MAX_LINKS) return;
		const { cause: deeper, errors } = link as Link;
		links.add(link as Link);
		visit(deeper);
		if (Array.isArray(errors)) errors.forEach(visit);
	};
	visit(cause);
	return [...links];
}

const MAX_LINKS = 30;

/** The code alone does not tell: EHOSTUNREACH comes from connecting, and from reading what was answered. */
function isUnsent(links: readonly Link[], codes: readonly string[]): boolean {
	if (links.some(isHandshaking)) return true;
	const calls = links.map(({ syscall }) => syscall).filter((call) => typeof call === 'string');
	return calls.length > 0
		? calls.every((call) => BEFORE_SENDING.test(call))
		: codes.some((code) => NEVER_CONNECTED.test(code));
}

/**
 * Node writes the request once TLS stands. `write EPROTO` is its word for a handshake that failed under a waiting
 * request; what breaks TLS later ends in ERR_SSL_… or in a `read`.
 */
const isRefusedHandshake = (link: Link): boolean =>
	(link.code === 'EPROTO' && link.syscall === 'write') ||
	(/^(EPROTO$|ERR_SSL_)/.test(String(link.code)) && isHandshaking(link));

const isHandshaking = ({ request, message }: Link): boolean =>
	/before secure TLS connection was established/.test(String(message)) ||
	(request as { socket?: { secureConnecting?: unknown } } | undefined)?.socket?.secureConnecting === true;

/** Not the network's doing: a fault of this node, to be seen as it is. */
export const unexpected = (cause: unknown): unknown => cause;
