import type { IExecuteFunctions } from 'n8n-workflow';

import type { InvalidInput } from '../../../lib/n8n/images';
import { VIDU_ROUTES } from '../../../lib/n8n/routes';
import { readTaskIds } from '../../../lib/n8n/tasks';

const [vidu, zhipu, vtrix] = VIDU_ROUTES;
const ID = '876543210123456789';
const OTHER = '1992674944142140372';

function read(value: unknown, route = vidu): string[] {
	const context = { getNodeParameter: () => value } as unknown as IExecuteFunctions;
	return readTaskIds(context, route, ['taskId'], 'Task IDs', 0);
}

test.each<[string, unknown, string[]]>([
	['an id', ID, [ID]],
	['an id with blanks around', ` ${ID}\n`, [ID]],
	['a short number, which is whole', 123_456, ['123456']],
	['the longest whole number', Number.MAX_SAFE_INTEGER, ['9007199254740991']],
	['ids behind commas', `${ID}, ${OTHER}`, [ID, OTHER]],
	['ids behind semicolons', `${ID};${OTHER}`, [ID, OTHER]],
	['ids in lines', `${ID}\r\n${OTHER}\n`, [ID, OTHER]],
	['a list', [ID, OTHER], [ID, OTHER]],
	['a list with gaps', [ID, '', null, undefined, OTHER], [ID, OTHER]],
	['lists in a list of texts', [`${ID},${OTHER}`, ID], [ID, OTHER, ID]],
])('%s', (_name, value, ids) => {
	expect(read(value)).toEqual(ids);
});

test.each<[string, unknown]>([
	['a number beyond 2^53', Number(ID)],
	['such a number in a list', [OTHER, Number(ID)]],
	['a fraction', 8.5],
	['scientific notation', '8.76543E+17'],
	['scientific notation without a fraction', '9e17'],
	['scientific notation with a comma, in a list', ['8,76543E+17']],
])('%s was rounded on the way', (_name, value) => {
	expect(() => read(value)).toThrow(/^Task IDs .* was rounded$/);
	try {
		read(value);
	} catch (cause) {
		expect((cause as InvalidInput).trouble.description).toMatch(/Format the column as text/);
	}
});

test.each<[string, unknown]>([
	['a word', 'latest'],
	['an address', `https://api.vidu.com/ent/v2/tasks/${ID}`],
	['a path', `${ID}/cancel`],
	['an object', { taskId: ID }],
	['a switch', true],
])('%s is no task id', (_name, value) => {
	expect(() => read(value)).toThrow(/^Task IDs .* is no task ID$/);
});

test.each([['empty text', ''], ['blanks', ' ,\n'], ['an empty list', []], ['nothing', undefined], ['null', null]])(
	'%s is said to be empty',
	(_name, value) => {
		expect(() => read(value)).toThrow('Task IDs is empty');
	},
);

test.each([
	['Zhipu', zhipu, '8353992077731419'],
	['Zhipu', zhipu, '202602131558003a1f2e'],
	['Vtrix', vtrix, 'd758n65e000000000000'],
])("%s's ids have letters too", (_name, route, id) => {
	expect(read(id, route)).toEqual([id]);
});

test.each([
	['Zhipu', zhipu],
	['Vtrix', vtrix],
])('%s notices a rounded id', (_name, route) => {
	expect(() => read('2.02602E+19', route)).toThrow('was rounded');
	expect(() => read(Number(ID), route)).toThrow('was rounded');
});

test('several parameters may hold the ids', () => {
	const context = { getNodeParameter: (name: string) => ({ taskId: ID, taskIds: '' })[name] };
	expect(readTaskIds(context as unknown as IExecuteFunctions, vidu, ['taskId', 'taskIds'], 'Task IDs', 0)).toEqual([ID]);
});
