import type { Amount, CreditPrice, Money, Price, PricePart, Rate, Rates } from './types';

/** What an order costs, by the rows of the catalogue. Pure. */

/** What is bought, as far as a price depends on it. */
export interface Purchase {
	/** Of the result, or of the source where that is what counts; a list for what is made in segments. */
	seconds?: number | readonly number[];
	resolution?: string;
	audio?: boolean;
	offPeak?: boolean;
	isRec?: boolean;
	lipSync?: boolean;
	/** Of the better of two qualities. */
	isHigh?: boolean;
	/** A part of a film, where its price is published. */
	isScene?: boolean;
	isNarration?: boolean;
	isMusic?: boolean;
	/** How many images go in. */
	images?: number;
	/** Length of a text that is spoken; 0 where none is. */
	characters?: number;
	/** How many prompts come back. */
	prompts?: number;
}

/**
 * What one order costs.
 * @param region where the credential leads: Vidu's `global` or `china`, Zhipu's `bigmodel` or `zai`
 * @returns undefined where no price is published, or where it depends on what is not known
 */
export function priceOf(price: Price | undefined, purchase: Purchase, region: string): Amount | undefined {
	if (price === undefined) return undefined;
	if ('parts' in price) {
		const credits = creditsOf(price, purchase, region);
		return credits === undefined ? undefined : { credits };
	}
	const found = price.byRegion[region];
	return found && { cost: moneyOf(found) };
}

const moneyOf = ({ amount, currency }: Money): Money => ({ amount, currency });

function creditsOf({ parts, offPeak }: CreditPrice, purchase: Purchase, region: string): number | undefined {
	let base = 0;
	let surcharges = 0;
	let counted = 0;
	for (const part of parts) {
		if (part.when && purchase[part.when] !== true) continue;
		const credits = creditsOfPart(part, purchase, region);
		if (credits === undefined) return undefined;
		counted += 1;
		if (part.when) surcharges += credits;
		else base += credits;
	}
	// none of what is sold
	if (counted === 0) return undefined;
	if (purchase.offPeak !== true) return base + surcharges;
	if (offPeak === undefined) return undefined;
	return (offPeak === 'half' ? Math.ceil(base / 2) : base) + surcharges;
}

function creditsOfPart(part: PricePart, purchase: Purchase, region: string): number | undefined {
	const { counts, block = 1 } = part;
	const isListed = purchase.offPeak === true && part.offPeak !== undefined;
	const china = isListed ? part.chinaOffPeak : part.china;
	const rates = (isListed ? part.offPeak : undefined) ?? part.rates;
	const rate =
		(region === 'china' ? rateFor(china, purchase.resolution) : undefined) ?? rateFor(rates, purchase.resolution);
	if (rate === undefined) return undefined;
	if (counts === undefined) return applied(rate, 1);
	const quantities = [purchase[counts]].flat();
	// each by itself: every segment begins with a first second
	const credits = quantities.map((quantity) =>
		quantity === undefined || !isQuantity(quantity, counts)
			? undefined
			: applied(rate, blocksOf(quantity, block, rate)),
	);
	return credits.some((each) => each === undefined)
		? undefined
		: credits.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

/** 0 seconds stand for a length that the model picks. */
const isQuantity = (quantity: number, counts: PricePart['counts']): boolean =>
	Number.isFinite(quantity) && (counts === 'seconds' ? quantity > 0 : quantity >= 0);

/** Tiers and lists are of the quantity itself; what is counted in blocks counts those that have begun. */
const blocksOf = (quantity: number, block: number, rate: Rate): number =>
	typeof rate === 'object' && ('tiers' in rate || 'only' in rate) ? quantity : Math.ceil(quantity / block);

function rateFor(rates: Rates | undefined, resolution: string | undefined): Rate | undefined {
	if (rates === undefined || !isByResolution(rates)) return rates;
	return resolution !== undefined && Object.hasOwn(rates.by, resolution) ? rates.by[resolution] : undefined;
}

export const isByResolution = (rates: Rates): rates is { by: Readonly<Record<string, Rate>> } =>
	typeof rates === 'object' && 'by' in rates;

function applied(rate: Rate, quantity: number): number | undefined {
	if (typeof rate === 'number') return rate * quantity;
	if ('tiers' in rate) return rate.tiers.find(({ below }) => quantity < below)?.credits;
	if ('only' in rate) return rate.only[quantity];
	const { first, further, two = first + further } = rate;
	return quantity <= 1 ? first : two + further * (quantity - 2);
}
