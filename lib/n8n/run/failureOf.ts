import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { internalFault, type Failure } from '../../core/failure';
import { InvalidInput } from '../input/invalidInput';

/** Whatever is thrown becomes the failure of an item. */

/** What an item is at fault for, or whatever else went wrong, as an outcome. */
export function failureOf(cause: unknown): Failure {
	if (cause instanceof InvalidInput) return cause.failure;
	if (isNodeError(cause))
		return {
			kind: 'invalidInput',
			headline: cause.message,
			description: cause.description ?? 'Correct the node. Nothing was sent.',
		};
	return internalFault(cause);
}

/** n8n's own, which say what is wrong and know their node. */
export function isNodeError(cause: unknown): cause is Error & { description?: string } {
	return cause instanceof NodeOperationError || cause instanceof NodeApiError;
}

/** Ours are plain; n8n's own say what is wrong with a credential. */
export function credentialFault(cause: unknown): unknown {
	if (!(cause instanceof Error) || cause.constructor !== Error) return cause;
	return new InvalidInput({
		kind: 'invalidInput',
		headline: cause.message,
		description: 'Correct the credential. Nothing was sent.',
	});
}
