import { CHECK_EXPRESSION, isFailedExpression, isLeftOut, toText } from '../../../core/fields';
import type { CheckedImage } from '../image';
import { invalid } from '../invalidInput';
import { readSources } from '../sources';
import { orModels, type Slot, type SlotReader } from './slot';

/** As it travels. */
export interface Subject {
	name: string;
	images?: CheckedImage[];
	/** Of one that the account keeps. */
	server_id?: string;
	voice_id?: string;
}

/** Named subjects, each with images of its own. */
export const subjects: Slot<'subjects'> = {
	async read({ name, wire }, reader) {
		return { [wire]: await readSubjects(subjectRows(reader.item.get(name)), reader) };
	},
};

interface SubjectRow {
	name?: unknown;
	images?: unknown;
	voiceId?: unknown;
	serverId?: unknown;
}

async function readSubjects(
	rows: SubjectRow[],
	{ rules, taker, audio, rows: others, open }: SlotReader,
): Promise<Subject[]> {
	const limits = rules?.subjects;
	if (rows.length === 0 || (limits && rows.length > limits.max))
		throw invalid(
			'Subjects',
			rows.length === 0 ? 'Subjects are missing' : `There are ${rows.length} Subjects`,
			limits ? `${taker} takes 1 to ${limits.max}.` : 'Add a subject.',
		);
	const found: Subject[] = [];
	for (const row of rows) {
		const name = readSubjectName(row.name);
		if (found.some((other) => other.name === name))
			throw invalid('Subjects', `Two of the Subjects are called "${name}"`, 'Give each a name of its own.');
		const parameter = `Images of subject "${name}"`;
		const images = await open(row.images, parameter);
		const most = rules?.images?.max ?? 3;
		const serverId = textOf(row.serverId, 'Subject ID');
		if ((images.length === 0 && serverId === '') || (rules && images.length > most))
			throw invalid(
				parameter,
				images.length === 0 ? `${parameter} are missing` : `${parameter}: there are ${images.length} images`,
				images.length === 0
					? `Give 1 to ${most} images.`
					: `Give 1 to ${most}, for example {{ $json.images.slice(0, ${most}) }}.`,
			);
		const voiceId = textOf(row.voiceId, 'Voice ID of a subject');
		if (voiceId !== '' && limits && !limits.voice)
			throw invalid(
				'Subjects',
				`Voice ID of subject "${name}" has no effect on ${taker}`,
				`Remove it${orModels(others.filter(([, other]) => other.subjects?.voice))}.`,
			);
		if (voiceId !== '' && rules && !audio)
			throw invalid('Subjects', `Voice ID of subject "${name}" needs Audio`, 'Switch Audio on, or remove the voice.');
		found.push({
			name,
			...(images.length === 0 ? {} : { images }),
			...(serverId === '' ? {} : { server_id: serverId }),
			...(voiceId === '' ? {} : { voice_id: voiceId }),
		});
	}
	return found;
}

/** A row that nobody has filled in, such as the first one of a new node, is none. */
function subjectRows(given: unknown): SubjectRow[] {
	const list = Array.isArray(given) ? given : ((given as { subject?: unknown } | null)?.subject ?? []);
	return (Array.isArray(list) ? list : [list])
		.filter((row): row is SubjectRow => typeof row === 'object' && row !== null)
		.filter(
			({ name, images, voiceId, serverId }) =>
				!isBlank(name) ||
				!isBlank(voiceId) ||
				!isBlank(serverId) ||
				readSources(images, 'Images of a subject').length > 0,
		);
}

const isBlank = (value: unknown): boolean => isLeftOut(value) || toText(value)?.trim() === '';

/** @throws InvalidInput for a list and an object */
function textOf(given: unknown, what: string): string {
	const text = isLeftOut(given) ? '' : toText(given);
	if (text !== undefined && !isFailedExpression(text)) return text.trim();
	throw invalid('Subjects', `Subjects: ${what} must be text`, CHECK_EXPRESSION);
}

/** People write the name as the prompt has it: @sneaker, [@sneaker]. */
function readSubjectName(given: unknown): string {
	const name = textOf(given, 'the name of a subject')
		.replace(/^\[\s*@([^\]]*)\]$/, '$1')
		.replace(/^@+/, '')
		.trim();
	if (name === '') throw invalid('Subjects', 'One of the Subjects has no name', 'The prompt calls each subject @name.');
	if (/[@[\]\r\n]/.test(name))
		throw invalid(
			'Subjects',
			`Subject "${name}" cannot be called by its name`,
			'The prompt calls it @name, so use a name without @, brackets and line breaks.',
		);
	return name;
}
