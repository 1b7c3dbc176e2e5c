import { CHECK_EXPRESSION, isFailedExpression, isLeftOut, readNumber, toText } from '../../../core/fields';
import { invalid } from '../invalidInput';
import { show } from '../values';
import type { Slot } from './slot';

/** What is heard from when to when. */
export const cues: Slot<'cues'> = {
	async read({ name, label, wire, maxChars }, { item }) {
		const rows = rowsOf(item.get(name), label).map((row, index) => {
			const from = secondsOf(row.from, `From of cue ${index + 1}`);
			const to = secondsOf(row.to, `To of cue ${index + 1}`);
			if (to <= from)
				throw invalid(label, `Cue ${index + 1} ends at ${to}, before it begins`, `Give a To beyond ${from}.`);
			return { from, to, prompt: promptOf(row.prompt, `Prompt of cue ${index + 1}`, maxChars) };
		});
		if (rows.length === 0) throw invalid(label, `${label} are missing`, 'Add a cue: from, to, and what is heard.');
		return { [wire]: rows };
	},
	checkFields({ label, wire }, inputs, fields) {
		const length = typeof fields.duration === 'number' ? fields.duration : LONGEST_SECONDS;
		const rows = inputs[wire] as ReadonlyArray<{ to: number }>;
		const late = rows.findIndex(({ to }) => to > length);
		if (late < 0) return;
		throw invalid(
			label,
			`Cue ${late + 1} ends at ${rows[late]?.to}, and the sound lasts ${length} seconds`,
			'Raise Duration, or end the cue earlier.',
		);
	},
};

/** The service's own, where the length was left out. */
const LONGEST_SECONDS = 10;

interface CueRow {
	from?: unknown;
	to?: unknown;
	prompt?: unknown;
}

/** A row that nobody has filled in, such as the first one of a new node, is none. */
function rowsOf(given: unknown, label: string): CueRow[] {
	const list = typeof given === 'object' && given !== null && 'cue' in given ? given.cue : (given ?? []);
	const rows = (Array.isArray(list) ? (list as unknown[]) : [list]).filter((row) => !isLeftOut(row));
	return rows
		.map((row): CueRow => {
			if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row;
			throw invalid(label, `${label} cannot be read`, 'Give a list of cues, each with from, to and prompt.');
		})
		.filter(({ to, prompt }) => !isLeftOut(prompt) || (!isLeftOut(to) && to !== 0));
}

/** @throws InvalidInput for what is no time of a sound */
function secondsOf(given: unknown, parameter: string): number {
	const text = isLeftOut(given) ? '' : (toText(given) ?? '').trim().replace(/^(\d+),(\d+)$/, '$1.$2');
	const seconds = text === '' ? NaN : Number.isNaN(Number(text)) ? readNumber(text) : Number(text);
	if (Number.isFinite(seconds) && seconds >= 0) return seconds;
	throw invalid(parameter, `${parameter} "${show(given ?? '')}" is no number of seconds`, 'Use 0 or more.');
}

function promptOf(given: unknown, parameter: string, maxChars: number): string {
	const text = isLeftOut(given) ? '' : toText(given);
	if (text === undefined || isFailedExpression(text))
		throw invalid(parameter, `${parameter} must be text`, CHECK_EXPRESSION);
	if (text.trim() === '') throw invalid(parameter, `${parameter} is empty`, 'Say what is heard.');
	if (text.length <= maxChars) return text;
	throw invalid(parameter, `${parameter} has ${text.length} characters`, `Use at most ${maxChars}.`);
}
