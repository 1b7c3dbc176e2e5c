import type { InvalidInput } from '../../../../lib/n8n/input/invalidInput';
import { ItemParameters } from '../../../../lib/n8n/input/parameters';
import { VIDU_BACKENDS } from '../../../../lib/n8n/backends';
import { readTaskIds } from '../../../../lib/n8n/input/taskIds';

const [vidu, zhipu, vtrix] = VIDU_BACKENDS;
const ID = '876543210123456789';
const OTHER = '1992674944142140372';

function read(value: unknown, backend = vidu): string[] {
	return readTaskIds(new ItemParameters(0, () => value, {}), backend, ['taskId'], 'Task IDs');
}

/** As the node itself describes a run that failed: tags, item numbers, a trace id, a link with another id in it. */
const OURS =
	'The finished clip did not pass the content check of Vidu. Vidu does not charge for this. The service said ' +
	'CreationPolicyViolation: policy. Trace ID 2026112510111500. And 1 more item failed.<br>Tasks of this run:<br>' +
	`item 3: task ${ID} succeeded<br>item 12: task ${OTHER} failed<br/>Succeeded: ${ID}. Failed: ${OTHER}.<br>` +
	'https://cdn.example.com/creations/876500000000000001/video.mp4?Expires=1764000000000000';

test.each<[string, unknown, string[]]>([
	['an id', ID, [ID]],
	['an id with blanks around', ` ${ID}\n`, [ID]],
	['a short number, which is whole', 123_456, ['123456']],
	['the longest whole number', Number.MAX_SAFE_INTEGER, ['9007199254740991']],
	['a single word with a digit, whatever it is', 'task-7b', ['task-7b']],
	['ids behind commas', `${ID}, ${OTHER}`, [ID, OTHER]],
	['ids behind semicolons', `${ID};${OTHER}`, [ID, OTHER]],
	['ids in lines', `${ID}\r\n${OTHER}\n`, [ID, OTHER]],
	['ids of another kind, with nothing else', 'task-7b, task-8c', ['task-7b', 'task-8c']],
	['a list', [ID, OTHER], [ID, OTHER]],
	['a list with gaps', [ID, '', null, undefined, OTHER], [ID, OTHER]],
	['lists in a list of texts, each id once', [`${ID},${OTHER}`, ID], [ID, OTHER]],
	['a pasted error description', OURS, [ID, OTHER]],
	['an item number in front', `item 3: ${ID}`, [ID]],
	['a headline', `Task ${ID} is still "queueing" after 30 minutes [item 4]`, [ID]],
	['a row of a sheet', `SKU-3\t${ID}\t2026-11-25\tsucceeded`, [ID]],
	['HTML', `<td>3</td><td><code>${ID}</code></td>`, [ID]],
	['the address of a task', `https://api.vidu.com/ent/v2/tasks/${ID}/creations`, [ID]],
	['an item of the node', { taskId: ID, status: 'succeeded', videoUrl: `https://x/${OTHER}.mp4` }, [ID]],
	[
		'items with their json',
		[{ json: { taskId: ID }, pairedItem: { item: 0 } }, { json: { taskId: OTHER } }],
		[ID, OTHER],
	],
	['an item of the error output', { error: 'Task …', details: { taskId: ID, reason: 'stillRunning' } }, [ID]],
	[
		'items of which one never had a task',
		[{ json: { details: { status: 'notStarted' } } }, { json: { taskId: ID } }],
		[ID],
	],
	["the service's own answer", { task_id: ID, state: 'created' }, [ID]],
	['an answer as an object', { id: ID, state: 'success' }, [ID]],
	['an answer in a wrapper', { code: 0, data: { task_id: ID, id: OTHER } }, [ID]],
	['an id as a sheet shows a large number', '876,543,210,123,456,789', [ID]],
	['an id as a German sheet shows a large number', '876.543.210.123.456.789', [ID]],
	['an id behind a prefix', `task_${ID}`, [ID]],
	['ids joined by a dash', `${ID}-${OTHER}`, [ID, OTHER]],
	['a sum of money in front', `price 1.5E+15 euro ${ID}`, [ID]],
	['an order and a telephone number in front', `Order 202511251234567, phone +491701234567890: ${ID}`, [ID]],
	['a resource locator', { __rl: true, mode: 'id', value: ID }, [ID]],
	['pasted JSON, whose numbers are whole', `[{"taskId":${ID},"credits":55},{"taskId":"${OTHER}"}]`, [ID, OTHER]],
])('%s', (_name, value, ids) => {
	expect(read(value)).toEqual(ids);
});

test.each<[string, unknown]>([
	['a number beyond 2^53', Number(ID)],
	['such a number in a list', [OTHER, Number(ID)]],
	['such a number as an id', { id: Number(ID), state: 'success' }],
	['such a number in an item', { taskId: Number(ID) }],
	['a fraction', 8.5],
	['scientific notation', '8.76543E+17'],
	['scientific notation without a fraction', '9e17'],
	['scientific notation with a comma, in a list', ['8,76543E+17']],
	['scientific notation between words', `Done: 1.99E+18, ${ID}`],
])('%s was rounded on the way', (_name, value) => {
	expect(() => read(value)).toThrow(/^Task ID \S+ was rounded$/);
	try {
		read(value);
	} catch (cause) {
		expect((cause as InvalidInput).failure.description).toMatch(/Format the column as text/);
	}
});

test.each<[string, unknown]>([
	['a word', 'latest'],
	['words with numbers', 'item 3 of 12'],
	['a date', '2026-11-25T10:11:15.000Z'],
	['the address of a video', 'https://cdn.example.com/876500000000000001/video.mp4'],
	['half a character', '8765\ud800'],
	['an object', { status: 'succeeded' }],
	['a row of a shop', { id: 'SKU-12345678', name: 'sneaker' }],
	['binary data', { data: `a ${ID}` }],
	['a telephone number between words', 'call 491701234567890 now'],
	['an object as text', '[object Object]'],
	['a switch', true],
])('%s holds no task id', (_name, value) => {
	expect(() => read(value)).toThrow(/^Task IDs ".*" hold no task ID$/);
});

test.each([
	['empty text', ''],
	['blanks', ' ,\n'],
	['an empty list', []],
	['a list of nothing', [null, '']],
	['nothing', undefined],
	['null', null],
])('%s is said to be missing', (_name, value) => {
	expect(() => read(value)).toThrow('Task IDs are missing');
});

test.each([
	['Zhipu', zhipu, '8353992077731419'],
	['Zhipu', zhipu, '202602131558003a1f2e'],
	// of a hexadecimal id that holds a single letter
	['Zhipu', zhipu, '2026021315580012e4'],
	['Vtrix', vtrix, 'd758n65e000000000000'],
	['Vtrix', vtrix, '0f8fad5b-d9cb-469f-a165-70867728950e'],
	['Vtrix', vtrix, 'cgt-20251225120000-ab1cd'],
])("%s's ids have letters too", (_name, backend, id) => {
	expect(read(id, backend)).toEqual([id]);
	expect(read(`item 3: task ${id} succeeded<br>Failed: ${id}.`, backend)).toEqual([id]);
});

test.each(['DSC20251212120000.jpg and DSC20251212120000', 'made with viduq3turboimg2video', 'sku ABCDEF1234567890XY'])(
	'Vtrix takes no other word for an id: %s',
	(words) => {
		expect(() => read(words, vtrix)).toThrow('hold no task ID');
		expect(read(`${words}: task d758n65e000000000000`, vtrix)).toEqual(['d758n65e000000000000']);
	},
);

test.each([
	['Zhipu', zhipu],
	['Vtrix', vtrix],
])('%s notices a rounded id', (_name, backend) => {
	expect(() => read('2.02602E+19', backend)).toThrow('was rounded');
	expect(() => read(Number(ID), backend)).toThrow('was rounded');
});

test('several parameters may hold the ids', () => {
	const item = new ItemParameters(0, (name) => ({ taskId: ID, taskIds: '' })[name], {});
	expect(readTaskIds(item, vidu, ['taskId', 'taskIds'], 'Task IDs')).toEqual([ID]);
});

test('a list that comes again with every item is taken once, an id of its own stays with its item', () => {
	const seen = new Set<string>();
	const values: unknown[] = [[ID, OTHER], [ID, OTHER], ID, [OTHER, '765432101234567890']];
	const ids = values.map((value, itemIndex) =>
		readTaskIds(new ItemParameters(itemIndex, () => value, {}), vidu, ['taskId'], 'Task IDs', seen),
	);
	expect(ids).toEqual([[ID, OTHER], [], [ID], ['765432101234567890']]);
});
