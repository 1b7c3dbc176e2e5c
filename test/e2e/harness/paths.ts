import { resolve } from 'node:path';

/** The checkout: its package.json and dist are the package under test. */
export const REPOSITORY = resolve(__dirname, '../../..');

/** The private folder that pins n8n. */
export const N8N_FOLDER = resolve(REPOSITORY, 'demo');

/** The private folder that pins the oldest n8n supported. */
export const LEGACY_FOLDER = resolve(REPOSITORY, 'test', 'e2e', 'legacy');
