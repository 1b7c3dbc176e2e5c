import type { Slot } from './slot';

/**
 * The text that says what to make. Its value is read and checked with the fields, since restrictions and the mentions of
 * subjects are held against it.
 */
export const prompt: Slot<'prompt'> = { read: async () => ({}) };
