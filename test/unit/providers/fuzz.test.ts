import fc from 'fast-check';

import { vidu } from '../../../lib/providers/vidu';
import { vtrix } from '../../../lib/providers/vtrix';
import { zhipu } from '../../../lib/providers/zhipu';
import { reportIn, taskIn } from './read';

/** Whatever a service or a gateway may send, an adapter reads it. */

const NAMES = [
	...['id', 'task_id', 'state', 'status', 'task_status', 'error', 'err_code', 'code', 'reason', 'message', 'msg'],
	...['creations', 'video_result', 'output', 'usage', 'created_at', 'credits', 'metadata', 'model', 'payload'],
];
const WORDS = ['failed', 'completed', 'SUCCESS', 'FAIL', 'success', '1302', '1e400', [null], [{}]];

/** Bodies that hold the names the adapters look for, with anything under them. */
const anyBody = fc.oneof(
	fc.jsonValue(),
	fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(...WORDS))),
);

test.each([vidu, zhipu, vtrix])('$name reads whatever comes without throwing', (provider) => {
	fc.assert(
		fc.property(anyBody, fc.constantFrom(200, 202, 302, 400, 401, 404, 429, 500), (body, status) => {
			const reply = { status, headers: {}, body };
			const task = taskIn(provider, reply);
			if (task) expect(task.taskId).toMatch(/./);
			for (const report of [task, reportIn(provider, reply)]) {
				if (!report) continue;
				expect(['queued', 'processing', 'succeeded', 'failed', 'canceled', 'unknown']).toContain(report.state);
				if (report.state === 'failed' || report.state === 'canceled')
					expect(typeof report.diagnosis?.summary).toBe('string');
			}
			const { kind, summary, advice } = provider.diagnose(reply);
			expect(['permanent', 'transient', 'auth', 'balance', 'content']).toContain(kind);
			expect([typeof summary, typeof advice]).toEqual(['string', 'string']);
		}),
		{ numRuns: 500, seed: 7 },
	);
});
