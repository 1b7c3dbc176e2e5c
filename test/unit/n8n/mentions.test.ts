import { assertMentioned } from '../../../lib/n8n/mentions';

test.each<[string, string[]]>([
	['@sneaker turns', ['sneaker']],
	['[@sneaker] turns, then [@mug]', ['mug', 'sneaker']],
	["@sneaker's laces, (@mug).", ['sneaker', 'mug']],
	['@sneaker and @sneaker 2', ['sneaker', 'sneaker 2']],
	['The @red shoe stands', ['red shoe']],
	['让@小猫跑起来', ['小猫']],
	['@고양이가 달린다', ['고양이']],
	['@Größe-M', ['Größe-M']],
	['@sneaker at 7 pm @ home, @30fps, write to info@shop.com', ['sneaker']],
])('"%s" calls %j', (prompt, names) => {
	expect(() => assertMentioned(prompt, names)).not.toThrow();
});

test.each<[string, string[], RegExp]>([
	['The sneaker turns', ['sneaker'], /^Prompt does not mention subject @sneaker$/],
	['', ['sneaker'], /does not mention subject @sneaker$/],
	['@sneaker turns', ['sneaker', 'mug'], /does not mention subject @mug$/],
	['@sneaker meets @unknown', ['sneaker'], /^Prompt mentions @unknown, which is not one of the Subjects$/],
	['@sneakers turn', ['sneaker'], /mentions @sneakers,/],
	['@Sneaker turns', ['sneaker'], /mentions @Sneaker,/],
	['write to info@sneaker', ['sneaker'], /does not mention subject @sneaker$/],
	['让@小狗跑起来', ['小猫'], /mentions @小狗/],
])('"%s" with subjects %j is refused', (prompt, names, words) => {
	expect(() => assertMentioned(prompt, names)).toThrow(words);
});
