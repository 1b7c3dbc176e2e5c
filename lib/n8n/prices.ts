import { isByResolution, priceOf, type Purchase } from '../catalogue/prices';
import type { Amount, CreditPrice, Money, Price, PricePart, Rate, Rates } from '../catalogue/types';

export type { Amount };

/** What things cost, in words: for the panel, the README and the hints. */

/** What a credit costs, in hundredths of the currency. Packs of the global platform; China's at 500 yuan for 16,000. */
const CREDIT: Record<string, { currency: string; cents: number }> = {
	global: { currency: 'USD', cents: 0.5 },
	china: { currency: 'CNY', cents: 3.125 },
};
const GLOBAL = 'global';

/** "1.00 yuan", "USD 0.20", "free". */
export function tellMoney({ amount, currency }: Money): string {
	if (Number(amount) === 0) return 'free';
	return currency === 'CNY' ? `${amount} yuan` : `${currency} ${amount}`;
}

/** "100 credits (about USD 0.50)". */
export function tellCredits(credits: number, region = GLOBAL): string {
	const { currency, cents } = CREDIT[region] ?? { currency: 'USD', cents: 0.5 };
	const amount = (Math.round(credits * cents) / 100).toFixed(2);
	const word = credits === 1 ? 'credit' : 'credits';
	if (credits === 0) return `0 ${word}`;
	return `${credits} ${word} (about ${tellMoney({ amount, currency })})`;
}

export const tellAmount = (amount: Amount, region?: string): string =>
	'credits' in amount ? tellCredits(amount.credits, region) : tellMoney(amount.cost);

/**
 * What many things cost together: "550 credits (about USD 2.75)", "3.00 yuan".
 * @param amounts those that are known
 */
export function tellTotal(amounts: readonly Amount[], region?: string): string | undefined {
	const credits = amounts.flatMap((amount) => ('credits' in amount ? [amount.credits] : []));
	const money = new Map<string, number>();
	for (const amount of amounts)
		if ('cost' in amount)
			money.set(amount.cost.currency, (money.get(amount.cost.currency) ?? 0) + Number(amount.cost.amount));
	const words = [
		...(credits.length > 0 ? [tellCredits(sumOf(credits), region)] : []),
		...[...money].map(([currency, sum]) => tellMoney({ currency, amount: sum.toFixed(2) })),
	];
	return words.length > 0 ? words.join(' and ') : undefined;
}

/** The published credits, where the service charged another figure: prices move, and what was charged counts. */
export function publishedIfOther(price: Amount | undefined, charged: number | undefined): number | undefined {
	if (charged === undefined || !price || !('credits' in price)) return undefined;
	return price.credits === charged ? undefined : price.credits;
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Where each region's money is paid. */
const SELLERS: Record<string, string> = { bigmodel: 'BigModel', zai: 'Z.AI' };

function tellRegions({ byRegion }: Extract<Price, { byRegion: unknown }>, withDay: boolean): string {
	const all = Object.entries(byRegion).map(([region, { readOn, ...money }]) => {
		const seller = SELLERS[region] ?? region;
		return `${tellMoney(money)} on ${seller}${withDay && readOn !== undefined ? ` (until ${readOn} at least)` : ''}`;
	});
	return all.join(withDay ? '; ' : ' or ');
}

/** "7 / 11 / 13 credits a second at 540p / 720p / 1080p (China 720p: 12)": all rates of a row. */
export function tellPrice(price: Price): string {
	if ('byRegion' in price) return tellRegions(price, true);
	const fixed = fixedOf(price);
	const words = fixed === undefined ? tellParts(price) : tellCredits(fixed);
	return price.isDerived ? `${words} (derived)` : words;
}

/** What adds up; or, where only a part of it is asked for at a time, each by itself. */
function tellParts(price: CreditPrice): string {
	const bases = basesOf(price);
	if (bases.length > 0) return bases.map((part) => tellRates(part)).join(' + ');
	return price.parts.map((part) => `${(part.when && ALONE[part.when]) ?? ''} ${tellRates(part)}`.trim()).join('; ');
}

/** What is bought alone. */
const ALONE: Partial<Record<NonNullable<PricePart['when']>, string>> = {
	isScene: 'scene',
	isNarration: 'narration',
	isMusic: 'music',
};

/** What every order costs; surcharges are told where they are asked for. */
const basesOf = ({ parts }: CreditPrice): PricePart[] => parts.filter(({ when }) => when === undefined);

const UNITS: Partial<Record<NonNullable<PricePart['counts']>, [one: string, many: string]>> = {
	seconds: ['second', 'seconds'],
	characters: ['spoken character', 'spoken characters'],
};

function unitOf({ counts, isOfSource, block }: PricePart): string {
	const [one, many] = (counts === undefined ? undefined : UNITS[counts]) ?? [];
	if (one === undefined) return '';
	return `${block === undefined ? ` a ${one}` : ` for each ${block} ${many} begun`}${isOfSource ? ' of the source' : ''}`;
}

/** What the row asks whatever the length and the resolution; undefined where it depends. */
function fixedOf(price: CreditPrice): number | undefined {
	const [base, ...more] = basesOf(price);
	if (!base || more.length > 0 || base.counts !== undefined) return undefined;
	const [first, ...others] = rowsOf(base.rates).map(([, rate]) => rate);
	return typeof first === 'number' && others.every((rate) => rate === first) ? first : undefined;
}

function tellRates(part: PricePart): string {
	const rows = rowsOf(part.rates);
	const at = rows.length < 2 ? '' : ` at ${rows.map(([resolution]) => resolution).join(' / ')}`;
	const rates = rows.map(([, rate]) => rate);
	if (rates.every((rate) => typeof rate === 'number'))
		return `${rates.join(' / ')} credits${unitOf(part)}${at}${tellChina(part)}`;
	if (rates.every((rate) => typeof rate === 'object' && 'first' in rate))
		return `${rates.map(tellRate).join(' / ')} credits (first second + each further one)${at}`;
	return rows
		.map(([resolution, rate]) => `${tellRate(rate)}${resolution === '' ? '' : ` at ${resolution}`}`)
		.join('; ')
		.replace(/\d+/, '$& credits');
}

function tellRate(rate: Rate): string {
	if (typeof rate === 'number') return `${rate}`;
	if ('only' in rate)
		return Object.entries(rate.only)
			.map(([seconds, credits]) => `${credits} for ${seconds} s`)
			.join(', ');
	if ('tiers' in rate) return rate.tiers.map(({ credits }) => credits).join(' / ');
	const { first, further, two } = rate;
	return `${first}${two === undefined ? '' : ` (2 s: ${two})`} + ${further}`;
}

function tellChina({ china, rates }: PricePart): string {
	if (china === undefined) return '';
	const rows = rowsOf(china);
	const isAll = rows.length === rowsOf(rates).length;
	const values = rows.map(([, rate]) => tellRate(rate)).join(' / ');
	return isAll ? ` (China: ${values})` : ` (China ${rows.map(([resolution]) => resolution).join(' / ')}: ${values})`;
}

const rowsOf = (rates: Rates): Array<[string, Rate]> =>
	isByResolution(rates) ? Object.entries(rates.by) : [['', rates]];

/** One figure: "5 s at 720p: 55 credits (about USD 0.28)", "0.50 yuan on BigModel". @param purchase what a new node asks for */
export function tellFigure(price: Price, purchase: Purchase): string | undefined {
	if ('byRegion' in price) return tellRegions(onSale(price), false);
	const fixed = fixedOf(price);
	return fixed === undefined ? tellExample(price, purchase) : tellCredits(fixed);
}

/** The list of models has no room for what has ended. */
const onSale = ({ byRegion }: Extract<Price, { byRegion: unknown }>): Extract<Price, { byRegion: unknown }> => ({
	byRegion: Object.fromEntries(Object.entries(byRegion).filter(([, { readOn }]) => readOn === undefined)),
});

/**
 * A figure for what a new node asks for: "5 s at 720p: 55 credits (about USD 0.28)".
 * @returns undefined where the price is a figure already, or is not known
 */
export function tellExample(price: Price | undefined, purchase: Purchase): string | undefined {
	if (!price || 'byRegion' in price || fixedOf(price) !== undefined) return undefined;
	const amount = priceOf(price, purchase, GLOBAL);
	if (!amount || !('credits' in amount)) return undefined;
	const { seconds, resolution } = purchase;
	const what = [seconds === undefined ? undefined : `${[seconds].flat().join(' + ')} s`, resolution].filter(Boolean);
	return `${what.join(' at ')}: ${tellCredits(amount.credits)}`;
}
