/**
 * The shape of the catalogue: which operation and which model takes what. Data only; the panel, the run-time check, the
 * request body, the README tables and the sweep test all read these rows.
 */

import type { Price } from './priceTypes';

export type { Amount, CreditPrice, Money, MoneyPrice, Price, PricePart, Rate, Rates } from './priceTypes';

export type FieldValue = string | number | boolean;

/** One value out of a closed list. `default` is the service's own. */
export interface ChoiceRule {
	kind: 'choice';
	values: ReadonlyArray<string | number>;
	default: string | number;
	/** What the panel calls the choice that sends nothing, and starts with: where the service chooses best. */
	unset?: string;
}
/** A boolean. `default` is the service's own. */
export interface SwitchRule {
	kind: 'switch';
	default: boolean;
}
/** Free text of a bounded number of characters. */
export interface TextRule {
	kind: 'text';
	minChars?: number;
	maxChars: number;
	/** Whatever is put in comes back unchanged, so an object or a list goes in as JSON. */
	takesJson?: true;
	/** How it has to look, and the same in words. */
	pattern?: { is: RegExp; words: string };
}
/** A whole number, both ends included. */
export interface IntegerRule {
	kind: 'integer';
	min: number;
	max: number;
	/** The service's own, where it names one; the panel starts with it. */
	default?: number;
}
/** A number that need not be whole, both ends included. */
export interface NumberRule {
	kind: 'number';
	min: number;
	max: number;
	/** The service's own. */
	default: number;
}
/** Some words of a closed list, each once. `preset` is what the panel starts with. */
export interface WordsRule {
	kind: 'words';
	values: readonly string[];
	preset: readonly string[];
}
/** A list of free texts, in lines where it is typed. */
export interface LinesRule {
	kind: 'lines';
	maxChars: number;
}
/** A public http(s) address. */
export interface UrlRule {
	kind: 'url';
}
/** A list of public http(s) addresses. */
export interface UrlsRule {
	kind: 'urls';
	max: number;
}
/** A JSON object that travels as a string. */
export interface JsonTextRule {
	kind: 'jsonText';
}
export type FieldRule =
	| ChoiceRule
	| SwitchRule
	| TextRule
	| IntegerRule
	| NumberRule
	| WordsRule
	| LinesRule
	| UrlRule
	| UrlsRule
	| JsonTextRule;

/** Fields that several operations have, under the API's name in camelCase. Their words are in lib/n8n/fields.ts. */
export type FieldName =
	| 'aspectRatio'
	| 'audio'
	| 'audioType'
	| 'bgm'
	| 'callbackUrl'
	| 'duration'
	| 'fps'
	| 'isRec'
	| 'metaData'
	| 'movementAmplitude'
	| 'offPeak'
	| 'payload'
	| 'quality'
	| 'resolution'
	| 'seed'
	| 'size'
	| 'sounds'
	| 'style'
	| 'userId'
	| 'voiceId'
	| 'watermark'
	| 'watermarkEnabled'
	| 'withAudio'
	| 'wmPosition'
	| 'wmUrl';

export type Fields = Partial<Record<FieldName, FieldRule>>;

/**
 * A combination the model does not take: when every field of `when` holds one of the listed values (a field the user
 * left out counts with its default), then `allow` narrows a field's values and `without` forbids fields altogether.
 */
export interface Restriction {
	when: Partial<Record<FieldName, readonly FieldValue[]>>;
	allow?: Partial<Record<FieldName, ReadonlyArray<string | number>>>;
	without?: readonly FieldName[];
	/** Half a sentence for the message: "vidu2.0 makes 8-second videos at 720p only". */
	why: string;
}

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'bmp';

/** What the service accepts as an input image. Sizes are of the decoded file. */
export interface ImageRules {
	formats: readonly ImageFormat[];
	maxBytes: number;
	/** Smallest allowed width and height. */
	minPixels?: number;
	/** Largest allowed width and height. */
	maxPixels?: number;
	/** Longest side over shortest side may not exceed this. */
	maxAspect?: number;
	/** The document says "inside": an image of exactly `maxAspect` is refused too. */
	isAspectExclusive?: true;
	/** Bounds for (width/height of the first) / (width/height of the last) and for width and height each. */
	pairRatio?: { min: number; max: number };
}

export interface PromptRule {
	required: boolean;
	maxChars: number;
}

/** What holds for all that an operation makes, or for all that one of its models makes. */
export interface Rules {
	fields: Fields;
	restrictions?: readonly Restriction[];
	/** Usual time from submission to result in seconds: no status check before about half of it. */
	typicalSeconds: number;
	/** `typicalSeconds` is a guess: no page names it, and nobody has measured it. */
	isWaitEstimated?: true;
	/** How long it may go without progress, where the user set no limit and half an hour may not be enough. */
	maxWaitMinutes?: number;
	/** Price of one result as documented. Absent where none is published. */
	price?: Price;
	/** What a figure of the price is told for, where the fields alone make none. */
	priceExample?: { seconds: number | readonly number[]; characters?: number };
}

/** One model in one endpoint: the unit of the catalogue. */
export interface ModelRules extends Rules {
	/** Shown behind the model's name in the list, such as "preview". */
	note?: string;
	prompt: PromptRule;
	/** How many images; in the subjects endpoint, how many in each subject. */
	images: { min: number; max: number; rules: ImageRules };
	/** How many named subjects (subjects endpoint only). */
	subjects?: { max: number; voice: boolean };
	/** How many reference videos, and how many images may stand beside them. */
	videos?: { max: number; maxImagesBeside: number };
}

/** By the id that travels. */
export type Models = Readonly<Record<string, ModelRules>>;

/** How a field is called and explained, in the panel and in messages. */
export interface FieldLabel {
	name: string;
	/** Without a full stop when it is one sentence (n8n's rule). `{made}` stands for what the operation makes. */
	description: string;
	placeholder?: string;
	/** Labels for values that do not speak for themselves. */
	values?: Readonly<Record<string, string>>;
	/** Appended to a value: "5 Seconds". */
	unit?: string;
}

export interface OwnField extends FieldLabel {
	rule: FieldRule;
	/** Stands at the top of the panel; otherwise it waits in a collection. */
	isTopLevel?: true;
	/** Means something only where another parameter has one of these values. `why` is half a sentence for the message. */
	onlyBeside?: { parameter: string; values: readonly string[]; why: string };
	/** Nothing can be ordered without it. */
	isRequired?: true;
	/** Another field of the operation's own that has to be there with it; a switch that is off asks for nothing. */
	needs?: string;
	/** Name in the request, where it is not the parameter's in snake_case. */
	wire?: string;
}

/** How a parameter is called and explained. */
export interface Words {
	/** Name of the parameter, and what it is called in the panel and in messages. */
	name: string;
	label: string;
	description: string;
}

/** One thing that goes into an operation: the kind of slot, its parameter, and where it stands in the request. */
export type InputSlot =
	/** Checked with the fields, for a model's row says whether it needs one. `description`: what it says, where not of a video. */
	| { kind: 'prompt'; placeholder: string; description?: string }
	/** Exactly one image, or none where it is optional. In a list of one, or by itself where it is single. */
	| (Words & { kind: 'image'; wire: string; isSingle?: true; isOptional?: true })
	/** A first and a last frame that resemble each other. */
	| { kind: 'framePair'; first: Words; last: Words; wire: string }
	/** A list of images, as many as the row says. `isOptional`: the panel starts with none. */
	| (Words & { kind: 'images'; wire: string; isOptional?: true })
	/** Named subjects with images of their own. */
	| (Words & { kind: 'subjects'; wire: string })
	/** Sounds, each from one moment to another. */
	| (Words & { kind: 'cues'; wire: string; maxChars: number })
	/** A list of addresses of clips, for the models that take them. */
	| (Words & { kind: 'videos'; wire: string })
	/** One video, by an address or by the service's own id of it: whichever is given travels. */
	| (Words & { kind: 'video'; wire: { url: string; creationId?: string } })
	/** A list of key images, each with a text and a length of its own: as many as the row's images. */
	| (Words & { kind: 'frames'; wire: { list: string; image: string }; duration: ChoiceRule })
	/** What is spoken: a text, in a voice, or a sound file. */
	| {
			kind: 'voice';
			wire: { text: string; voiceId: string; audio: string };
			voiceFrom: Words;
			text: Words;
			voiceId: Words;
			audioFile: Words;
	  }
	/** One sound file, at an address or in the item. */
	| (Words & { kind: 'sound'; wire: string })
	/** An existing film, and the part of it that is made anew. `types`: how the service calls each. */
	| {
			kind: 'filmPart';
			film: Words;
			type: Words;
			types: Readonly<Record<string, FilmPartName>>;
			scene: Words;
			job: Words;
	  }
	/** An existing film, and the versions of its parts that it is put together of. */
	| { kind: 'filmCut'; film: Words; scenes: Words; jobs: Words; narration: Words; music: Words }
	/** Something that the service knows by a name: free text, with names that are known. */
	| (Words & { kind: 'name'; wire: string; maxChars: number; placeholder: string; suggestions: readonly string[] });

/** What a film is made of. */
export type FilmPartName = 'scene' | 'narration' | 'music';

/** The slot of one kind. */
export type SlotOf<Kind extends InputSlot['kind']> = Extract<InputSlot, { kind: Kind }>;

/** One body of an operation: what goes in, and which models take it. */
export interface EndpointRows {
	inputs: readonly InputSlot[];
	/** Absent where the operation has no model; empty where the models of the service are not listed here, but go by ID. */
	models?: Models;
	/** The model a new node starts with. */
	defaultModel?: string;
}

/** What the panel asks for first. */
export type Resource = 'video' | 'film' | 'image' | 'audio' | 'subject' | 'prompt';

/** How one of a kind and several are called in a sentence. */
export interface Noun {
	one: string;
	many: string;
	/** As in Max Videos. */
	title: string;
}

/** What an operation makes: a file of this kind, or facts, which stand in the item alone. */
export type Made = 'video' | 'image' | 'audio' | 'facts';

/** How the service answers an order, where it is not with a `task_id` that is asked about like that of a clip. */
export interface Answering {
	/** Name of the id in the answer. */
	idField?: string;
	/**
	 * The answer is the result, unless it says that it is still being made. `tells`: what of it stands in the item, by the
	 * names of the answer; without the first there is no result. None where a file is all that comes of it.
	 */
	isResult?: true;
	tells?: readonly [string, ...string[]];
	/** Where the task is asked about, below the API root; `{id}` stands for its id. */
	queryPath?: string;
}

/** Everything there is to know of one operation. */
export interface OperationDeclaration<Name extends string = string> extends EndpointRows {
	resource: Resource;
	/** POST where nothing is said. */
	method?: 'PUT';
	/** A video where nothing is said. `any`: what is asked for says which, and the file. */
	makes?: Exclude<Made, 'video'> | 'any';
	/** How what it makes is called, where not as what its resource makes. */
	noun?: Noun;
	answering?: Answering;
	/** Value of the `operation` parameter. */
	name: Name;
	/** What it is called: "Text to Video". */
	label: string;
	/** In n8n's list of actions: "Generate video from text". */
	action: string;
	description: string;
	/** Below the API root, where the service has one for each operation. */
	path?: string;
	/** What holds for an operation without a model. */
	rules?: Rules & Partial<Pick<ModelRules, 'prompt' | 'images'>>;
	/** The pages of China's platform alone have it. */
	isChinaOnly?: true;
	/** Largest request in bytes, where a page says less than for all others. */
	maxBodyBytes?: number;
	/** Fields that no other operation has, with their words. */
	ownFields?: Readonly<Record<string, OwnField>>;
	/** Inputs and fields of its own, by their parameters, of which one has to be there. */
	anyOf?: readonly string[];
	/** A second body that excludes the first: a list of named subjects in place of images. */
	subjects?: EndpointRows;
}
