import type { Job } from '../../../../lib/core/job';
import { openLedger } from '../../../../lib/n8n/run/openLedger';
import type { NodeRun } from '../../../../lib/n8n/run/nodeRun';

/** Which calls see what others ordered. */

interface Place {
	workflow?: string;
	node?: string;
	execution?: string;
	isTool?: boolean;
}

/** One run of a node, with a context that no other run has. */
function open({ workflow = 'shop', node = 'clip', execution, isTool = true }: Place = {}) {
	const context = {
		getExecutionId: () => execution,
		getWorkflow: () => ({ id: workflow }),
		getNode: () => ({ id: node }),
		getContext: () => store,
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		logger: { warn: () => {} },
	};
	const store: { tasks?: object } = {};
	const ledger = openLedger({ context, isTool, clock: { nowMs: () => 0 } } as unknown as NodeRun);
	return { ledger, store };
}
const job = { itemIndex: 0, operation: 'textToVideo', fingerprint: 'a', origin: 'o', typicalSeconds: 60 } as Job;
const ID = '876543210123456789';

/** The task that such a run finds for what another one has ordered. */
function found(first: Place, then: Place): string | undefined {
	const { ledger } = open(first);
	ledger.write(job, { state: 'submitted', atMs: 0, taskId: ID, execution: ledger.execution });
	const { ledger: next } = open(then);
	next.adopt(job, false);
	return next.taskIdsOf(0)[0];
}

test.each<[string, Place, Place, string | undefined]>([
	['the same tool outside any execution', {}, {}, ID],
	['another node of the workflow', { node: 'one' }, { node: 'other' }, undefined],
	['a node of that name in another workflow', { workflow: 'mine' }, { workflow: 'yours' }, undefined],
	['the node in an execution of its own', { node: 'run' }, { node: 'run', execution: '7' }, undefined],
	['a call after an execution', { node: 'after', execution: '7' }, { node: 'after' }, undefined],
	['no tool', { node: 'none', isTool: false }, { node: 'none', isTool: false }, undefined],
])('%s', (_name, first, then, taskId) => {
	expect(found(first, then)).toBe(taskId);
});

test('what is no tool is kept in its context, execution or not', () => {
	for (const place of [{ isTool: false }, { execution: '7' }]) {
		const { ledger, store } = open(place);
		ledger.write(job, { state: 'submitting', atMs: 0 });
		expect(Object.keys(store.tasks ?? {})).toEqual(['0:0']);
	}
});
