import { bodiesOf, topFieldsOf } from '../../catalogue/catalogue';
import type { Endpoint } from '../../catalogue/operations';
import type { FieldName, FieldRule, ModelRules, OperationDeclaration } from '../../catalogue/types';
import { modelsOf, operationOf, type Backend } from '../backends';

/** Where a field may stand: each endpoint with what the panel asks of it for every field, gathered once a backend. */

export interface Place {
	endpoint: Endpoint;
	declaration: OperationDeclaration;
	/** Rules of an operation without a model. */
	own: OperationDeclaration['rules'];
	rows: Array<[string, ModelRules]>;
	/** Fields at the top of the panel; all others wait in a collection. */
	top: ReadonlySet<FieldName>;
	/** Fields that any of its rows has. */
	fields: ReadonlySet<FieldName>;
}

const gathered = new WeakMap<Backend, Place[]>();

/** In the order of the backend's operations. */
export function placesOf(backend: Backend): Place[] {
	const known = gathered.get(backend);
	if (known) return known;
	const { catalogue } = backend;
	const places = catalogue.operations.flatMap((declaration) => {
		const top = new Set(topFieldsOf(catalogue, declaration));
		return bodiesOf(declaration).map(([endpoint]): Place => {
			const own = catalogue.rules[operationOf(endpoint)];
			const rows = modelsOf(backend, endpoint);
			const rules = [...(own ? [own] : []), ...rows.map(([, row]) => row)];
			const fields = new Set(rules.flatMap((row) => Object.keys(row.fields) as FieldName[]));
			return { endpoint, declaration, own, rows, top, fields };
		});
	});
	gathered.set(backend, places);
	return places;
}

/** What the first model that has the field says of it. */
export function ruleAmong({ rows }: Place, field: FieldName): FieldRule | undefined {
	return rows.map(([, { fields }]) => fields[field]).find((rule) => rule !== undefined);
}

/** The type of a field is nearly always the same: where this way has no row for it, another one has. */
export function ruleAnywhere(backends: readonly Backend[], field: FieldName): FieldRule | undefined {
	for (const backend of backends)
		for (const place of placesOf(backend)) {
			const rule = place.fields.has(field) ? ruleAmong(place, field) : undefined;
			if (rule) return rule;
		}
	return undefined;
}
