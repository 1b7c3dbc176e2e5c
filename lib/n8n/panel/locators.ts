import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

/** How people say which image or clip they mean. */

type Locator = Pick<INodeProperties, 'type' | 'modes' | 'default' | 'required'>;

const locator = (...modes: INodePropertyMode[]): Locator => ({
	type: 'resourceLocator',
	default: { mode: 'url', value: '' },
	required: true,
	modes,
});

// eslint-disable-next-line n8n-nodes-base/node-param-default-missing -- the locator has the default, a mode has none
const textMode = (displayName: string, name: string, example: string, hint: string): INodePropertyMode => ({
	displayName,
	name,
	type: 'string',
	placeholder: `e.g. ${example}`,
	hint,
});

const ONE_URL = 'A public URL that opens without a login';

/** @param many also takes lists */
export const imageLocator = (many: boolean): Locator =>
	locator(
		many
			? textMode(
					'URL',
					'url',
					'https://example.com/1.jpg, https://example.com/2.jpg',
					'One URL, several separated by commas or line breaks, or an expression that returns a list',
				)
			: textMode('URL', 'url', 'https://example.com/product.jpg', ONE_URL),
		textMode(
			'Binary',
			'binary',
			'data',
			`Name of the item's binary field that holds the image${many ? ', or several names separated by commas' : ''}`,
		),
		textMode(
			'Base64',
			'base64',
			'data:image/png;base64,iVBORw0…',
			'The image as base64 text, with or without "data:image/png;base64," in front',
		),
	);

export const VIDEO_LOCATOR = locator(
	textMode('URL', 'url', 'https://example.com/clip.mp4', ONE_URL),
	textMode('Creation ID', 'creationId', '876543210123456790', 'The creationId of a video that this account made'),
	textMode('Task ID', 'taskId', '876543210123456789', 'The task that made the video. It has to have succeeded.'),
	textMode(
		'Binary',
		'binary',
		'data',
		"Name of the item's binary field that holds the video. The service fetches it from this n8n.",
	),
);

export const SOUND_LOCATOR = locator(
	textMode('URL', 'url', 'https://example.com/voice.mp3', ONE_URL),
	textMode(
		'Binary',
		'binary',
		'data',
		"Name of the item's binary field that holds the sound. The service fetches it from this n8n.",
	),
);

/** Under this name a node finds the suggestions for a name. */
export const SEARCH_NAMES = 'searchNames';

/** A name that the service knows: typed, or found among those that are known here. */
export const nameLocator = (placeholder: string): Locator => ({
	type: 'resourceLocator',
	default: { mode: 'name', value: '' },
	required: true,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: SEARCH_NAMES, searchable: true },
		},
		{ displayName: 'By Name', name: 'name', type: 'string', placeholder },
	],
});

/** @param isListed the service lists the account's tasks */
export const taskLocator = (isListed: boolean): Locator => {
	const byId = textMode('By ID', 'id', '876543210123456789', 'The taskId that the node returned, or an item of it');
	if (!isListed) return { ...locator(byId), default: { mode: 'id', value: '' } };
	return {
		...locator(
			// eslint-disable-next-line n8n-nodes-base/node-param-default-missing -- the locator has the default, a mode has none
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a task…',
				typeOptions: { searchListMethod: 'searchTasks', searchable: true },
			},
			byId,
		),
		default: { mode: 'list', value: '' },
	};
};
