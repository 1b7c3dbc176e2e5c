import { isLeftOut, readSwitchValue } from '../../core/fields';
import { invalid } from './invalidInput';
import { show } from './values';

/**
 * A switch of the node as the user set it. A sheet or an expression gives texts and numbers: "TRUE", "no", 1.
 * @param label display name of the parameter, for the message
 * @param fallback what a switch that was left out means
 * @throws InvalidInput when the value is neither on nor off
 */
export function readSwitch(value: unknown, label: string, fallback: boolean): boolean {
	if (isLeftOut(value)) return fallback;
	const read = readSwitchValue(value);
	if (read !== undefined) return read;
	throw invalid(
		label,
		`${label} "${show(value)}" is neither on nor off`,
		'Give true or false, or remove the expression.',
	);
}
