import { OPERATIONS } from '../catalogue/operations';
import { nounOf } from '../catalogue/resources';
import type { Catalogue } from '../catalogue/catalogue';
import type { FieldLabel, FieldName, OperationDeclaration } from '../catalogue/types';

/** The fields that several operations have. */
const COMMON_LABELS: Record<FieldName, FieldLabel> = {
	aspectRatio: {
		name: 'Aspect Ratio',
		description: 'Shape of the {made}, width to height',
		placeholder: 'e.g. 16:9',
		values: { auto: 'Of the First Image' },
	},
	audio: {
		name: 'Audio',
		description: 'Whether the {made} comes with speech and sound',
	},
	audioType: {
		name: 'Audio Type',
		description: 'What the sound consists of',
		placeholder: 'e.g. all',
		values: {
			all: 'Speech and Sound Effects',
			speech_only: 'Speech Only',
			sound_effect_only: 'Sound Effects Only',
		},
	},
	bgm: {
		name: 'Background Music',
		description: 'Whether the service adds music from its library',
	},
	callbackUrl: {
		name: 'Callback URL',
		description:
			'URL the service calls when the state of the task changes, such as the webhook URL of a Vidu Trigger. For workflows that do not wait.',
		placeholder: 'e.g. https://n8n.example.com/webhook/vidu',
	},
	duration: {
		name: 'Duration',
		description: 'Length of the {made} in whole seconds',
		placeholder: 'e.g. 5',
		unit: 'Seconds',
		values: { 0: 'Automatic', 1: '1 Second' },
	},
	fps: {
		name: 'FPS',
		description: 'Frames per second',
	},
	isRec: {
		name: 'Use Recommended Prompt',
		description:
			'Whether the service writes the prompt itself, from the image. Prompt is then ignored, and 10 credits are charged on top.',
	},
	metaData: {
		name: 'Metadata',
		description: 'Content labels to be written into the file, as a JSON object',
		placeholder: 'e.g. {"Label": "1"}',
	},
	movementAmplitude: {
		name: 'Movement Amplitude',
		description: 'How much the image moves',
		placeholder: 'e.g. auto',
		values: { auto: 'Automatic', small: 'Small', medium: 'Medium', large: 'Large' },
	},
	offPeak: {
		name: 'Off-Peak',
		description: 'Whether to make the {made} at off-peak times, for about half the credits and within 48 hours',
	},
	payload: {
		name: 'Payload',
		description: 'Text or data that comes back unchanged with the result, such as your product ID',
	},
	quality: {
		name: 'Quality',
		description: 'What matters more, speed or quality',
		placeholder: 'e.g. speed',
		values: { speed: 'Speed', quality: 'Quality', standard: 'Standard', high: 'High' },
	},
	resolution: {
		name: 'Resolution',
		description: 'How sharp the {made} is. A higher resolution usually costs more.',
		placeholder: 'e.g. 720p',
	},
	seed: {
		name: 'Seed',
		description: 'The same seed and request give a similar {made}. 0 picks one at random.',
	},
	size: {
		name: 'Size',
		description: 'Width and height of the {made} in pixels',
		placeholder: 'e.g. 1920x1080',
	},
	sounds: {
		name: 'Reference Sounds',
		description:
			'Addresses of up to three MP3 files of 3 to 12 seconds whose voices the {made} takes over, separated by commas or lines',
		placeholder: 'e.g. https://example.com/voice.mp3',
	},
	style: {
		name: 'Style',
		description: 'Look of the {made}',
		placeholder: 'e.g. general',
		values: { general: 'General', anime: 'Anime' },
	},
	userId: {
		name: 'End User ID',
		description: 'ID of your own end user, 6 to 128 characters',
	},
	voiceId: {
		name: 'Voice ID',
		description: 'Voice that speaks in the {made}. Leave empty for an automatic choice.',
	},
	watermark: {
		name: 'Watermark',
		description: 'Whether the service adds its "AI generated" mark',
	},
	watermarkEnabled: {
		name: 'Watermark',
		description: 'Whether the service adds its watermark. Switching it off may take an agreement with the service.',
	},
	withAudio: {
		name: 'With Audio',
		description: 'Whether the service adds sound or music',
	},
	wmPosition: {
		name: 'Watermark Position',
		description: 'Which corner the watermark goes into',
		// a number in one operation is a word in another
		values: {
			...{ 1: 'Top Left', 2: 'Top Right', 3: 'Bottom Right', 4: 'Bottom Left' },
			...{ top_left: 'Top Left', top_right: 'Top Right', bottom_right: 'Bottom Right', bottom_left: 'Bottom Left' },
		},
	},
	wmUrl: {
		name: 'Watermark Image URL',
		description: 'Image to use as the watermark',
		placeholder: 'e.g. https://example.com/mark.png',
	},
};

/** How each API field is called and explained in the panel and in messages: the one home of these words. */
export const FIELD_LABELS: Readonly<Record<FieldName, FieldLabel>> = Object.assign(
	{},
	...OPERATIONS.map(({ ownFields }: OperationDeclaration) => ownFields),
	COMMON_LABELS,
) as Record<FieldName, FieldLabel>;

/** The words of a field in one operation: those of its own, else those that several operations share. */
export function wordsOf(field: FieldName, declaration: OperationDeclaration): FieldLabel {
	const { ownFields = {} } = declaration;
	const words = (Object.hasOwn(ownFields, field) ? ownFields[field] : undefined) ?? FIELD_LABELS[field];
	return { ...words, description: words.description.replaceAll('{made}', nounOf(declaration).one) };
}

/** What a field is called on one way, in the panel and in messages: those that only a China platform takes say so. */
export function nameOfField(field: FieldName, { chinaFields = [] }: Catalogue): string {
	const { name } = FIELD_LABELS[field];
	return chinaFields.includes(field) ? `${name} (China)` : name;
}

/** "5 Seconds", "16:9", "Bottom Right"; what is not a number gets no unit. */
export function labelValue(
	field: FieldName,
	value: string | number | boolean,
	{ values = {}, unit }: FieldLabel = FIELD_LABELS[field],
): string {
	const text = String(value);
	// a value may be called like something that every object has
	const known = Object.hasOwn(values, text) ? values[text] : undefined;
	if (known !== undefined) return known;
	return unit !== undefined && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? `${text} ${unit}` : text;
}
