import type { IDataObject } from 'n8n-workflow';

import { toItem } from '../output';
import type { Operate } from '../../run';
import { refusal, send } from './task';

const getCredits: Operate = async (call) => {
	const { backend, item } = call;
	const { credits } = backend.provider;
	const reply = await send(call, credits!.request());
	const held = credits!.read(reply);
	if (!held) throw refusal(call, reply);
	return [toItem(held as IDataObject, item.itemIndex)];
};

export const accountOperations: Readonly<Record<string, Operate>> = { getCredits };
