import type { CodeRow, CodeTable } from '../codes';

/**
 * Codes of docs.bigmodel.cn/cn/faq/api-code and docs.z.ai/api-reference/api-code, read 2026-11-20, with those that
 * older copies of the pages name: gateways may still send them.
 *
 * HTTP status misleads here: 429 stands for "slow down" (1302, 1303, 1305, 1312) and for every kind of "no more money".
 * A used-up quota or plan counts as balance: all further orders of this key would be refused too.
 */

const permanent = (summary: string, advice: string): CodeRow => ({ kind: 'permanent', summary, advice });
/** Zhipu's message names the field. */
const named = (summary: string, advice: string): CodeRow => ({ ...permanent(summary, advice), quotesMessage: true });
const auth = (summary: string, advice: string): CodeRow => ({ kind: 'auth', summary, advice });
const balance = (summary: string, advice: string): CodeRow => ({ kind: 'balance', summary, advice });
const content = (summary: string, advice: string): CodeRow => ({ kind: 'content', summary, advice });
const later = (summary: string): CodeRow => ({
	kind: 'transient',
	summary,
	advice: 'Wait a moment, then run again.',
});
const busy = (summary: string, why: NonNullable<CodeRow['busy']>): CodeRow => ({
	kind: 'transient',
	busy: why,
	summary,
	advice: 'Wait a moment, then run again, or lower Max Concurrency.',
});

const CHECK_KEY = 'Check the key and the region in the credential: BigModel and Z.AI keys are separate.';
const CORRECT_FIELD = 'Correct what the service points out (it may be in Extra Fields), or choose another model.';
const ASK_SUPPORT = 'Check the account in the BigModel or Z.AI console, or contact their support.';
const OTHER_CONTENT = 'Change Prompt or the images, then run again.';
const OTHER_KEY = 'GLM Coding Plan keys cannot make videos: use the key of an account that has a balance.';
const AFTER_RESET =
	'Run again after the limit resets (the message says when), or use the key of an account that has a balance.';

const MODEL_OVERLOADED: CodeRow = {
	...busy('The model is overloaded at Zhipu at the moment', 'model'),
	advice: 'Wait a moment, then run again, or choose another model.',
};
const INTERNAL = later('Something went wrong inside Zhipu');
const PLAN_USED_UP = balance('The usage limit of the Zhipu plan has been reached', AFTER_RESET);

export const ZHIPU_CODES: CodeTable = {
	'-1': INTERNAL,
	'500': INTERNAL,
	'434': auth('This Zhipu account is not allowed to use the API', ASK_SUPPORT),
	'435': permanent('A file is larger than Zhipu accepts', 'Send smaller images: the service accepts up to 100 MB.'),

	'1000': auth('Zhipu does not accept this API key', CHECK_KEY),
	'1001': auth('Zhipu received no API key', CHECK_KEY),
	'1002': auth('Zhipu does not accept this API key', CHECK_KEY),
	'1003': auth('The Zhipu token has expired', 'Enter the API key itself in the credential, or create a new key.'),
	'1004': auth('Zhipu could not verify the token', CHECK_KEY),
	'1005': auth(
		'The Zhipu account has login protection with a second factor switched on',
		'Turn off the login protection for this key in the console, or use a key without it.',
	),

	'1100': permanent('Zhipu could not read the account', ASK_SUPPORT),
	'1110': auth('The Zhipu account is inactive', ASK_SUPPORT),
	'1111': auth('Zhipu has no such account', CHECK_KEY),
	'1112': auth('The Zhipu account is locked', ASK_SUPPORT),
	'1113': balance(
		'The Zhipu account has no balance for this key',
		'Top up, or use another key: one that belongs only to a GLM Coding Plan cannot make videos.',
	),
	'1120': later('Zhipu cannot reach the account at the moment'),
	'1121': auth('The Zhipu account is locked for violating the terms of use', ASK_SUPPORT),

	'1200': later('Zhipu could not carry out the request'),
	'1210': named('Zhipu does not accept the parameters of the request', CORRECT_FIELD),
	'1211': permanent(
		'Zhipu does not offer this model to this account',
		'Z.AI no longer has the Vidu models: use a BigModel key and region for them, or choose another model.',
	),
	'1212': permanent('The model does not support this kind of request', 'Choose another model or operation.'),
	'1213': named('A required field is missing from the request', CORRECT_FIELD),
	'1214': named(
		'Zhipu does not accept one of the values for this model',
		'Correct what the service points out. cogvideox-flash refuses even documented values: clear Size, FPS, Duration and Quality.',
	),
	'1215': named('Two of the fields cannot be used together', 'Clear one of them.'),
	'1220': auth('This key is not allowed to use the Zhipu video API', ASK_SUPPORT),
	'1221': permanent('Zhipu has taken this API offline', 'Update this node, or contact Zhipu support.'),
	'1222': permanent('Zhipu has no API at this address', 'Check the region and Base URL in the credential.'),
	'1230': later('Something went wrong while Zhipu handled the request'),
	'1231': permanent(
		'Zhipu already has a request with this request_id',
		'Give request_id in Extra Fields a different value for every item, or leave it out.',
	),
	'1232': {
		kind: 'permanent',
		unknownTask: true,
		summary: 'Zhipu does not recognize this as the ID of a task',
		advice: 'Use the task ID of the order, not its request_id.',
	},
	'1233': {
		kind: 'permanent',
		unknownTask: true,
		summary: 'Zhipu has no task with this ID',
		advice: 'Check the task ID, and use the credential that the task was created with.',
	},
	'1234': later('A network connection inside Zhipu broke down'),
	'1235': later('A network connection inside Zhipu broke down'),
	'1260': named('Zhipu stopped while carrying out the request', CORRECT_FIELD),
	'1261': permanent('The prompt is too long for Zhipu', 'Shorten Prompt to 512 characters.'),

	'1300': content("Zhipu's content rules do not allow the request", OTHER_CONTENT),
	'1301': content("The prompt, an image or the clip did not pass Zhipu's content check", OTHER_CONTENT),
	'1302': busy('Zhipu is already running as many requests as the account allows', 'concurrency'),
	'1303': busy('Zhipu received too many requests in a short time', 'rate'),
	'1304': balance(
		"The account has used up today's calls at Zhipu",
		'Run again tomorrow, or raise the quota in the console.',
	),
	'1305': MODEL_OVERLOADED,
	'1308': PLAN_USED_UP,
	'1309': balance('The GLM Coding Plan of this key has expired', OTHER_KEY),
	'1310': PLAN_USED_UP,
	'1311': balance('The plan of this key does not include the model', OTHER_KEY),
	'1312': MODEL_OVERLOADED,
	'1313': auth('Zhipu has blocked the plan of this key under its fair-use rules', ASK_SUPPORT),
	'1314': balance('The enterprise plan of this key has ended', OTHER_KEY),
	'1315': auth('This key is for enterprise coding only', OTHER_KEY),
	'1316': PLAN_USED_UP,
	'1317': PLAN_USED_UP,
	'1318': PLAN_USED_UP,
	'1319': PLAN_USED_UP,
	'1320': PLAN_USED_UP,
	'1321': PLAN_USED_UP,
};

/** The table does not hold the code, which says more than the 429 or 200 it came with. */
export const UNLISTED_REFUSAL: CodeRow = named(
	'Zhipu refused the request for a reason this version does not know',
	'The details contain what the service said.',
);
/** FAIL: the schema has no field for a reason. */
export const ENDED_SILENTLY: CodeRow = {
	kind: 'transient',
	summary: 'Zhipu ended the task without giving a reason',
	advice: 'Run the item again. If it ends the same way, change Prompt or the images.',
};
/** A reason this version does not know may hold the next time too: not to be bought again unasked. */
export const ENDED_UNLISTED: CodeRow = permanent(
	'Zhipu ended the task for a reason this version does not know',
	'The details contain what the service said.',
);
