/**
 * API roots per credential and region, without a slash at their end: the one home of the hosts' names. The
 * credentials, their tests and the HTTP client read this table. Where no region fits, the user's Base URL counts.
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
	const typed = String(data.baseUrl ?? '').trim().replace(/\/+$/, '');
	if (!/^https?:\/\/[^/]/i.test(typed))
		throw new Error('Base URL in the credential has to start with https:// or http://');
	return typed;
}

/** The same choice as an expression, for requests n8n sends itself: a credential's test. */
export function apiRootExpression(type: CredentialType): string {
	const choice = Object.entries(rootsOf(type)).map(
		([region, root]) => `$credentials.region === "${region}" ? "${root}" : `,
	);
	return `={{ ${choice.join('')}$credentials.baseUrl.trim().replace(/\\/+$/, "") }}`;
}
