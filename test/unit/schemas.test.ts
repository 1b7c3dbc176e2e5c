import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { schemas } from '../../scripts/schemas';

const ROOT = join(__dirname, '../..');

test.each(schemas().map(({ file, schema }) => [file, schema] as const))(
	'%s is as written (npm run readme)',
	(file, schema) => {
		expect(existsSync(join(ROOT, file))).toBe(true);
		expect(JSON.parse(readFileSync(join(ROOT, file), 'utf8'))).toEqual(schema);
	},
);

test('there is none of an operation that is gone', () => {
	const written = readdirSync(join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.includes('__schema__') && name.endsWith('.json'))
		.map((name) => `nodes/${name.replaceAll('\\', '/')}`);
	expect(written.sort()).toEqual(
		schemas()
			.map(({ file }) => file)
			.sort(),
	);
});
