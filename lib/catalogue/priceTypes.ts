/** The shape of what things cost: data, computed by prices.ts. */

/** Credits for a quantity: so many each, or a price for the first and another for each further one, or a list. */
export type Rate =
	| number
	/** `two`: what two cost together, where the step there is another. */
	| { first: number; further: number; two?: number }
	/** For these quantities and no other. */
	| { only: Readonly<Record<number, number>> }
	/** The first tier that the quantity is below. */
	| { tiers: ReadonlyArray<{ below: number; credits: number }> };

/** One rate for all, or one for each resolution. A resolution that is not there is not sold. */
export type Rates = Rate | { by: Readonly<Record<string, Rate>> };

export interface PricePart {
	/** A surcharge, for what is asked for on top, or the price of what is asked for alone; no off-peak discount touches it. */
	when?: 'audio' | 'isRec' | 'lipSync' | 'isHigh' | 'isScene' | 'isNarration' | 'isMusic';
	/** What the rate is for one of; absent, it is for the order. */
	counts?: 'seconds' | 'characters' | 'prompts' | 'images';
	/** Not of what is made, but of what goes in. */
	isOfSource?: true;
	/** So many count as one, and one that has begun counts whole. */
	block?: number;
	rates: Rates;
	/** What China's platform charges where it differs. */
	china?: Rates;
	/** Rates at off-peak times, where they are listed. */
	offPeak?: Rates;
	chinaOffPeak?: Rates;
}

/** A price in credits: the sum of its parts. */
export interface CreditPrice {
	parts: readonly PricePart[];
	/** At off-peak times by the parts' own rates, or half, rounded up. Absent where it is not sold at off-peak times. */
	offPeak?: 'listed' | 'half';
	/** No page of the service names it: worked out from what others charge. */
	isDerived?: true;
}

/** An amount of money, as text: "0.50". */
export interface Money {
	amount: string;
	/** ISO 4217. */
	currency: string;
}

/** A price in money, whatever is ordered, by the region of the credential. */
export interface MoneyPrice {
	/** `readOn`: the day it was read, where it may have ended since. */
	byRegion: Readonly<Record<string, Money & { readOn?: string }>>;
}

export type Price = CreditPrice | MoneyPrice;

/** What an order costs. */
export type Amount = { credits: number } | { cost: Money };
