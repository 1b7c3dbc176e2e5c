import type { INodeParameters } from 'n8n-workflow';

import type { Endpoint } from '../lib/catalogue/operations';
import { operationOf } from '../lib/n8n/backends';

export interface SimplestVideo extends INodeParameters {
	operation: ReturnType<typeof operationOf>;
	/** Empty for an operation that is not told what happens. */
	prompt: string;
}

/**
 * The parameters with which an operation makes a video from as little as it takes.
 * @param images where the emulator keeps its images
 */
export function simplestVideo(endpoint: Endpoint, images: string): SimplestVideo {
	if (endpoint === 'upscale') return { operation: endpoint, prompt: '', ...imagesFor(endpoint, images) };
	const prompt = endpoint === 'subjectsToVideo' ? '@shoe turns' : 'The shoe turns';
	return { operation: operationOf(endpoint), prompt, ...imagesFor(endpoint, images) };
}

function imagesFor(endpoint: Endpoint, images: string): INodeParameters {
	const locator = (file: string) => ({ __rl: true, mode: 'url', value: `${images}/${file}` });
	switch (endpoint) {
		case 'textToVideo':
			return {};
		case 'imageToVideo':
			return { image: locator('sneaker.png') };
		case 'startEndToVideo':
			return { startImage: locator('sneaker.png'), endImage: locator('sneaker-end.png') };
		case 'referenceToVideo':
			return { referenceImages: { image: [{ image: locator('sneaker.png') }] } };
		case 'upscale':
			return { video: locator('clip.mp4') };
		case 'subjectsToVideo':
			return { referenceType: 'subjects', subjects: { subject: [{ name: 'shoe', images: locator('sneaker.png') }] } };
	}
}
