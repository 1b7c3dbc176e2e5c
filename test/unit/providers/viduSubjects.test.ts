import type { HttpReply } from '../../../lib/core/http';
import { subjects } from '../../../lib/providers/vidu/subjects';

/** How the subjects of an account are asked for, and what a page of them says. */

test.each<[string, object, string | undefined, string]>([
	['all', {}, undefined, 'count=25'],
	['the next ones', {}, 'a b&c', 'count=25&next_page_token=a%20b%26c'],
	['those of an owner', { ownership: 'mine&all' }, undefined, 'ownership=mine%26all&count=25'],
	['a few', { subjectIds: ['1', '2/3'] }, undefined, 'subject_ids=1&subject_ids=2%2F3&count=25'],
	[
		'a few of an owner, further on',
		{ ownership: 'mine', subjectIds: ['1'] },
		't',
		'ownership=mine&subject_ids=1&count=25&next_page_token=t',
	],
])('%s are asked for', (_name, filters, token, query) => {
	const request = subjects.page(filters, 25, token);
	expect(request).toStrictEqual({ method: 'GET', path: `/ent/v2/subjects?${query}` });
});

const reply = (body: unknown, status = 200): HttpReply => ({ status, headers: {}, body });

test('a page tells what there is, by the names of the output, and where the next begins', () => {
	const body = {
		subjects: [
			{ id: 12, name: 'shoe', cover_url: '', created_at: null, is_own: false, voice_id: 'v' },
			{ id: {}, name: 'boot' },
			'text',
		],
		next_page_token: 't',
	};
	expect(subjects.read(reply(body, 299))).toStrictEqual({
		rows: [{ id: '12', name: 'shoe', isOwn: false, voiceId: 'v' }, { id: '', name: 'boot' }, {}],
		nextPageToken: 't',
	});
});

test.each([[undefined], [''], [null]])('the last page has the token %j', (next_page_token) => {
	expect(subjects.read(reply({ subjects: [], next_page_token }))).toStrictEqual({ rows: [] });
});

test.each([
	['a refusal', reply({ subjects: [] }, 300)],
	['no list', reply({ subjects: {} })],
	['text', reply('subjects')],
])('%s is no page', (_name, said) => {
	expect(subjects.read(said)).toBeUndefined();
});
