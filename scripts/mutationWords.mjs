import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Two words or more with a blank between them. */
const PROSE = /\p{L}.*\s.*\p{L}/su;

/**
 * Sentences for people are not mutated: a test that repeats them word for word proves nothing but that they were copied.
 * That they say what happened and what to do is what the table test of the adapters reads. Templates stay in, since
 * what they name (a task id, a limit, a parameter) is what the user needs.
 */
export function reasonToIgnore(path) {
  return path.isStringLiteral() && PROSE.test(path.node.value) ? 'A sentence for people.' : undefined;
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'words', { shouldIgnore: reasonToIgnore })];
