import { isPrivateHost, isUncallable, sharePageOf, toHttpUrl } from '../../../../lib/n8n/input/addresses';

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

test.each(['https://n8n.test/', 'https://n8n.example/', 'https://n8n.invalid./'])(
	'%s is no address to call back, though no private one either',
	(url) => {
		expect(isUncallable(url)).toBe(true);
		expect(isPrivateHost(url)).toBe(false);
	},
);

test.each([
	['http://localhost:5678/', true],
	['', true],
	['https://n8n.example.com/', false],
])('%s: nobody can call it: %j', (url, is) => expect(isUncallable(url)).toBe(is));

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

describe('addresses as they travel', () => {
	test.each([
		['a plain one', 'https://shop.example.com/a.jpg', 'https://shop.example.com/a.jpg'],
		[
			'blanks and letters of any script',
			'https://shop.example.com/Mein Bild ü.jpg',
			'https://shop.example.com/Mein%20Bild%20%C3%BC.jpg',
		],
		['no scheme', '//cdn.shopify.com/a.jpg?v=1', 'https://cdn.shopify.com/a.jpg?v=1'],
		['blanks around', ' http://shop.example.com/a.jpg\n', 'http://shop.example.com/a.jpg'],
		['capitals', 'HTTPS://SHOP.EXAMPLE.COM/A.JPG', 'HTTPS://SHOP.EXAMPLE.COM/A.JPG'],
		['a host of another script', 'https://müller.example.com/ü.jpg', 'https://xn--mller-kva.example.com/%C3%BC.jpg'],
		[
			'a host of another script with a user',
			'https://ü:p%40s@bücher.example.com:8443/a.jpg',
			'https://%C3%BC:p%40s@xn--bcher-kva.example.com:8443/a.jpg',
		],
		['blanks of no width around', '\u200bhttps://shop.example.com/a.jpg\u200b\ufeff', 'https://shop.example.com/a.jpg'],
		['no path', 'https://shop.example.com', 'https://shop.example.com'],
		['half a character', 'https://shop.example.com/\ud800.jpg', 'https://shop.example.com/%EF%BF%BD.jpg'],
	])('%s', (_name, text, url) => expect(toHttpUrl(text)).toBe(url));

	test.each([
		'https://shop.example.com/Mein%20Bild%20%C3%BC.jpg',
		'https://bucket.s3.amazonaws.com/a%2Fb+c.jpg?X-Amz-Signature=9f%2f&X-Amz-Date=20261125T101112Z',
		'https://cdn.example.com/a.jpg?sig=AbC+/==&x=%E4%BD%A0|;,[]{}^`"<>',
		'https://user:p%40ss@shop.example.com:8443/a.jpg#front',
		'https://shop.example.com/../a/./b.jpg',
	])('%s stays byte for byte', (url) => expect(toHttpUrl(url)).toBe(url));

	test.each([
		'',
		'a.jpg',
		'/a.jpg',
		'shop.example.com/a.jpg',
		'ftp://shop.example.com/a.jpg',
		'https://',
		'https:///a.jpg',
		'https://[/a.jpg',
		'https://shop.example.com:99999/a',
	])('%j is none', (text) => expect(toHttpUrl(text)).toBeUndefined());
});

describe('pages around a file', () => {
	test.each([
		['https://drive.google.com/file/d/1AbC/view?usp=sharing', 'Google Drive'],
		['https://drive.google.com/open?id=1AbC', 'Google Drive'],
		['https://www.dropbox.com/s/abc/sneaker.png?dl=0', 'Dropbox'],
		['https://www.dropbox.com/scl/fi/abc/sneaker.png?rlkey=x', 'Dropbox'],
		['https://1drv.ms/i/s!abc', 'Microsoft OneDrive'],
		['https://drive.google.com/u/0/file/d/1AbC/view', 'Google Drive'],
		['https://docs.google.com/file/d/1AbC/edit', 'Google Drive'],
		['https://shop.sharepoint.com/:i:/s/team/EabC?e=1', 'Microsoft SharePoint'],
		['https://shop-my.sharepoint.com/:v:/g/personal/x/EabC', 'Microsoft SharePoint'],
		['https://photos.google.com/share/AF1', 'Google Photos'],
		['https://photos.app.goo.gl/abc', 'Google Photos'],
		['https://www.icloud.com/photos/#0abc', 'iCloud'],
		['https://share.icloud.com/photos/0abc', 'iCloud'],
	])('%s is one of %s', (url, name) => expect(sharePageOf(url)?.name).toBe(name));

	test.each([
		'https://drive.google.com/uc?export=download&id=1AbC',
		'https://lh3.googleusercontent.com/d/1AbC',
		'https://www.dropbox.com/s/abc/sneaker.png?dl=1',
		'https://www.dropbox.com/s/abc/sneaker.png?raw=1',
		'https://www.dropbox.com/s/dl/abc/sneaker.png',
		'https://shop.sharepoint.com/:i:/s/team/EabC?e=1&download=1',
		'https://shop.sharepoint.com/sites/team/Images/sneaker.png',
		'https://drive.google.com/u/0/uc?id=1AbC&export=download',
		'https://dl.dropboxusercontent.com/s/abc/sneaker.png',
		'https://shop.example.com/drive.google.com/file/1.jpg',
		'no address',
	])('%s is none', (url) => expect(sharePageOf(url)).toBeUndefined());
});
