import { priceOf } from '../../lib/catalogue/prices';
import type { ModelRules, OperationDeclaration, Rules } from '../../lib/catalogue/types';
import { declarationOf, type Operation } from '../../lib/catalogue/operations';
import { defined } from '../../lib/core/defined';
import type { Order } from '../../lib/core/job';
import { purchaseOf } from '../../lib/core/purchase';
import { operationOf } from '../../lib/n8n/backends';
import type { Checklist, Wish } from './types';

/** What an announced order is, and what it costs by the catalogue. Pure. */

const declared = ({ endpoint }: Wish): OperationDeclaration => {
	const declaration = declarationOf(operationOf(endpoint));
	if (!declaration) throw new Error(`${endpoint} is no operation`);
	return declaration;
};

function rulesOf({ backend: { catalogue }, endpoint, model }: Wish): (Rules & Partial<ModelRules>) | undefined {
	return model === undefined ? catalogue.rules[endpoint as Operation] : catalogue.models[endpoint]?.[model];
}

/** What the adapter is handed. @param late inputs that only an earlier order could make */
export function orderOf(wish: Wish, late: Readonly<Record<string, unknown>> = {}): Order {
	const { path, method, ownFields = {} } = declared(wish);
	const fields = Object.entries(wish.fields ?? {}).map(([name, value]) => [ownFields[name]?.wire ?? name, value]);
	return {
		operation: operationOf(wish.endpoint),
		...defined({ path, method, model: wish.model, extraFields: wish.extraFields }),
		fields: Object.fromEntries(fields) as Record<string, unknown>,
		inputs: { ...wish.inputs, ...late },
	};
}

export const answeringOf = (wish: Wish): OperationDeclaration['answering'] => declared(wish).answering;

/**
 * What it costs by the published prices, in the unit that the cap counts.
 * @returns undefined where none is published at this region
 */
export function publishedPrice(wish: Wish, { cap }: Pick<Checklist, 'cap'>, region: string): number | undefined {
	if (cap.counts === 'orders') return 1;
	const rules = rulesOf(wish);
	const amount = rules && priceOf(rules.price, purchaseOf(rules, wish.fields ?? {}, wish.bought), region);
	if (!amount) return undefined;
	return 'credits' in amount ? amount.credits : Number(amount.cost.amount);
}

/** What has to be left under the cap before it may be ordered; undefined where nobody can say. */
export function highestPrice(wish: Wish, list: Pick<Checklist, 'cap'>, region: string): number | undefined {
	return wish.atMost ?? publishedPrice(wish, list, region);
}

/** "7", "10 to 20", "not published, at most 100". */
export function tellPrice(wish: Wish, list: Pick<Checklist, 'cap'>, region: string): string {
	const published = publishedPrice(wish, list, region);
	if (wish.atMost === undefined || wish.atMost === published)
		return published === undefined ? 'not known' : `${published}`;
	return published === undefined ? `not published, at most ${wish.atMost}` : `${published} to ${wish.atMost}`;
}
