import type { Lane } from '../../../../lib/core/account/lane';
import type { Member } from '../../../../lib/core/account/member';
import { AccountPool } from '../../../../lib/core/account/pool';
import type { HttpReply } from '../../../../lib/core/http';
import type { Provider, Usage } from '../../../../lib/core/provider';
import { VirtualClock } from '../../../emulator/core/clock';

/** What the loop of an account decides, shown with runs that only say what they want: who goes when, and what it sleeps for. */

const SPACING_MS = 110;
const REPLY: HttpReply = { status: 200, headers: {}, body: undefined };

/** A clock that notes how long the loop slept. */
class Sleeps {
	readonly clock = new VirtualClock(0);
	readonly pausesMs: number[] = [];

	nowMs(): number {
		return this.clock.nowMs();
	}

	random(): number {
		return 0.5;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		this.pausesMs.push(ms);
		await new Promise<void>((resolve) => {
			const cancel = this.clock.setTimer(ms, resolve);
			signal?.addEventListener('abort', () => {
				cancel();
				resolve();
			});
		});
	}
}

/** An account, and the list of what its runs did, each with its moment. */
class Scene {
	readonly time = new Sleeps();
	readonly done: string[] = [];
	timesIdle = 0;
	readonly pool = new AccountPool(this.time, () => (this.timesIdle += 1));

	note(what: string): void {
		this.done.push(`${this.time.nowMs()} ${what}`);
	}

	/** What was done, without the moments. */
	get order(): string {
		return this.done.map((line) => line.split(' ').slice(1).join(' ')).join(', ');
	}

	run(name: string, wishes: Partial<ScriptedRun> = {}): ScriptedRun {
		const run = Object.assign(new ScriptedRun(name, this), wishes);
		this.pool.laneOf(run.lane).inLine += run.orders;
		this.pool.join(run);
		return run;
	}

	/** A request has just left: all runs are there before the next one may. */
	hold(): this {
		this.pool.requests.sent(this.time.nowMs());
		return this;
	}

	async after(ms: number): Promise<void> {
		await this.time.clock.advance(ms);
	}
}

/** A run that orders as often as it was told, and leaves when it is told. */
class ScriptedRun implements Member {
	cap = Infinity;
	ordersAhead = true;
	provider = {} as Provider;
	http = { send: async () => await Promise.resolve(REPLY) };
	orders = 0;
	lane = '';
	wireLength = 0;
	nextAskMs = Infinity;
	nextLookMs = Infinity;
	/** When it wants to ask for the task that it orders. */
	askAfterMs = Infinity;
	isDone = false;
	/** Thrown where it is named. */
	breaksAt: 'look' | 'ask' | 'order' | 'start' | undefined;
	failed: unknown;

	constructor(
		private readonly name: string,
		private readonly scene: Scene,
	) {}

	look(nowMs: number): boolean {
		this.breakAt('look');
		if (this.nextLookMs <= nowMs) {
			this.nextLookMs = Infinity;
			this.scene.note(`${this.name} looks`);
		}
		return !this.isDone;
	}

	ask(): void {
		this.breakAt('ask');
		this.nextAskMs = Infinity;
		this.scene.note(`${this.name} asks`);
	}

	get hasOrders(): boolean {
		return this.orders > 0;
	}

	nextOrder(_nowMs: number, isOpen: (lane: Lane) => boolean): ReturnType<Member['nextOrder']> {
		this.breakAt('order');
		const lane = this.scene.pool.laneOf(this.lane);
		if (this.orders === 0 || !isOpen(lane)) return undefined;
		const { wireLength } = this;
		return {
			wireLength,
			start: () => {
				this.breakAt('start');
				this.orders -= 1;
				lane.inLine -= 1;
				this.nextAskMs = this.askAfterMs;
				this.scene.note(`${this.name} orders`);
			},
		};
	}

	fail(cause: unknown): void {
		this.failed = cause;
		// what the batch gives back
		this.scene.pool.laneOf(this.lane).inLine -= this.orders;
	}

	private breakAt(place: string): void {
		if (this.breaksAt === place) throw new Error(place);
	}
}

describe('whose turn it is', () => {
	test('orders of the runs go by turns, no closer than their spacing', async () => {
		const scene = new Scene().hold();
		scene.run('a', { orders: 3 });
		scene.run('b', { orders: 2 });
		scene.run('c', { orders: 1 });
		await scene.after(1_000);
		expect(scene.done).toEqual(
			['a orders', 'b orders', 'c orders', 'a orders', 'b orders', 'a orders'].map(
				(what, at) => `${(at + 1) * SPACING_MS} ${what}`,
			),
		);
	});

	test('a run in turn that may not order lets the others go first', async () => {
		const scene = new Scene();
		// somebody is there, so that nothing rests
		scene.run('other');
		scene.pool.laneOf('full').window.refused('concurrency', 0, 0, 0.5, 0);
		scene.run('a', { orders: 2, lane: 'full' });
		scene.run('b', { orders: 2, lane: 'open' });
		await scene.after(1_000);
		expect(scene.order).toBe('b orders, b orders');
		// 5 s later it is tried again
		await scene.after(5_000);
		expect(scene.order).toBe('b orders, b orders, a orders, a orders');
	});

	test('status checks and orders that are due go by turns', async () => {
		const scene = new Scene().hold();
		scene.run('a', { orders: 3 });
		for (const name of ['x', 'y', 'z']) scene.run(name, { nextAskMs: 0 });
		await scene.after(1_000);
		expect(scene.order).toBe('x asks, a orders, y asks, a orders, z asks, a orders');
	});

	test('a check has to be due', async () => {
		const scene = new Scene();
		scene.run('a', { nextAskMs: 50 });
		await scene.after(49);
		expect(scene.done).toEqual([]);
		await scene.after(1);
		expect(scene.done).toEqual(['50 a asks']);
	});

	test('what a run wants once it has ordered is known without its saying so', async () => {
		const scene = new Scene();
		scene.run('a', { orders: 1, askAfterMs: 700 });
		await scene.after(1_000);
		expect(scene.done).toEqual(['0 a orders', '700 a asks']);
	});

	test('no more than five checks are under way', async () => {
		const scene = new Scene();
		const places = scene.pool.placesFor(Infinity);
		for (let count = 0; count < 5; count += 1) places.asking(1);
		const run = scene.run('a', { nextAskMs: 0 });
		await scene.after(60_000);
		expect(scene.done).toEqual([]);
		places.asking(-1);
		scene.pool.touch(run);
		await scene.after(0);
		expect(scene.done).toEqual(['60000 a asks']);
	});

	test('calls beside go in turn with the runs, and alone where the runs want nothing', async () => {
		const scene = new Scene().hold();
		scene.run('a', { orders: 2 });
		const call = async (name: string): Promise<void> => {
			await scene.pool.turn();
			scene.note(name);
		};
		const calls = Promise.all(['x', 'y', 'z', 'w'].map(call));
		await scene.after(1_000);
		await calls;
		expect(scene.order).toBe('x, a orders, y, a orders, z, w');
		expect(scene.done.at(-1)).toBe(`${6 * SPACING_MS} w`);
	});

	test('a call is sent though no run is there', async () => {
		const scene = new Scene();
		const call = scene.pool.turn();
		await scene.after(0);
		await expect(call).resolves.toBeUndefined();
	});

	test('a call that waits for its turn is sent in it, and wakes the one loop there is', async () => {
		const scene = new Scene();
		scene.run('a');
		await scene.after(1_000);
		const http = scene.pool.paced({
			send: async ({ path }) => {
				scene.note(path);
				return await Promise.resolve(REPLY);
			},
		});
		const reply = http.send({ method: 'GET', path: '/x' });
		await scene.after(0);
		expect([scene.done, await reply]).toEqual([['1000 /x'], REPLY]);
		expect(scene.time.pausesMs).toEqual([60_000, 60_000]);
	});

	test('four orders are on the wire at once; the next leaves as soon as one is answered', async () => {
		const scene = new Scene();
		const answers: Array<() => void> = [];
		for (let count = 0; count < 4; count += 1)
			void scene.pool.wire.use(0, async () => await new Promise<void>((answer) => answers.push(answer)));
		const run = scene.run('a', { orders: 1 });
		await scene.after(10_000);
		expect(scene.done).toEqual([]);
		answers[0]();
		await scene.after(0);
		scene.pool.touch(run);
		await scene.after(0);
		expect(scene.done).toEqual(['10000 a orders']);
	});

	test('a large order waits for the wire, and keeps its turn', async () => {
		const scene = new Scene();
		let answer = (): void => {};
		void scene.pool.wire.use(1, async () => await new Promise<void>((resolve) => (answer = resolve)));
		const large = scene.run('large', { orders: 1, wireLength: 24_000_000 });
		scene.run('small', { orders: 1 });
		await scene.after(1_000);
		expect(scene.done).toEqual([]);
		answer();
		await scene.after(0);
		scene.pool.touch(large);
		await scene.after(1_000);
		expect(scene.order).toBe('large orders, small orders');
	});
});

describe('the most at once that a user sets', () => {
	test('counts for all runs with the same number, and for no other', async () => {
		const scene = new Scene();
		const lane = scene.pool.laneOf('');
		const held = scene.pool.placesFor(2);
		held.submitting(lane, 1);
		held.submitting(lane, 1);
		const run = scene.run('two', { orders: 1, cap: 2 });
		scene.run('three', { orders: 1, cap: 3 });
		await scene.after(1_000);
		expect(scene.order).toBe('three orders');
		held.submitting(lane, -1);
		scene.pool.touch(run);
		await scene.after(1_000);
		expect(scene.order).toBe('three orders, two orders');
	});
});

describe('who is there', () => {
	test('a run that is done leaves; the last one is told, once', async () => {
		const scene = new Scene();
		const a = scene.run('a');
		const b = scene.run('b');
		await scene.after(0);
		a.isDone = true;
		scene.pool.touch(a);
		await scene.after(0);
		expect([scene.timesIdle, scene.pool.isIdle]).toEqual([0, false]);
		b.isDone = true;
		scene.pool.touch(b);
		await scene.after(0);
		expect([scene.timesIdle, scene.pool.isIdle]).toEqual([1, true]);
		scene.pool.touch(b);
		await scene.after(100_000);
		expect([scene.timesIdle, scene.time.pausesMs]).toEqual([1, [60_000, 60_000]]);
		// and the next one is served
		scene.run('c', { orders: 1 });
		await scene.after(0);
		expect(scene.done).toEqual(['100000 c orders']);
	});

	test('what a run wanted that has left is not done', async () => {
		const scene = new Scene();
		const gone = scene.run('gone', { nextAskMs: 1_000, nextLookMs: 2_000 });
		scene.run('stays');
		await scene.after(0);
		gone.isDone = true;
		scene.pool.touch(gone);
		await scene.after(3_000);
		// its last request is answered
		scene.pool.touch(gone);
		await scene.after(0);
		expect(scene.done).toEqual([]);
	});

	test.each(['look', 'ask', 'order', 'start'] as const)(
		'a fault at its %s ends that run, and no other',
		async (place) => {
			const scene = new Scene();
			const other = scene.hold().run('other', { orders: 2 });
			const broken = scene.run('broken', { orders: 2, nextAskMs: 0, breaksAt: place });
			await scene.after(1_000);
			expect(broken.failed).toEqual(new Error(place));
			expect(other.failed).toBeUndefined();
			expect(scene.done.filter((line) => line.includes('other'))).toHaveLength(2);
			other.isDone = true;
			scene.pool.touch(other);
			await scene.after(0);
			expect([scene.timesIdle, scene.pool.isIdle]).toEqual([1, true]);
		},
	);

	test('the first to come rests the account: what paused it is over; a second one does not', async () => {
		const scene = new Scene();
		const { window } = scene.pool.laneOf('');
		window.refused('rate', 0, 0, 0.5, 60_000);
		const first = scene.run('first', { orders: 1 });
		await scene.after(0);
		expect(scene.done).toEqual(['0 first orders']);
		window.refused('rate', 0, 0, 0.5, 60_000);
		scene.run('second', { orders: 1 });
		await scene.after(59_999);
		expect(scene.done).toHaveLength(1);
		await scene.after(1);
		expect(scene.done[1]).toBe('60000 second orders');
		expect(first.failed).toBeUndefined();
	});
});

describe('how long it sleeps', () => {
	test('a minute at most, where nothing is due', async () => {
		const scene = new Scene();
		scene.run('a');
		await scene.after(180_000);
		expect(scene.time.pausesMs).toEqual([60_000, 60_000, 60_000, 60_000]);
	});

	test('a little, though something is due all the time: others have a turn of the process too', async () => {
		const scene = new Scene();
		scene.run('a', { nextLookMs: 0, look: () => true });
		await scene.after(3);
		expect(scene.time.pausesMs).toEqual([1, 1, 1, 1]);
	});

	test('until a run wants to be looked at', async () => {
		const scene = new Scene();
		scene.run('a', { nextLookMs: 700 });
		await scene.after(1_000);
		expect([scene.done, scene.time.pausesMs]).toEqual([['700 a looks'], [700, 60_000]]);
	});

	test('until the next request may leave, where one is due before', async () => {
		const scene = new Scene();
		scene.run('a', { orders: 2 });
		await scene.after(1_000);
		expect(scene.time.pausesMs).toEqual([SPACING_MS, 60_000]);
	});

	test('and not for a lane in which nothing waits', async () => {
		const scene = new Scene();
		scene.run('a');
		await scene.after(0);
		scene.pool.laneOf('').window.refused('concurrency', 0, 0, 0.5, 90_000);
		await scene.after(120_000);
		expect(scene.time.pausesMs).toEqual([60_000, 60_000, 60_000]);
	});

	test('until an order may be tried again', async () => {
		const scene = new Scene();
		// somebody is there, so that nothing rests
		scene.run('other');
		await scene.after(0);
		scene.pool.laneOf('').window.refused('concurrency', 0, 0, 0.5, 0);
		scene.run('a', { orders: 1 });
		await scene.after(10_000);
		expect(scene.done).toEqual(['5000 a orders']);
		expect(scene.time.pausesMs).toEqual([60_000, 5_000, 60_000]);
	});
});

describe('lanes that are kept', () => {
	test('fifty; the one that was used least lately goes, unless something is in it', () => {
		const { pool } = new Scene();
		const lanes = new Map(Array.from({ length: 50 }, (_, model) => [String(model), pool.laneOf(String(model))]));
		lanes.get('0')!.underWay = 1;
		pool.laneOf('1');
		pool.laneOf('one more');
		const kept = [...lanes.keys()].filter((key) => pool.laneOf(key) === lanes.get(key));
		// what was looked up here took the place of the others in turn, so only the first three tell
		expect(kept.slice(0, 2)).toEqual(['0', '1']);
		expect(kept).not.toContain('2');
	});

	test('the one that is asked for, though something is in all others', () => {
		const { pool } = new Scene();
		for (let model = 0; model < 50; model += 1) pool.laneOf(String(model)).inLine = 1;
		const asked = pool.laneOf('asked');
		expect(pool.laneOf('asked')).toBe(asked);
	});
});

describe('what the account says of itself', () => {
	/** A run at a service that tells, and how often it was asked. */
	function telling(scene: Scene, told: () => Usage | undefined) {
		let asked = 0;
		const provider = {
			usage: {
				request: () => ({ method: 'GET', path: '/usage' }),
				read: () => {
					asked += 1;
					return told();
				},
			},
		} as unknown as Provider;
		return { provider, ordersAhead: false, asked: () => asked, scene };
	}

	test.each([
		['six tasks', 6, false, 1],
		['five', 5, false, 0],
		['six that may stand in line', 6, true, 0],
	])('is asked for %s: %p', async (_what, orders, ordersAhead, times) => {
		const scene = new Scene();
		const { provider, asked } = telling(scene, () => ({ atOnce: 3, running: 3 }));
		scene.run('a', { orders, ordersAhead, provider });
		await scene.after(10_000);
		expect(asked()).toBe(times);
		const { tier, isFull } = scene.pool.laneOf('');
		expect([tier.runningAtOnce, isFull]).toEqual(times ? [3, true] : [undefined, undefined]);
	});

	test('counts orders, tasks on their way and under way', async () => {
		const scene = new Scene();
		const { provider, asked } = telling(scene, () => ({ atOnce: 30 }));
		const lane = scene.pool.laneOf('');
		lane.underWay = 2;
		lane.submitting = 2;
		scene.run('a', { orders: 2, ordersAhead: false, provider });
		await scene.after(1_000);
		expect(asked()).toBe(1);
	});

	test('a run that waits has no more under way than run at once, and a stock; one that orders ahead has', async () => {
		const scene = new Scene();
		const { provider } = telling(scene, () => ({ atOnce: 1 }));
		const lane = scene.pool.laneOf('');
		lane.tier.isTold(1);
		lane.underWay = 3;
		const run = scene.run('waits', { orders: 1, ordersAhead: false, provider });
		await scene.after(1_000);
		expect(scene.done).toEqual([]);
		const ahead = scene.run('ahead', { orders: 1, provider });
		await scene.after(1_000);
		expect(scene.order).toBe('ahead orders');
		ahead.isDone = true;
		scene.pool.touch(ahead);
		lane.underWay = 2;
		scene.pool.touch(run);
		await scene.after(1_000);
		expect(scene.order).toBe('ahead orders, waits orders');
		// nor does it keep others from it once it has left
		run.isDone = true;
		scene.pool.touch(run);
		lane.underWay = 3;
		scene.run('later', { orders: 1, provider });
		await scene.after(1_000);
		expect(scene.order).toBe('ahead orders, waits orders, later orders');
	});

	test('a service that does not tell lets orders leave all the same', async () => {
		const scene = new Scene();
		const lane = scene.pool.laneOf('');
		lane.underWay = 100;
		scene.run('a', { orders: 1, ordersAhead: false });
		await scene.after(0);
		expect(scene.order).toBe('a orders');
	});

	test('who is about to give up looks first, and knows whether anything moved', async () => {
		const scene = new Scene();
		let running = 2;
		const { provider, asked } = telling(scene, () => ({ atOnce: 5, running }));
		const run = scene.run('a', { ordersAhead: false, provider });
		const lane = scene.pool.laneOf('');
		await scene.after(1_000);
		const look = async (): Promise<void> => {
			expect(scene.pool.hasLookedSince(run, scene.time.nowMs())).toBe(false);
			scene.pool.touch(run);
			await scene.after(1_000);
		};
		await look();
		expect([asked(), lane.progressMs]).toEqual([1, 0]);
		expect(scene.pool.hasLookedSince(run, 1_000)).toBe(true);
		// nothing moved
		await look();
		expect([asked(), lane.progressMs]).toEqual([2, 0]);
		// one more runs, and our own progress was that of the look before
		running = 3;
		lane.progressMs = 2_000;
		await look();
		expect([asked(), lane.progressMs]).toEqual([3, 3_000]);
		// what changed before our own progress is no news
		running = 4;
		lane.progressMs = 3_500;
		await look();
		expect([asked(), lane.progressMs]).toEqual([4, 3_500]);
		expect(scene.pool.hasLookedSince(run, 4_001)).toBe(false);
	});

	test('is one request among the others', async () => {
		const scene = new Scene();
		const { provider } = telling(scene, () => ({ atOnce: 30 }));
		scene.run('a', { orders: 6, ordersAhead: false, provider });
		await scene.after(1_000);
		expect(scene.done[0]).toBe(`${SPACING_MS} a orders`);
	});

	test('is not taken to say more than it does', async () => {
		const scene = new Scene();
		const { provider, asked } = telling(scene, () => ({ running: 3 }));
		const { tier } = scene.pool.laneOf('');
		tier.sawInLine(12);
		scene.run('a', { orders: 6, ordersAhead: false, provider });
		await scene.after(1_000);
		expect([asked(), tier.runningAtOnce]).toEqual([1, 12]);
	});

	test('cannot be asked where no service tells', async () => {
		const scene = new Scene();
		const run = scene.run('a');
		expect(scene.pool.hasLookedSince(run, 0)).toBe(true);
	});

	test('is asked by a run that can, and by none when it has left', async () => {
		const scene = new Scene();
		const { provider, asked } = telling(scene, () => ({ atOnce: 5 }));
		scene.run('cannot');
		const can = scene.run('can', { ordersAhead: false, provider });
		await scene.after(1_000);
		scene.pool.hasLookedSince(can, scene.time.nowMs());
		scene.pool.touch(can);
		await scene.after(1_000);
		expect(asked()).toBe(1);
		scene.pool.hasLookedSince(can, scene.time.nowMs());
		can.isDone = true;
		scene.pool.touch(can);
		await scene.after(10_000);
		expect(asked()).toBe(1);
		// and nobody waits for it
		expect(scene.time.pausesMs.at(-1)).toBe(60_000);
		scene.run('next', { orders: 1 });
		await scene.after(0);
		expect(scene.order).toBe('next orders');
	});
});
