import { startEmulator, type Emulator, type ServerOptions } from '../../emulator';
import { until } from '../../until';
import { WebhookHost, type HostOptions } from './host';

/** An emulator and an n8n that it can call back, started by a test and stopped after it. */
export class WebhookFixture {
	private constructor(
		readonly host: WebhookHost,
		readonly emulator: Emulator,
	) {}

	static async start(options: ServerOptions, hostOptions: HostOptions = {}): Promise<WebhookFixture> {
		const host = await WebhookHost.start(hostOptions);
		return new WebhookFixture(
			host,
			await startEmulator({
				concurrency: 100,
				callbackRetrySeconds: [0.2, 0.2, 0.2],
				sendCallback: host.deliver,
				...options,
			}),
		);
	}

	async stop(): Promise<void> {
		await this.emulator.stop();
		await this.host.stop();
		// a webhook() that throws makes n8n go on with an empty item
		expect(this.host.thrown).toEqual([]);
	}

	/** @throws Error with the callbacks so far when it does not come to be */
	async until(what: string, is: () => boolean): Promise<void> {
		await until(what, is, 10).catch((cause: unknown) => {
			throw new Error(`${String(cause)}; callbacks ${JSON.stringify(this.emulator.journal.callbacks)}`);
		});
	}

	callbacksOf(state: string): Emulator['journal']['callbacks'] {
		return this.emulator.journal.callbacks.filter((callback) => callback.state === state);
	}

	/** Waits until callbacks that tell of this state have had their answers. */
	async answered(count: number, state = 'success'): Promise<void> {
		await this.until(`${count} answers to "${state}"`, () => this.callbacksOf(state).length >= count);
	}
}
