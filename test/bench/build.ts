import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import type { ICredentialType, INodeType } from 'n8n-workflow';

export const REPOSITORY = resolve(__dirname, '../..');

/** Compiles what would be published, beside dist so that nobody who works with that is disturbed. @returns the folder */
export function buildPackage(): string {
	const folder = join(REPOSITORY, '.cache', 'bench-dist');
	const compiler = createRequire(__filename).resolve('typescript/bin/tsc');
	execFileSync(process.execPath, [compiler, '--outDir', folder, '--noCheck'], { cwd: REPOSITORY, stdio: 'inherit' });
	return folder;
}

/** The Vidu node and its own credential from a compiled package. */
export function loadVidu(folder: string): { node: INodeType; credential: ICredentialType } {
	const load = createRequire(join(folder, 'nodes', 'x.js'));
	const { Vidu } = load('./Vidu/Vidu.node.js') as { Vidu: new () => INodeType };
	const { ViduApi } = load('../credentials/ViduApi.credentials.js') as { ViduApi: new () => ICredentialType };
	return { node: new Vidu(), credential: new ViduApi() };
}
