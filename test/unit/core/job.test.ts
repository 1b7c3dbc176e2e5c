import { creditsOf, modelOf, type Job } from '../../../lib/core/job';

test.each([
	['its model', { model: 'viduq2' }, 'viduq2'],
	['the operation that has none', {}, 'upscale'],
])('what can be overloaded is %s', (_name, model, overloaded) => {
	const job: Job = { itemIndex: 0, operation: 'upscale', typicalSeconds: 60, fingerprint: 'a', origin: 'o', ...model };
	expect(modelOf(job)).toBe(overloaded);
});

test.each<[string, Pick<Job, 'price'>, number | undefined]>([
	['in credits', { price: { credits: 55 } }, 55],
	['in money', { price: { cost: { amount: '0.50', currency: 'CNY' } } }, undefined],
	['that nobody publishes', {}, undefined],
])('a price %s', (_name, job, credits) => {
	expect(creditsOf(job)).toBe(credits);
});
