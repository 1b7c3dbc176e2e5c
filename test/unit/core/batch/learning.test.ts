import { Lane } from '../../../../lib/core/account/lane';
import { Paces } from '../../../../lib/core/account/pace';
import { newTask, type Entry, type Task } from '../../../../lib/core/batch/entry';
import { expectationOf, learnPace, notePlaceFree } from '../../../../lib/core/batch/learning';
import type { Job } from '../../../../lib/core/job';

/** What tasks that have ended teach about the others of their model. */

const job = (model: string): Job => ({ itemIndex: 0, operation: 'textToVideo', model, typicalSeconds: 60 }) as Job;
const entry = (model: string, number = 0): Entry<string> => ({
	place: number,
	item: { itemIndex: number, job: job(model), typicalSeconds: 60 },
	lane: new Lane(0),
	openedAtMs: 0,
	state: { kind: 'ended' },
});
const running = (beganAtMs: number, number = 0): Task => ({ ...newTask('1', beganAtMs, 600_000), beganAtMs, number });

test('tasks of another model that are still under way keep nothing from being learned', () => {
	const learned = (other: string): number => {
		const paces = new Paces();
		const underWay = new Map(Array.from({ length: 20 }, (_, number) => [entry(other, number), running(0)]));
		for (let ended = 0; ended < 8; ended += 1)
			learnPace(paces, entry('quick'), { ...running(970_000), lastAskMs: 999_000 }, underWay, 1_000_000);
		return expectationOf(paces, entry('quick').item).typicalMs;
	};
	// half way from the minute of the catalogue to the half minute that they took
	expect(learned('slow')).toBeLessThan(46_000);
	// where its own are slow, the quick ones end first and teach nothing yet
	expect(learned('quick')).toBe(60_000);
});

test('a task without a job is typical, and teaches nothing', () => {
	const paces = new Paces();
	const { job: _job, ...item } = entry('quick').item;
	expect(expectationOf(paces, item)).toEqual({ typicalMs: 60_000 });
	for (let ended = 0; ended < 20; ended += 1)
		learnPace(paces, { ...entry('quick'), item }, running(0), new Map(), 30_000);
	expect(expectationOf(paces, entry('quick').item)).toEqual({ typicalMs: 60_000 });
});

test('its place is free since about the middle between the last two looks, and not long before', () => {
	const freeSince = (lastAskMs: number): number => {
		const one = entry('quick');
		one.lane.tier.isTold(1);
		const [number, next] = [one.lane.take(), one.lane.take()];
		let beganMs = NaN;
		one.lane.succeeds(next, (atMs) => (beganMs = atMs));
		notePlaceFree(one, { ...running(40_000, number), lastAskMs: 40_000 + lastAskMs }, 100_000);
		return beganMs - 40_000;
	};
	expect(freeSince(58_000)).toBe(59_000);
	expect(freeSince(0)).toBe(57_000);
});

test('those of its model that run for a shorter time than any that has ended keep nothing back', () => {
	const paces = new Paces();
	const underWay = new Map(Array.from({ length: 20 }, (_, number) => [entry('quick', number), running(990_000)]));
	for (let ended = 0; ended < 8; ended += 1)
		learnPace(paces, entry('quick'), { ...running(970_000), lastAskMs: 999_000 }, underWay, 1_000_000);
	expect(expectationOf(paces, entry('quick').item).typicalMs).toBeLessThan(46_000);
});

test('a task is taken to have ended in the middle between the last look and this one, or the beginning', () => {
	const learned = (lastAskMs: number): number => {
		const paces = new Paces();
		for (let ended = 0; ended < 8; ended += 1)
			learnPace(paces, entry('quick'), { ...running(1_000_000), lastAskMs }, new Map(), 1_060_000);
		return 2 * expectationOf(paces, entry('quick').item).typicalMs - 60_000;
	};
	expect(learned(1_040_000)).toBeCloseTo(50_000, 6);
	expect(learned(1_059_000)).toBeCloseTo(59_500, 6);
	// at most by a fifth of its time, where little is known
	expect(learned(1_000_000)).toBeCloseTo(48_000, 6);
	expect(learned(0)).toBeCloseTo(48_000, 6);
});

test('one that began after the last look ended within its own time', () => {
	const paces = new Paces();
	for (let ended = 0; ended < 8; ended += 1)
		learnPace(paces, entry('quick'), { ...running(59_000), lastAskMs: 0 }, new Map(), 60_000);
	// a fifth of the second at most
	expect(2 * expectationOf(paces, entry('quick').item).typicalMs - 60_000).toBeCloseTo(800, 6);
});
