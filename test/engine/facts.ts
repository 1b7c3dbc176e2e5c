import { statSync } from 'node:fs';
import { join } from 'node:path';

import { ASSETS } from '../emulator/cdn';

/** What an item says of a finished video of Vidu, whichever way it came. */
export const CREATION = {
	creationId: expect.stringMatching(/^\d{18,19}$/),
	coverUrl: expect.stringContaining('/cover.jpeg?'),
	coverUrlExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
};

/** What the emulator's video is, once it was downloaded. */
export const fileOf = (taskId: string) => ({
	fileName: `${taskId}.mp4`,
	mimeType: 'video/mp4',
	sizeBytes: statSync(join(ASSETS, 'video.mp4')).size,
	width: 640,
	height: 360,
	durationSeconds: 4,
	fps: 24,
	hasAudio: true,
});
