import { loadBody, type PreparedRequest } from '../../../lib/core/body';
import { askForFilm } from '../../../lib/core/ask';
import { defined } from '../../../lib/core/defined';
import type { Http, HttpReply } from '../../../lib/core/http';
import type { Answering } from '../../../lib/catalogue/types';
import type { Job, Order } from '../../../lib/core/job';
import { operationOf, type Backend } from '../../../lib/n8n/backends';
import type { AskAbout } from '../../../lib/n8n/input/slots/slot';
import { createEmulator, readReply, VirtualClock, type Emulator, type ProviderName } from '../../emulator';
import type { Case } from './cases';
import { KEPT_FILMS, rawFor } from './media';
import { declarationOf, onWire, slotsOf } from './rows';
import { KEPT_SUBJECTS } from './texts';

/** More than any sweep asks for, so that only the request itself decides. */
export const ROOMY = { concurrency: 1_000_000, credits: 1_000_000_000_000 };

/** A field that a row sends in vain is a mistake of the row, though the services ignore it. */
export const STRICT = { lint: true };

/** There is something to be changed. */
export const FURNISHED = { keptSubjects: KEPT_SUBJECTS, keptFilms: KEPT_FILMS };

export interface Verdict {
	isAccepted: boolean;
	/** The emulator's words. */
	said: string;
}

/** The emulator in process, on a clock that stands still: hears thousands of orders a second. */
export class EmulatorOracle {
	private readonly emulator: Emulator = createEmulator({
		...ROOMY,
		...STRICT,
		...FURNISHED,
		clock: new VirtualClock(),
	});

	constructor(private readonly backend: Backend) {}

	/** For items that are about a film. */
	readonly ask: AskAbout = async (taskId) => {
		const { provider } = this.backend;
		const http: Http = {
			send: async ({ method, path }) => await this.answer(method, path, undefined),
		};
		return await askForFilm({ provider, http }, taskId, 1_000);
	};

	/** Orders a job as the provider's adapter writes it. */
	async order(job: Job): Promise<Verdict> {
		if (!job.request) throw new Error('The job has no request');
		return await this.send({ ...job.request, body: await loadBody(job.request.body) }, job.answering);
	}

	/** Orders what was asked for, as if nothing had looked at it before. */
	async orderUnchecked({ panel, model, fields, media }: Case): Promise<Verdict> {
		const { path, method, answering } = declarationOf(panel);
		const order: Order = {
			operation: operationOf(panel.endpoint),
			...defined({ path: path?.replace('{id}', encodeURIComponent(String(fields.id))), method }),
			...(model === '' ? {} : { model: model as string }),
			inputs: Object.assign({}, ...slotsOf(panel).map((slot) => rawFor(slot, media))) as Order['inputs'],
			fields: Object.fromEntries(
				Object.entries(onWire(panel, fields)).filter(([, value]) => value !== undefined && value !== ''),
			),
		};
		return await this.send(this.backend.provider.submit(order), answering);
	}

	private async send({ path, method, headers, body }: PreparedRequest, answering?: Answering): Promise<Verdict> {
		const reply = await this.answer(method ?? 'POST', path, JSON.stringify(body), headers);
		const { kind } = this.backend.provider.readSubmit(reply, answering);
		return {
			isAccepted: reply.status === 200 && kind === 'accepted',
			said: `HTTP ${reply.status} ${JSON.stringify(reply.body).slice(0, 300)}`,
		};
	}

	private async answer(
		method: string,
		path: string,
		body: string | undefined,
		headers: Record<string, string> = {},
	): Promise<HttpReply> {
		const name = this.backend.provider.id as ProviderName;
		const reply = await this.emulator.send({
			method,
			target: `${this.emulator.urls[name]}${path}`,
			headers: {
				...headers,
				'Content-Type': 'application/json',
				Authorization: `${name === 'vidu' ? 'Token' : 'Bearer'} ${this.emulator.keys[name]}`,
			},
			body,
		});
		return { ...reply, body: JSON.parse((await readReply(reply)).toString()) as unknown };
	}
}
