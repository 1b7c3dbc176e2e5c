import { CHECK_EXPRESSION, isFailedExpression, isLeftOut, toText } from '../../../core/fields';
import { invalid } from '../invalidInput';
import { show } from '../values';
import type { Slot } from './slot';

/** Something that the service knows by a name: picked from those that are known, or typed. */
export const name: Slot<'name'> = {
	async read({ name: parameter, label, wire, maxChars }, { item }) {
		const given = valueOf(item.get(parameter));
		const text = isLeftOut(given) ? '' : toText(given)?.trim();
		if (text === '') throw invalid(label, `${label} is missing`, 'Pick one, or type its name.');
		if (text === undefined || isFailedExpression(text))
			throw invalid(label, `${label} "${show(given)}" is not a name`, CHECK_EXPRESSION);
		if (text.length > maxChars)
			throw invalid(label, `${label} "${show(text)}" is too long`, `A name has at most ${maxChars} characters.`);
		return { [wire]: text };
	},
};

/** Out of a locator; a workflow written by hand has the name itself. */
export const valueOf = (given: unknown): unknown =>
	typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
