import type { Fault, ProviderName } from '../../../../emulator';

/** What a full account looks like at each service. */
export const FULL: Record<ProviderName, Fault> = {
	vidu: { do: 'status', status: 429, code: 'QuotaExceeded' },
	zhipu: { do: 'status', status: 429, code: '1302' },
	vtrix: { do: 'status', status: 429 },
};

/** What too many calls look like. */
export const TOO_FAST: Record<ProviderName, Fault> = {
	vidu: { do: 'status', status: 429, code: 'TooManyRequests' },
	zhipu: { do: 'status', status: 429, code: '1303' },
	vtrix: { do: 'status', status: 429 },
};
