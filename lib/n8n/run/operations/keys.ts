import type { INodeExecutionData } from 'n8n-workflow';

import { InvalidInput, invalid } from '../../input/invalidInput';
import { readKeysToForget } from '../../input/orderKey';
import { canKeepKeys, clearKeys, keyStoreOf } from '../../io/keyStore';
import { failureOf } from '../failureOf';
import type { NodeRun } from '../nodeRun';
import { toErrorItem, toItem } from '../output';

/** Forgets the order keys of this node: those of the item, or all. Asks no service, so it needs no credential. */
export async function forgetKeys(run: NodeRun): Promise<INodeExecutionData[]> {
	const { context, backend } = run;
	const output: INodeExecutionData[] = [];
	for (const itemIndex of run.itemIndexes())
		try {
			if (!canKeepKeys(context)) throw invalid('Operation', 'This n8n keeps no Order Keys', 'Update n8n.');
			const keys = readKeysToForget(run.parametersOf(itemIndex));
			if (keys) await keyStoreOf(context).remove(keys.map(({ hash }) => hash));
			else await clearKeys(context);
			const forgotten = keys ? { orderKeys: keys.map(({ text }) => text) } : {};
			output.push(toItem({ deleted: true, ...forgotten }, itemIndex));
		} catch (cause) {
			const failure = cause instanceof InvalidInput ? cause.failure : failureOf(cause);
			if (!run.continuesOnFail) throw run.nodeError(cause, { itemIndex });
			output.push(toErrorItem(backend.provider, { itemIndex }, failure));
		}
	return output;
}
