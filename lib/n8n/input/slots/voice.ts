import { checkSpokenText } from '../../../core/spokenText';
import { CHECK_EXPRESSION, isFailedExpression, isLeftOut, toText } from '../../../core/fields';
import { invalid } from '../invalidInput';
import { oneOf, readValue, show } from '../values';
import { fetchedSources, openFetched } from './fetched';
import type { Inputs, Slot, SlotReader } from './slot';

const voiceFrom = oneOf(['text', 'audio'], 'text', 'Choose Text or Audio.');

/** What is spoken: a text, in a voice, or a sound file. Never both, for the service would pass the text over. */
export const voice: Slot<'voice'> = {
	async read({ voiceFrom: from, text, voiceId, audioFile, wire }, reader) {
		const { item, taker } = reader;
		if (readValue(voiceFrom, from.name, item.get(from.name)) === 'audio')
			return { [wire.audio]: readSound(audioFile.name, audioFile.label, reader) };
		const words = readText(item.get(text.name), text.label);
		if (words.trim() === '')
			throw invalid(
				text.label,
				`${text.label} is empty`,
				'This row has nothing to say. Leave such rows out with a Filter node before this one.',
			);
		const fault = checkSpokenText(words);
		if (fault) throw invalid(text.label, `${text.label} ${fault.what} for ${taker}`, fault.advice);
		const id = readText(item.get(voiceId.name), voiceId.label).trim();
		return { [wire.text]: words, ...(id === '' ? {} : { [wire.voiceId]: id }) };
	},
	counts: ({ wire }, inputs) => ({ characters: (toText(inputs[wire.text]) ?? '').length }),
};

/** One sound file. */
export const sound: Slot<'sound'> = {
	read: async ({ name, label, wire }, reader): Promise<Inputs> => ({ [wire]: readSound(name, label, reader) }),
};

function readSound(name: string, label: string, reader: SlotReader): Inputs[string] {
	const [source, ...others] = fetchedSources(reader.item.get(name), label, 'sound');
	if (source === undefined)
		throw invalid(
			label,
			`${label} is empty`,
			'This row has no sound. Give one, or leave such rows out with a Filter node before this one.',
		);
	if (others.length === 0) return openFetched(source, label, 'sound', reader);
	throw invalid(label, `${label} holds ${others.length + 1} sounds`, 'Give exactly one for each item.');
}

function readText(given: unknown, label: string): string {
	const text = isLeftOut(given) ? '' : toText(given);
	if (text !== undefined && !isFailedExpression(text)) return text;
	throw invalid(label, `${label} "${show(given)}" is not a text`, CHECK_EXPRESSION);
}
