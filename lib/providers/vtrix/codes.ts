import type { CodeRow, CodeTable } from '../codes';

/**
 * Codes of doc.vtrix.ai/docs/api/vidu/vidu20-img2video, read 2026-11-20, under their nine digits, and the codes that
 * come with HTTP 402 in the vendor's command-line client.
 */

const permanent = (summary: string, advice: string): CodeRow => ({ kind: 'permanent', summary, advice });

/** The message says more. */
const named = (summary: string, advice: string): CodeRow => ({ ...permanent(summary, advice), quotesMessage: true });

const TOP_UP = 'Top up the account at vtrix.ai, then run again.';
const CHECK_KEY = 'Check the key in the credential: keys are made on the API keys page of vtrix.ai.';

const NO_CREDIT: CodeRow = {
	kind: 'balance',
	summary: 'The Vtrix account does not have enough credit',
	advice: TOP_UP,
};

export const VTRIX_CODES: CodeTable = {
	'008005001': permanent('The start image is missing from the request', 'Add the start image, then run again.'),
	'008005002': named(
		'Vtrix does not accept one of the parameters',
		'Correct what the service points out (it may be in Extra Fields), or choose another model.',
	),
	'008005003': permanent('Vtrix does not accept the style', 'Remove the style from Extra Fields.'),
	'008005004': permanent(
		'Vtrix does not accept the image',
		'The image must be PNG, JPEG or WebP, no larger than 50 MB, and between 1:4 and 4:1.',
	),
	'008005005': permanent('Vtrix does not accept the duration', 'Choose 4 or 8 seconds.'),
	'008005006': permanent(
		'Vtrix does not accept the resolution',
		'Choose 360p, 720p or 1080p for 4 seconds and 720p for 8.',
	),
	'008005098': permanent('Vtrix could not make the video', 'Change Prompt or the image, then run again.'),
	'008005099': {
		kind: 'transient',
		summary: 'The Vidu service behind Vtrix is not available at the moment',
		advice: 'Wait a moment, then run again.',
	},
	'40201': NO_CREDIT,
	'40202': NO_CREDIT,
	'40203': NO_CREDIT,
	'40204': NO_CREDIT,
	'40205': NO_CREDIT,
	'40206': NO_CREDIT,
	'40207': NO_CREDIT,
	'40208': NO_CREDIT,
};

/** What an HTTP status means at Vtrix where it means more than elsewhere. */
export const VTRIX_STATUSES = {
	'401': { kind: 'auth', summary: 'Vtrix does not accept this API key', advice: CHECK_KEY },
	'402': NO_CREDIT,
	// documented for both
	'403': {
		kind: 'auth',
		summary: 'The Vtrix account has no balance, or this key is not allowed to make the call',
		advice: 'Check the balance and the permissions of the key at vtrix.ai, then run again.',
	},
} satisfies CodeTable;

/** The table does not hold the code, which says more than the 429 or 200 it came with. */
export const UNLISTED_REFUSAL: CodeRow = named(
	'Vtrix refused the request for a reason this version does not know',
	'The details contain what the service said.',
);
/** Like 008005098: the task ended, and nothing says that another try would do better. */
export const ENDED_SILENTLY: CodeRow = permanent(
	'Vtrix ended the task without a reason that this version knows',
	'Change Prompt or the image, then run again.',
);
export const CANCELED: CodeRow = permanent('The task was cancelled', 'Run the item again to order a new one.');
