import type { INodeProperties } from 'n8n-workflow';

/** Whether to store the video, and where, wherever a node may do so. */
export function downloadProperties(): INodeProperties[] {
	return [
		{
			displayName: 'Download Video',
			name: 'downloadVideo',
			type: 'boolean',
			default: true,
			description: 'Whether to store the video file in the item. The link to it expires after a day.',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the output binary field to put the file in',
			displayOptions: { show: { downloadVideo: [true] } },
		},
	];
}
