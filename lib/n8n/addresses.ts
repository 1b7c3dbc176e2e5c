/** Addresses that nobody on the internet can reach. */

const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|lan|home|home\.arpa|test|invalid|example)$/i;

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

function isPrivateV4([a, b]: number[]): boolean {
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
		const [high, low] = [parseInt(mapped[1], 16), parseInt(mapped[2], 16)];
		return isPrivateV4([high >> 8, high & 255, low >> 8, low & 255]);
	}
	return host === '::' || host === '::1' || /^f[cd]/.test(host) || /^fe[89ab]/.test(host);
}

/** The environment variable that tells n8n its public address: 2.x warns of the old name, 1.x does not know the new one. */
export const PUBLIC_URL_VARIABLE = 'N8N_WEBHOOK_URL (WEBHOOK_URL in older n8n)';

/** Host and port, for messages: a whole address may hold tokens. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'unknown');
