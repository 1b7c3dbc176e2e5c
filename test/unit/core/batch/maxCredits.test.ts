import type { BatchItem } from '../../../../lib/core/batch';
import { VirtualWorld } from './virtual/world';

/** Max Credits against published prices: never more than the user allows, and not slower for it. */

/** What the emulator charges for each of the world's videos. */
const CHARGED = 55;

const priced = (
	works: BatchItem[],
	credits: number | undefined | ((itemIndex: number) => number | undefined) = CHARGED,
) =>
	works.map((work): BatchItem => {
		const price = typeof credits === 'function' ? credits(work.itemIndex) : credits;
		return { ...work, job: { ...work.job!, ...(price === undefined ? {} : { price: { credits: price } }) } };
	});
const capped = <Result extends { failure?: { isCap?: true } }>(outcomes: readonly Result[]): Result[] =>
	outcomes.filter(({ failure }) => failure?.isCap);

const busyWorld = (): VirtualWorld => new VirtualWorld('vidu', { concurrency: 20, latencyMs: 500 });

test.each([
	[54, 0],
	[55, 1],
	[109, 1],
	[110, 2],
	[220, 4],
	[274, 4],
	[1_100, 20],
])('Max Credits of %i makes %i videos of 55, and the run is green', async (maxCredits, made) => {
	const world = busyWorld();
	const { outcomes } = await world.run(priced(world.works(20)), { maxCredits });
	expect(world.counts).toMatchObject({ created: made, charged: made * CHARGED });
	expect(capped(outcomes)).toHaveLength(20 - made);
	expect(outcomes.filter(({ failure }) => !failure)).toHaveLength(made);
});

test('says what is spent and what the next would cost', async () => {
	const world = busyWorld();
	const { outcomes } = await world.run(priced(world.works(6)), { maxCredits: 120 });
	expect(capped(outcomes)[0].failure!.headline).toBe(
		'Not started: Max Credits of 120 is reached (110 spent, the next order costs 55)',
	);
});

test('orders go side by side where prices are published, and one at a time where they are not', async () => {
	const atOnce = async (credits: number | undefined) => {
		const world = busyWorld();
		await world.run(
			priced(world.works(20), () => credits),
			{ maxCredits: 1_000 },
		);
		return world.emulator.journal.maxInFlight['vidu.submit'];
	};
	expect([await atOnce(CHARGED), await atOnce(undefined)]).toEqual([4, 1]);
});

test('an order without a price goes alone among those that have one', async () => {
	const world = busyWorld();
	const works = priced(world.works(9), (itemIndex) => (itemIndex % 3 === 2 ? undefined : CHARGED));
	await world.run(works, { maxCredits: 9 * CHARGED });
	expect(world.counts.created).toBe(9);
	expect(world.emulator.journal.maxInFlight['vidu.submit']).toBeLessThanOrEqual(2);
});

test.each(['published below', 'published above'])('what the service charges counts: %s', async (how) => {
	const world = busyWorld();
	const published = how === 'published below' ? 50 : 60;
	await world.run(priced(world.works(20), published), { maxCredits: 230 });
	// 4 × 55 and no room for another of 50; 3 × 55 and room for one more of 60
	expect(world.counts).toMatchObject({ created: 4, charged: 220 });
});

test.each([
	[66, 1],
	[131, 1],
	[190, 2],
	[198, 3],
	[1_000, 15],
])(
	'where the service charges more than is published, Max Credits of %i makes %i videos of 66',
	async (maxCredits, made) => {
		const world = new VirtualWorld('vidu', { concurrency: 20, latencyMs: 500, vidu: { priceFactor: 1.2 } });
		await world.run(priced(world.works(20)), { maxCredits });
		expect(world.counts).toMatchObject({ created: made, charged: made * 66 });
	},
);

test('one model that costs more than is published makes no other dearer', async () => {
	const world = busyWorld();
	const works = priced(world.works(6), (itemIndex) => (itemIndex < 2 ? 50 : CHARGED));
	for (const { job } of works.slice(0, 2)) job!.model = 'another';
	await world.run(works, { maxCredits: 6 * CHARGED });
	expect(world.counts.created).toBe(6);
});

test('an order without a clear answer counts by its price, for it may be paid', async () => {
	const world = busyWorld();
	world.emulator.control.fault({ kind: 'submit', do: 'resetAfter', contains: 'item 0', times: 1 });
	await world.run(priced(world.works(20)), { maxCredits: 110 });
	expect(world.counts).toMatchObject({ created: 2, charged: 110 });
});

test('and so it does on the next try, beside what else was bought', async () => {
	const world = busyWorld();
	world.emulator.control.fault({ kind: 'submit', do: 'resetAfter', contains: 'item 0', times: 1 });
	let entries = {};
	for (let attempt = 1; attempt <= 3; attempt += 1) {
		const { outcomes } = await world.run(priced(world.works(20)), { maxCredits: 150, entries });
		expect(world.counts).toMatchObject({ created: 2, charged: 110 });
		expect(capped(outcomes)).toHaveLength(18);
		entries = JSON.parse(JSON.stringify(entries)) as object;
	}
});

test('an order that is refused gives its room to the next', async () => {
	const world = busyWorld();
	world.emulator.control.fault({ kind: 'submit', do: 'status', status: 400, contains: 'item 1', times: 1 });
	await world.run(priced(world.works(20)), { maxCredits: 165 });
	expect(world.counts).toMatchObject({ created: 3, charged: 165 });
});

test('is no slower than a run of as many videos without a cap', async () => {
	const tookMs = async (count: number, settings: { maxCredits?: number }) => {
		const world = busyWorld();
		return (await world.run(priced(world.works(count)), settings)).tookMs;
	};
	expect(await tookMs(20, { maxCredits: 220 })).toBeLessThanOrEqual(1.05 * (await tookMs(4, {})));
});
