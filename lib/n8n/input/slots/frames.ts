import type { ChoiceRule } from '../../../catalogue/types';
import {
	CHECK_EXPRESSION,
	describeRule,
	isFailedExpression,
	isLeftOut,
	readNumber,
	readValue,
	toText,
} from '../../../core/fields';
import type { CheckedImage } from '../image';
import { invalid } from '../invalidInput';
import { show } from '../values';
import { countOf, type Slot, type SlotReader } from './slot';

/** Key images in the order of time; with each, how it is reached and how long that takes. */
export const frames: Slot<'frames'> = {
	async read({ name, label, wire, duration }, reader) {
		const rows = frameRows(reader.item.get(name), label);
		const found: Array<Record<string, unknown>> = [];
		for (const [index, row] of rows.entries()) {
			const place = `Frame ${index + 1}`;
			const prompt = readPrompt(row.prompt, `${place}: Prompt`, reader);
			const seconds = readDuration(row.duration, `${place}: Duration`, duration, reader);
			for (const image of await readImages(row.image, place, reader))
				found.push({ [wire.image]: image, ...(prompt === '' ? {} : { prompt }), duration: seconds });
		}
		return { [wire.list]: found };
	},
	check({ label, wire }, inputs, { rules, taker }) {
		const count = countOf(inputs[wire.list]);
		const { min, max } = rules?.images ?? { min: 1, max: Infinity };
		if (count >= min && count <= max) return;
		throw invalid(
			label,
			count === 0 ? `${label} are missing` : `${label} holds ${count} ${count === 1 ? 'frame' : 'frames'}`,
			max === Infinity ? 'Add a frame.' : `${taker} takes ${min} to ${max}.`,
		);
	},
	counts({ wire }, inputs) {
		const list = inputs[wire.list] as Array<{ duration: number }>;
		return { seconds: list.map(({ duration }) => duration) };
	},
};

interface FrameRow {
	image?: unknown;
	prompt?: unknown;
	duration?: unknown;
}

/** As the panel keeps them; n8n makes an empty object of an expression in their place. */
function frameRows(given: unknown, label: string): FrameRow[] {
	const rows = typeof given === 'object' && given !== null && 'frame' in given ? given.frame : [];
	if (Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null)) return rows as FrameRow[];
	throw invalid(label, `${label} cannot be read`, 'Give rows of image, prompt and duration.');
}

/**
 * A list makes a frame of each of its images, so a product's images go in by one expression. A row without any may not be
 * passed over: the video would lack a part, and be paid for.
 */
async function readImages(given: unknown, place: string, { open }: SlotReader): Promise<CheckedImage[]> {
	const images = await open(given, place);
	if (images.length > 0) return images;
	throw invalid(place, `${place} has no image`, 'Give one, or remove the frame.');
}

function readPrompt(given: unknown, label: string, { rules, taker }: SlotReader): string {
	if (isLeftOut(given)) return '';
	const text = toText(given);
	if (text === undefined || isFailedExpression(text))
		throw invalid(label, `${label} "${show(given)}" is not a text`, CHECK_EXPRESSION);
	const most = rules?.prompt?.maxChars ?? Infinity;
	if (text.length <= most) return text.trim() === '' ? '' : text;
	throw invalid(
		label,
		`${label} of ${text.length} characters is too long for ${taker}`,
		`Use at most ${most} characters.`,
	);
}

/** @returns the service's own length where none is given */
function readDuration(given: unknown, label: string, rule: ChoiceRule, { rules, taker }: SlotReader): number {
	if (isLeftOut(given)) return Number(rule.default);
	const open = readNumber(toText(given)?.trim() ?? '');
	// a newer model may take other lengths
	const seconds = rules ? readValue(rule, given) : Number.isFinite(open) && open > 0 ? open : undefined;
	if (typeof seconds === 'number' && toText(given) !== undefined) return seconds;
	throw invalid(
		label,
		`${label} "${show(given)}" is not offered by ${taker}`,
		rules ? describeRule(rule) : 'Give a number of seconds.',
	);
}
