import type { HttpReply } from '../../../lib/core/http';
import type { Diagnosis, DiagnosisKind } from '../../../lib/core/provider';
import { judgePace, judgeStatus, judgeSubmit } from '../../../lib/providers/judge';

/** What an answer without a task means for the money, and for the next question. */

const KINDS: DiagnosisKind[] = ['permanent', 'transient', 'auth', 'balance', 'content'];
const diagnosis = (changes: Partial<Diagnosis> = {}): Diagnosis => ({
	kind: 'permanent',
	summary: 'No',
	advice: '',
	...changes,
});
const reply = (status: number, headers: Record<string, string> = {}): HttpReply => ({
	status,
	headers,
	body: undefined,
});

describe('an order', () => {
	test.each([500, 501, 502, 503, 504, 520, 529, 408, 499])(
		'answered with HTTP %i may have been taken, whatever the code says',
		(status) => {
			for (const kind of KINDS)
				for (const busy of [undefined, 'concurrency', 'rate', 'model'] as const)
					expect(
						judgeSubmit(reply(status), diagnosis({ kind, code: 'x', ...(busy ? { busy } : {}) }), undefined).kind,
					).toBe('unknown');
		},
	);

	test.each([300, 302, 400, 401, 402, 403, 404, 407, 409, 425, 429, 498])(
		'answered with HTTP %i was not taken',
		(status) => {
			for (const kind of KINDS) {
				expect(judgeSubmit(reply(status), diagnosis({ kind }), undefined)).toMatchObject({
					kind: 'refused',
					diagnosis: { kind },
				});
				expect(judgeSubmit(reply(status), diagnosis({ kind, busy: 'rate' }), undefined)).toMatchObject({
					kind: 'busy',
					why: 'rate',
				});
			}
		},
	);

	test.each([
		['a code that will not pass', { code: '1301', kind: 'content' }, 'refused'],
		['a code of a busy account', { code: '1302', kind: 'transient', busy: 'concurrency' }, 'busy'],
		['busy without a code', { kind: 'transient', busy: 'model' }, 'busy'],
		['a code that passes', { code: '500', kind: 'transient' }, 'unknown'],
		['no code', { kind: 'permanent' }, 'unknown'],
	] as Array<[string, Partial<Diagnosis>, string]>)('answered with HTTP 200 and %s', (_name, changes, kind) => {
		for (const status of [200, 202, 299])
			expect(judgeSubmit(reply(status), diagnosis(changes), undefined).kind).toBe(kind);
	});

	test('in conflict with a task may be that task; in conflict with nothing it was not taken', () => {
		expect(judgeSubmit(reply(409), diagnosis(), 'task-1')).toMatchObject({
			kind: 'unknown',
			mentionedTaskId: 'task-1',
		});
		expect(judgeSubmit(reply(409), diagnosis(), undefined).kind).toBe('refused');
		expect(judgeSubmit(reply(400), diagnosis(), 'task-1').kind).toBe('refused');
	});

	test('of unknown outcome names its task only where there is one', () => {
		expect(judgeSubmit(reply(500), diagnosis(), 'task-1')).toHaveProperty('mentionedTaskId', 'task-1');
		expect(judgeSubmit(reply(500), diagnosis(), undefined)).not.toHaveProperty('mentionedTaskId');
	});

	test.each([
		[{}, 'The answer was HTTP 502.'],
		[{ code: '1234' }, 'The answer was HTTP 502 (1234).'],
		[{ code: '1234', providerMessage: 'internal' }, 'The answer was HTTP 502 (1234: internal).'],
		[{ providerMessage: 'internal', traceId: 't-1' }, 'The answer was HTTP 502 (internal). Trace ID t-1.'],
	])('of unknown outcome tells what was said: %j', (changes, reason) => {
		expect(judgeSubmit(reply(502), diagnosis(changes), undefined)).toEqual({ kind: 'unknown', reason });
	});

	test.each(KINDS)(
		'refused as %s is turned away on its way only where key or balance are named by someone else',
		(kind) => {
			const isTurnedAway = (isOwnWords: boolean) =>
				'isTurnedAway' in
				judgeSubmit(reply(403), diagnosis({ kind, ...(isOwnWords ? { isOwnWords } : {}) }), undefined);
			expect(isTurnedAway(false)).toBe(kind === 'auth' || kind === 'balance');
			expect(isTurnedAway(true)).toBe(false);
		},
	);

	test('refused as busy says when to come again, if the service does', () => {
		const busy = diagnosis({ busy: 'rate' });
		expect(judgeSubmit(reply(429, { 'retry-after': '7' }), busy, undefined)).toMatchObject({ retryAfter: '7' });
		expect(judgeSubmit(reply(429), busy, undefined)).not.toHaveProperty('retryAfter');
	});
});

describe('a status check', () => {
	test.each([
		['permanent', 'gone'],
		['auth', 'gone'],
		['content', 'gone'],
		['balance', 'unclear'],
		['transient', 'unclear'],
	] as Array<[DiagnosisKind, string]>)('refused as %s is %s in the own words of the service only', (kind, expected) => {
		expect(judgeStatus(reply(404), diagnosis({ kind, isOwnWords: true }))).toMatchObject({
			kind: expected,
			diagnosis: { kind },
		});
		expect(judgeStatus(reply(404), diagnosis({ kind })).kind).toBe('unclear');
	});

	test('comes too fast where the answer is HTTP 429, and only there', () => {
		expect(judgeStatus(reply(429), diagnosis())).toHaveProperty('isTooFast', true);
		for (const status of [200, 403, 428, 430, 503]) {
			expect(judgeStatus(reply(status), diagnosis())).not.toHaveProperty('isTooFast');
			expect(judgePace(status)).toEqual({});
		}
	});

	test('says when to come again, if the service does', () => {
		expect(judgeStatus(reply(503, { 'retry-after': '7' }), diagnosis())).toHaveProperty('retryAfter', '7');
		expect(judgeStatus(reply(503), diagnosis())).not.toHaveProperty('retryAfter');
	});
});
