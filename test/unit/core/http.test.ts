import { NoReply } from '../../../lib/core/http';

test('a request without a reply may be tried again at a host that is known, unless something else is said', () => {
	const { name, message, sent, permanent, unknownHost } = new NoReply('The connection ended', true);
	expect({ name, message, sent, permanent, unknownHost }).toEqual({
		name: 'NoReply',
		message: 'The connection ended',
		sent: true,
		permanent: false,
		unknownHost: false,
	});
	expect(new NoReply('', false, true, true)).toMatchObject({ sent: false, permanent: true, unknownHost: true });
});
