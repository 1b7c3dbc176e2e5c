import type { HttpRequest, Job, LoadedMedia } from '../../../lib/core/types';
import { readSources } from '../../../lib/n8n/input/sources';
import { operationOf, type Backend } from '../../../lib/n8n/backends';
import { createEmulator, readReply, VirtualClock, type Emulator, type ProviderName } from '../../emulator';
import type { Case } from './cases';

/** More than any sweep asks for, so that only the request itself decides. */
export const ROOMY = { concurrency: 1_000_000, credits: 1_000_000_000_000 };

/** A field that a row sends in vain is a mistake of the row, though the services ignore it. */
export const STRICT = { lint: true };

export interface Verdict {
	isAccepted: boolean;
	/** The emulator's words. */
	said: string;
}

/** The emulator in process, on a clock that stands still: hears thousands of orders a second. */
export class EmulatorOracle {
	private readonly emulator: Emulator = createEmulator({ ...ROOMY, ...STRICT, clock: new VirtualClock() });

	constructor(private readonly backend: Backend) {}

	/** Orders a job as the provider's adapter writes it. */
	async order(job: Job): Promise<Verdict> {
		return await this.send(this.backend.provider.submit(job, await loadMedia(job)));
	}

	/** Orders what was asked for, as if nothing had looked at it before. */
	async orderUnchecked({ panel, model, fields, media }: Case): Promise<Verdict> {
		const job = {
			operation: operationOf(panel.endpoint),
			model,
			fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')),
		};
		return await this.send(this.backend.provider.submit(job as unknown as Job, rawMedia(media)));
	}

	private async send({ method, path, headers, body }: HttpRequest): Promise<Verdict> {
		const { provider } = this.backend;
		const name = provider.id as ProviderName;
		const reply = await this.emulator.send({
			method,
			target: `${this.emulator.urls[name]}${path}`,
			headers: {
				...headers,
				'Content-Type': 'application/json',
				Authorization: `${name === 'vidu' ? 'Token' : 'Bearer'} ${this.emulator.keys[name]}`,
			},
			body: JSON.stringify(body),
		});
		const text = (await readReply(reply)).toString();
		const { kind } = provider.readSubmit({ ...reply, body: JSON.parse(text) as unknown });
		return {
			isAccepted: reply.status === 200 && kind === 'accepted',
			said: `HTTP ${reply.status} ${text.slice(0, 300)}`,
		};
	}
}

async function loadMedia({ images, subjects, videos }: Job): Promise<LoadedMedia> {
	const load = async (sources: Job['images']) => await Promise.all(sources.map(async (source) => await source.load()));
	return {
		images: await load(images),
		...(videos ? { videos } : {}),
		...(subjects
			? {
					subjects: await Promise.all(
						subjects.map(async (subject) => ({ ...subject, images: await load(subject.images) })),
					),
				}
			: {}),
	};
}

function rawMedia({ image, startImage, endImage, references, videos, subjects }: Case['media']): LoadedMedia {
	const media = {
		images: [image, startImage, endImage, references].flatMap(rawList),
		...(videos === undefined ? {} : { videos: rawList(videos) }),
		...(subjects
			? { subjects: subjects.map(({ name, images, voiceId }) => ({ name, images: rawList(images), voiceId })) }
			: {}),
	};
	return media as LoadedMedia;
}

function rawList(value: unknown): unknown[] {
	try {
		return readSources(value, '').map((source) => source.value);
	} catch {
		return [value];
	}
}
