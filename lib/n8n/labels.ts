import type { Operation } from '../catalogue/types';

/** How the operations are called, in the panel and in messages. */
export const OPERATION_NAMES: Readonly<Record<Operation, string>> = {
	textToVideo: 'Text to Video',
	imageToVideo: 'Image to Video',
	startEndToVideo: 'Start-End to Video',
	referenceToVideo: 'Reference to Video',
};
