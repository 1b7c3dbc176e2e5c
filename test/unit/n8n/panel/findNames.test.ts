import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { TEMPLATES } from '../../../../lib/catalogue/vidu/templates';
import { searchNames } from '../../../../lib/n8n/panel/findNames';

const search = (operation: string, filter?: string): unknown[] => {
	const context = { getCurrentNodeParameter: () => operation } as unknown as ILoadOptionsFunctions;
	const { results } = searchNames(context, filter);
	return results.map(({ value }) => value);
};

test('the list of templates holds every name that is known, by name and each once', () => {
	expect(search('templateToVideo')).toEqual([...new Set(TEMPLATES)].sort());
});

test.each([
	['dance chill', ['chill_dance']],
	['SHAKE_IT', ['shake_it_dance', 'shake_it_down']],
	['no such name', []],
])('a search for "%s"', (filter, names) => {
	expect(search('templateToVideo', filter)).toEqual(names);
});

test('an operation without names has none to find', () => {
	expect(search('upscale')).toEqual([]);
});
