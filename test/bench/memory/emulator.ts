import { startEmulator, type ServerOptions } from '../../emulator';

/**
 * The emulator in a process of its own, so that its memory and CPU do not count. Options arrive as JSON in the first
 * argument; it tells its addresses and keys to the parent and ends with it.
 */
async function main(): Promise<void> {
	const { urls, keys, stop } = await startEmulator(JSON.parse(process.argv[2]) as ServerOptions);
	process.on('disconnect', () => void stop().then(() => process.exit(0)));
	process.send!({ urls, keys });
}

void main();
