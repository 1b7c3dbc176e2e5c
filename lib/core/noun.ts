import type { Noun } from '../catalogue/types';

/** How messages call what a task makes. */

export type { Noun };

/** Of a task of which nobody knows what it makes. */
export const RESULT: Noun = { one: 'result', many: 'results', title: 'Results' };

/** "a video", "an image". */
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** "1 video", "3 images". */
export const tellNumber = (count: number, { one, many }: Noun): string => `${count} ${count === 1 ? one : many}`;
