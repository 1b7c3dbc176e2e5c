import type { INodeParameters } from 'n8n-workflow';

import type { Emulator, EmulatorOptions } from '../emulator';

/** Films that the emulator has when it starts, each of 15 seconds in three scenes, and orders on them. */

export const PRODUCT = '901300000000000001';
export const MUSIC = '901400000000000001';
export const GENERAL = '901500000000000001';
export const KEPT = {
	keptFilms: { [PRODUCT]: 'ad-one-click', [MUSIC]: 'one-click/mv', [GENERAL]: 'one-click/general_one_click' },
} satisfies EmulatorOptions;
export const KINDS: Array<[string, string]> = [
	['product', PRODUCT],
	['music', MUSIC],
	['general', GENERAL],
];

export const film = (operation: string, taskId: string, more: INodeParameters = {}): INodeParameters => ({
	...{ resource: 'film', operation, taskId, downloadVideo: false, limits: { pollIntervalSeconds: 0.1 } },
	...more,
});
/** The second scene made anew. */
export const editScene = (taskId: string, more: INodeParameters = {}): INodeParameters =>
	film('editPart', taskId, {
		...{ type: 'generate_video', storyboardVideoIndex: 1, prompt: 'The shoe turns in the rain' },
		...more,
	});
export const ordersOf = ({ journal }: Emulator) => journal.requests.filter(({ kind }) => kind === 'submit');
