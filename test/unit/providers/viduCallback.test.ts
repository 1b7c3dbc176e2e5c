import { createHmac } from 'node:crypto';

import type { SignedCall } from '../../../lib/core/provider';
import { vidu } from '../../../lib/providers/vidu';
import { verifyViduCallback } from '../../../lib/providers/vidu/callback';

/** The request that docs/callback-signature shows, and the signature its rules give for this key. */
const KEY = 'your_secret_token';
const TARGET = '/vidu/callback?name=james&age=36';
const DATE = 'Tue, 06 May 2025 12:09:42 GMT';
const NONCE = '123e4567-e89b-12d3-a456-426614174000';
const SIGNATURE = 'PrO4+kG4W+b3HOSimdHMHn8pnQ6YXQTseBDC/8yvvNA=';

const HEADERS = {
	date: DATE,
	'x-request-nonce': NONCE,
	'x-hmac-signed-headers': 'Date;x-request-nonce',
	'x-hmac-algorithm': 'hmac-sha256',
	'x-hmac-access-key': 'vidu',
	'x-hmac-signature': SIGNATURE,
};

const call = (
	changes: Partial<Record<keyof typeof HEADERS, string | undefined>> = {},
	more: Partial<SignedCall> = {},
): SignedCall => ({
	method: 'POST',
	targets: [TARGET],
	...more,
	headers: Object.fromEntries(Object.entries({ ...HEADERS, ...changes }).filter(([, value]) => value !== undefined)),
});

/** The lines that are signed, the last one ending like the others. */
const LINES = ['POST', '/vidu/callback', 'name=james&age=36', 'vidu', DATE, `Date:${DATE}`, `x-request-nonce:${NONCE}`];

/** What a sender who follows the rules would sign. */
const sign = (lines: string[], key = KEY) =>
	createHmac('sha256', key)
		.update(`${lines.join('\n')}\n`)
		.digest('base64');

describe('a genuine call', () => {
	test('is known by the signature of the documented request', () => {
		expect(verifyViduCallback(call(), KEY)).toStrictEqual({ nonce: NONCE, dateMs: Date.UTC(2025, 4, 6, 12, 9, 42) });
	});

	test('is known through the provider as well', () => {
		expect(vidu.callback!.verify(call(), KEY)).toBeDefined();
	});

	test('is known by any of the targets it can have been signed for', () => {
		expect(
			verifyViduCallback(call({}, { targets: ['/prefix/vidu/callback?name=james&age=36', TARGET] }), KEY),
		).toBeDefined();
	});

	test('may write its method in small letters', () => {
		expect(verifyViduCallback(call({}, { method: 'post' }), KEY)).toBeDefined();
	});

	test.each([
		[
			'as listed, whatever the case they travel in',
			'DATE;X-Request-Nonce',
			[`DATE:${DATE}`, `X-Request-Nonce:${NONCE}`],
		],
		['in the order they are listed', 'x-request-nonce;Date', [`x-request-nonce:${NONCE}`, `Date:${DATE}`]],
	])('has its header names signed %s', (_, names, lines) => {
		const signature = sign(['POST', '/vidu/callback', 'name=james&age=36', 'vidu', DATE, ...lines]);
		expect(
			verifyViduCallback(call({ 'x-hmac-signed-headers': names, 'x-hmac-signature': signature }), KEY),
		).toMatchObject({ nonce: NONCE });
	});

	test.each([
		['no query', '/vidu/callback', ['/vidu/callback', '']],
		['no path', '', ['/', '']],
		['a query alone', '?a=1', ['/', 'a=1']],
		['a query that is not in order and escaped', '/c?b=2&a=%7E+x', ['/c', 'b=2&a=%7E+x']],
		['a question mark in its query', '/c?a=1?b', ['/c', 'a=1?b']],
	])('may have %s', (_, target, [path, query]) => {
		const signature = sign(['POST', path, query, 'vidu', DATE, `Date:${DATE}`, `x-request-nonce:${NONCE}`]);
		expect(verifyViduCallback(call({ 'x-hmac-signature': signature }, { targets: [target] }), KEY)).toBeDefined();
	});

	test.each([undefined, NONCE])('whose nonce is not signed (%s) is told apart by its signature', (nonce) => {
		const signature = sign(['POST', '/vidu/callback', 'name=james&age=36', 'vidu', DATE, `Date:${DATE}`]);
		const bare = call({ 'x-request-nonce': nonce, 'x-hmac-signed-headers': 'Date', 'x-hmac-signature': signature });
		expect(verifyViduCallback(bare, KEY)).toMatchObject({ nonce: signature });
	});

	test.each([
		['no header', undefined, []],
		['no header, with nothing between the semicolons', ';;', []],
		['a header and a semicolon behind it', 'Date;', [`Date:${DATE}`]],
		['a header that is not there', 'Date;X-Gone', [`Date:${DATE}`, 'X-Gone:']],
		[
			'a header with a blank in front of its name',
			'Date; X-Request-Nonce',
			[`Date:${DATE}`, ` X-Request-Nonce:${NONCE}`],
		],
	])('may have signed %s', (_, names, lines) => {
		const signature = sign(['POST', '/vidu/callback', 'name=james&age=36', 'vidu', DATE, ...lines]);
		const verified = verifyViduCallback(call({ 'x-hmac-signed-headers': names, 'x-hmac-signature': signature }), KEY);
		expect(verified?.nonce).toBe(lines.some((line) => line.includes(NONCE)) ? NONCE : signature);
	});

	test('need not repeat what never changes', () => {
		expect(
			verifyViduCallback(call({ 'x-hmac-algorithm': undefined, 'x-hmac-access-key': undefined }), KEY),
		).toBeDefined();
	});
});

describe('a call is turned away', () => {
	test.each([
		['another key', call(), 'another_secret_token'],
		['an empty key on both sides', call({ 'x-hmac-signature': sign(LINES, '') }), ''],
		['another method', call({}, { method: 'PUT' }), KEY],
		['another path', call({}, { targets: ['/vidu/callback2?name=james&age=36'] }), KEY],
		['another query', call({}, { targets: ['/vidu/callback?name=james&age=37'] }), KEY],
		['its query in another order', call({}, { targets: ['/vidu/callback?age=36&name=james'] }), KEY],
		['its query left out', call({}, { targets: ['/vidu/callback'] }), KEY],
		['nothing it can have been signed for', call({}, { targets: [] }), KEY],
		['another date', call({ date: 'Tue, 06 May 2025 12:09:43 GMT' }), KEY],
		['another nonce', call({ 'x-request-nonce': '123e4567-e89b-12d3-a456-426614174001' }), KEY],
		['fewer signed headers', call({ 'x-hmac-signed-headers': 'Date' }), KEY],
		['signed headers spelled otherwise', call({ 'x-hmac-signed-headers': 'date;x-request-nonce' }), KEY],
		['signed headers in another order', call({ 'x-hmac-signed-headers': 'x-request-nonce;Date' }), KEY],
		['another algorithm', call({ 'x-hmac-algorithm': 'hmac-sha1' }), KEY],
		['another access key', call({ 'x-hmac-access-key': 'other' }), KEY],
		['a signature cut short', call({ 'x-hmac-signature': SIGNATURE.slice(0, -4) }), KEY],
		['a signature with more behind it', call({ 'x-hmac-signature': `${SIGNATURE}A` }), KEY],
		['a date that is none', call({ date: 'yesterday' }), KEY],
	])('with %s', (_, signed, key) => {
		expect(verifyViduCallback(signed, key)).toBeUndefined();
	});

	test.each(['date', 'x-request-nonce', 'x-hmac-signed-headers', 'x-hmac-signature'] as const)('without %s', (name) => {
		expect(verifyViduCallback(call({ [name]: undefined }), KEY)).toBeUndefined();
	});

	test('without any header', () => {
		expect(verifyViduCallback({ method: 'POST', headers: {}, targets: [TARGET] }, KEY)).toBeUndefined();
	});
});

describe('the body is read as a hint', () => {
	test('with the id where it has one', () => {
		expect(vidu.callback!.read({ id: '876543210123456789', state: 'processing' })).toMatchObject({
			taskId: '876543210123456789',
			report: { state: 'processing' },
		});
	});

	test('with the id of the video where the task has none', () => {
		const body = {
			state: 'success',
			payload: '{"sku":"A-1"}',
			creations: [{ id: '5', url: 'https://cdn.example.com/5.mp4' }],
		};
		expect(vidu.callback!.read(body)).toMatchObject({
			creationId: '5',
			report: { state: 'succeeded', payload: '{"sku":"A-1"}' },
		});
		expect(vidu.callback!.read(body)).not.toHaveProperty('taskId');
	});

	test.each([[undefined], [null], ['text'], [[]], [{}], [{ state: 3 }]])('and %j is about no task', (body) => {
		expect(vidu.callback!.read(body)).toBeUndefined();
	});
});
