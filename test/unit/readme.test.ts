import { basename } from 'node:path';

import { between, pages } from '../../scripts/readme';

test.each(pages().map(({ file, text, fresh }) => [basename(file), text, fresh]))(
	'the tables in %s are those of the catalogue (npm run readme)',
	(_name, text, fresh) => {
		expect(text).toBe(fresh);
	},
);

test('a page without the two markers is refused', () => {
	expect(() => between('# Title', 'catalogue', '')).toThrow('catalogue:start');
});
