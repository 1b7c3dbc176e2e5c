import { spellMentions } from '../../../../lib/n8n/input/mentions';

test.each<[string, string[]]>([
	['@sneaker turns', ['sneaker']],
	['[@sneaker] turns, then [@mug]', ['mug', 'sneaker']],
	["@sneaker's laces, (@mug).", ['sneaker', 'mug']],
	['@sneaker and @sneaker 2', ['sneaker', 'sneaker 2']],
	['The @red shoe stands', ['red shoe']],
	['让@小猫跑起来', ['小猫']],
	['@고양이가 달린다', ['고양이']],
	['@Größe-M', ['Größe-M']],
	['@a+b (c)', ['a+b (c)']],
	['@sneaker at 7 pm @ home, @30fps, write to info@shop.com', ['sneaker']],
	// right behind a sign or a word
	['Scene 1.@sneaker runs', ['sneaker']],
	['_@sneaker_ and **@mug**', ['sneaker', 'mug']],
	['50%@sneaker, with-@mug', ['sneaker', 'mug']],
	['让1@鞋子站着', ['鞋子']],
	['Cut to@sneaker. Then it turns', ['sneaker']],
	// an @ that calls nobody
	['@sneaker. Contact andré@shop.fr or über@sneaker.de', ['sneaker']],
	['@sneaker, follow us @nike', ['sneaker']],
	['The text reads "@sneaker_official", and @sneaker turns', ['sneaker']],
	['@sneaker, youtube.com/@channel, @user@mastodon.social. Meeting @home', ['sneaker']],
	['@sneaker meets @unknown', ['sneaker']],
	['@cup and @cat', ['cup']],
])('"%s" calls %j, and stays as it is', (prompt, names) => {
	expect(spellMentions(prompt, names)).toBe(prompt);
});

test.each<[string, string, string[], string]>([
	['with a capital', '@Sneaker turns, [@SNEAKER] stops', ['sneaker'], '@sneaker turns, [@sneaker] stops'],
	['in small letters', '@red shoe stands', ['Red Shoe'], '@Red Shoe stands'],
	['with the @ of a Chinese keyboard', '让＠小猫跑起来', ['小猫'], '让@小猫跑起来'],
	['in the other form of an umlaut', '@Mu\u0308ller runs', ['M\u00fcller'], '@M\u00fcller runs'],
	['in the other form, the other way round', '@M\u00fcller runs', ['Mu\u0308ller'], '@Mu\u0308ller runs'],
])('a mention %s travels as its subject is spelled', (_how, prompt, names, sent) => {
	expect(spellMentions(prompt, names)).toBe(sent);
});

test('a whole text as a name is told shortly where it is not mentioned, and found where it is', () => {
	const name = 'x'.repeat(20_000);
	expect(() => spellMentions('@shoe turns', [name])).toThrow(`Prompt does not mention subject @${'x'.repeat(57)}…`);
	expect(() => spellMentions('@shoes turn', ['shoe', name])).toThrow('Prompt mentions @shoes');
	expect(spellMentions(`@${name} turns`, [name])).toBe(`@${name} turns`);
});

test.each<[string, string[], RegExp]>([
	['The sneaker turns', ['sneaker'], /^Prompt does not mention subject @sneaker$/],
	['', ['sneaker'], /does not mention subject @sneaker$/],
	['@sneaker turns', ['sneaker', 'mug'], /does not mention subject @mug$/],
	['write to info@sneaker.com', ['sneaker'], /does not mention subject @sneaker$/],
	['让@小狗跑起来', ['小猫'], /does not mention subject @小猫$/],
	['@snek turns', ['sneaker'], /does not mention subject @sneaker$/],
	['@sneaker_official', ['sneaker'], /does not mention subject @sneaker$/],
	['@sneakers turn', ['sneaker'], /^Prompt mentions @sneakers, which is not one of the Subjects$/],
	['@sneaker and @watches', ['sneaker', 'watch'], /mentions @watches,/],
	['@mug meets @mugs', ['mug'], /mentions @mugs,/],
	['@sneaker meets @sneakr', ['sneaker'], /mentions @sneakr,/],
	['@shoe1 meets @shoe3', ['shoe1', 'shoe2'], /mentions @shoe3,/],
	['@subject 1 meets @subject 2', ['subject 1'], /mentions @subject 2,/],
	['@red shoes', ['red shoe'], /mentions @red shoes,/],
])('"%s" with subjects %j is refused', (prompt, names, words) => {
	expect(() => spellMentions(prompt, names)).toThrow(words);
});
