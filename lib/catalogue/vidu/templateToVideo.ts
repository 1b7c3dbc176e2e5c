import { oneOf, onOff, operation } from '../rules';
import { COMMON, IMAGE, PROMPT_2000, SMALL_BODY_BYTES, THREE_RATIOS } from './shared';
import { TEMPLATES } from './templates';

/** docs/template, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. */

/** By name, as n8n wants its lists. */
const AREAS = 'africa auto china denmark india italy japan korea mexico russia switzerland thailand uk'.split(' ');
const BEASTS = 'auto bear elk lion snake tiger wolf'.split(' ');

const titled = (words: readonly string[]): Record<string, string> => ({
	...Object.fromEntries(words.map((word) => [word, `${word.charAt(0).toUpperCase()}${word.slice(1)}`])),
	auto: 'Automatic',
});

export const templateToVideo = operation({
	resource: 'video',
	name: 'templateToVideo',
	label: 'Template to Video',
	action: 'Generate video from template',
	description: 'Make a video of an image by one of the templates of Vidu',
	path: '/ent/v2/template',
	inputs: [
		{
			kind: 'name',
			name: 'template',
			label: 'Template',
			description: 'Name of the template, as the gallery at platform.vidu.com/docs/templates writes it',
			wire: 'template',
			maxChars: 100,
			placeholder: 'e.g. hugging',
			suggestions: TEMPLATES,
		},
		{ kind: 'prompt', placeholder: 'e.g. Two people hug each other' },
		{
			kind: 'images',
			name: 'images',
			label: 'Images',
			description: 'As many as the template takes: nearly always one, three at most',
			wire: 'images',
		},
	],
	ownFields: {
		area: {
			name: 'Area',
			description: 'Where the princess comes from',
			rule: oneOf(AREAS, 'auto'),
			values: { ...titled(AREAS), uk: 'UK' },
			onlyBeside: { parameter: 'template', values: ['exotic_princess'], why: 'exotic_princess alone has an area' },
		},
		beast: {
			name: 'Beast',
			description: 'Which animal comes along',
			rule: oneOf(BEASTS, 'auto'),
			values: titled(BEASTS),
			onlyBeside: { parameter: 'template', values: ['beast_companion'], why: 'beast_companion alone has a beast' },
		},
	},
	rules: {
		prompt: PROMPT_2000,
		images: { min: 1, max: 3, rules: IMAGE },
		fields: {
			// some templates follow it
			aspectRatio: { ...oneOf(THREE_RATIOS), unset: 'Template Default' },
			bgm: onOff(false),
			...COMMON,
		},
		// no page says how long it takes; as Image to Video
		typicalSeconds: 90,
		isWaitEstimated: true,
		// in the gallery only, by template
	},
	maxBodyBytes: SMALL_BODY_BYTES,
});
