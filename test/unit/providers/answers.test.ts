import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readJson } from '../../../lib/core/json';
import type { Provider } from '../../../lib/core/provider';
import { vidu } from '../../../lib/providers/vidu';
import { vtrix } from '../../../lib/providers/vtrix';
import { zhipu } from '../../../lib/providers/zhipu';
import { reportIn, taskIn } from './read';

/** The adapters on answers as they were seen: more fields than the pages list, odd types, refusals with a good status. */

interface Answer {
	shows: string;
	call: 'order' | 'check';
	status: number;
	body: unknown;
	reads?: Record<string, unknown>;
	diagnosis?: Record<string, unknown>;
}

const answersOf = (name: string): Answer[] =>
	JSON.parse(readFileSync(join(__dirname, `../../fixtures/answers/${name}.json`), 'utf8')) as Answer[];

describe.each<[string, Provider]>([
	['vidu', vidu],
	['zhipu', zhipu],
	['vtrix', vtrix],
])('%s', (name, provider) => {
	test.each(answersOf(name))('$shows', ({ call, status, body, reads, diagnosis }) => {
		const reply = { status, headers: {}, body: readJson(JSON.stringify(body)) };
		const read = call === 'order' ? taskIn(provider, reply) : reportIn(provider, reply);
		expect(reads === undefined).toBe(diagnosis !== undefined);
		if (reads) expect(read).toMatchObject(reads);
		else {
			expect(read).toBeUndefined();
			expect(provider.diagnose(reply)).toMatchObject(diagnosis!);
		}
	});
});
