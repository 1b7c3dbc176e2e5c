import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { hostOf } from '../io/apiRoots';
import { isPrivateHost, PUBLIC_URL_VARIABLE } from './addresses';
import { invalid, type InvalidInput } from './invalidInput';
import { aKind, type MediaKind } from './sources';
import { show } from './values';

/** Files that are in the item: found by the name of their field, and given an address where the service is to fetch them. */

/** Characters of a signed address, about. */
export const SIGNED_URL_LENGTH = 1_000;

/** What stays of a file's id: n8n moves it to another folder when it saves an execution. */
export const storedName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

export class BinaryReader {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
		private readonly settings: { allowPrivateUrl: boolean },
	) {}

	/**
	 * @param value the name of a field, or what an expression fetched from elsewhere
	 * @throws InvalidInput where the item has no such field
	 */
	find(value: string | IBinaryData, parameter: string, kind: MediaKind): IBinaryData {
		const { context, itemIndex } = this;
		if (typeof value !== 'string') return value;
		let found: IBinaryData | undefined;
		try {
			found = context.helpers.assertBinaryData(itemIndex, value);
		} catch {
			found = undefined;
		}
		if (found) return found;
		const names = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
		throw invalid(
			parameter,
			`${parameter}: this item has no binary field "${show(value)}"`,
			names.length > 0
				? `It has ${names.map((name) => `"${name}"`).join(', ')}.`
				: `It has no binary fields at all. Add a node that loads the ${kind} before this one.`,
		);
	}

	/**
	 * An address of this n8n that works for a day.
	 * @throws InvalidInput where the service cannot reach it
	 */
	signedUrl(binary: IBinaryData, parameter: string, kind: MediaKind): string {
		const url = this.context.helpers.createBinarySignedUrl(binary, '1 day');
		if (this.settings.allowPrivateUrl || !isPrivateHost(url)) return url;
		throw privateAddress(parameter, url, kind);
	}
}

function privateAddress(parameter: string, url: string, kind: MediaKind): InvalidInput {
	const [needing, otherwise] =
		kind === 'image'
			? ['Send Binary as Signed URL', 'Switch the option off to send the image itself']
			: ['A video from a binary field', 'Give the URL of the video'];
	return invalid(
		parameter,
		`${parameter}: the service cannot fetch ${aKind(kind)} from ${hostOf(url)}`,
		`${needing} needs an n8n that is reachable from the internet: set N8N_EDITOR_BASE_URL and ` +
			`${PUBLIC_URL_VARIABLE}. ${otherwise}, or switch Allow Private URLs on ` +
			'when the service runs in your own network.',
	);
}
