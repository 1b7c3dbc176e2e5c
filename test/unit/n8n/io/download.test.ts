import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import type { Failure } from '../../../../lib/core/failure';
import type { Clock } from '../../../../lib/core/clock';
import type { TaskReport } from '../../../../lib/core/provider';
import { storeVideo, type Destination, type StoredVideo } from '../../../../lib/n8n/io/download';
import { until } from '../../../until';
import { inNode, serve, type Handler } from '../inNode';

/** The way of a video from the file server into n8n's storage, with n8n's own helpers and against real sockets. */

const asset = (name: string) => readFileSync(join(__dirname, '../../../emulator/assets', name));
const VIDEO = asset('video.mp4');
const MP4 = { 'Content-Type': 'video/mp4' };
const PAGE = `<!DOCTYPE html><html>${'<p>Please log in</p>'.repeat(200)}</html>`;
const DESTINATION: Destination = { field: 'data', fileName: '42.mp4', maxBytes: 1_000_000 };

/** Pauses between attempts take no time; the watch over a transfer stands until the test lets its minute pass. */
function watchClock() {
	let wakers: Array<() => void> = [];
	const watched: number[] = [];
	const clock: Clock = {
		nowMs: () => 0,
		random: () => 0.5,
		sleep: async (ms, signal) => {
			if (ms <= 8_000) return;
			watched.push(ms);
			await new Promise<void>((resolve) => {
				const wake = () => {
					wakers = wakers.filter((waker) => waker !== wake);
					signal!.removeEventListener('abort', wake);
					resolve();
				};
				wakers.push(wake);
				signal!.addEventListener('abort', wake);
			});
		},
	};
	return {
		clock,
		watched,
		pass: () => wakers.forEach((wake) => wake()),
		isAnybodyAsleep: () => wakers.length > 0,
	};
}

interface Delivery {
	result?: StoredVideo;
	failure?: Failure;
	/** Paths asked for, one for each attempt. */
	paths: string[];
	/** Of the field, as n8n stored it. */
	bytes(field?: string): Promise<Buffer>;
	isAnybodyAsleep: boolean;
	watched: number[];
}

/** @param watched the limits begun so far, in milliseconds */
type Attempt = (response: ServerResponse, pass: () => void, watched: number[]) => void;

/**
 * Delivers from a server whose first attempt is the first of these, and so on; the last one repeats.
 * @param clip what the service says of the video
 */
async function deliver(
	attempts: Attempt[],
	destination: Partial<Destination> = {},
	signal?: AbortSignal,
	clip?: TaskReport['clip'],
): Promise<Delivery> {
	const paths: string[] = [];
	const { clock, watched, pass, isAnybodyAsleep } = watchClock();
	const handler: Handler = ({ url }, response) => {
		response.on('error', () => undefined);
		if (url === '/cover.jpg') {
			coverAttempt(response, pass, watched);
			return;
		}
		paths.push(url!);
		attempts[Math.min(paths.length, attempts.length) - 1](response, pass, watched);
	};
	const root = await serve(handler);
	return await inNode('http://127.0.0.1:9', async (context) => {
		let links = 0;
		const report = (): TaskReport => ({
			state: 'succeeded',
			providerState: 'success',
			videoUrl: `${root}/link${(links += 1)}`,
			...(clip ? { clip } : {}),
			...(destination.coverField === undefined ? {} : { coverUrl: `${root}/cover.jpg` }),
			response: {},
		});
		const task = { taskId: '42', report: report(), askAgain: async () => report() };
		const stored = await storeVideo(context, task, { ...DESTINATION, ...destination }, clock, signal);
		return {
			...stored,
			paths,
			watched,
			isAnybodyAsleep: isAnybodyAsleep(),
			bytes: async (field = 'data') => {
				const { result } = stored as { result: StoredVideo };
				const parts: Buffer[] = [];
				for await (const part of await context.helpers.getBinaryStream(result.binary[field].id!))
					parts.push(part as Buffer);
				return Buffer.concat(parts);
			},
		};
	});
}

let coverAttempt: Attempt = () => undefined;
const whole: Attempt = (response) => response.writeHead(200, { ...MP4, 'Content-Length': VIDEO.length }).end(VIDEO);
const bytes =
	(body: string | Buffer, headers: Record<string, string> = MP4): Attempt =>
	(response) =>
		response.writeHead(200, headers).end(body);
const refuse =
	(status: number, body = ''): Attempt =>
	(response) =>
		response.writeHead(status, { 'Content-Type': 'application/xml' }).end(body);

test('a video arrives byte for byte, with its type and name, and leaves no timer behind', async () => {
	const delivery = await deliver([whole]);
	expect(delivery.result!.binary.data).toMatchObject({
		mimeType: 'video/mp4',
		fileName: '42.mp4',
		bytes: VIDEO.length,
	});
	expect((await delivery.bytes()).equals(VIDEO)).toBe(true);
	expect(delivery.paths).toEqual(['/link1']);
	expect(delivery.isAnybodyAsleep).toBe(false);
});

test('a video whose first bytes come one by one is known all the same', async () => {
	const delivery = await deliver([
		(response) => {
			response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
			const send = (at: number): void => {
				if (at < 20) response.write(VIDEO.subarray(at, at + 1), () => setImmediate(send, at + 1));
				else response.end(VIDEO.subarray(at));
			};
			send(0);
		},
	]);
	expect(delivery.result!.binary.data.mimeType).toBe('video/mp4');
	expect((await delivery.bytes()).equals(VIDEO)).toBe(true);
});

describe('what the file is', () => {
	const FACTS = { width: 640, height: 360, durationSeconds: 4, fps: 24, hasAudio: true };
	const file = { fileName: '42.mp4', mimeType: 'video/mp4', sizeBytes: VIDEO.length };
	/** Of a file that says nothing about itself. */
	const MUTE = Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.alloc(2_000)]);
	const clip = { width: 1280, height: 720, durationSeconds: 4.04, fps: 25 };

	test('is told by the file itself, in bytes as they came, and not by the service', async () => {
		expect((await deliver([whole])).result!.file).toEqual({ ...file, ...FACTS });
		expect((await deliver([whole], {}, undefined, clip)).result!.file).toEqual({ ...file, ...FACTS });
	});

	test('has the name and the type under which it is stored', async () => {
		const { result } = await deliver([whole], { fileName: 'Für Elise.mp4' });
		expect(result!.file.fileName).toBe('Für Elise.mp4');
		expect(result!.binary.data.fileName).toBe('Für Elise.mp4');
	});

	test('does not depend on how it arrives: in pieces, without a length, at the second attempt', async () => {
		const inPieces: Attempt = (response) => {
			response.writeHead(200, MP4);
			const send = (at: number): void => {
				if (at < VIDEO.length) response.write(VIDEO.subarray(at, at + 7_001), () => setImmediate(send, at + 7_001));
				else response.end();
			};
			send(0);
		};
		const cut: Attempt = (response) => {
			response.writeHead(200, { ...MP4, 'Content-Length': VIDEO.length });
			response.write(VIDEO.subarray(0, VIDEO.length / 2), () => response.socket!.end());
		};
		for (const attempts of [[inPieces], [cut, whole]])
			expect((await deliver(attempts)).result!.file).toEqual({ ...file, ...FACTS });
	});

	test('is told by the service where the file is silent, as far as it goes', async () => {
		const webm = { fileName: '42.mp4', mimeType: 'video/webm', sizeBytes: MUTE.length };
		expect((await deliver([bytes(MUTE)])).result!.file).toEqual(webm);
		expect((await deliver([bytes(MUTE)], {}, undefined, clip)).result!.file).toEqual({ ...webm, ...clip });
	});

	test('is left out where the file is damaged, which is stored all the same', async () => {
		const damaged = Buffer.from(VIDEO);
		damaged.writeUInt32BE(3, damaged.indexOf('trak') - 4);
		expect((await deliver([bytes(damaged)])).result!.file).toEqual(file);
	});
});

describe('what is not the video is asked for again with a fresh link, and then told with ID and link', () => {
	test.each<[string, Attempt, RegExp]>([
		['nothing', bytes(''), /^The file is empty\./],
		['one byte', bytes('x'), /^What the link gave, sent as video\/mp4, is not a video \(1 byte\)\./],
		['a page called a video', bytes(PAGE), /^What the link gave, sent as video\/mp4, is not a video/],
		['a page', bytes(PAGE, { 'Content-Type': 'text/html' }), /^What the link gave, sent as text\/html, is not a video/],
		[
			'JSON called a file',
			bytes(`{"error":"${'x'.repeat(2_000)}"}`, { 'Content-Type': 'application/octet-stream' }),
			/is not a video/,
		],
		['an image', bytes(asset('cover.jpg')), /is not a video/],
		['an image without a type', bytes(asset('cover.jpg'), {}), /^What the link gave is not a video/],
		[
			'half a video',
			(response) => {
				response.writeHead(200, { ...MP4, 'Content-Length': VIDEO.length });
				response.write(VIDEO.subarray(0, VIDEO.length / 2), () => response.socket!.end());
			},
			/^The transfer was cut off/,
		],
		[
			'a refusal',
			refuse(403, '<Error><Code>SignatureDoesNotMatch</Code></Error>'),
			/^The file server answered HTTP 403\./,
		],
		['an outage', refuse(503), /^The file server answered HTTP 503\./],
		['a reset', (response) => void response.socket!.destroy(), /^The transfer was cut off \(ECONNRESET\)\./],
	])('%s', async (_name, attempt, reason) => {
		const { failure, paths } = await deliver([attempt]);
		expect(paths).toEqual(['/link1', '/link2', '/link3', '/link4']);
		expect(failure).toMatchObject({ kind: 'download', headline: 'The video of task 42 did not arrive whole' });
		expect(failure!.description).toMatch(reason);
		expect(failure!.description).toMatch(/task ID 42 .*http:\/\/127\.0\.0\.1:\d+\/link4$/);
	});

	test.each<[string, Attempt]>([
		['one byte', bytes('x')],
		['a page called a video', bytes(PAGE)],
		['an expired link', refuse(403, '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>')],
		['a link that is gone', refuse(410)],
	])('%s: the fresh link brings it', async (_name, first) => {
		const delivery = await deliver([first, whole]);
		expect(delivery.paths).toEqual(['/link1', '/link2']);
		expect((await delivery.bytes()).equals(VIDEO)).toBe(true);
	});

	test.each<[string, Attempt]>([
		['by its date', refuse(403, '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>')],
		['by its status', refuse(410)],
	])('a link that has expired for good, told %s', async (_how, attempt) => {
		expect((await deliver([attempt])).failure!.description).toMatch(
			/^The link has expired, and the service gave no newer one\./,
		);
	});
});

describe('a file over the cap is fetched once', () => {
	test.each<[string, Attempt]>([
		['as its server says', whole],
		['as it turns out', bytes(VIDEO)],
		[
			'and has no end',
			(response) => {
				response.writeHead(200, MP4).write(VIDEO);
				const more = () => void (response.destroyed || response.write(VIDEO, () => setImmediate(more)));
				more();
			},
		],
	])('%s', async (_how, attempt) => {
		const { failure, paths } = await deliver([attempt], { maxBytes: VIDEO.length - 1 });
		expect(paths).toEqual(['/link1']);
		expect(failure!.description).toMatch(/^The file is larger .* than Max File Size allows/);
	});
});

describe('a server that never comes to an end', () => {
	const trickle = (response: ServerResponse, text: string, onByte: () => void) => {
		let sent = 0;
		const more = (): void => {
			if (response.destroyed) return;
			// never so much that the reader has enough
			if (sent < 1_000) response.write(text[sent % text.length]);
			sent += 1;
			onByte();
			setImmediate(more);
		};
		more();
	};

	test.each<[string, Attempt, RegExp]>([
		['says nothing', (_response, pass) => pass(), /^No complete answer came within 60 seconds\./],
		[
			'trickles its headers',
			({ socket }, pass) => {
				socket!.write('HTTP/1.1 200 OK\r\nX-Slow: x');
				setImmediate(pass);
			},
			/^No complete answer came within 60 seconds\./,
		],
		[
			'trickles its refusal',
			(response, pass, watched) => {
				response.writeHead(503);
				// the refusal is being read
				trickle(response, 'slow', () => watched.at(-1) === 10_000 && pass());
			},
			/^The file server answered HTTP 503\./,
		],
	])('%s: each attempt is given up', async (_how, attempt, reason) => {
		const { failure, paths, isAnybodyAsleep } = await deliver([attempt]);
		expect(paths).toHaveLength(4);
		expect(failure!.description).toMatch(reason);
		expect(isAnybodyAsleep).toBe(false);
	});

	test('a refusal that trickles the reason and goes on is taken at its word', async () => {
		const delivery = await deliver([
			(response, pass, watched) => {
				response.writeHead(403).write('<Message>Request has expired</Message>');
				trickle(response, ' ', () => watched.at(-1) === 10_000 && pass());
			},
			whole,
		]);
		expect((await delivery.bytes()).equals(VIDEO)).toBe(true);
	});

	const never = async () => await new Promise<never>(() => undefined);
	/** Brings chunks as the test says, counted before the next is asked for. */
	async function bring(
		chunks: (minute: () => Promise<void>) => AsyncGenerator<Buffer>,
		headers: object = {},
		whileStoring: (minute: () => Promise<void>) => Promise<void> = async () => undefined,
	) {
		const { clock, watched, pass, isAnybodyAsleep } = watchClock();
		const turn = async () => await new Promise((resolve) => setImmediate(resolve));
		let attempts = 0;
		const body = (cutOff: AbortSignal) => {
			attempts += 1;
			const iterator = chunks(async () => {
				await turn();
				if (cutOff.aborted) await never();
				pass();
				await turn();
			});
			return { [Symbol.asyncIterator]: () => iterator, destroy: () => undefined, constructor: Readable };
		};
		const cutOffs: AbortSignal[] = [];
		const context = {
			helpers: {
				httpRequest: async ({ abortSignal }: { abortSignal: AbortSignal }) => {
					cutOffs.push(abortSignal);
					return { statusCode: 200, headers: { 'content-type': 'video/mp4', ...headers }, body: body(abortSignal) };
				},
				prepareBinaryData: async (stream: Readable) => {
					let stored = 0;
					for await (const chunk of stream) stored += (chunk as Buffer).length;
					await whileStoring(async () => {
						pass();
						await turn();
					});
					return { bytes: stored };
				},
			},
		} as unknown as IExecuteFunctions;
		const report: TaskReport = { state: 'succeeded', providerState: 'success', videoUrl: 'https://x/42', response: {} };
		const task = { taskId: '42', report, askAgain: async () => undefined };
		const delivery = await storeVideo(context, task, { ...DESTINATION, maxBytes: 2 ** 30 }, clock);
		return {
			...(delivery as { result?: StoredVideo; failure?: Failure }),
			attempts,
			watched,
			cutOffs,
			isAnybodyAsleep,
		};
	}
	const megabyte = Buffer.concat([VIDEO, Buffer.alloc(2 ** 20 - VIDEO.length)]);

	test.each<[string, (minute: () => Promise<void>) => AsyncGenerator<Buffer>, RegExp]>([
		[
			'falls silent behind its headers',
			async function* (minute) {
				await minute();
				yield await never();
			},
			/^The transfer stalled\./,
		],
		[
			'falls silent within the file',
			async function* (minute) {
				yield megabyte;
				await minute();
				await minute();
				yield await never();
			},
			/^The transfer stalled\./,
		],
		[
			'trickles from its first byte',
			async function* (minute) {
				for (let at = 0; ; at += 1) {
					yield VIDEO.subarray(at % 12, (at % 12) + 1);
					if (at % 20 === 19) await minute();
				}
			},
			/^Only \d+ bytes arrived in a minute\./,
		],
		[
			'trickles in the end',
			async function* (minute) {
				yield megabyte;
				await minute();
				for (let at = 1; ; at += 1) {
					yield Buffer.alloc(1);
					if (at % 20 === 0) await minute();
				}
			},
			/^Only 20 bytes arrived in a minute\./,
		],
	])('%s: given up after a minute, four times', async (_how, chunks, reason) => {
		const { failure, attempts, cutOffs, isAnybodyAsleep } = await bring(chunks);
		expect(failure!.description).toMatch(reason);
		expect(attempts).toBe(4);
		expect(cutOffs.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
		expect(isAnybodyAsleep()).toBe(false);
	});

	const steadily = (minutes: number) =>
		async function* (minute: () => Promise<void>) {
			for (let count = 0; count < minutes; count += 1) {
				yield megabyte;
				await minute();
			}
			yield megabyte;
		};

	test('a slow line brings its video in 29 minutes', async () => {
		expect((await bring(steadily(29))).result!.file.sizeBytes).toBe(30 * 2 ** 20);
	});

	test('a file that says nothing of its length has half an hour', async () => {
		expect((await bring(steadily(1_000))).failure!.description).toMatch(
			/^The transfer was not complete after 30 minutes\./,
		);
	});

	test('a file of 600 MB has the time on top that it takes on a slow line', async () => {
		const length = { 'content-length': '600000000' };
		expect((await bring(steadily(1_000), length)).failure!.description).toMatch(
			/^The transfer was not complete after 130 minutes\./,
		);
	});

	test('how long the storage takes does not count', async () => {
		const { result } = await bring(
			async function* () {
				yield megabyte;
			},
			{},
			async (minute) => {
				for (let minutes = 0; minutes < 40; minutes += 1) await minute();
			},
		);
		expect(result!.file.sizeBytes).toBe(2 ** 20);
	});
});

test('Stop ends the transfer at once', async () => {
	const stop = new AbortController();
	let isGone = false;
	const delivery = deliver(
		[
			(response) => {
				response.on('close', () => (isGone = true));
				response.writeHead(200, MP4).write(VIDEO, () => stop.abort());
			},
		],
		{},
		stop.signal,
	);
	const { failure, paths } = await delivery;
	expect(failure).toMatchObject({ kind: 'download' });
	expect(paths).toEqual(['/link1']);
	await until('the connection is closed', () => isGone);
});

describe('a cover', () => {
	test('comes beside the video', async () => {
		coverAttempt = bytes(asset('cover.jpg'), { 'Content-Type': 'binary/octet-stream' });
		const { result } = await deliver([whole], { coverField: 'cover' });
		expect(result!.binary).toMatchObject({
			data: { mimeType: 'video/mp4' },
			cover: { mimeType: 'image/jpeg', fileName: '42.jpg' },
		});
	});

	test.each<[string, Attempt]>([
		['a page', bytes(PAGE, { 'Content-Type': 'image/jpeg' })],
		['a video', whole],
		['a refusal', refuse(403)],
		['silence', (_response, pass) => pass()],
	])('that is %s is left out, and the video is still the video', async (_what, attempt) => {
		coverAttempt = attempt;
		const { result } = await deliver([whole], { coverField: 'cover' });
		expect(Object.keys(result!.binary)).toEqual(['data']);
	});
});
