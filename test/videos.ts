import type { INodeParameters } from 'n8n-workflow';

import type { Form } from '../lib/catalogue/types';
import { operationOf } from '../lib/n8n/backends';

export interface SimplestVideo extends INodeParameters {
	operation: ReturnType<typeof operationOf>;
	prompt: string;
}

/**
 * The parameters with which an operation makes a video from as little as it takes.
 * @param images where the emulator keeps its pictures
 */
export function simplestVideo(form: Form, images: string): SimplestVideo {
	const prompt = form === 'subjectsToVideo' ? '@shoe turns' : 'The shoe turns';
	return { operation: operationOf(form), prompt, ...picturesFor(form, images) };
}

function picturesFor(form: Form, images: string): INodeParameters {
	const picture = (file: string) => ({ __rl: true, mode: 'url', value: `${images}/${file}` });
	switch (form) {
		case 'textToVideo':
			return {};
		case 'imageToVideo':
			return { image: picture('sneaker.png') };
		case 'startEndToVideo':
			return { startImage: picture('sneaker.png'), endImage: picture('sneaker-end.png') };
		case 'referenceToVideo':
			return { referenceImages: { image: [{ image: picture('sneaker.png') }] } };
		case 'subjectsToVideo':
			return { referenceType: 'subjects', subjects: { subject: [{ name: 'shoe', images: picture('sneaker.png') }] } };
	}
}
