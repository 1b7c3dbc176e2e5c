import fc from 'fast-check';

import type { CodeRow } from '../../../lib/providers/codes';
import { diagnoseByStatus } from '../../../lib/providers/codes';
import { vidu } from '../../../lib/providers/vidu';
import { VIDU_CODES } from '../../../lib/providers/viduCodes';
import { vtrix } from '../../../lib/providers/vtrix';
import * as vtrixCodes from '../../../lib/providers/vtrixCodes';
import { zhipu } from '../../../lib/providers/zhipu';
import * as zhipuCodes from '../../../lib/providers/zhipuCodes';

/** What holds for every adapter. */

const { VTRIX_CODES, VTRIX_STATUSES, ...vtrixRows } = vtrixCodes;
const { ZHIPU_CODES, ...zhipuRows } = zhipuCodes;
const STATUSES = [400, 401, 402, 403, 404, 408, 409, 425, 429, 500, 502, 503];

const ROWS: Array<[string, CodeRow]> = [
	...Object.entries({ ...VIDU_CODES }).map(([code, row]) => [`vidu ${code}`, row] as [string, CodeRow]),
	...Object.entries({ ...ZHIPU_CODES, ...zhipuRows }).map(
		([code, row]) => [`zhipu ${code}`, row] as [string, CodeRow],
	),
	...Object.entries({ ...VTRIX_CODES, ...VTRIX_STATUSES, ...vtrixRows }).map(
		([code, row]) => [`vtrix ${code}`, row] as [string, CodeRow],
	),
	...STATUSES.map(
		(status) => [`HTTP ${status}`, diagnoseByStatus(status, 'Vidu')] as [string, CodeRow],
	),
];

test.each(ROWS)('%s says what happened and what to do next', (_code, { said, hint }) => {
	expect(said).toMatch(/^[A-Z]/);
	expect(said).not.toMatch(/\.$/);
	expect(said).not.toMatch(/error|problem|failure|mistake/i);
	expect(hint).toMatch(/^[A-Z].*\.$/);
});

test('only a passing refusal is "busy", and only a lasting one an unknown task', () => {
	for (const [, row] of ROWS) {
		if (row.busy) expect(row.kind).toBe('transient');
		if (row.unknownTask) expect(row.kind).toBe('permanent');
	}
});

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
			const task = provider.readSubmitted(reply);
			if (task) expect(task.taskId).toMatch(/./);
			for (const report of [task, provider.readReport(reply)]) {
				if (!report) continue;
				expect(['queued', 'processing', 'succeeded', 'failed', 'canceled', 'unknown']).toContain(report.state);
				if (report.state === 'failed' || report.state === 'canceled')
					expect(typeof report.diagnosis?.said).toBe('string');
			}
			const { kind, said, hint } = provider.diagnose(reply);
			expect(['permanent', 'transient', 'auth', 'balance', 'content']).toContain(kind);
			expect([typeof said, typeof hint]).toEqual(['string', 'string']);
		}),
		{ numRuns: 500, seed: 7 },
	);
});

test.each([zhipu, vtrix])('$name takes no word of JavaScript for one of its own', (provider) => {
	for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
		const body = { id: '1', status: word, task_status: word, error: { code: word } };
		expect(provider.readReport({ status: 200, headers: {}, body })?.state).toBe('unknown');
		expect(provider.diagnose({ status: 400, headers: {}, body })).toMatchObject({ kind: 'permanent', code: word });
	}
});

test.each([vidu, zhipu, vtrix])('$name keeps a task id from leaving its path', (provider) => {
	expect(provider.ask('../../x?y#z').path).toContain('..%2F..%2Fx%3Fy%23z');
});
