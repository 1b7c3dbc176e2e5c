import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { listValues } from '../../core/fields';
import type { Provider } from '../../core/provider';
import type { Backend } from '../backends';
import { invalid } from '../input/invalidInput';
import { itemParameters } from '../input/parameters';
import { readTarget } from '../input/target';
import { show } from '../input/values';
import { operationsOn } from '../operations';
import { failureOf } from './failureOf';
import { generate } from './generate';
import { NodeRun } from './nodeRun';
import { getCredits } from './operations/account';
import { getFilm } from './operations/film';
import { forgetKeys } from './operations/keys';
import { getManySubjects } from './operations/subjects';
import { cancelTask, getManyTasks, getTask } from './operations/task';
import { toErrorItem } from './output';
import { perItem } from './perItem';
import { wait } from './wait';

/** The way into the node: which operation it is, and that nothing which goes wrong leaves by the success output. */

interface Handler {
	run(run: NodeRun): Promise<INodeExecutionData[]>;
	/** What a provider must know for it; expressions and hand-written workflows can ask for any. */
	needs?: keyof Pick<Provider, 'cancel' | 'list' | 'credits' | 'subjects' | 'films'>;
}

/** Each item says itself which of these it is, so that its own catalogue row is asked. */
const generation: Handler = { run: generate };

/** Whoever sells them: an item that asks for one which its provider does not have is at fault itself. */
const ordering = (...[resource]: Parameters<typeof operationsOn>): Record<string, Handler> =>
	Object.fromEntries(operationsOn(resource).map((name) => [name, generation]));

/** Resource × operation, as the panel offers them. */
const HANDLERS = {
	video: ordering('video'),
	film: { ...ordering('film'), get: { run: perItem(getFilm), needs: 'films' } },
	image: ordering('image'),
	audio: ordering('audio'),
	subject: { ...ordering('subject'), getMany: { run: perItem(getManySubjects), needs: 'subjects' } },
	prompt: ordering('prompt'),
	task: {
		cancel: { run: perItem(cancelTask), needs: 'cancel' },
		forgetKeys: { run: forgetKeys },
		get: { run: perItem(getTask) },
		getMany: { run: perItem(getManyTasks), needs: 'list' },
		wait: { run: wait },
	},
	account: { getCredits: { run: perItem(getCredits), needs: 'credits' } },
} satisfies Record<string, Record<string, Handler>>;

/**
 * Runs the node's operation for all items. Under Continue nothing is thrown: n8n would hand the input on by the Success
 * output, as if all were well.
 * @throws NodeOperationError, NodeApiError
 */
export async function runNode(
	context: IExecuteFunctions,
	backends: readonly [Backend, ...Backend[]],
): Promise<INodeExecutionData[][]> {
	const first = itemParameters(context, 0);
	let run = new NodeRun(context, backends[0], '', first);
	try {
		const { backend, resource, operation } = readTarget(first, backends, () =>
			run.itemIndexes().map((itemIndex) => itemParameters(context, itemIndex)),
		);
		run = new NodeRun(context, backend, operation, first);
		return [await handlerFor(backend, resource, operation).run(run)];
	} catch (cause) {
		if (!run.continuesOnFail || run.signal?.aborted) throw run.nodeError(cause);
		const failure = failureOf(cause);
		return [run.itemIndexes().map((itemIndex) => toErrorItem(run.backend.provider, { itemIndex }, failure))];
	}
}

/** @throws InvalidInput for what the node or the provider does not offer */
function handlerFor(backend: Backend, resource: string, operation: string): Handler {
	const { provider, label } = backend;
	const resources: Record<string, Record<string, Handler>> = HANDLERS;
	const operations =
		Object.hasOwn(resources, resource) && isOffered(backend, resource) ? resources[resource] : undefined;
	if (!operations)
		throw invalid(
			'Resource',
			`Resource "${show(resource)}" is not offered`,
			`Choose ${listValues(Object.keys(resources).filter((name) => isOffered(backend, name)))}.`,
		);
	const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
	if (handler && (!handler.needs || provider[handler.needs])) return handler;
	const offered = Object.entries(operations).flatMap(([name, { needs }]) => (!needs || provider[needs] ? [name] : []));
	throw invalid(
		'Operation',
		`${provider.name} does not offer Operation "${show(operation)}" for this resource`,
		offered.length > 0 ? `Choose ${listValues(offered)}.` : `${label} offers nothing for it. Choose another resource.`,
	);
}

function isOffered({ catalogue, provider }: Backend, resource: string): boolean {
	if (resource === 'account') return provider.credits !== undefined;
	return resource === 'task' || catalogue.operations.some((operation) => operation.resource === resource);
}
