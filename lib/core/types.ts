export type * from './clock';
export * from './http';
export type * from './job';
export type * from './provider';
