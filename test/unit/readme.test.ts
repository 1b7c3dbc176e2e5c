import { readFileSync } from 'node:fs';

import { README, withTables } from '../../scripts/readme';

test('the tables in README.md are those of the catalogue (npm run readme)', () => {
	const readme = readFileSync(README, 'utf8');
	expect(readme).toBe(withTables(readme));
});

test('a README without the two markers is refused', () => {
	expect(() => withTables('# Title')).toThrow('catalogue:start');
});
