import { ROWS } from './rows';
import type { Case } from './cases';

/** Where the node offers less than the emulator takes, on purpose; each with the reason. */
const NARROWER: ReadonlyArray<{ why: string; is(testCase: Case): boolean }> = [
	{
		why: 'the pages of viduq4-preview do not list the watermark fields of the older models but for `watermark`',
		is: ({ model, fields }) => model === 'viduq4-preview' && hasAny(fields, ['metaData', 'wmPosition', 'wmUrl']),
	},
	{
		why: '"q2 models accept any ratio" in one place, five ratios in another',
		is: ({ panel, model, fields }) =>
			panel.backend.catalogue.provider === 'vidu' &&
			String(model).startsWith('viduq2') &&
			hasAny(fields, ['aspectRatio']),
	},
	{
		why: 'the service makes a video of any text, of "NaN" and of names without subjects too',
		is: ({ fields, media }) =>
			/^(NaN|undefined|null|\[object Object\])$/.test(String(fields.prompt)) || media.subjects !== undefined,
	},
	{
		why: 'a switch that is off does nothing where it cannot be on',
		is: ({ panel, model, fields }) => {
			const taken = panel.models[String(model)]?.fields ?? {};
			return Object.entries(fields).some(([name, value]) => value === false && !(name in taken));
		},
	},
	{
		why: 'Zhipu and Vtrix have one path for all operations; the node asks for the one that the model is for',
		is: ({ panel, model }) =>
			panel.backend.catalogue.provider !== 'vidu' && !(String(model) in panel.models) && isKnown(model),
	},
	{
		why: 'Vtrix states no largest seed; Vidu, whose model it is, takes 32 bits',
		is: ({ panel, fields }) => panel.backend.catalogue.provider === 'vtrix' && hasAny(fields, ['seed']),
	},
	{
		why: 'the table of changes alone says how long the name of a subject may be',
		is: ({ panel, fields }) => panel.endpoint === 'create' && String(fields.name).length > 64,
	},
	{
		why: 'URL.parse mends blanks and slashes, a service need not',
		is: ({ fields }) => [fields.callbackUrl, fields.wmUrl].some((url) => /\s|\/{3}/.test(String(url))),
	},
	{
		why: 'the adapter would send the first of two images, as image_url is a text there',
		is: ({ panel, media }) =>
			panel.backend.catalogue.provider === 'zhipu' && panel.endpoint === 'imageToVideo' && 'image' in media,
	},
];

export const isNarrower = (testCase: Case): boolean => NARROWER.some(({ is }) => is(testCase));

const isKnown = (model: unknown): boolean => ROWS.some((row) => row.model === model);

const hasAny = (fields: object, names: string[]): boolean => names.some((name) => name in fields);
