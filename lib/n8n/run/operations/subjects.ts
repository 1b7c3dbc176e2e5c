import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { readSubjectFilters } from '../../input/filters';
import { refusal, send, type Operate } from '../call';
import { toItem } from '../output';

/** What the account keeps for its videos. */

const PAGE_SIZE = 100;

export const getManySubjects: Operate = async (call) => {
	const { item, backend } = call;
	const { subjects } = backend.provider;
	if (!subjects) return [];
	const { limit, filters } = readSubjectFilters(item);
	const found: INodeExecutionData[] = [];
	let token: string | undefined;
	do {
		const reply = await send(call, subjects.page(filters, Math.min(PAGE_SIZE, limit - found.length), token));
		const page = subjects.read(reply);
		if (!page) throw refusal(call, reply);
		found.push(...page.rows.map((row) => toItem(row as IDataObject, item.itemIndex)));
		token = page.rows.length > 0 ? page.nextPageToken : undefined;
	} while (token !== undefined && found.length < limit);
	return found.slice(0, limit);
};
