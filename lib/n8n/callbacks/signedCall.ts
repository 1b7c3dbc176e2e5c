import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { SignedCall } from '../../core/provider';

/** A call of the service as n8n received it, and the answers to it. */

/** @param targets path and query the call can have been signed for */
export function readSignedCall(context: IWebhookFunctions, targets: readonly string[]): SignedCall {
	const headers = Object.fromEntries(
		Object.entries(context.getHeaderData()).map(([name, value]) => [
			name.toLowerCase(),
			Array.isArray(value) ? value.join(', ') : String(value ?? ''),
		]),
	);
	return { method: context.getRequestObject().method, headers, targets };
}

/** Path and query of an address, byte for byte. */
export function targetOf(url: string): string {
	return url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
}

/** Answers the service, unless it has its answer already, without starting or resuming anything. */
export function respond(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) response.status(status).json({ message });
	return { noWebhookResponse: true };
}
