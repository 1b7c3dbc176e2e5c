import type { TaskReport } from '../../../lib/core/provider';
import { vidu } from '../../../lib/providers/vidu';
import { readClip, readOtherFile, readProgress, withResult } from '../../../lib/providers/vidu/results';

/** Answers that bring the result at once, files that stand beside the creations, and how far a film is. */

const URL = 'https://example.com/speech.mp3';

/** The answer to an order, read like that of any task. */
const read = (fields: object, changes: Partial<TaskReport> = {}): TaskReport => ({
	...{ state: 'unknown', providerState: '', response: fields },
	...changes,
});

describe('the answer to an order that names nothing to tell', () => {
	test('is a result where it brings a file', () => {
		const said = read({ file_url: URL }, { videoUrl: URL });
		expect(withResult(said, {})).toStrictEqual({ ...said, state: 'succeeded', providerState: 'success' });
	});

	test('is a result where it says success, in its own word', () => {
		const said = read({ state: 'finished' }, { state: 'succeeded', providerState: 'finished' });
		expect(withResult(said, {})).toStrictEqual(said);
		expect(withResult({ ...said, videoUrl: URL }, {})).toStrictEqual({ ...said, videoUrl: URL });
	});

	test.each([
		['says neither', read({ task_id: '1' })],
		['has an empty state', read({ state: '' })],
	])('is none where it %s', (_name, said) => {
		expect(withResult(said, {})).toBeUndefined();
	});

	test.each(['queued', 'processing', 'failed', 'unknown'] as const)('is that of a task that is %s', (state) => {
		// a word that nobody knows may come with a file; the task is asked about all the same
		const said = read({ state: 'a word' }, { state, providerState: 'a word', videoUrl: URL });
		expect(withResult(said, {})).toBe(said);
		expect(withResult(said, { tells: ['prompt'] })).toBe(said);
	});
});

describe('the answer to an order that tells something', () => {
	const tells = ['voice_id', 'demo_audio', 'note'] as const;

	test('is a result once the first is told, and tells what there is of the others', () => {
		const fields = { voice_id: 'v1', demo_audio: '', note: null, more: 'x' };
		const said = read(fields, { credits: 5 });
		expect(withResult(said, { tells: tells })).toStrictEqual({
			...said,
			...{ state: 'succeeded', providerState: 'success', facts: { voiceId: 'v1' } },
		});
		const whole = { voice_id: 'v1', demo_audio: URL, note: 'n' };
		expect(withResult(read(whole), { tells: tells })?.facts).toStrictEqual({
			...{ voiceId: 'v1', demoAudio: URL, note: 'n' },
		});
	});

	test.each([
		['queued', { voiceId: 'v1' }],
		['processing', { voiceId: 'v1' }],
		['failed', undefined],
	] as const)('keeps it where its task is %s, for no later answer tells it', (state, facts) => {
		const said = read({ state: 'a word', voice_id: 'v1' }, { state, providerState: 'a word' });
		expect(withResult(said, { tells })).toStrictEqual(facts ? { ...said, facts } : said);
	});

	test('is a result where it says success, too', () => {
		const said = read({ state: 'success', voice_id: 'v1' }, { state: 'succeeded', providerState: 'success' });
		expect(withResult(said, { tells: tells })).toStrictEqual({ ...said, facts: { voiceId: 'v1' } });
	});

	test('may be a list', () => {
		const prompts = ['a shoe', 'a boot'];
		expect(withResult(read({ prompts }), { tells: ['prompts'] as never })?.facts).toStrictEqual({ prompts });
	});

	test('may be zero, which is told', () => {
		expect(withResult(read({ score: 0 }), { tells: ['score'] as never })?.facts).toStrictEqual({ score: 0 });
	});

	test.each([[undefined], [null], ['']])('is none where the first is %j', (voice_id) => {
		expect(withResult(read({ voice_id, demo_audio: URL }), { tells: tells })).toBeUndefined();
		const done = read({ voice_id }, { state: 'succeeded', providerState: 'success', videoUrl: URL });
		expect(withResult(done, { tells: tells })).toBeUndefined();
	});

	test('failed where the list is empty, costs nothing, and says so', () => {
		const said = read({ prompts: [] }, { credits: 5 });
		const failed = withResult(said, { tells: ['prompts'] as never });
		expect(failed).toMatchObject({
			...{ state: 'failed', providerState: 'empty', credits: 0, response: { prompts: [] } },
			diagnosis: { kind: 'permanent', summary: expect.stringContaining('no prompt') as string },
		});
	});

	test.each([[[]], ['text'], [null]])('is none where the answer is %j', (response) => {
		expect(withResult({ ...read({}), response }, { tells: ['prompts'] as never })).toBeUndefined();
	});
});

test('an order whose answer has an id, and neither a result nor a state, is not known to be taken', () => {
	const reply = { status: 200, headers: {}, body: { task_id: '876543210123456789', code: 0 } };
	expect(vidu.readSubmit(reply, { isResult: true })).toMatchObject({
		...{ kind: 'unknown', mentionedTaskId: '876543210123456789' },
	});
	const done = { ...reply, body: { ...reply.body, file_url: URL } };
	expect(vidu.readSubmit(done, { isResult: true })).toMatchObject({ kind: 'accepted', task: { videoUrl: URL } });
});

describe('a file beside the creations', () => {
	const [speech, sample, film] = ['file', 'demo', 'film'].map((name) => `https://example.com/${name}`);

	test.each([
		[{ file_url: speech, demo_audio: sample, signed_url: film }, speech],
		[{ demo_audio: sample, signed_url: film }, sample],
		[{ file_url: '', demo_audio: null, signed_url: film }, film],
		[{ file_url: speech }, speech],
	])('of %j is one', (fields, videoUrl) => {
		expect(readOtherFile(fields)).toStrictEqual({ videoUrl });
	});

	test('works as long as its link says', () => {
		const videoUrl = `${film}?Expires=1800000000`;
		expect(readOtherFile({ signed_url: videoUrl })).toStrictEqual({
			...{ videoUrl, urlExpiresAt: '2027-01-15T08:00:00.000Z' },
		});
	});

	test('is not where none is named', () => {
		expect(readOtherFile({ state: 'success' })).toStrictEqual({});
	});
});

test.each([
	[0, 0],
	[42.5, 42.5],
	[100, 100],
	[-1, undefined],
	[101, undefined],
	['50', undefined],
	[null, undefined],
	[undefined, undefined],
])('a progress of %j is %j percent', (progress, percent) => {
	expect(readProgress({ progress })).toBe(percent);
});

describe('the clips of a long song, which no whole film is made of', () => {
	const record = (index: number, ...urls: Array<string | undefined>) => ({
		...{ type: 'generate_video', index },
		jobs: urls.map((signed_url, at) => ({ id: `${index}${at}`, signed_url })),
	});
	const job_records = [
		record(0, 'https://e.com/old', 'https://e.com/older', 'https://e.com/new'),
		record(1, undefined),
		{ ...record(2, 'https://e.com/film'), type: 'compose' },
	];
	const told = (fields: object) => {
		const answer = vidu.readStatus({ status: 200, headers: {}, body: { id: '1', ...fields } });
		return answer.kind === 'report' ? answer.report.facts : answer;
	};

	test('are told with the newest link of each, once it has succeeded', () => {
		expect(told({ state: 'success', job_records })).toEqual({
			clips: [{ index: 0, jobId: '02', videoUrl: 'https://e.com/new' }],
		});
		expect(told({ state: 'processing', job_records })).toBeUndefined();
	});

	test('are not told beside a film, and none is told where none has a link', () => {
		expect(told({ state: 'success', job_records, signed_url: 'https://e.com/film' })).toBeUndefined();
		expect(told({ state: 'success', job_records: [record(0, undefined)] })).toBeUndefined();
	});
});

test.each([
	[{ duration: 5, resolution: { width: 1280, height: 0 } }, { durationSeconds: 5 }],
	[{ fps: 24, resolution: { width: 0, height: 720 } }, { fps: 24 }],
	[{ resolution: { width: 1280, height: 720 } }, { width: 1280, height: 720 }],
	[{ duration: 0, fps: 0, resolution: null }, undefined],
])('what is told of a clip, %j, is %j: zero is nothing', (video, told) => {
	expect(readClip(video)).toEqual(told);
});
