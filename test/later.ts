import { dirname, join } from 'node:path';

/**
 * Parts of n8n's engine that few tests come to, loaded when something of them is used: a test file loads all that it
 * imports anew, and these were a third of it. They are the real ones all the same.
 */
const core = dirname(require.resolve('n8n-core'));
const RARELY_USED = [
	// brings LangChain along
	join(core, 'execution-engine/node-execution-context/utils/get-input-connection-data'),
	'fast-glob',
	'jsonrepair',
	'ssh2',
	'transliteration',
	'undici',
	'winston',
	'xml2js',
];

type Module = Record<string | symbol, unknown>;

for (const name of RARELY_USED) {
	const load = () => jest.requireActual<Module>(name);
	const later = new Proxy(() => undefined, {
		// asked by whatever imports a default: what these are in CommonJS is the default itself
		get: (_target, key) => (key === '__esModule' ? false : load()[key]),
		apply: (_target, self, given) => Reflect.apply(load() as unknown as () => unknown, self, given) as unknown,
	});
	jest.doMock(name, () => later);
}
