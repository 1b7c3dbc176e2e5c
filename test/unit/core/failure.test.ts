import * as failure from '../../../lib/core/failure';
import type { Failure } from '../../../lib/core/failure';
import { vidu } from '../../../lib/providers/vidu';
import type { Diagnosis, TaskReport } from '../../../lib/core/provider';

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
	['unreadable record', failure.unreadableRecord({ name: 'Vidu' })],
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
	['no', failure.refused(diagnosis), 'Nothing was ordered'],
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

describe('what the item carries for the next node', () => {
	test.each<[Failure['kind'], Failure]>([
		['invalidInput', failure.invalidInput('Duration', 'Duration 12 is not offered by vidu2.0', 'Choose 4 or 8.')],
		['refused', failure.refused(diagnosis)],
		['refused', failure.unreachable('Vidu', '')],
		['refused', failure.turnedAway('Vidu', diagnosis)],
		['outcomeUnknown', failure.outcomeUnknown({ name: 'Vidu' }, '')],
		['endedEmpty', failure.endedEmpty('Vidu', ID, diagnosis)],
		['canceled', failure.canceled(ID)],
		['stillRunning', failure.stillRunning('Vidu', ID, 'queueing', 1)],
		['lostTask', failure.lostTask(ID, diagnosis)],
		['lostTask', failure.lostTask('876543210123456800', { ...diagnosis, unknownTask: true })],
		['lostTask', failure.unreadableTask('Vidu', ID, diagnosis)],
		['notCanceled', failure.notCanceled('Vidu', ID, diagnosis)],
		['notStarted', failure.notStarted('a', 'b.')],
		['notStarted', failure.capped('a', 'b.')],
		['internal', failure.internalFault(new Error('x'))],
		['download', failure.downloadCutOff(ID, '', report)],
		['stopped', failure.stopped(ID)],
	])('the kind %s', (kind, { kind: said }) => {
		expect(said).toBe(kind);
	});

	test('the display name of the parameter at fault', () => {
		expect(failure.invalidInput('Duration', 'a', 'b.').parameter).toBe('Duration');
	});

	test.each<[string, (diagnosis: Diagnosis) => Failure]>([
		['refused', failure.refused],
		['turned away', (given) => failure.turnedAway('Vidu', given)],
		['ended empty', (given) => failure.endedEmpty('Vidu', ID, given)],
		['canceled', (given) => failure.canceled(ID, given)],
		['lost', (given) => failure.lostTask(ID, given)],
		['lost for its form', (given) => failure.unreadableTask('Vidu', ID, given)],
		['not canceled', (given) => failure.notCanceled('Vidu', ID, given)],
		['not started', (given) => failure.notStarted('a', 'b.', given)],
		['rounded', (given) => failure.lostTask('876543210123456800', { ...given, unknownTask: true })],
	])('the diagnosis, and in words what the service said: %s', (name, make) => {
		const { description, diagnosis: carried } = make(diagnosis);
		expect(carried).toMatchObject(diagnosis);
		if (name !== 'canceled')
			expect(description).toMatch(/ The service said CreationPolicyViolation: policy\. Trace ID 3cd1f9\.$/);
	});

	test('no diagnosis where there is none', () => {
		for (const made of [failure.endedEmpty('Vidu', ID, undefined), failure.canceled(ID), failure.notStarted('a', 'b.')])
			expect(made).not.toHaveProperty('diagnosis');
	});

	test('how long no place came free', () => {
		expect(failure.noPlaceYet('Vidu', 89_600)).toEqual(
			failure.notStarted('Vidu had no free place for another task within 90 seconds', 'Ask again in a minute.'),
		);
	});

	test('whether it was the own cap of the user', () => {
		expect(failure.capped('Max Videos of 3 is reached', 'Raise it.')).toEqual({
			...failure.notStarted('Max Videos of 3 is reached', 'Raise it.'),
			isCap: true,
		});
		expect(failure.notStarted('a', 'b.')).not.toHaveProperty('isCap');
	});
});

describe('what the service said', () => {
	const wordsOf = (changes: Partial<Diagnosis>) => {
		const { code: _code, providerMessage: _message, traceId: _trace, ...bare } = diagnosis;
		return failure.refused({ ...bare, ...changes }).description;
	};

	test.each([
		[{}, 'Change Prompt and run again. Nothing was ordered.'],
		[{ code: '1301' }, 'Change Prompt and run again. Nothing was ordered. The service said 1301.'],
		[{ providerMessage: 'policy' }, 'Change Prompt and run again. Nothing was ordered. The service said policy.'],
		[{ traceId: 't-1' }, 'Change Prompt and run again. Nothing was ordered. Trace ID t-1.'],
	])('is told as far as it said anything: %j', (changes, description) => {
		expect(wordsOf(changes)).toBe(description);
	});
});

describe('names in the words', () => {
	test('an order that is refused keeps the diagnosis as its headline, and once only', () => {
		expect(failure.refused(diagnosis).headline).toBe(diagnosis.summary);
		expect(failure.refused(diagnosis).description).not.toContain('earlier');
		expect(failure.refused(diagnosis, true).description).toMatch(
			/ordered\. This was said on an earlier try .*start a new/,
		);
	});

	test('a provider that cannot be reached', () => {
		expect(failure.unreachable('Zhipu', '')).toMatchObject({
			headline: 'Zhipu cannot be reached',
			description: 'Check the network, and the base URL in the credential. Nothing was ordered.',
		});
		expect(failure.unreachable('Zhipu', 'No answer.').description).toMatch(/ordered\. No answer\.$/);
	});

	test('an order that was turned away on its way', () => {
		expect(failure.turnedAway('Zhipu', diagnosis).headline).toBe('The order was turned away on its way to Zhipu');
		const { headline, description } = failure.turnedAway('Zhipu', { ...diagnosis, httpStatus: 403 });
		expect(headline).toBe('The order was turned away on its way to Zhipu (HTTP 403)');
		expect(description).toMatch(
			/^The answer is not Zhipu's own: .* in the credential\. Nothing was ordered\. The service/,
		);
	});

	test('an order of unknown outcome, and its task where one is named', () => {
		const unnamed = failure.outcomeUnknown({ name: 'Zhipu' }, '');
		expect(unnamed.headline).toBe('No clear answer came back after ordering at Zhipu');
		expect(unnamed.description).toMatch(
			/^Zhipu may have .* Look in the console of Zhipu for a task .* for this item\.$/,
		);
		const named = failure.outcomeUnknown({ name: 'Zhipu' }, 'HTTP 502.', ID).description;
		expect(named).toMatch(new RegExp(`The answer names task ${ID}: .* for this item\\. HTTP 502\\.$`));
		expect(named).not.toContain('Look in');
	});

	test('a task that ended before and was not ordered again', () => {
		for (const given of [diagnosis, undefined]) {
			expect(failure.endedEmpty('Zhipu', ID, given).headline).toBe(`Zhipu ended task ${ID} without a result`);
			expect(failure.endedEmpty('Zhipu', ID, given).description).not.toContain('again. It');
			expect(failure.endedEmpty('Zhipu', ID, given, undefined, true).description).toContain(
				' It was not ordered again.',
			);
		}
	});

	test.each([
		[{ one: 'image', many: 'images', title: 'Images' }, 'without an image'],
		[{ one: 'film', many: 'films', title: 'Films' }, 'without a film'],
	])('a task ends without what it was to make', (noun, words) => {
		expect(failure.endedEmpty('Vidu', ID, diagnosis, noun).headline).toBe(`Vidu ended task ${ID} ${words}`);
	});

	test('a wait of just a minute', () => {
		expect(failure.stillRunning('Zhipu', ID, 'x', 59_999).headline).toContain('after 60 seconds');
		expect(failure.stillRunning('Zhipu', ID, 'x', 60_000).headline).toContain('after 1 minute');
		expect(failure.stillRunning('Zhipu', ID, 'x', 1_000).headline).toMatch(/after 1 second$/);
		expect(failure.stillRunning('Zhipu', ID, 'x', 1_000).description).toContain(`at Zhipu: collect it later`);
		expect(failure.stillRunning('Zhipu', ID, 'x', 1_000).description).toContain(`task ID ${ID}`);
	});

	test.each(['876543210123456800', '87654321012300'.padEnd(16, '0')])('%s was rounded, and why is said', (id) => {
		const unknown: Diagnosis = { ...diagnosis, unknownTask: true };
		expect(failure.lostTask(id, unknown).headline).toBe(`Task ID ${id} was rounded: no such task exists`);
		expect(failure.lostTask(id, unknown).description).toContain(failure.ROUNDED_ID);
	});

	test.each(['1234567890100', 'a876543210123456800', '876543210123456800a'])('%s was not rounded', (id) => {
		expect(failure.lostTask(id, { ...diagnosis, unknownTask: true })).toMatchObject({
			headline: `Task ${id} was not found: ${diagnosis.summary}`,
			description: 'Change Prompt and run again. The service said CreationPolicyViolation: policy. Trace ID 3cd1f9.',
		});
	});

	test('a task that cannot be read', () => {
		expect(failure.lostTask(ID, diagnosis)).toMatchObject({
			headline: `Task ${ID} cannot be read: ${diagnosis.summary}`,
		});
		expect(failure.lostTask(ID, diagnosis).description).toContain(`and task ID ${ID}.`);
		expect(failure.unreadableTask('Zhipu', 'x?', diagnosis).headline).toBe('Zhipu does not take x? as a task ID');
		expect(failure.notCanceled('Zhipu', ID, diagnosis)).toMatchObject({
			headline: `Task ${ID} can no longer be cancelled`,
		});
		expect(failure.notCanceled('Zhipu', ID, diagnosis).description).toMatch(/^Zhipu cancels only/);
		expect(failure.notCancelable('Vidu', ID, diagnosis)).toMatchObject({
			kind: 'notCanceled',
			headline: `Task ${ID} is of a kind that cannot be cancelled`,
			description: expect.stringMatching(/^Vidu has no way to cancel it, and it goes on\./),
		});
	});

	test('an item that was not started', () => {
		expect(failure.notStarted('the account is empty', 'Top up.')).toMatchObject({
			headline: 'Not started: the account is empty',
			description: 'Top up. Nothing was ordered for this item.',
		});
	});

	test('a fault of this node costs neither the id nor the file', () => {
		const unknown = failure.internalFault(new Error('x is not a function.'));
		expect(unknown.description).toMatch(
			/^x is not a function\. n8n's log says whether anything was ordered .* of the node\.$/,
		);
		expect(failure.internalFault('a.b failed').description).toMatch(/^a\.b failed\. n8n's log/);
		const running = failure.internalFault(new Error('x'), ID).description;
		expect(running).toMatch(new RegExp(`^x\\. Task ${ID} may still finish: .* and this ID\\. Please report`));
		expect(failure.internalFault(new Error('x'), ID, { ...report, videoUrl: undefined }).description).toBe(running);
		expect(failure.internalFault(new Error('x'), ID, report).description).toContain(
			'and this ID. Its file: https://cdn/x?a=%2F Please report',
		);
	});

	test('a video that did not arrive, and how long its link works', () => {
		expect(failure.downloadCutOff(ID, 'x.', report).description).toContain('the link works: https');
		expect(failure.downloadCutOff(ID, 'x.', { ...report, urlExpiresAt: '2027' }).description).toContain(
			'the link works until 2027: https',
		);
		expect(failure.downloadCutOff(ID, 'x.', { ...report, videoUrl: undefined }).description).toMatch(/works: none$/);
	});

	test('a wait that was stopped', () => {
		expect(failure.stopped(ID).description).toContain(`and task ID ${ID}.`);
	});
});

describe('an earlier try that left what cannot be read', () => {
	test.each([
		['without a list', { name: 'Vidu' }, 'Look in the console of Vidu for a task of that try'],
		[
			'with a list',
			{ name: 'Vidu', list: vidu.list! },
			'Look in Task → Get Many or the console of Vidu for a task of that try',
		],
	])('may have started a task at a service %s', (_name, provider, look) => {
		const found = failure.unreadableRecord(provider);
		expect(found.kind).toBe('outcomeUnknown');
		expect(found.description).toContain('Vidu may have started and charged a task, so nothing was ordered.');
		expect(found.description).toContain(look);
	});

	test('may name the task', () => {
		const { description } = failure.unreadableRecord({ name: 'Vidu' }, ID);
		expect(description).toContain(`It names task ${ID}`);
		expect(description).not.toContain('console');
	});
});

test('what another execution has ordered is not to be ordered again', () => {
	const { kind, headline, description } = failure.orderedBefore();
	expect([kind, headline]).toEqual([
		'notStarted',
		'Not started: the same Order Key was ordered before, or is being ordered',
	]);
	expect(description).toContain('Do not order it again');
});

test('what another call is about to order waits for that call', () => {
	const { kind, headline } = failure.orderedBeside();
	expect([kind, headline]).toEqual(['notStarted', 'Not started: another call is about to order the same']);
});
