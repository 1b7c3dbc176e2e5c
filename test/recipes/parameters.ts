import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodeTypeDescription,
} from 'n8n-workflow';

/** What of a saved node its type does not have, or does not show with the other values it is saved with. */

export type Described = Pick<INodeTypeDescription, 'name' | 'properties'> & { version: number | number[] };

/** @returns their paths, such as `options.audio` */
export function strayParameters(node: INode, description: Described): string[] {
	const known = NodeHelpers.getNodeParameters(
		description.properties,
		node.parameters,
		true,
		false,
		node,
		description as INodeTypeDescription,
	);
	return missingIn(node.parameters, known ?? {}, description.properties);
}

function missingIn(saved: INodeParameters, known: INodeParameters, properties: readonly INodeProperties[]): string[] {
	return Object.entries(saved).flatMap(([name, value]) => {
		if (!Object.hasOwn(known, name)) return [name];
		const isList = properties.some(
			(property) => property.name === name && ['collection', 'fixedCollection'].includes(property.type),
		);
		if (!isList || !isPlain(value) || !isPlain(known[name])) return [];
		return keysMissing(value, known[name]).map((path) => `${name}.${path}`);
	});
}

function keysMissing(saved: Record<string, unknown>, known: Record<string, unknown>): string[] {
	return Object.entries(saved).flatMap(([name, value]) => {
		if (!Object.hasOwn(known, name)) return [name];
		const other = known[name];
		if (Array.isArray(value) && Array.isArray(other))
			return value.flatMap((one: unknown, index) => {
				const its = (other as unknown[])[index];
				return isPlain(one) && isPlain(its) ? keysMissing(one, its).map((path) => `${name}.${index}.${path}`) : [];
			});
		return isPlain(value) && isPlain(other) ? keysMissing(value, other).map((path) => `${name}.${path}`) : [];
	});
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
	value !== null && typeof value === 'object' && !Array.isArray(value);

/** What n8n makes of a node as an agent's tool: its own fields say what the tool is for. */
const TOOL_FIELDS: INodeProperties[] = [
	{ displayName: 'Description', name: 'descriptionType', type: 'string', default: 'auto' },
	{
		displayName: 'Tool Description',
		name: 'toolDescription',
		type: 'string',
		default: '',
		displayOptions: { show: { descriptionType: ['manual'] } },
	},
];

/** The description that n8n makes of a node's for an agent's tool. */
export function asTool<T extends Described>(description: T): T {
	return { ...description, name: `${description.name}Tool`, properties: [...TOOL_FIELDS, ...description.properties] };
}

/** The type's description for this node's version. */
export function descriptionOf<T extends Described>(
	node: Pick<INode, 'type' | 'typeVersion'>,
	types: readonly T[],
): T | undefined {
	return types.find(
		({ name, version }) =>
			(name === node.type || node.type.endsWith(`.${name}`)) && [version].flat().includes(node.typeVersion),
	);
}
