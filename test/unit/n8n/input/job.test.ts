import type { IExecuteFunctions } from 'n8n-workflow';

import type { InvalidInput } from '../../../../lib/n8n/input/invalidInput';
import { askNobody, readOrder, type ReadOrder } from '../../../readOrder';
import { storedName } from '../../../../lib/n8n/input/binary';
import { itemParameters } from '../../../../lib/n8n/input/parameters';
import { COGVIDEOX_BACKENDS, VIDU_BACKENDS } from '../../../../lib/n8n/backends';

/** What expressions and sheets bring into a node, and what the node says to it. Nothing is sent here. */

const [vidu, zhipu, vtrix] = VIDU_BACKENDS;
const [cogVideoX] = COGVIDEOX_BACKENDS;
const A = 'https://shop.example.com/1.jpg';
const images = (count: number): string[] =>
	Array.from({ length: count }, (_, index) => `https://shop.example.com/${index}.jpg`);
const subject = (name: unknown, images: unknown = A) => ({ name, images: { __rl: true, mode: 'url', value: images } });

type Values = Record<string, unknown>;

async function read(parameters: Values, { backend = vidu, isLocal = false, ask = askNobody }: Reading = {}) {
	const context = {
		getNode: () => ({ name: 'Vidu', parameters }),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) =>
			name in parameters ? parameters[name] : fallback,
		getInputData: () => [{ json: {} }],
	} as unknown as IExecuteFunctions;
	return await readOrder(context, itemParameters(context, 0), backend, {
		accountIdentity: 'account',
		region: 'global',
		isLocalService: isLocal,
		ask,
	});
}

interface Reading {
	backend?: typeof vidu;
	isLocal?: boolean;
	ask?: typeof askNobody;
}

/** @returns headline and advice */
async function refusal(...args: Parameters<typeof read>): Promise<string> {
	try {
		await read(...args);
	} catch (cause) {
		const { headline, description } = (cause as InvalidInput).failure;
		return `${headline}. ${description}`;
	}
	throw new Error('It was taken');
}
const text = (more: Values = {}): Values => ({
	operation: 'textToVideo',
	model: 'viduq3-turbo',
	prompt: 'It turns',
	options: {},
	...more,
});
const image = (value: unknown, more: Values = {}): Values =>
	text({ operation: 'imageToVideo', image: { __rl: true, mode: 'url', value }, ...more });
const references = (value: unknown, more: Values = {}): Values =>
	text({ operation: 'referenceToVideo', referenceImages: { image: [{ image: value }] }, ...more });
const subjects = (rows: unknown, prompt: string, more: Values = {}): Values =>
	text({ operation: 'referenceToVideo', referenceType: 'subjects', subjects: { subject: rows }, prompt, ...more });

const urlsOf = async (...args: Parameters<typeof read>) => (await read(...args)).inputs.images as string[];

describe('fields', () => {
	test('an item as Payload travels as JSON', async () => {
		const { fields } = await read(text({ files: { payload: { sku: 'A1', n: 3 } } }));
		expect(fields.payload).toBe('{"sku":"A1","n":3}');
	});

	test('a failed sum as Payload is refused', async () => {
		expect(await refusal(text({ files: { payload: NaN } }))).toContain('Payload NaN must be text');
	});

	test('a model ID in any capitals is the known one', async () => {
		expect((await read(text({ model: ' ViduQ2 ' }))).model).toBe('viduq2');
	});

	test('a switch that a sheet says is off goes unnoticed where the model has none', async () => {
		expect((await read(text({ model: 'viduq2', audio: 'FALSE' }))).fields).not.toHaveProperty('audio');
		expect(await refusal(text({ model: 'viduq2', audio: 'TRUE' }))).toContain('is not taken by viduq2');
	});

	test('fields of a custom model travel in the type they have', async () => {
		const { fields } = await read(
			text({
				model: 'custom',
				customModel: 'viduq9',
				duration: '8',
				audio: 'TRUE',
				options: { seed: '7', metaData: { Label: '1' }, style: 'noir' },
				files: { payload: { sku: 'A1' } },
			}),
		);
		expect(fields).toMatchObject({
			duration: 8,
			audio: true,
			seed: 7,
			payload: '{"sku":"A1"}',
			metaData: '{"Label":"1"}',
			style: 'noir',
		});
	});

	describe('a custom model', () => {
		const custom = (more: Values = {}) => text({ model: 'Custom', customModel: 'viduq9', ...more });

		test.each<[string, Values, Values]>([
			['seconds with their unit', { duration: ' 8s ' }, { duration: 8 }],
			['a part of a second', { duration: '2.5' }, { duration: 2.5 }],
			['a number of any size', { duration: 1e21, options: { seed: -1 } }, { duration: 1e21, seed: -1 }],
			['a number for a word', { resolution: 1080 }, { resolution: '1080' }],
			['a number for a text', { options: { voiceId: 12 }, files: { payload: 7 } }, { payload: '7', voiceId: '12' }],
			['JSON in a text', { options: { metaData: '{"a": 1}' } }, { metaData: '{"a":1}' }],
		])('takes %s as what the field is', async (_name, more, fields) => {
			expect((await read(custom(more))).fields).toMatchObject(fields);
		});

		test.each<[string, Values, string, typeof vidu?]>([
			['a day for seconds', { duration: 'yesterday' }, 'Duration "yesterday" is not a number. Correct it'],
			['a switch for seconds', { duration: 'FALSE' }, 'Duration "FALSE" is not a number'],
			['seconds below 0', { duration: -1 }, 'Duration "-1" is below 0'],
			['a blank for seconds', { duration: ' ' }, 'Duration " " is not a number'],
			['a word for a seed', { options: { seed: 'x' } }, 'Seed "x" is not a number'],
			['a number for a switch', { audio: 2 }, 'Audio "2" is neither on nor off. Choose true or false.'],
			['a word for an address', { files: { callbackUrl: 'x' } }, 'Callback URL "x" is not a valid URL'],
			['a word for JSON', { options: { metaData: 'x' } }, 'is not a JSON object. Use a JSON object'],
			['a number for a switch that only others have', { options: { offPeak: 2 } }, 'is neither on nor off', vtrix],
		])('refuses %s', async (_name, more, words, backend = vidu) => {
			expect(await refusal(custom(more), { backend })).toContain(words);
		});

		test.each<[string, Values, RegExp]>([
			[
				'a prompt of a failed expression',
				{ prompt: 'undefined' },
				/^Prompt is "undefined": the expression found no text\./,
			],
			['a prompt that is an object', { prompt: { a: 1 } }, /^Prompt must be text\./],
			[
				'a length of a failed sum',
				{ duration: NaN },
				/^Duration is "NaN": the expression found no value\. Check which field/,
			],
			[
				'a resolution of a failed expression',
				{ resolution: 'undefined' },
				/^Resolution is "undefined": the expression found no value\./,
			],
			[
				'no prompt, where the known model needs one',
				{ customModel: 'viduq3-turbo', prompt: ' ' },
				/^Prompt is needed by viduq3-turbo\./,
			],
		])('with %s is refused', async (_name, more, words) => {
			expect(await refusal(custom(more))).toMatch(words);
		});

		test('that is known takes values as sheets write them, and others as they are', async () => {
			const { fields } = await read(
				custom({ customModel: 'viduq3-turbo', duration: '5s', resolution: 1080, aspectRatio: '16x9', prompt: 2026 }),
			);
			expect(fields).toMatchObject({ duration: 5, resolution: '1080p', aspectRatio: '16:9', prompt: '2026' });
			const other = await read(
				custom({ customModel: 'viduq3-turbo', duration: '99', resolution: '8k', files: { payload: 'null' } }),
			);
			expect(other.fields).toMatchObject({ duration: 99, resolution: '8k', payload: 'null' });
		});

		test('that is new goes without a prompt, as some models do', async () => {
			expect((await read(custom({ prompt: '' }))).fields).not.toHaveProperty('prompt');
		});
	});

	describe('addresses that the service is to call or fetch', () => {
		const LOCAL = 'http://localhost:5678/webhook-test/vidu';
		const spoken = (sounds: unknown, more: Values = {}) =>
			references(A, { model: 'viduq4-preview', audio: true, options: { sounds, ...more } });

		test.each<[string, Values, RegExp]>([
			[
				'a Callback URL',
				text({ files: { callbackUrl: LOCAL } }),
				/^Callback URL: the service cannot reach localhost:5678\. That address is private\. .*N8N_WEBHOOK_URL.*Allow Private URLs/,
			],
			[
				'a Callback URL of a custom model',
				text({ model: 'custom', customModel: 'viduq9', files: { callbackUrl: LOCAL } }),
				/^Callback URL: the service cannot reach/,
			],
			[
				'a sound',
				spoken('http://localhost/1.mp3'),
				/^Reference Sounds: the service cannot fetch a sound from localhost\. .*Allow Private URLs/,
			],
		])('%s at a private address is refused', async (_name, parameters, words) => {
			expect(await refusal(parameters)).toMatch(words);
			const files = { ...(parameters.files as Values), allowPrivateUrls: true };
			await expect(read({ ...parameters, files })).resolves.toBeDefined();
			await expect(read(parameters, { isLocal: true })).resolves.toBeDefined();
		});

		test.each(['|', '; ', ' ', ', ', '\n', '，'])('sounds are read like images, behind %j too', async (separator) => {
			const sounds = ['https://shop.example.com/Mein Ton.mp3', 'https://shop.example.com/b.mp3'];
			const sent = ['https://shop.example.com/Mein%20Ton.mp3', 'https://shop.example.com/b.mp3'];
			expect((await read(spoken(sounds.join(separator)))).fields.sounds).toEqual(sent);
			expect((await read(spoken(sounds))).fields.sounds).toEqual(sent);
		});

		test.each<[string, unknown, RegExp]>([
			[
				'too many',
				Array.from({ length: 4 }, (_, index) => `https://shop.example.com/${index}.mp3`),
				/^Reference Sounds .* holds more than 3 URLs\./,
			],
			['a file name', 'voice.mp3', /^Reference Sounds "voice\.mp3" is not a valid URL\./],
			['data', 'data:audio/mp3;base64,AAAA', /^Reference Sounds must be URLs\./],
			['a number', 5, /^Reference Sounds cannot be read as a sound\. Give a URL, or a list of URLs\./],
		])('sounds that are %s are refused', async (_name, sounds, words) => {
			expect(await refusal(spoken(sounds))).toMatch(words);
		});
	});

	test.each<[string, Values, Values]>([
		['a length', { duration: '5 Seconds' }, { duration: 5 }],
		['a length in German', { duration: '5 Sekunden' }, { duration: 5 }],
		['a corner', { options: { wmPosition: 'Top Left' } }, { wmPosition: 1 }],
		[
			'a word of the panel',
			{ model: 'viduq1', options: { movementAmplitude: ' automatic ' } },
			{ movementAmplitude: 'auto' },
		],
		['a ratio of a Chinese keyboard', { aspectRatio: '9：16' }, { aspectRatio: '9:16' }],
	])('%s may be written as people do', async (_name, more, fields) => {
		expect((await read(text(more))).fields).toMatchObject(fields);
	});

	test('a value that no model of the panel calls by a word is told as it was given', async () => {
		expect(await refusal(text({ duration: 0 }))).toMatch(/^Duration 0 Seconds is not offered by viduq3-turbo\./);
	});

	test.each<[string, Values, RegExp]>([
		['a number with a unit that is none', { duration: '5 min' }, /^Duration 5 min is not offered by viduq3-turbo\./],
		['a value called like what every object has', { duration: '__proto__' }, /^Duration __proto__ is not offered/],
		[
			'a long object',
			{ options: { seed: { text: 'x'.repeat(500) } } },
			/^Seed \{"text":"x{0,50}… is not a whole number\./,
		],
		['a prompt of a failed sum', { prompt: NaN }, /^Prompt is "NaN": the expression found no text\. Check which field/],
		['a prompt that is a list', { prompt: ['a'] }, /^Prompt must be text\./],
		[
			'a Callback URL without a scheme',
			{ files: { callbackUrl: 'n8n.example.com/x' } },
			/^Callback URL n8n\.example\.com\/x is not a valid URL\./,
		],
		[
			'Extra Fields that are a list',
			{ options: { extraFields: '[1]' } },
			/^Extra Fields \(JSON\) is not a JSON object\./,
		],
	])('%s is refused in words', async (_name, more, words) => {
		expect(await refusal(text(more))).toMatch(words);
	});
});

describe('models and operations are called as the panel calls them', () => {
	test.each<[string, Values, typeof vidu, string]>([
		['a model of another operation', image(A, { model: 'viduq2' }), vidu, 'viduq2 is for Text to Video.'],
		['such a model in other capitals', image(A, { model: 'ViduQ2' }), vidu, 'viduq2 is for Text to Video.'],
		['a model of the subjects form', text({ model: 'vidu2.0' }), vidu, 'vidu2.0 is for Image to Video.'],
		[
			'an operation without models',
			text({ model: 'vidu2' }),
			vtrix,
			'Choose Custom and type the ID of a model for this operation in Model ID.',
		],
		[
			'an operation that is not there',
			references(A, { model: 'cogvideox-3' }),
			cogVideoX,
			'Choose Text to Video, Image to Video or Start-End to Video.',
		],
		[
			'no model',
			text({ model: '' }),
			vidu,
			'Model is missing. Choose viduq3-turbo, viduq3-pro, viduq2, viduq1, or Custom for a model newer than this node.',
		],
		['no ID of a custom model', text({ model: 'custom', customModel: ' ' }), vidu, 'Model ID is missing.'],
		['a model that is an object', text({ model: { id: 'viduq3-turbo' } }), vidu, 'is not the ID of a model'],
		[
			'a custom model that is a list',
			text({ model: 'custom', customModel: ['viduq9'] }),
			vidu,
			'Model ID "["viduq9"]"',
		],
		['a model that is no number', text({ model: NaN }), vidu, 'Model "NaN" is not the ID of a model'],
		[
			'a long text for a model',
			text({ model: 'x'.repeat(20_000) }),
			vidu,
			`Model "${'x'.repeat(57)}…" is not offered for this operation`,
		],
		[
			'a long text for the name of a field',
			image('', { image: { __rl: true, mode: 'binary', value: 'x'.repeat(20_000) } }),
			vidu,
			`Image: this item has no binary field "${'x'.repeat(57)}…"`,
		],
		['a reference type that is none', references(A, { referenceType: 'pictures' }), vidu, 'Reference Type "pictures"'],
		[
			'a list for a field of a custom model',
			text({ model: 'custom', customModel: 'viduq9', aspectRatio: ['16:9'] }),
			vidu,
			'Aspect Ratio is a list or an object. Give a single value',
		],
		[
			'an object for seconds of a custom model',
			text({ model: 'custom', customModel: 'viduq9', duration: { seconds: 5 } }),
			vidu,
			'Duration is a list or an object',
		],
		[
			'no number for a user ID of a custom model',
			text({ model: 'custom', customModel: 'cogvideox-9', options: { userId: NaN } }),
			cogVideoX,
			'is "NaN": the expression found no value',
		],
	])('%s', async (_name, parameters, backend, words) => {
		const said = await refusal(parameters, { backend });
		expect(said).toContain(words);
		expect(said).not.toMatch(/[a-z]ToVideo|Custom, or Custom/);
	});
});

describe('images', () => {
	test('an address with blanks and letters beyond ASCII is encoded, a signed one left alone', async () => {
		expect(await urlsOf(image('https://shop.example.com/Mein Bild ü.jpg'))).toEqual([
			'https://shop.example.com/Mein%20Bild%20%C3%BC.jpg',
		]);
		const signed = 'https://bucket.s3.amazonaws.com/a%2fb.jpg?X-Amz-Signature=9f%2F+%20';
		expect(await urlsOf(image(signed))).toEqual([signed]);
		expect(await urlsOf(image('//cdn.shopify.com/a.jpg'))).toEqual(['https://cdn.shopify.com/a.jpg']);
	});

	test('a wrapped data URI is an image, whatever mode the field is in', async () => {
		const png = 'iVBORw0KGgoAAAANSUhEUgAAAKAAAACgCAIAAAAErfB6';
		const wrapped = `data:image/png;base64,${png.slice(0, 20)}\r\n${png.slice(20)}\r\n`;
		for (const mode of ['url', 'base64'])
			expect(await urlsOf(image(undefined, { image: { __rl: true, mode, value: wrapped } }))).toEqual([
				`data:image/png;base64,${png}`,
			]);
	});

	test.each<[string, unknown, RegExp]>([
		[
			'a file name',
			'a.jpg',
			/^Image "a\.jpg" is not a valid URL\. Use an address that starts with https:\/\/, or switch the field to Binary or Base64\./,
		],
		['none at all', '', /^Image is empty\. This row has no image\./],
		[
			'three of them',
			images(3),
			/^Image holds 3 images\. Give exactly one, for example \{\{ \$json\.images\[0\]\.src \}\}, or use Reference to Video\./,
		],
		[
			'a page of Google Drive',
			'https://drive.google.com/file/d/1AbC/view',
			/is a page of Google Drive, not an image\. Load the file with the Google Drive node before this one, and choose Binary/,
		],
		['a page of Dropbox', 'https://www.dropbox.com/s/abc/a.png?dl=0', /is a page of Dropbox, not an image/],
		[
			'a page of iCloud, which has no node',
			'https://share.icloud.com/photos/0abc',
			/is a page of iCloud, not an image\. Use an address that leads straight to the file/,
		],
		[
			'one on this machine',
			'http://localhost:3000/a.png',
			/^Image: the service cannot fetch an image from localhost:3000\. That address is private\. .*choose Binary.*Allow Private URLs/,
		],
		['one in this network', 'http://192.168.1.5/a.png', /cannot fetch an image from 192\.168\.1\.5/],
	])('%s is refused with what to do', async (_name, value, words) => {
		expect(await refusal(image(value))).toMatch(words);
	});

	test.each([
		'https://a.example.com/a.jpg and some',
		'https://a.example.com/1.png, b.example.com/2.png',
		'https://a.example.com/1.png b.example.com/2.png',
		'https://a.example.com/1, b.example.com/2',
		'https://a.example.com/1.png\tb.png',
		'https://a.example.com/1 ftp://a.example.com/2',
	])('what still looks like several addresses is not ordered as one: %s', async (value) => {
		expect(await refusal(references(value))).toMatch(
			/^Reference Images "https:.*" looks like several URLs\. Put each on a line of its own/,
		);
	});

	test('a word between two addresses is not ordered as part of one', async () => {
		expect(await refusal(references(`${A} and ${A}`))).toContain('looks like several URLs');
	});

	test.each([
		'https://a.example.com/salt and pepper.jpg',
		'https://a.example.com/red, blue and v1.2/1.jpg',
		'https://a.example.com/text.png?text=Hello and welcome',
		'https://a.example.com/My.gif files/1.png',
	])('a blank that belongs to an address stays there: %s', async (value) => {
		expect(await urlsOf(references(value))).toEqual([value.replaceAll(' ', '%20')]);
	});

	test('a URL in a field that is switched to Base64 is told to be one', async () => {
		const parameters = image(undefined, { image: { __rl: true, mode: 'base64', value: A } });
		expect(await refusal(parameters)).toMatch(
			/^Image is not a base64 image\. It looks like a URL\. Switch the field to URL/,
		);
	});

	test('where there is no Reference to Video it is not offered', async () => {
		const said = await refusal(image(images(2), { model: 'cogvideox-3' }), { backend: cogVideoX });
		expect(said).toContain('{{ $json.images[0].src }}.');
		expect(said).not.toContain('Reference');
	});

	test.each<[string, Values, boolean]>([
		['Allow Private URLs says so', { files: { allowPrivateUrls: 'TRUE' } }, false],
		['the service is private itself', {}, true],
	])('a private address goes through where %s', async (_name, more, isLocal) => {
		expect(await urlsOf(image('http://127.0.0.1:8080/a.png', more), { isLocal })).toEqual([
			'http://127.0.0.1:8080/a.png',
		]);
	});

	test('switches of the images are read as sheets write them, and refused otherwise', async () => {
		expect(await urlsOf(references([A, A], { files: { removeDuplicateImages: 'yes' } }))).toEqual([A]);
		expect(await urlsOf(references([A, A], { files: { removeDuplicateImages: 'FALSE' } }))).toEqual([A, A]);
		expect(await refusal(image(A, { files: { checkImageUrls: 'maybe' } }))).toMatch(
			/^Check Image URLs "maybe" is neither on nor off\./,
		);
	});

	test('too many references: how to cut them, and which model takes them', async () => {
		expect(await refusal(references(images(12)))).toMatch(
			/^Reference Images holds 12 images\. viduq3-turbo takes 1 to 7\. Pass the first 7 only, for example \{\{ \$json\.images\.slice\(0, 7\) \}\}, or choose viduq4-preview\./,
		);
		expect(await refusal(references([]))).toContain('Leave such rows out with a Filter node');
		expect(await refusal(references(images(4), { model: 'vidu2-reference' }), { backend: zhipu })).toMatch(
			/slice\(0, 3\) \}\}\. /,
		);
	});

	test.each<[string, string, RegExp]>([
		[
			'a file name',
			'clip.mp4',
			/^Reference Videos "clip\.mp4" is not a valid URL\. Use an address that starts with https:\/\/\./,
		],
		[
			'one on this machine',
			'http://localhost/clip.mp4',
			/^Reference Videos: the service cannot fetch a video from localhost\. .* Switch Allow Private URLs on/,
		],
		['a page', 'https://drive.google.com/file/d/1/view', /is a page of Google Drive, not a video/],
	])('a reference video that is %s is refused', async (_name, referenceVideos, words) => {
		expect(await refusal(references(A, { model: 'viduq2-pro', referenceVideos }))).toMatch(words);
	});
});

describe('subjects', () => {
	const namesIn = ({ inputs }: ReadOrder) => (inputs.subjects as Array<{ name: string }>).map(({ name }) => name);

	test.each(['sneaker', '@sneaker', '[@sneaker]', ' @sneaker '])('one called "%s" is called sneaker', async (name) => {
		const job = await read(subjects([subject(name)], '@sneaker turns'));
		expect(namesIn(job)).toEqual(['sneaker']);
	});

	test('a row that nobody filled in is none', async () => {
		const job = await read(subjects([subject('', ''), subject('mug'), { name: undefined }, null], '@mug stands'));
		expect(namesIn(job)).toEqual(['mug']);
		expect(await refusal(subjects([subject('', '')], 'It stands'))).toMatch(
			/^Subjects are missing\. viduq3-turbo takes 1 to 7\./,
		);
	});

	test('a list of an expression is as good as rows of the panel', async () => {
		const job = await read(
			text({
				operation: 'referenceToVideo',
				referenceType: 'subjects',
				subjects: [{ name: 'mug', images: [A] }],
				prompt: '@mug',
			}),
		);
		expect(namesIn(job)).toEqual(['mug']);
	});

	test.each<[string, unknown, string, Values, RegExp]>([
		[
			'a subject that is not mentioned',
			[subject('mug')],
			'It stands',
			{},
			/^Prompt does not mention subject @mug\. Write @mug where it appears/,
		],
		[
			'a mention of almost a subject',
			[subject('sneaker')],
			'@sneaker meets @sneakers',
			{},
			/^Prompt mentions @sneakers, which is not one of the Subjects\. The Subjects are called @sneaker\./,
		],
		[
			'a prompt of Extra Fields without mentions',
			[subject('mug')],
			'@mug',
			{ options: { extraFields: { prompt: 'It stands' } } },
			/does not mention/,
		],
		[
			'a name that no mention can hold',
			[subject('mug]')],
			'@mug',
			{},
			/^Subject "mug\]" cannot be called by its name\./,
		],
		['too many images', [subject('mug', images(5))], '@mug', {}, /slice\(0, 3\)/],
		['no images', [subject('mug', '')], '@mug', {}, /^Images of subject "mug" are missing\./],
		['an image without a name', [subject('')], '@mug', {}, /^One of the Subjects has no name\./],
		[
			'a name that is an object',
			[subject({ name: 'mug' })],
			'@mug',
			{},
			/^Subjects: the name of a subject must be text\./,
		],
		[
			'a voice that is a list',
			[{ ...subject('mug'), voiceId: ['a'] }],
			'@mug',
			{},
			/^Subjects: Voice ID of a subject must be text\./,
		],
	])('%s is refused before anything is paid for', async (_name, rows, prompt, more, words) => {
		expect(await refusal(subjects(rows, prompt, more))).toMatch(words);
	});

	test('a mention travels as its subject is spelled', async () => {
		expect((await read(subjects([subject('mug')], 'The ＠Mug stands'))).fields.prompt).toBe('The @mug stands');
		const { fields, extraFields } = await read(
			subjects([subject('mug')], '@Mug', { options: { extraFields: { prompt: '@MUG stands' } } }),
		);
		expect([fields.prompt, extraFields?.prompt]).toEqual(['@Mug', '@mug stands']);
	});

	test.each<[string, Values]>([
		['subjects of the library', { options: { extraFields: { auto_subjects: true } } }],
		['a model newer than the node', { model: 'custom', customModel: 'viduq9' }],
	])('nothing is said of mentions with %s', async (_name, more) => {
		await expect(read(subjects([subject('mug')], '@mug meets @lamp', more))).resolves.toBeDefined();
	});
});

describe('a video given by its creation ID', () => {
	const upscale = (value: unknown): Values => ({
		operation: 'upscale',
		video: { __rl: true, mode: 'creationId', value },
		upscaleResolution: '1080p',
		options: {},
	});

	test.each<[string, unknown]>([
		['text', '912345678901234567'],
		['an output of the node', { creationId: '912345678901234567' }],
		['an item of the node', { json: { creationId: '912345678901234567' }, pairedItem: 0 }],
		['all items of the node', [{ json: { creationId: '912345678901234567' } }]],
	])('is found in %s', async (_name, value) => {
		expect((await read(upscale(value))).request?.body).toMatchObject({ video_creation_id: '912345678901234567' });
	});

	test('an item without one is told so', async () => {
		expect(await refusal(upscale({ json: { taskId: '1' } }))).toMatch(
			/^Video holds no creation ID\. Give the creationId/,
		);
	});
});

test.each([
	[4, 160],
	[4.04, 160],
	[3.96, 160],
	[7.4, 320],
	[undefined, undefined],
])('an upscale to 4K of a task whose video lasts %s seconds costs %s credits', async (durationSeconds, credits) => {
	const clip = durationSeconds === undefined ? {} : { clip: { durationSeconds } };
	const made = { creationId: '912345678901234567', videoUrl: 'https://video.example.com/1.mp4', ...clip };
	const job = await read(
		{
			operation: 'upscale',
			video: { __rl: true, mode: 'taskId', value: '876543210123456789' },
			upscaleResolution: '4K',
			options: {},
		},
		{
			ask: async () => ({
				kind: 'report',
				report: { state: 'succeeded', providerState: 'success', ...made, response: {} },
			}),
		},
	);
	expect(job.price).toEqual(credits === undefined ? undefined : { credits });
});

test('a file that n8n has moved to the folder of an execution is the same file', () => {
	expect(storedName('filesystem-v2:workflows/1/executions/7/binary_data/u1')).toBe(
		storedName('filesystem-v2:workflows/1/executions/temp/binary_data/u1'),
	);
	expect(storedName('u1')).toBe('u1');
});
