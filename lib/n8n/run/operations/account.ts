import type { IDataObject } from 'n8n-workflow';

import { refusal, send, type Operate } from '../call';
import { toItem } from '../output';

/** The operations on the account itself. */

export const getCredits: Operate = async (call) => {
	const { backend, item } = call;
	const { credits } = backend.provider;
	const reply = await send(call, credits!.request());
	const held = credits!.read(reply);
	if (!held) throw refusal(call, reply);
	return [toItem(held as IDataObject, item.itemIndex)];
};
