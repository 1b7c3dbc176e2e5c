import { readExpiry } from '../../../lib/providers/read';

describe('until when a link works', () => {
	test.each([
		['Amazon', 'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z&X-Amz-Expires=86400', '2025-12-28T19:30:32.000Z'],
		['Alibaba', 'https://a.example/v.mp4?x-oss-date=20260901T000000Z&x-oss-expires=3600', '2026-09-01T01:00:00.000Z'],
		['CloudFront', 'https://a.example/v.mp4?Expires=1798761600&Signature=a~b', '2027-01-01T00:00:00.000Z'],
	])('%s says so in the query', (_name, url, expected) => {
		expect(readExpiry(url)).toBe(expected);
	});

	test.each([
		undefined,
		'',
		'no link',
		'https://a.example/v.mp4',
		'https://a.example/v.mp4?Expires=1',
		'https://a.example/v.mp4?Expires=soon',
		'https://a.example/v.mp4?Expires=Thu%2C%2001%20Jan%202027',
		'https://a.example/v.mp4?X-Amz-Date=20251227&X-Amz-Expires=86400',
		'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z',
	])('is not known from %j', (url) => {
		expect(readExpiry(url)).toBeUndefined();
	});
});
