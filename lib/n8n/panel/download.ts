import type { INodeProperties } from 'n8n-workflow';

import { nameOfParameter } from '../labels';

/**
 * Whether to store what was made, and where, wherever a node may do so.
 * @param operation that makes it; none of a task of which nobody knows what it made
 */
export function downloadProperties(operation?: string): INodeProperties[] {
	return [downloadSwitch(operation), OUTPUT_FIELD];
}

export const OUTPUT_FIELD: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	displayOptions: { show: { downloadVideo: [true] } },
};

export const downloadSwitch = (operation?: string): INodeProperties => ({
	displayName: nameOfParameter('downloadVideo', operation),
	name: 'downloadVideo',
	type: 'boolean',
	default: true,
	description: 'Whether to store the file in the item. The link to it expires after a day.',
});
