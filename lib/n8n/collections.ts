/** Which collection of the panel a parameter that the user may add stands in. */

export const COLLECTIONS = ['options', 'limits', 'files'] as const;
export type CollectionName = (typeof COLLECTIONS)[number];

/** How much is ordered, how often, and how long is waited for it: the wish stays the same. */
const LIMITS = new Set([
	'cancelOnStop',
	'maxConcurrency',
	'maxCredits',
	'maxKeys',
	'maxVideos',
	'maxWaitMinutes',
	'orderKey',
	'pollIntervalSeconds',
]);

/** What goes in and what comes out: files, addresses, the form of the item. */
const FILES = new Set([
	'allowPrivateUrls',
	'callbackUrl',
	'checkImageUrls',
	'coverField',
	'fileName',
	'maxFileMegabytes',
	'payload',
	'removeDuplicateImages',
	'sendBinaryAsSignedUrl',
	'simplify',
]);

/** All that is not listed is about the video itself: what a model takes, and what only the service knows. */
export const collectionOf = (name: string): CollectionName =>
	LIMITS.has(name) ? 'limits' : FILES.has(name) ? 'files' : 'options';
