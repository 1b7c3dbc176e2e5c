/** Bytes, as limits of the services count them. Documents say MB without a definition; the smaller reading is never refused. */
export const MEGABYTE = 1_000_000;
