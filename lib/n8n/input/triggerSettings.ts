import type { z } from 'zod';

import { unexpected } from '../io/http';
import { InvalidInput } from './invalidInput';
import type { ItemParameters } from './parameters';
import { aboveZero, fieldName, onOff, readValue, words } from './values';

/** The parameters of the Vidu Trigger. */

const MINUTE_MS = 60_000;
/** How old a callback may be unless told. */
const WINDOW_MINUTES = 5;
const EVENTS = ['succeeded', 'failed'];

export interface TriggerSettings {
	events: readonly string[];
	windowMs: number;
	requireSignature: boolean;
	readTask: boolean;
	downloadVideo: boolean;
	/** Of the video's file. */
	field: string;
	simplify: boolean;
}

/**
 * The settings, each on the safe side where it cannot be read: nobody looks at an answer to Vidu.
 * @param warn is told of each that cannot be read
 */
export function readTriggerSettings(parameters: ItemParameters, warn: (message: string) => void): TriggerSettings {
	const read = <T>(name: string, schema: z.ZodType<T, z.ZodTypeDef, unknown>, given: (name: string) => unknown): T => {
		try {
			return readValue(schema, name, given(name));
		} catch (cause) {
			if (!(cause instanceof InvalidInput)) throw unexpected(cause);
			const fallback = schema.parse(undefined);
			warn(`${cause.failure.headline}: taken as ${tell(fallback)}`);
			return fallback;
		}
	};
	const top = (name: string): unknown => parameters.get(name);
	const option = (name: string): unknown => parameters.option(name, 'options');
	return {
		events: read('events', words(EVENTS), top),
		windowMs: read('replayWindowMinutes', aboveZero(WINDOW_MINUTES), option) * MINUTE_MS,
		requireSignature: read('requireSignature', onOff(true), option),
		readTask: read('readTask', onOff(true), top),
		downloadVideo: read('downloadVideo', onOff(false), top),
		field: read('binaryPropertyName', fieldName('data'), top),
		simplify: read('simplify', onOff(true), option),
	};
}

function tell(value: unknown): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	return Array.isArray(value) ? value.join(', ') : String(value);
}
