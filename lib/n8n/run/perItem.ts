import type { INodeExecutionData } from 'n8n-workflow';

import { InvalidInput } from '../input/invalidInput';
import { readDelivery } from '../input/settings';
import { pacedClient } from '../io/accounts';
import type { ApiClient } from '../io/http';
import type { Operate } from './call';
import { failureOf } from './failureOf';
import type { NodeRun } from './nodeRun';
import { toErrorItem } from './output';

/** One plain call per item, one after the other. */
export const perItem =
	(operate: Operate) =>
	async (run: NodeRun): Promise<INodeExecutionData[]> => {
		const { context, backend } = run;
		const output: INodeExecutionData[] = [];
		const download = run.download.bind(run);
		let account: ApiClient | undefined;
		for (const itemIndex of run.itemIndexes())
			try {
				account ??= pacedClient(await run.createClient(), backend.provider, run.signal);
				const item = run.parametersOf(itemIndex);
				const settings = readDelivery(context, item, true);
				output.push(...(await operate({ backend, account, item, settings, download })));
			} catch (cause) {
				const task = cause instanceof InvalidInput ? cause.task : {};
				if (!run.continuesOnFail) throw run.nodeError(cause, { itemIndex, ...task });
				output.push(toErrorItem(backend.provider, { itemIndex, ...task }, failureOf(cause)));
			}
		return output;
	};
