import type { INodePropertyOptions } from 'n8n-workflow';

import { TRIGGER_PROPERTIES } from './trigger';
import { operationProperties, resourceProperties } from './operations';
import type { Endpoint } from '../../catalogue/operations';
import { CUSTOM_MODEL, operationOf, type Backend } from '../backends';

/**
 * What stands under a node's name on the canvas, as text of an n8n expression. Parameters are read as they are written:
 * there are no items yet that an expression among them could read, and n8n shows nothing where one cannot be evaluated.
 */

/** "Text to Video · viduq3-turbo", "Task · Get Many". */
export function subtitleOf(backends: readonly Backend[]): string {
	const ordered = backends.flatMap(({ catalogue }) => catalogue.operations.map(({ name }) => name));
	const resources = resourceProperties(backends).flatMap(({ options = [] }) => options);
	const labels = operationProperties(backends).flatMap(({ options, displayOptions }) => {
		const [resource] = displayOptions!.show!.resource as string[];
		const { name: resourceName } = (resources as INodePropertyOptions[]).find(({ value }) => value === resource)!;
		return (options as INodePropertyOptions[]).map(({ name, value }): [string, string] => [
			`${resource}.${String(value)}`,
			ordered.includes(value as string) ? name : `${resourceName} · ${name}`,
		]);
	});
	const asked = '$rawParameter.resource + "." + $rawParameter.operation';
	const withModel = backends.flatMap(({ catalogue }) =>
		Object.keys(catalogue.models).map((name) => operationOf(name as Endpoint)),
	);
	const hasModel = `${JSON.stringify([...new Set(withModel)])}.includes($rawParameter.operation)`;
	return `(${mapText(labels)}[${asked}] || "") + (${hasModel} ? " · " + ${MODEL} : "")`;
}

const isExpression = (text: string): string => `${text}.startsWith("=")`;

const MODEL = [
	'[$rawParameter.model || ""].map((model) =>',
	`model === "${CUSTOM_MODEL}"`,
	`? ($rawParameter.customModel && !${isExpression('$rawParameter.customModel')} ? $rawParameter.customModel : "custom model")`,
	`: ${isExpression('model')} ? "model by expression" : model)[0]`,
].join(' ');

/** "Task Succeeded, Task Failed". */
export function eventsSubtitle(): string {
	const { options } = TRIGGER_PROPERTIES.find(({ name }) => name === 'events')!;
	const labels = (options as INodePropertyOptions[]).map(({ name, value }): [string, string] => [String(value), name]);
	return `Array.isArray($rawParameter.events) ? $rawParameter.events.map((event) => ${mapText(labels)}[event]).join(", ") : "events by expression"`;
}

/** An object literal without two closing braces in a row, which would end the expression. */
const mapText = (entries: Array<[string, string]>): string => `(${JSON.stringify(Object.fromEntries(entries))})`;
