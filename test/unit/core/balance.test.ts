import { readBalance } from '../../../lib/core/balance';
import { NoReply, type Http, type HttpRequest } from '../../../lib/core/http';
import { vidu } from '../../../lib/providers/vidu';
import { zhipu } from '../../../lib/providers/zhipu';

/** What the account can pay, told where it can be told. */

const body = { remains: [{ type: 'metered', credit_remain: 120 }] };

test('is what the service says, asked once and for a short time', async () => {
	const sent: HttpRequest[] = [];
	const http: Http = {
		send: async (request) => {
			sent.push(request);
			return { status: 200, headers: {}, body };
		},
	};
	expect(await readBalance(vidu, http)).toBe(120);
	expect(sent).toEqual([{ ...vidu.usage!.request(), timeoutMs: 15_000 }]);
});

test.each<[string, Http['send']]>([
	['a refusal', async () => ({ status: 403, headers: {}, body })],
	['silence', async () => await Promise.reject(new NoReply('x', true))],
])('%s tells nothing, and harms nothing', async (_name, send) => {
	expect(await readBalance(vidu, { send })).toBeUndefined();
});

test('a service that does not tell is not asked', async () => {
	const send = async () => {
		throw new Error('asked');
	};
	expect(await readBalance(zhipu, { send })).toBeUndefined();
});
