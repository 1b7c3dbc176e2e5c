import type { TextRule } from '../../../lib/catalogue/types';
import { operationCalled } from '../../../lib/n8n/backends';
import type { GoodValue } from './cases';
import { PANELS } from './rows';

/** Fields of words of which not any will do: what does, and what does not, by operation and field. */

/** IDs of subjects that there are, so that each length of an ID leads to one. */
export const KEPT_SUBJECTS = ['901200000000000001', '9'.repeat(64), '1', '7654321'];

interface Texts {
	/** The first stands for all. */
	good: GoodValue[];
	/** Beside those of a wrong length. */
	bad: unknown[];
}

const TEXTS: Readonly<Record<string, Texts>> = {
	'cloneVoice voiceId': {
		good: [{ value: 'ShopVoice01' }, { value: 'Voice-_1' }, { value: `V${'x'.repeat(255)}` }],
		bad: ['1ShopVoice', 'My_Voice_', 'MyVoice-', 'My Voice 1', '影'.repeat(8), 7_654_321],
	},
	'cloneVoice promptText': {
		good: [
			{ value: 'Good morning.' },
			{ value: '.' },
			{ value: `${'x'.repeat(999)}.` },
			{ value: `${'影'.repeat(999)}。` },
			{ value: 'Is it? ' },
		],
		bad: ['Good morning', '影', 7_654_321],
	},
	'update id': {
		good: [...KEPT_SUBJECTS.map((value) => ({ value })), { value: 7_654_321, sent: '7654321' }],
		bad: [],
	},
	'music subtitleColor': {
		good: [{ value: '#FFFFFF' }, { value: '#00aa7F' }],
		bad: ['FFFFFF0', '#GGGGGG', '#FFF 00', 7_654_321],
	},
};

const ruleOf = (key: string): TextRule => {
	const [operation = '', field = ''] = key.split(' ');
	const found = PANELS.map(({ backend }) => operationCalled(backend, operation)?.declaration.ownFields?.[field]?.rule);
	const rule = found.find((one) => one?.kind === 'text');
	if (rule?.kind !== 'text') throw new Error(`${key} is no field of words`);
	return rule;
};

export const SPECIAL_TEXTS: ReadonlyMap<TextRule, Texts> = new Map(
	Object.entries(TEXTS).map(([key, texts]) => [ruleOf(key), texts]),
);
