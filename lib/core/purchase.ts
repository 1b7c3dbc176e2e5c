import type { Purchase } from '../catalogue/prices';
import type { FieldName, Rules } from '../catalogue/types';
import { allowedBy, applies } from './restrictions';

/** What a job's fields mean for its price. Pure. */

/**
 * What is bought. A field that was left out counts with the service's default.
 * @param fields checked values by field name in camelCase
 * @param inputs what else counts, such as how many images go in
 */
export function purchaseOf(
	rules: Pick<Rules, 'fields' | 'restrictions'>,
	fields: Readonly<Record<string, unknown>>,
	inputs: Purchase = {},
): Purchase {
	const value = (name: FieldName): unknown => fields[name] ?? defaultOf(name, rules, fields);
	const isOn = (name: FieldName): boolean => value(name) === true;
	const seconds = value('duration');
	const resolution = fields.upscaleResolution ?? defaultOf('upscaleResolution' as FieldName, rules, fields);
	const made = resolution ?? value('resolution');
	const { types } = fields;
	const text = inputs.isNarration ? fields.prompt : fields.text;
	const count = value('count' as FieldName);
	return {
		...inputs,
		...(typeof text === 'string' ? { characters: text.length } : {}),
		...(Array.isArray(types) && typeof count === 'number' ? { prompts: types.length * count } : {}),
		...(typeof seconds === 'number' ? { seconds } : {}),
		...(typeof made === 'string' ? { resolution: made } : {}),
		audio: isOn('audio'),
		offPeak: isOn('offPeak'),
		isRec: isOn('isRec'),
		lipSync: isOn('lipSync' as FieldName),
		isHigh: value('quality') === 'high',
	};
}

/** What the service takes where a field was left out, beside the others. */
function defaultOf(
	field: FieldName,
	rules: Pick<Rules, 'fields' | 'restrictions'>,
	fields: Readonly<Record<string, unknown>>,
): unknown {
	const rule = rules.fields[field];
	if (!rule || !('default' in rule)) return undefined;
	for (const restriction of rules.restrictions ?? []) {
		const allowed = applies(restriction, rules.fields, fields) ? allowedBy(restriction, field) : undefined;
		if (allowed && allowed.length > 0 && !allowed.includes(rule.default as string | number)) return allowed[0];
	}
	return rule.default;
}
