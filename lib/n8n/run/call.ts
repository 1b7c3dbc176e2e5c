import type { INodeExecutionData } from 'n8n-workflow';

import type { Failure } from '../../core/failure';
import { NoReply, type HttpReply, type HttpRequest } from '../../core/http';
import type { Backend } from '../backends';
import { InvalidInput } from '../input/invalidInput';
import type { ItemParameters } from '../input/parameters';
import type { Delivery } from '../input/settings';
import type { FinishedTask } from '../../core/download';
import type { Storing } from '../io/download';
import { unexpected, type ApiClient } from '../io/http';

/** A plain operation: one call, or a few, for one item. */

/** Of one call that orders nothing. */
export const CALL_TIMEOUT_MS = 30_000;

/** What a plain operation is given. */
export interface Call {
	backend: Backend;
	account: ApiClient;
	item: ItemParameters;
	settings: Delivery;
	/** Fetches the video of a finished task into the item, as the settings say. */
	download(task: FinishedTask, to: NonNullable<Delivery['download']>): Promise<Storing>;
}

/** @throws InvalidInput for what the item is at fault for */
export type Operate = (call: Call) => Promise<INodeExecutionData[]>;

/** Sends one call of a plain operation. @throws InvalidInput when no reply comes */
export async function send({ account, backend }: Call, request: HttpRequest): Promise<HttpReply> {
	try {
		return await account.http.send({ timeoutMs: CALL_TIMEOUT_MS, ...request });
	} catch (cause) {
		throw cause instanceof NoReply ? notReached(backend.provider.name, cause) : unexpected(cause);
	}
}

export const notReached = (name: string, { message }: NoReply): InvalidInput =>
	new InvalidInput({
		kind: 'refused',
		headline: `${name} cannot be reached`,
		description: `Check the network, and the base URL in the credential. ${message}`,
	});

/** A refusal of a call that orders nothing. @param taskId of the task that it was about */
export function refusal({ backend }: Call, reply: HttpReply, taskId?: string): InvalidInput {
	const diagnosis = backend.provider.diagnose(reply);
	const failure: Failure = {
		kind: 'refused',
		headline: diagnosis.summary,
		description: diagnosis.advice,
		diagnosis,
	};
	return new InvalidInput(failure, taskId === undefined ? {} : { taskId });
}
