import * as failure from '../../../lib/core/failure';
import type { Failure } from '../../../lib/core/failure';
import type { Diagnosis, TaskReport } from '../../../lib/core/types';

const diagnosis: Diagnosis = {
	kind: 'content',
	summary: 'The clip did not pass the content check of Vidu',
	advice: 'Change Prompt and run again.',
	code: 'CreationPolicyViolation',
	providerMessage: 'policy',
	traceId: '3cd1f9',
};
const report: TaskReport = {
	state: 'succeeded',
	providerState: 'success',
	videoUrl: 'https://cdn/x?a=%2F',
	response: {},
};
const ID = '876543210123456789';

const all: Array<[string, Failure]> = [
	['invalid input', failure.invalidInput('Duration', 'Duration 12 is not offered by vidu2.0', 'Choose 4 or 8.')],
	['refused', failure.refused(diagnosis)],
	['refused before', failure.refused(diagnosis, true)],
	['unreachable', failure.unreachable('Vidu', 'The connection ended with ECONNREFUSED.')],
	['outcome unknown', failure.outcomeUnknown({ name: 'Vidu' }, 'The connection ended with ECONNRESET.')],
	['ended empty', failure.endedEmpty('Vidu', ID, diagnosis)],
	['ended without a reason', failure.endedEmpty('Vidu', ID, undefined)],
	['canceled', failure.canceled(ID)],
	['still running', failure.stillRunning('Vidu', ID, 'queueing', 900_000)],
	['lost', failure.lostTask(ID, { ...diagnosis, kind: 'auth' })],
	['lost, as nobody knows it', failure.lostTask(ID, { ...diagnosis, kind: 'permanent', unknownTask: true })],
	['lost for its form', failure.unreadableTask('Vidu', ID, diagnosis)],
	['not canceled', failure.notCanceled('Vidu', ID, diagnosis)],
	['not started', failure.notStarted('Max Videos of 3 is reached', 'Raise Max Videos.')],
	['cut off', failure.downloadCutOff(ID, 'The file server answered HTTP 503.', report)],
	['stopped', failure.stopped(ID)],
	['stopped before', failure.stopped()],
];

test.each(all)('%s: a headline in the words of n8n, and what to do', (_name, { headline, description }) => {
	expect(headline).not.toMatch(/error|problem|fail/i);
	expect(headline).not.toMatch(/\.$/);
	// n8n swaps texts that hold one of these codes
	expect(headline).not.toMatch(/EPERM|ENOENT|ECONN|ENOTFOUND|ETIMEDOUT/i);
	expect(description).toMatch(/^[A-Z].*[.\w/&=%?-]$/s);
	expect(description).not.toMatch(/undefined|\s\s|\.\./);
});

test.each([
	['no', failure.invalidInput('A', 'B', 'C.'), 'Nothing was sent'],
	['no', failure.refused(diagnosis), 'No video was started'],
	['maybe', failure.outcomeUnknown({ name: 'Vidu' }, ''), 'may have started and charged a task'],
	['yes', failure.downloadCutOff(ID, 'x.', report), 'made and paid for'],
	['no', failure.notStarted('a', 'b.'), 'Nothing was ordered'],
	['no', failure.stopped(), 'Nothing was ordered'],
])('whether money is spent is said (%s)', (_spent, { description }, words) => {
	expect(description).toContain(words);
});

test.each(all.filter(([name]) => /ended|canceled|running|lost|cut off|^stopped$/.test(name)))(
	'%s: the task id is in the headline',
	(_name, { headline }) => {
		expect(headline).toContain(ID);
	},
);

test('codes and trace ids are in the description', () => {
	expect(failure.endedEmpty('Vidu', ID, diagnosis).description).toBe(
		'The clip did not pass the content check of Vidu. Change Prompt and run again. ' +
			'The service said CreationPolicyViolation: policy. Trace ID 3cd1f9.',
	);
});

test('the link of a cut off video is there byte for byte', () => {
	expect(failure.downloadCutOff(ID, 'x.', report).description).toMatch(/: https:\/\/cdn\/x\?a=%2F$/);
});

test.each([
	[5_000, '5 seconds'],
	[89_000, '1 minute'],
	[900_000, '15 minutes'],
	[172_800_000, '2880 minutes'],
])('%i ms are told as %s', (waitedMs, words) => {
	expect(failure.stillRunning('Vidu', ID, 'queueing', waitedMs).headline).toBe(
		`Task ${ID} is still "queueing" after ${words}`,
	);
});

test('an unknown id that ends in zeros was rounded', () => {
	const unknown: Diagnosis = { ...diagnosis, kind: 'permanent', unknownTask: true };
	expect(failure.lostTask('876543210123456800', unknown).headline).toContain('was rounded');
	expect(failure.lostTask('876543210123456789', unknown).headline).not.toContain('was rounded');
	// the same id refused for another reason may be right
	expect(failure.lostTask('876543210123456800', diagnosis).headline).not.toContain('was rounded');
});

test('a task that does not exist is not said to be running', () => {
	const unknown: Diagnosis = { ...diagnosis, kind: 'permanent', unknownTask: true };
	expect(failure.lostTask(ID, unknown).description).not.toMatch(/running|collect/);
	expect(failure.lostTask(ID, { ...diagnosis, kind: 'auth' }).description).toContain('may still be running');
});

test('where the tasks can be listed, that is where to look', () => {
	const list = {} as never;
	expect(failure.outcomeUnknown({ name: 'Vidu', list }, '').description).toContain('Task → Get Many');
	expect(failure.outcomeUnknown({ name: 'Zhipu' }, '').description).not.toContain('Get Many');
});
