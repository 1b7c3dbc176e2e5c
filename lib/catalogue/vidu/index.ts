import type { FieldName } from '../types';
import { MEGABYTE } from '../units';
import { OPERATIONS } from '../operations';
import { catalogue } from '../catalogue';
import { IMAGE } from './shared';

/** Vidu's own API, /ent/v2. */
export const viduCatalogue = catalogue({
	provider: 'vidu',
	providerName: 'Vidu',
	operations: OPERATIONS,
	images: IMAGE,
	topLevel: ['duration', 'resolution', 'aspectRatio', 'audio'],
	chinaFields: ['metaData', 'watermark', 'wmPosition', 'wmUrl', 'pronunciationDictTone' as FieldName],
	maxBodyBytes: 20 * MEGABYTE,
	readOn: '2026-11-20',
});
