import type { CodeRow } from '../../../lib/providers/codes';
import type { Provider } from '../../../lib/core/provider';
import { diagnoseByStatus } from '../../../lib/providers/codes';
import { vidu } from '../../../lib/providers/vidu';
import { VIDU_CODES } from '../../../lib/providers/vidu/codes';
import { vtrix } from '../../../lib/providers/vtrix';
import * as vtrixCodes from '../../../lib/providers/vtrix/codes';
import { zhipu } from '../../../lib/providers/zhipu';
import * as zhipuCodes from '../../../lib/providers/zhipu/codes';
import { reportIn, taskIn } from './read';

/** What holds for every adapter. */

const { VTRIX_CODES, VTRIX_STATUSES, ...vtrixRows } = vtrixCodes;
const { ZHIPU_CODES, ...zhipuRows } = zhipuCodes;
const STATUSES = [400, 401, 402, 403, 404, 408, 409, 425, 429, 500, 502, 503];

const ROWS: Array<[string, CodeRow]> = [
	...Object.entries({ ...VIDU_CODES }).map(([code, row]) => [`vidu ${code}`, row] as [string, CodeRow]),
	...Object.entries({ ...ZHIPU_CODES, ...zhipuRows }).map(([code, row]) => [`zhipu ${code}`, row] as [string, CodeRow]),
	...Object.entries({ ...VTRIX_CODES, ...VTRIX_STATUSES, ...vtrixRows }).map(
		([code, row]) => [`vtrix ${code}`, row] as [string, CodeRow],
	),
	...STATUSES.map((status) => [`HTTP ${status}`, diagnoseByStatus(status, 'Vidu')] as [string, CodeRow]),
];

test.each(ROWS)('%s says what happened and what to do next', (_code, { summary, advice }) => {
	expect(summary).toMatch(/^[A-Z]/);
	expect(summary).not.toMatch(/\.$/);
	expect(summary).not.toMatch(/error|problem|failure|mistake/i);
	expect(advice).toMatch(/^[A-Z].*\.$/);
});

describe('a headline', () => {
	const FIELDS = { vidu: 'FieldInvalid', zhipu: '1214', vtrix: '008005002' };
	const saidBy = (provider: Provider, message: string) => {
		const code = FIELDS[provider.id as keyof typeof FIELDS];
		const body = provider.id === 'vidu' ? { code: 400, reason: code, message } : { error: { code, message } };
		return provider.diagnose({ status: 400, headers: {}, body }).summary;
	};

	test.each([vidu, zhipu, vtrix])('of $name says which field or model, in the words of the service', (provider) => {
		expect(saidBy(provider, 'model viduq9 is not supported.')).toMatch(
			/^[A-Z].* accept .*: model viduq9 is not supported$/,
		);
		expect(saidBy(provider, 'two\n lines ')).toMatch(/: two lines$/);
		expect(saidBy(provider, '')).not.toMatch(/:/);
	});

	test('stays short, and cuts no character in two', () => {
		const said = saidBy(vidu, '🎬'.repeat(300));
		expect(said).toMatch(/^Vidu does not accept one of the values: (🎬)+…$/u);
		expect([...said].length).toBeLessThan(170);
	});

	test.each(['invalid argument error: model', 'A Problem occurred', 'failures', 'mistake'])(
		'keeps to the words that n8n allows: %s stays in the description',
		(message) => {
			expect(saidBy(vidu, message)).toBe('Vidu does not accept one of the values');
		},
	);

	test('does not quote a service on what this package knows better', () => {
		const body = { code: 402, reason: 'CreditInsufficient', message: 'no credits' };
		expect(vidu.diagnose({ status: 402, headers: {}, body }).summary).toBe(
			'The Vidu account does not have enough credits',
		);
	});
});

test('only a passing refusal is "busy", and only a lasting one an unknown task', () => {
	for (const [, row] of ROWS) {
		if (row.busy) expect(row.kind).toBe('transient');
		if (row.unknownTask) expect(row.kind).toBe('permanent');
	}
});

test.each([
	[vidu, '876543210123456789', { state: 'created' }],
	[zhipu, '8868902201637896192', { model: 'cogvideox-3' }],
	[zhipu, '202602131558003a9f0b1c2d', {}],
	[vtrix, 'd758n65e000000000000', { created_at: 1_775_800_000 }],
])('$name finds the id in an answer that is not clear: %s', (provider, taskId, fields) => {
	for (const status of [200, 202, 409, 500, 502])
		for (const body of [
			{ ...fields, id: taskId },
			{ code: status, message: 'no', data: { task_id: taskId } },
		])
			expect(provider.mentionedTaskId({ status, headers: {}, body })).toBe(taskId);
});

test.each<[string, unknown]>([
	['a short number', { task_id: '12345678901234' }],
	['a hexadecimal id', { id: 'd758n65e000000000000' }],
	['a UUID', { data: { id: '0f8fad5b-d9cb-469f-a165-70867728950e' } }],
	['a number too long', { id: '87654321012345678901' }],
])('Vidu takes no id that is not of its kind: %s', (_name, body) => {
	expect(vidu.mentionedTaskId({ status: 500, headers: {}, body })).toBeUndefined();
});

/** What gateways in front of the services answer; none of it is the service's own word. */
const GATEWAY_ANSWERS: Array<[string, number, unknown]> = [
	['AWS', 403, { message: 'Forbidden' }],
	['AWS, a missing token', 403, { message: 'Missing Authentication Token' }],
	['Kong', 404, { message: 'no Route matched with those values' }],
	['Kong with a request id', 404, { message: 'no Route matched with those values', request_id: '8c1fe40cd6c3' }],
	[
		'Apigee',
		404,
		{ fault: { faultstring: 'Not Found', detail: { errorcode: 'messaging.adaptors.http.flow.NotFound' } } },
	],
	['Spring', 404, { timestamp: '2026-11-20T00:00:00Z', status: 404, error: 'Not Found', path: '/ent/v2/tasks/1' }],
	['a plain status', 403, { code: 403, message: 'Forbidden' }],
	['a status in the place of a code', 404, { error: { code: '404', message: 'Not Found' } }],
	['a status of Zhipu as code', 500, { error: { code: '500', message: 'Internal' } }],
	['Cloudflare', 403, '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>'],
	['nginx', 404, '<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>'],
	['nginx', 401, '<html><head><title>401 Authorization Required</title></head></html>'],
	['nobody', 401, ''],
	['nobody', 404, undefined],
	['a list', 404, [{ message: 'Not Found' }]],
];

describe.each([vidu, zhipu, vtrix])('$name', (provider) => {
	test.each(GATEWAY_ANSWERS)('is not quoted by %s (HTTP %i)', (_name, status, body) => {
		expect(provider.diagnose({ status, headers: {}, body })).not.toHaveProperty('isOwnWords');
	});
});

test.each([zhipu, vtrix])('$name takes no word of JavaScript for one of its own', (provider) => {
	for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
		const body = { id: '1', status: word, task_status: word, error: { code: word } };
		expect(reportIn(provider, { status: 200, headers: {}, body })?.state).toBe('unknown');
		expect(provider.diagnose({ status: 400, headers: {}, body })).toMatchObject({ kind: 'permanent', code: word });
	}
});

describe('an HTTP status from 300 on', () => {
	test.each([
		{ name: 'Vidu', provider: vidu, body: { task_id: '1', id: '1', state: 'processing' } },
		{ name: 'Zhipu', provider: zhipu, body: { id: '1', task_status: 'PROCESSING' } },
		{ name: 'Vtrix', provider: vtrix, body: { id: '1', status: 'in_progress' } },
	])('is neither a task nor a report of $name, whatever the body says', ({ provider, body }) => {
		for (const status of [300, 302, 404, 500]) {
			const reply = { status, headers: {}, body };
			expect([taskIn(provider, reply), reportIn(provider, reply)]).toEqual([undefined, undefined]);
		}
		const reply = { status: 299, headers: {}, body };
		expect([taskIn(provider, reply), reportIn(provider, reply)]).toMatchObject([{ taskId: '1' }, {}]);
	});

	test('is no page of tasks and no account', () => {
		const read = (status: number) => {
			const reply = { status, headers: {}, body: { tasks: [], remains: [] } };
			return [vidu.list!.read(reply), vidu.credits!.read(reply)];
		};
		expect(read(300)).toEqual([undefined, undefined]);
		expect(read(299)).toMatchObject([{ tasks: [] }, { remains: [] }]);
	});

	test.each([zhipu, vtrix])('is what counts at $name, not the code in the body', (provider) => {
		for (const error of [{ code: '404' }, { code: '1399' }, { code: '8007001' }, { message: 'no' }]) {
			const diagnose = (status: number) => provider.diagnose({ status, headers: {}, body: { error } });
			expect(diagnose(300).summary).toMatch(/redirected the request/);
			expect(diagnose(503)).toMatchObject({ kind: 'transient', summary: expect.stringMatching(/HTTP 503/) as string });
		}
	});
});

test.each([
	['Vidu', 'vidu', vidu],
	['Zhipu', 'zhipu', zhipu],
	['Vtrix', 'vtrix', vtrix],
])('%s is known by its name and as %s', (name, id, provider) => {
	expect([provider.name, provider.id]).toEqual([name, id]);
});

test.each([vidu, zhipu, vtrix])('$name keeps a task id from leaving its path', (provider) => {
	expect(provider.ask('../../x?y#z').path).toContain('..%2F..%2Fx%3Fy%23z');
});
