import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { CHECK_EXPRESSION, isFailedExpression } from '../../core/fields';
import { canKeepKeys } from '../io/keyStore';
import { invalid } from './invalidInput';
import type { ItemParameters } from './parameters';
import { show } from './values';

/** What a wish is known by across executions, as the user set it. */

const LABEL = 'Order Key';
const FORGET_LABEL = 'Order Keys';
/** Of what is hashed: n8n's store holds nothing that could be read. */
const NAMESPACE = 'n8n-nodes-vidu-cogvideox order key';

/** @returns undefined where the user set none. @throws InvalidInput for what tells no two items apart */
export function readOrderKey(context: IExecuteFunctions, item: ItemParameters): string | undefined {
	const limits = item.collection('limits');
	if (!Object.hasOwn(limits, 'orderKey')) return undefined;
	if (!canKeepKeys(context))
		throw invalid(LABEL, `This n8n cannot keep an ${LABEL}`, `Update n8n, or remove ${LABEL}.`);
	return hashOf(readKey(limits.orderKey, LABEL));
}

/** @returns undefined for all of them. @throws InvalidInput when an expression found none: that is not all of them */
export function readKeysToForget(item: ItemParameters): Array<{ text: string; hash: string }> | undefined {
	const written = item.written('orderKeys');
	if (written === undefined || written === '') return undefined;
	const given = item.get('orderKeys');
	const list: unknown[] = typeof given === 'string' ? given.split(/\r?\n/) : Array.isArray(given) ? given : [given];
	const texts = list.filter((key) => key !== '').map((key) => readKey(key, FORGET_LABEL));
	if (texts.length === 0)
		throw invalid(
			FORGET_LABEL,
			`${FORGET_LABEL} ${show(given)} holds no key`,
			`${CHECK_EXPRESSION} Clear the field to forget all keys.`,
		);
	return [...new Set(texts)].map((text) => ({ text, hash: hashOf(text) }));
}

/** A text or number with a letter or digit in it: an ID that is missing leaves nothing, or the dash beside it. */
function readKey(value: unknown, label: string): string {
	const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (/[\p{L}\p{N}]/u.test(text) && !isFailedExpression(text)) return text;
	throw invalid(
		label,
		value === undefined || value === null || value === '' ? `${label} is empty` : `${label} "${show(value)}" is no key`,
		`Give a text or number that tells the orders apart, such as the ID of the product. ${CHECK_EXPRESSION}`,
	);
}

const hashOf = (key: string): string => createHash('sha256').update(`${NAMESPACE}\n${key}`).digest('hex');
