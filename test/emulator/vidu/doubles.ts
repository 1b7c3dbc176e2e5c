import { FURTHER, type Double } from './further';
import { FILMS } from './films';
import { STUDIO } from './studio';

/** Every endpoint that takes orders, but for the four that make clips from text and images. */
export const DOUBLES: Readonly<Record<string, Double>> = { ...FURTHER, ...STUDIO, ...FILMS };
