import { loadBody } from '../../lib/core/body';
import { itemParameters } from '../../lib/n8n/input/parameters';
import { readJob } from '../../lib/n8n/input/job';
import { askNobody } from '../readOrder';
import { goodCases } from './sweep/cases';
import { EmulatorOracle } from './sweep/emulatorOracle';
import { contextFor, itemOf, nodeParametersOf } from './sweep/parameters';
import { PANELS, rowsOf, wayOf } from './sweep/rows';

/**
 * Two wishes are one wish only where the service gets the very same request: an input that the fingerprint did not know
 * would let a retry resume another task, already paid for.
 */

const counts = new Map<string, number>();

describe.each(
	PANELS.filter((panel) => rowsOf(panel).length > 0).map(
		(panel) => [`${wayOf(panel)}, ${panel.endpoint}`, panel] as const,
	),
)('%s', (name, panel) => {
	test('every slot and every field changes the fingerprint, and nothing else does', async () => {
		const requests = new Map<string, string>();
		const films = panel.backend.provider.films && new EmulatorOracle(panel.backend);
		for (const row of rowsOf(panel))
			for (const testCase of goodCases(row)) {
				const context = contextFor(nodeParametersOf(testCase, 'expressions'), itemOf(testCase));
				const reading = { accountIdentity: 'sweep', region: 'global', ask: films ? films.ask : askNobody };
				const job = await readJob(context, itemParameters(context, 0), panel.backend, reading);
				const body = await loadBody(job.request!.body);
				const sent = JSON.stringify(body, (key, value: unknown) => (key === 'callback_url' ? undefined : value));
				// a film may stand in the path
				const whole = `${job.request!.path} ${sent}`;
				expect([testCase.what, requests.get(job.fingerprint) ?? whole]).toEqual([testCase.what, whole]);
				requests.set(job.fingerprint, whole);
			}
		expect(new Set(requests.values()).size).toBe(requests.size);
		counts.set(name, requests.size);
	});
});

test('as many wishes as requests', () => {
	console.log(
		[...counts].map(([name, count]) => `${name}: ${count} different requests, as many fingerprints`).join('\n'),
	);
	expect([...counts.values()].every((count) => count > 1)).toBe(true);
});
