import { modelOf, type Job } from '../../../lib/core/job';

test.each([
	['its model', { model: 'viduq2' }, 'viduq2'],
	['the operation that has none', {}, 'upscale'],
])('what can be overloaded is %s', (_name, model, overloaded) => {
	const job: Job = { itemIndex: 0, operation: 'upscale', typicalSeconds: 60, fingerprint: 'a', origin: 'o', ...model };
	expect(modelOf(job)).toBe(overloaded);
});
