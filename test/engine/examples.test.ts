import { startEmulator, type Emulator } from '../emulator';
import { PAGE_EXAMPLES } from '../fixtures/pageExamples';
import { runNode } from './harness';

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ taskSeconds: 600, concurrency: 50 });
});
afterAll(async () => await emulator.stop());

test.each(PAGE_EXAMPLES)(
	'the example of the page "$page" leaves as the page has it',
	async ({ node, parameters, path, body }) => {
		const before = emulator.journal.requests.length;
		// the node refuses what the catalogue does not offer
		const { error } = await runNode(emulator, { node, parameters: { ...parameters, waitForCompletion: false } });
		expect(error?.message).toBeUndefined();
		const sent = emulator.journal.requests.slice(before);
		expect(sent).toMatchObject([{ kind: 'submit', method: 'POST', path, status: 200 }]);
		const text = sent[0].body;
		expect(typeof text === 'string' ? JSON.parse(text) : text).toEqual(JSON.parse(body));
	},
);

test('all nine examples of the source pages are here', () => {
	expect(PAGE_EXAMPLES.map(({ parameters }) => parameters.model)).toEqual([
		'vidu2-image',
		'vidu2-start-end',
		'vidu2-reference',
		'viduq1-text',
		'viduq1-image',
		'viduq1-start-end',
		'cogvideox-2',
		'viduq3-pro',
		'vidu20_img2video',
	]);
});
