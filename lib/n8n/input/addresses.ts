import { trimBlanks } from '../../core/urlList';

/** Addresses that nobody on the internet can reach. */

const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|lan|home|home\.arpa)$/i;
/** Lead nowhere (RFC 2606), but into no private network either. */
const RESERVED_NAMES = /\.(test|invalid|example)\.?$/i;

/**
 * True where a call from the internet cannot arrive, reserved names included: nobody would notice that it never comes. A
 * file that the service cannot fetch, on the other hand, it tells itself.
 */
export function isUncallable(url: string): boolean {
	return isPrivateHost(url) || RESERVED_NAMES.test(new URL(url).hostname);
}

/**
 * True for loopback, link-local and private addresses (RFC 1918, 4193, 6598), for names without a dot, and for what is
 * no URL at all.
 */
export function isPrivateHost(url: string): boolean {
	if (!URL.canParse(url)) return true;
	const host = new URL(url).hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
	if (host.includes(':')) return isPrivateV6(host);
	if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return isPrivateV4(host.split('.').map(Number));
	return !host.includes('.') || PRIVATE_NAMES.test(host);
}

function isPrivateV4([a = 0, b = 0]: number[]): boolean {
	return (
		a === 0 ||
		a === 10 ||
		a === 127 ||
		(a === 100 && b >= 64 && b <= 127) ||
		(a === 169 && b === 254) ||
		(a === 172 && b >= 16 && b <= 31) ||
		(a === 192 && b === 168)
	);
}

function isPrivateV6(host: string): boolean {
	const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
	if (mapped) {
		const [high = 0, low = 0] = mapped.slice(1).map((part) => parseInt(part, 16));
		return isPrivateV4([high >> 8, high & 255, low >> 8, low & 255]);
	}
	return host === '::' || host === '::1' || /^f[cd]/.test(host) || /^fe[89ab]/.test(host);
}

/** The environment variable that tells n8n its public address: 2.x warns of the old name, 1.x does not know the new one. */
export const PUBLIC_URL_VARIABLE = 'N8N_WEBHOOK_URL (WEBHOOK_URL in older n8n)';

/**
 * An address as it travels: blanks and letters beyond ASCII encoded, "//" with its scheme; all else stays byte for byte,
 * since a signed query does not survive being encoded again.
 * @returns undefined for what is not an http(s) URL
 */
export function toHttpUrl(text: string): string | undefined {
	const parts = /^(https?:)?(\/\/[^/?#\s]+)(.*)$/is.exec(trimBlanks(text));
	if (!parts) return undefined;
	const [, scheme = 'https:', host = '', rest = ''] = parts;
	const origin = toAsciiOrigin(`${scheme}${host}`);
	const url = `${origin ?? ''}${encodeForeign(rest)}`;
	return origin !== undefined && URL.canParse(url) ? url : undefined;
}

/** A host's name has an encoding of its own (xn--…); a user and a password in front of it have that of a path. */
function toAsciiOrigin(origin: string): string | undefined {
	if (/^[\x21-\x7e]*$/.test(origin)) return origin;
	if (!URL.canParse(origin)) return undefined;
	const { protocol, host } = new URL(origin);
	const user = origin.slice(origin.indexOf('//') + 2, origin.lastIndexOf('@') + 1);
	return `${protocol}//${encodeForeign(user)}${host}`;
}

const encodeForeign = (text: string): string =>
	text.replace(/[^\x21-\x7e]+/g, (part) =>
		[...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
	);

interface Share {
	name: string;
	/** Whether n8n has a node of this name that loads its files. */
	hasNode: boolean;
	isPage(url: URL): boolean;
}

/** Where people share files: what they copy there is the address of a page around the file. */
const SHARES: readonly Share[] = [
	{
		name: 'Google Drive',
		hasNode: true,
		isPage: ({ hostname, pathname }) =>
			(hostname === 'drive.google.com' && /^\/(u\/\d+\/)?(file|open|drive)\b/.test(pathname)) ||
			(hostname === 'docs.google.com' && /^\/(u\/\d+\/)?file\/d\//.test(pathname)),
	},
	{
		name: 'Dropbox',
		hasNode: true,
		isPage: ({ hostname, pathname, searchParams }) =>
			/^(www\.)?dropbox\.com$/.test(hostname) &&
			!pathname.startsWith('/s/dl/') &&
			searchParams.get('dl') !== '1' &&
			searchParams.get('raw') !== '1',
	},
	{
		name: 'Microsoft OneDrive',
		hasNode: true,
		isPage: ({ hostname, pathname }) =>
			hostname === '1drv.ms' || (hostname === 'onedrive.live.com' && !/^\/download\b/.test(pathname)),
	},
	{
		name: 'Microsoft SharePoint',
		hasNode: true,
		isPage: ({ hostname, pathname, searchParams }) =>
			hostname.endsWith('.sharepoint.com') && /^\/:[a-z]:\//.test(pathname) && searchParams.get('download') !== '1',
	},
	{
		name: 'Google Photos',
		hasNode: false,
		isPage: ({ hostname }) => hostname === 'photos.google.com' || hostname === 'photos.app.goo.gl',
	},
	{
		name: 'iCloud',
		hasNode: false,
		isPage: ({ hostname }) => hostname === 'share.icloud.com' || hostname === 'www.icloud.com',
	},
];

/** The store whose page around a file this is; undefined for the address of a file. */
export function sharePageOf(url: string): Share | undefined {
	return URL.canParse(url) ? SHARES.find(({ isPage }) => isPage(new URL(url))) : undefined;
}
