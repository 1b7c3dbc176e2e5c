import { isPrivateHost } from '../../../lib/n8n/addresses';

describe('addresses that nobody on the internet can reach', () => {
	test.each([
		'http://localhost:5678/webhook-waiting/1',
		'http://localhost.:5678/',
		'http://n8n:5678/',
		'https://n8n.local/',
		'https://n8n.internal/',
		'https://n8n.home.arpa/',
		'http://127.0.0.1/',
		'http://127.9.9.9/',
		'http://0.0.0.0/',
		'http://10.1.2.3/',
		'http://172.16.0.1/',
		'http://172.31.255.255/',
		'http://192.168.1.1/',
		'http://169.254.1.1/',
		'http://100.64.0.1/',
		'http://2130706433/', // 127.0.0.1 as one number
		'http://[::1]:5678/',
		'http://[::]/',
		'http://[fd00::1]/',
		'http://[fe80::1]/',
		'http://[::ffff:192.168.1.1]/',
		'webhook-waiting/1',
		'',
	])('%s', (url) => expect(isPrivateHost(url)).toBe(true));
});

describe('addresses that may be reached', () => {
	test.each([
		'https://n8n.example.com/webhook-waiting/1',
		'https://localhost.example.com/',
		'https://N8N.Example.COM./',
		'http://8.8.8.8/',
		'http://11.0.0.1/',
		'http://172.15.0.1/',
		'http://172.32.0.1/',
		'http://192.169.0.1/',
		'http://169.253.0.1/',
		'http://100.63.0.1/',
		'http://100.128.0.1/',
		'http://[2001:db8::1]/',
		'http://[::ffff:8.8.8.8]/',
	])('%s', (url) => expect(isPrivateHost(url)).toBe(false));
});
