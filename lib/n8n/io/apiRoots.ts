/**
 * API roots per credential and region, without a slash at their end: the one home of the hosts' names. The
 * credentials' tests and the HTTP client read this table. Where no region fits, the user's Base URL counts.
 */
const ROOTS = {
	// platform.vidu.com and platform.vidu.cn: paths begin with /ent/v2
	viduApi: {
		global: 'https://api.vidu.com',
		china: 'https://api.vidu.cn',
	},
	// docs.bigmodel.cn and docs.z.ai: the version is part of the root, as in the vendor's SDKs
	zhipuApi: {
		bigmodel: 'https://open.bigmodel.cn/api/paas/v4',
		zai: 'https://api.z.ai/api/paas/v4',
	},
	// docs.vtrix.ai: one host, so the credential asks for no region
	vtrixApi: {},
} as const satisfies Record<string, Record<string, string>>;

export type CredentialType = keyof typeof ROOTS;

/**
 * What the calls add to the root, for people copy it along with the address. Nothing else: a gateway may have paths of its
 * own below these words, so that a single word counts only where it cannot be the gateway's.
 */
const OWN_PATHS: Record<CredentialType, RegExp> = {
	viduApi:
		/(?:(?<=\/\/api\.vidu\.(?:com|cn))\/ent|\/ent\/v2(?:\/(?:text2video|img2video|start-end2video|reference2video|credits|tasks(?:\/[^/]+\/(?:creations|cancel))?))?)$/i,
	zhipuApi: /(?:\/videos\/generations|\/chat\/completions|\/async-result\/[^/]+|(?<=\/paas\/v4)\/models)$/i,
	vtrixApi: /(?:(?<=\/\/cloud\.vtrix\.ai)\/model|\/model\/v1(?:\/generation(?:\/task(?:\/[^/]+)?)?)?)$/i,
};

export const VTRIX_ROOT = 'https://cloud.vtrix.ai';

const rootsOf = (type: CredentialType): Record<string, string> => ROOTS[type];

/** Regions with a root of their own; each credential offers `custom` beside them. */
export const regionsOf = (type: CredentialType): string[] => Object.keys(rootsOf(type));

/**
 * The API root a credential points at, without a slash at its end.
 * @throws Error in the user's words when Base URL counts and is not an http(s) address
 */
export function apiRoot(type: CredentialType, data: Record<string, unknown>): string {
	const root = rootsOf(type)[String(data.region)];
	if (root !== undefined) return root;
	const withoutSlash = (text: string): string => text.replace(/\/+$/, '');
	const typed = withoutSlash(
		withoutSlash((typeof data.baseUrl === 'string' ? data.baseUrl : '').trim()).replace(OWN_PATHS[type], ''),
	);
	// the beginning is what people leave out; whatever else is wrong the request itself says in better words
	if (!/^https?:\/\/[^/]/i.test(typed))
		throw new Error('Base URL in the credential has to start with https:// or http://');
	return typed;
}

/**
 * Whose prices hold at a credential's API root: the region whose host it names, such as `china`; for a gateway or another
 * host the first of the table.
 */
export function regionOf(type: CredentialType, root: string): string {
	const regions = Object.entries(rootsOf(type));
	const site = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '').split('.').slice(-2).join('.');
	return (regions.find(([, known]) => site(known) === site(root)) ?? regions[0])?.[0] ?? '';
}

/** Host and port, for messages: a whole address may hold tokens. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'unknown');

/** Pasted in front of a key: blanks, quotes, a header's name, the scheme. */
const BEFORE_KEY = /^(?:[\s"'`“”‘’]|(?:-H|--header)\s|authorization["'\s]*[:=]|(?:token|bearer)(?:\s|["']?:))+/i;
/** And behind it: quotes, a comma of JSON, the backslash that carries a command over to the next line. */
const AFTER_KEY = /(?<![\s"'`“”‘’,;\\])[\s"'`“”‘’,;\\]+$/;

/** An API key without what people copy along with it: `Token vda_…` of a curl example, quotes, blanks. */
export function cleanKey(pasted: unknown): string {
	return (typeof pasted === 'string' ? pasted : '').replace(BEFORE_KEY, '').replace(AFTER_KEY, '');
}

/** The same as an expression, for n8n to send with each request. */
export function authorization(scheme: 'Token' | 'Bearer'): string {
	return `=${scheme} {{ $credentials.apiKey.replace(${String(BEFORE_KEY)}, "").replace(${String(AFTER_KEY)}, "") }}`;
}
