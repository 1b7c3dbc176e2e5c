import type { Emulator } from '../test/emulator';

/** Which API a branch of the sample workflow talks to. */
export interface ServiceChoice {
	isReal: boolean;
	/** fields of the credential */
	credential: { region: string; baseUrl: string; apiKey: string };
	line: string;
}

/** The real API when there is a key for it, else the emulator. */
export function chooseVidu(emulator: Emulator, env: NodeJS.ProcessEnv = process.env): ServiceChoice {
	const apiKey = env.VIDU_API_KEY?.trim();
	if (apiKey) {
		const region = env.VIDU_REGION === 'china' ? 'china' : 'global';
		return {
			isReal: true,
			credential: { region, baseUrl: '', apiKey },
			line: `VIDU_API_KEY is set: videos are made by the real Vidu API (${region}) and cost credits.`,
		};
	}
	const { vidu: baseUrl } = emulator.urls;
	return {
		isReal: false,
		credential: { region: 'custom', baseUrl, apiKey: emulator.keys.vidu },
		line: `Vidu is played by the emulator at ${baseUrl}: no key needed, nothing is charged. VIDU_API_KEY=… uses the real one.`,
	};
}

/** The real Zhipu when there is a key for it, else the emulator. */
export function chooseZhipu(emulator: Emulator, env: NodeJS.ProcessEnv = process.env): ServiceChoice {
	const apiKey = env.ZHIPU_API_KEY?.trim();
	if (apiKey) {
		const region = env.ZHIPU_REGION === 'zai' ? 'zai' : 'bigmodel';
		return {
			isReal: true,
			credential: { region, baseUrl: '', apiKey },
			line: `ZHIPU_API_KEY is set: its videos are made by the real Zhipu (${region}) and cost money.`,
		};
	}
	const { zhipu: baseUrl } = emulator.urls;
	return {
		isReal: false,
		credential: { region: 'custom', baseUrl, apiKey: emulator.keys.zhipu },
		line: `Zhipu is played by the emulator at ${baseUrl}. ZHIPU_API_KEY=… uses the real one.`,
	};
}
