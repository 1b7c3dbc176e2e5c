import type { INodeProperties } from 'n8n-workflow';

import type { Endpoint } from '../../catalogue/operations';
import type { ChoiceRule, IntegerRule, ModelRules, NumberRule } from '../../catalogue/types';
import { listValues } from '../../core/fields';
import { purchaseOf } from '../../core/purchase';
import { CUSTOM_MODEL, endpointsOf, hasModels, modelsOf, operationOf, type Backend } from '../backends';
import { tellFigure } from '../prices';
import { HIDE_ALL_BUT_CUSTOM, hideAllButExpressions, showEndpoints } from './conditions';

/** The lists of models. */

const modelEndpointsOf = (backend: Backend): Endpoint[] =>
	endpointsOf(backend).filter((endpoint) => hasModels(backend, endpoint));

const firstModel = ({ catalogue }: Backend, endpoint: Endpoint): string =>
	catalogue.defaultModel[endpoint] ?? CUSTOM_MODEL;

export function modelProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend) => [
		...modelEndpointsOf(backend).map((endpoint): INodeProperties => ({
			displayName: 'Model',
			name: 'model',
			type: 'options',
			displayOptions: showEndpoints(backend, backends, [endpoint]),
			options: [
				...modelsOf(backend, endpoint).map(([id, rules]) => ({
					name: rules.note ? `${id} (${rules.note})` : id,
					value: id,
					description: describeModel(rules),
				})),
				{
					name: 'Custom',
					value: CUSTOM_MODEL,
					description: 'A model that is newer than this version of the node',
				},
			],
			default: firstModel(backend, endpoint),
		})),
		...customModelProperties(backend, backends),
	]);
}

function customModelProperties(backend: Backend, backends: readonly Backend[]): INodeProperties[] {
	const operations = [...new Set(modelEndpointsOf(backend).map(operationOf))];
	const examples = [...new Set(operations.map((operation) => backend.exampleModel(operation)))];
	return examples.flatMap((example) => {
		const { show } = showEndpoints(
			backend,
			backends,
			operations.filter((operation) => backend.exampleModel(operation) === example),
		);
		const property: INodeProperties = {
			displayName: 'Model ID',
			name: 'customModel',
			type: 'string',
			default: '',
			placeholder: `e.g. ${example}`,
			description: 'ID of the model, spelled as the provider does. The values sent with it are not checked here.',
		};
		return [
			{ ...property, required: true, displayOptions: { show, hide: HIDE_ALL_BUT_CUSTOM } },
			// an expression may give a custom model, and mostly gives another
			{ ...property, displayOptions: { show, hide: hideAllButExpressions(backends) } },
		];
	});
}

/** More would make the description of a model too long to read in the list. */
const MOST_SIZES = 4;

/** "1 to 16 s, 540p, 720p or 1080p, sound · ready in about 60 s · 5 s at 720p: 55 credits (about USD 0.28)". */
export function describeModel(rules: ModelRules): string {
	const { fields, images, subjects, typicalSeconds, price } = rules;
	const choice = (name: 'duration' | 'resolution' | 'size') => {
		const rule = fields[name] as ChoiceRule | NumberRule | IntegerRule | undefined;
		if (rule && 'max' in rule) return `${rule.min} to ${rule.max}`;
		return rule ? listValues(rule.values.filter((value) => value !== 0)) : undefined;
	};
	const duration = choice('duration');
	const sizes = (fields.size as ChoiceRule | undefined)?.values ?? [];
	const makes = [
		duration && `${duration} s`,
		choice('resolution') ?? (sizes.length > MOST_SIZES ? `${sizes.length} sizes` : choice('size')),
		fields.audio || fields.withAudio ? 'sound' : undefined,
		subjects && `up to ${subjects.max} subjects`,
		images.max > 2 && !subjects ? `up to ${images.max} images` : undefined,
	];
	return [
		makes.filter(Boolean).join(', '),
		`ready in about ${typicalSeconds} s`,
		price && tellFigure(price, purchaseOf(rules, {}, rules.priceExample)),
	]
		.filter(Boolean)
		.join(' · ');
}
