import { ModelPauses } from '../../../../lib/core/account/models';

/** What is said of a model holds up that model alone. */

const NOW_MS = 1_000_000;
const half = () => 0.5;

test('a model that nothing is known of is open, and so are the others', () => {
	const models = new ModelPauses();
	expect(models.opensMs('viduq2')).toBe(0);
	models.refused('viduq2', NOW_MS, half, 0);
	expect(models.opensMs('viduq1')).toBe(0);
});

test('each refusal doubles the pause from 5 s, up to a minute', () => {
	const models = new ModelPauses();
	let nowMs = NOW_MS;
	for (const seconds of [5, 10, 20, 40, 60, 60]) {
		models.refused('viduq2', nowMs, half, 0);
		expect(models.opensMs('viduq2')).toBe(nowMs + 1_000 * seconds);
		nowMs = models.opensMs('viduq2');
	}
});

test.each([
	[0, 0, 4_000],
	[1, 0, 6_000],
	[0.5, 30_000, 30_000],
	[0.5, 3_000, 5_000],
])('drawn at %d with a Retry-After of %i ms it pauses for %i ms', (random, retryAfterMs, pauseMs) => {
	const models = new ModelPauses();
	models.refused('viduq2', NOW_MS, () => random, retryAfterMs);
	expect(models.opensMs('viduq2')).toBe(NOW_MS + pauseMs);
});

test('a refusal that was sent before the pause was known says nothing new', () => {
	const models = new ModelPauses();
	models.refused('viduq2', NOW_MS, half, 0);
	models.refused('viduq2', NOW_MS + 4_999, half, 60_000);
	expect(models.opensMs('viduq2')).toBe(NOW_MS + 5_000);
});

test('an accepted order forgets it all', () => {
	const models = new ModelPauses();
	for (const atMs of [NOW_MS, NOW_MS + 5_000]) models.refused('viduq2', atMs, half, 0);
	models.accepted('viduq2');
	expect(models.opensMs('viduq2')).toBe(0);
	models.refused('viduq2', NOW_MS, half, 0);
	expect(models.opensMs('viduq2')).toBe(NOW_MS + 5_000);
});

test('of many models only those that were overloaded lately are remembered', () => {
	const models = new ModelPauses();
	for (let model = 0; model < 60; model += 1) models.refused(`custom-${model}`, NOW_MS + model, half, 0);
	expect([models.opensMs('custom-9'), models.opensMs('custom-10')]).toEqual([0, NOW_MS + 10 + 5_000]);
});
