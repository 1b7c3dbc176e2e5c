import type { CodeRow, CodeTable } from './codes';

/**
 * Codes of docs.bigmodel.cn/cn/faq/api-code and docs.z.ai/api-reference/api-code, read 2026-11-20, with those that
 * older copies of the pages name: gateways may still send them.
 *
 * HTTP status misleads here: 429 stands for "slow down" (1302, 1303, 1305, 1312) and for every kind of "no more money".
 * A used-up quota or plan counts as balance: all further orders of this key would be refused too.
 */

const permanent = (said: string, hint: string): CodeRow => ({ kind: 'permanent', said, hint });
const auth = (said: string, hint: string): CodeRow => ({ kind: 'auth', said, hint });
const balance = (said: string, hint: string): CodeRow => ({ kind: 'balance', said, hint });
const content = (said: string, hint: string): CodeRow => ({ kind: 'content', said, hint });
const later = (said: string): CodeRow => ({
	kind: 'transient',
	said,
	hint: 'Wait a little, then run again.',
});
const busy = (said: string, why: CodeRow['busy']): CodeRow => ({
	kind: 'transient',
	busy: why,
	said,
	hint: 'Wait a little, then run again, or lower Max Concurrency.',
});

const CHECK_KEY = 'Check the key and the region in the credential: keys of BigModel and Z.AI are separate.';
const CORRECT_FIELD = 'The message names the field. With a custom model or Extra Fields, correct it there.';
const ASK_SUPPORT = 'Look at the account in the console of BigModel or Z.AI, or ask the support there.';
const OTHER_CONTENT = 'Change Prompt or the pictures, then run again.';
const OTHER_KEY =
	'GLM Coding Plan keys make no videos: put a key of an account with balance into the credential.';
const AFTER_RESET = 'Run again after the reset that the message names, or use a key of an account with balance.';

const MODEL_OVERLOADED: CodeRow = {
	...busy('The model is overloaded at Zhipu at the moment', 'model'),
	hint: 'Wait a little, then run again, or choose another model.',
};
const INTERNAL = later('Zhipu had an internal fault');
const PLAN_USED_UP = balance('The usage cap of the Zhipu plan is reached', AFTER_RESET);

export const ZHIPU_CODES: CodeTable = {
	'-1': INTERNAL,
	'500': INTERNAL,
	'434': auth('This Zhipu account may not use the API', ASK_SUPPORT),
	'435': permanent('A file is larger than Zhipu takes', 'Send smaller pictures: 100 MB is the limit of the service.'),

	'1000': auth('Zhipu does not accept this API key', CHECK_KEY),
	'1001': auth('Zhipu received no API key', CHECK_KEY),
	'1002': auth('Zhipu does not accept this API key', CHECK_KEY),
	'1003': auth('The Zhipu token has expired', 'Put the API key itself into the credential, or make a new key.'),
	'1004': auth('Zhipu could not verify the token', CHECK_KEY),
	'1005': auth(
		'The Zhipu account asks for a second login factor',
		'Lift the login protection for this key in the console, or use a key without it.',
	),

	'1100': permanent('Zhipu could not read the account', ASK_SUPPORT),
	'1110': auth('The Zhipu account is inactive', ASK_SUPPORT),
	'1111': auth('Zhipu knows no such account', CHECK_KEY),
	'1112': auth('The Zhipu account is locked', ASK_SUPPORT),
	'1113': balance(
		'Zhipu finds no balance for this key',
		'Top up, or use another key: one that belongs to a GLM Coding Plan only cannot make videos.',
	),
	'1120': later('Zhipu cannot reach the account at the moment'),
	'1121': auth('The Zhipu account is locked for breaking the rules of use', ASK_SUPPORT),

	'1200': later('Zhipu could not carry out the call'),
	'1210': permanent('Zhipu does not take the parameters of the request', CORRECT_FIELD),
	'1211': permanent(
		'Zhipu does not offer this model to this account',
		'Vidu models are gone from Z.AI: use a BigModel key and region for them, or choose another model.',
	),
	'1212': permanent('The model does not take this kind of call', 'Choose another model or operation.'),
	'1213': permanent('Zhipu misses a field in the request', CORRECT_FIELD),
	'1214': permanent(
		'Zhipu does not take the value of a field for this model',
		'The message names the field. cogvideox-flash refuses documented values: clear Size, FPS, Duration and Quality.',
	),
	'1215': permanent('Zhipu does not take two of the fields together', 'The message names them. Clear one.'),
	'1220': auth('This key may not use the Zhipu video API', ASK_SUPPORT),
	'1221': permanent('Zhipu has taken this API offline', 'Update this node, or ask the support of Zhipu.'),
	'1222': permanent('Zhipu has no API under this address', 'Check the region and Base URL in the credential.'),
	'1230': later('Zhipu broke off the call'),
	'1231': permanent(
		'Zhipu holds a request with this request_id already',
		'Give request_id in Extra Fields another value for every item, or leave it out.',
	),
	'1232': {
		kind: 'permanent',
		unknownTask: true,
		said: 'Zhipu does not take this ID as that of a task',
		hint: 'Use the task ID of the order, not its request_id.',
	},
	'1233': {
		kind: 'permanent',
		unknownTask: true,
		said: 'Zhipu knows no task with this ID',
		hint: 'Check the task ID, and that the credential is the one the task was made with.',
	},
	'1234': later('The network inside Zhipu broke down'),
	'1235': later('The network inside Zhipu broke down'),
	'1260': permanent('Zhipu stopped while carrying out the request', CORRECT_FIELD),
	'1261': permanent('The prompt is too long for Zhipu', 'Shorten Prompt to 512 characters.'),

	'1300': content('The content rules of Zhipu do not allow the request', OTHER_CONTENT),
	'1301': content('The prompt, a picture or the clip did not pass the content check of Zhipu', OTHER_CONTENT),
	'1302': busy('Zhipu runs as many requests as the account may have at once', 'concurrency'),
	'1303': busy('Zhipu was called too often', 'rate'),
	'1304': balance('The calls of today are used up at Zhipu', 'Run again tomorrow, or raise the quota in the console.'),
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
export const UNLISTED_REFUSAL: CodeRow = permanent(
	'Zhipu refused the request for a reason this version does not know',
	'The details hold what the service said.',
);/** FAIL: the schema has no field for a reason. */
export const ENDED_SILENTLY: CodeRow = {
	kind: 'transient',
	said: 'Zhipu ended the task without saying why',
	hint: 'Run the item again. If it ends the same way, change Prompt or the pictures.',
};
/** A reason this version does not know may hold the next time too: not to be bought again unasked. */
export const ENDED_UNLISTED: CodeRow = permanent(
	'Zhipu ended the task for a reason this version does not know',
	'The details hold what the service said.',
);