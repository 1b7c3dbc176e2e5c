import { looksLikeSeveral } from '../../core/urlList';
import { hostOf } from '../io/apiRoots';
import { isPrivateHost, PUBLIC_URL_VARIABLE, sharePageOf, toHttpUrl } from './addresses';
import { invalid, type InvalidInput } from './invalidInput';
import { aKind, type MediaKind } from './sources';
import { show } from './values';

/** Addresses that the service is to fetch a file from, or to call. */

/** How far the service reaches into private networks. */
export interface Reach {
	/** For a service on the same machine or network. */
	allowPrivateUrl: boolean;
	/** The service itself is at a private address, so it reaches files there too. */
	isLocalService: boolean;
}

/**
 * Reads the address of a file that the service is to fetch.
 * @returns the address as it travels
 * @throws InvalidInput for what is no address, or one that the service cannot fetch a file from
 */
export function readPublicUrl(
	given: string,
	parameter: string,
	{ allowPrivateUrl, isLocalService }: Reach,
	kind: MediaKind,
): string {
	const named = `${parameter} "${show(given)}"`;
	if (looksLikeSeveral(given))
		throw invalid(
			parameter,
			`${named} looks like several URLs`,
			'Put each on a line of its own, or write %20 for a blank that belongs to the URL.',
		);
	const url = toHttpUrl(given);
	const elsewhere = kind === 'image' ? ', or switch the field to Binary or Base64' : '';
	if (url === undefined)
		throw invalid(parameter, `${named} is not a valid URL`, `Use an address that starts with https://${elsewhere}.`);
	const store = sharePageOf(url);
	if (store !== undefined)
		throw invalid(
			parameter,
			`${named} is a page of ${store.name}, not ${aKind(kind)}`,
			kind === 'image' && store.hasNode
				? `Load the file with the ${store.name} node before this one, and choose Binary here.`
				: 'Use an address that leads straight to the file.',
		);
	if (allowPrivateUrl || isLocalService || !isPrivateHost(url)) return url;
	throw invalid(
		parameter,
		`${parameter}: the service cannot fetch ${aKind(kind)} from ${hostOf(url)}`,
		'That address is private. ' +
			(kind === 'image'
				? 'Load the image with an HTTP Request node before this one and choose Binary here, or s'
				: 'S') +
			'witch Allow Private URLs on if the service runs in your own network.',
	);
}

/** Of an address that the service is to call: nobody on the internet can reach it. */
export const unreachable = (parameter: string, url: string): InvalidInput =>
	invalid(
		parameter,
		`${parameter}: the service cannot reach ${hostOf(url)}`,
		`That address is private. Use a public one (n8n makes its own from ${PUBLIC_URL_VARIABLE}), or switch Allow ` +
			'Private URLs on if the service runs in your own network.',
	);
