/**
 * Draws the product pictures and films them: `npx tsx test/emulator/assets/make.ts`.
 * Needs Chromium (CHROMIUM, default /usr/bin/chromium) and ffmpeg with libx264.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { NEUTRAL_CLIP } from '../clips';
import { PRODUCTS } from '../images';

const SIDE = 1024;

interface Scene {
	/** File name; its ending picks the format. */
	file: string;
	background: string;
	floor: string;
	/** How the product stands in the picture: an SVG transform. */
	stand: string;
	product: string;
}

const SNEAKER = `
	<path d="M150 640 C150 560 190 470 214 420 C236 448 300 470 352 452 C420 500 520 560 640 575 C760 588 860 610 872 668 L872 690 L150 690 Z" fill="#ff6b4a"/>
	<path d="M214 420 C236 448 300 470 352 452 L402 486 C340 540 250 545 178 520 C190 480 202 446 214 420 Z" fill="#2b2d42"/>
	<path d="M640 575 C760 588 860 610 872 668 L872 690 L700 690 C660 660 640 620 640 575 Z" fill="#ffd9c7"/>
	<path d="M236 690 C300 600 430 560 560 600" fill="none" stroke="#fff7f0" stroke-width="34" stroke-linecap="round"/>
	<g stroke="#fffaf5" stroke-width="14" stroke-linecap="round"><path d="M404 508 L452 470"/><path d="M452 536 L500 496"/><path d="M502 560 L548 520"/><path d="M556 576 L598 540"/></g>
	<path d="M136 690 H884 C896 690 900 704 894 722 C886 748 860 758 836 758 H190 C160 758 138 742 134 716 Z" fill="#fffaf5"/>
	<path d="M140 732 C150 750 168 758 190 758 H836 C856 758 878 750 888 734 Z" fill="#2b2d42"/>`;

const MUG = `
	<path d="M670 430 h60 c70 0 110 46 110 110 c0 78 -56 132 -150 134 l-26 -56 c66 2 108 -24 108 -76 c0 -32 -18 -52 -50 -52 h-52 z" fill="#f4b942"/>
	<path d="M270 360 H690 V700 C690 770 640 806 580 806 H380 C320 806 270 770 270 700 Z" fill="#ffc857"/>
	<path d="M270 360 H350 V806 C306 800 270 764 270 700 Z" fill="#ffd98a"/>
	<ellipse cx="480" cy="360" rx="210" ry="52" fill="#fff3d6"/>
	<ellipse cx="480" cy="364" rx="178" ry="38" fill="#6b3e26"/>
	<ellipse cx="450" cy="358" rx="90" ry="16" fill="#8d5a3b"/>
	<path d="M480 530 c-30 -52 -116 -34 -108 34 c6 52 66 82 108 112 c42 -30 102 -60 108 -112 c8 -68 -78 -86 -108 -34 z" fill="#e4572e"/>
	<g fill="none" stroke="#ffffff" stroke-width="18" stroke-linecap="round" opacity="0.75"><path d="M400 286 c-34 -44 34 -66 0 -114"/><path d="M486 276 c-34 -48 34 -74 0 -126"/><path d="M572 286 c-34 -44 34 -66 0 -114"/></g>`;

const LAMP = `
	<circle cx="512" cy="410" r="330" fill="#ffe9a8" opacity="0.16"/>
	<circle cx="512" cy="410" r="260" fill="#ffe9a8" opacity="0.22"/>
	<circle cx="512" cy="410" r="190" fill="#fff4cf"/>
	<path d="M356 300 A190 190 0 0 1 512 220" fill="none" stroke="#ffffff" stroke-width="22" stroke-linecap="round"/>
	<path d="M426 580 H598 L580 640 H444 Z" fill="#c98b3c"/>
	<rect x="494" y="636" width="36" height="150" fill="#d9a05b"/>
	<path d="M376 806 C376 776 420 770 512 770 C604 770 648 776 648 806 Z" fill="#c98b3c"/>
	<rect x="360" y="802" width="304" height="26" rx="13" fill="#a86f2d"/>`;

const STRAIGHT = 'translate(0 0)';

const SCENES: Scene[] = [
	{ file: 'sneaker.png', background: '#8ecae6', floor: '#6fb4d4', stand: STRAIGHT, product: SNEAKER },
	{
		file: 'sneaker-end.png',
		background: '#ffe5a5',
		floor: '#f4d27a',
		stand: 'rotate(-12 512 600) translate(-102 -110) scale(1.2)',
		product: SNEAKER,
	},
	{ file: 'mug.jpg', background: '#2a9d8f', floor: '#21867a', stand: STRAIGHT, product: MUG },
	{
		file: 'mug-end.jpg',
		background: '#264653',
		floor: '#1d3742',
		stand: 'translate(1070 -66) scale(-1.12 1.12)',
		product: MUG,
	},
	{ file: 'lamp.webp', background: '#3d2c5e', floor: '#2f2149', stand: STRAIGHT, product: LAMP },
	{
		file: 'lamp-end.webp',
		background: '#7a3b69',
		floor: '#64305a',
		stand: 'translate(-128 -80) scale(1.25)',
		product: LAMP,
	},
];

/** A square picture, or the same scene in 16:9 for the film. */
const draw = ({ background, floor, stand, product }: Scene, isWide = false): string => `
<svg xmlns="http://www.w3.org/2000/svg" width="${isWide ? 1280 : SIDE}" height="${isWide ? 720 : SIDE}" viewBox="${isWide ? '-398 0 1820 1024' : '0 0 1024 1024'}">
	<rect x="-400" width="1824" height="1024" fill="${background}"/>
	<circle cx="512" cy="470" r="400" fill="#ffffff" opacity="0.12"/>
	<rect x="-400" y="750" width="1824" height="274" fill="${floor}"/>
	<ellipse cx="512" cy="820" rx="400" ry="42" fill="#000000" opacity="0.18"/>
	<g transform="${stand}">${product}</g>
</svg>`;

/** A screen with a play sign, where no product is to be seen. */
const NEUTRAL_SHOT = `
<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" viewBox="0 0 1280 720">
	<rect width="1280" height="720" fill="#52606d"/>
	<circle cx="640" cy="270" r="150" fill="#ffffff" opacity="0.16"/>
	<path d="M592 190 L592 350 L728 270 Z" fill="#ffffff" opacity="0.9"/>
</svg>`;

/** Lies still over a clip, so that nobody takes it for the video that was ordered. */
const drawCaption = (standsFor: string): string => `
<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360">
	<rect y="280" width="640" height="80" fill="#101418" opacity="0.78"/>
	<g font-family="Liberation Sans, DejaVu Sans, sans-serif" fill="#ffffff" text-anchor="middle">
		<text x="320" y="321" font-size="40" font-weight="bold" letter-spacing="6">DEMO CLIP</text>
		<text x="320" y="347" font-size="19">stands in for ${standsFor}</text>
	</g>
</svg>`;

/** `shot` names the picture that is filmed, `pitch` is the tone's, in Hz. */
const CLIPS = [
	...PRODUCTS.map(({ image, clip }, at) => {
		const shot = image.split('.')[0];
		return { ...clip, shot, caption: drawCaption(`the video of a ${shot}`), pitch: [220, 262, 330][at] };
	}),
	{ ...NEUTRAL_CLIP, shot: 'neutral', caption: drawCaption('your video'), pitch: 196 },
];

async function main(): Promise<void> {
	const frames = mkdtempSync(join(tmpdir(), 'emulator-assets-'));
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
	});
	const page = await browser.newPage();
	/** Picture bytes of an SVG, encoded by the browser. */
	const render = async (svg: string, type: string): Promise<Buffer> => {
		// As text, because the project compiles without the browser's types.
		const url = await page.evaluate<string>(`(async () => {
			const image = new Image();
			image.src = 'data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}';
			await image.decode();
			const canvas = document.createElement('canvas');
			canvas.width = image.width;
			canvas.height = image.height;
			canvas.getContext('2d').drawImage(image, 0, 0);
			return canvas.toDataURL('${type}', 0.86);
		})()`);
		return Buffer.from(url.split(',')[1], 'base64');
	};
	for (const scene of SCENES) {
		const type = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' }[scene.file.split('.')[1]]!;
		writeFileSync(join(__dirname, scene.file), await render(draw(scene), type));
		writeFileSync(join(frames, `${scene.file.split('.')[0]}.png`), await render(draw(scene, true), 'image/png'));
	}
	writeFileSync(join(frames, 'neutral.png'), await render(NEUTRAL_SHOT, 'image/png'));
	for (const { shot, caption } of CLIPS)
		writeFileSync(join(frames, `${shot}-caption.png`), await render(caption, 'image/png'));
	await browser.close();

	const shot = (name: string): string[] => [
		'-loop',
		'1',
		'-framerate',
		'24',
		'-t',
		'1.7',
		'-i',
		join(frames, `${name}.png`),
	];
	/** A slow push-in. */
	const push = (input: number): string =>
		`[${input}:v]zoompan=z='1+0.0035*on':x='iw/2-(iw/zoom/2)':y='ih/2-(ih/zoom/2)':d=1:s=640x360:fps=24,format=yuv420p[v${input}]`;
	const encode = (video: string): string[] => [
		...['-c:v', 'libx264', '-profile:v', 'high', '-pix_fmt', 'yuv420p', '-crf', '24', '-preset', 'veryslow'],
		...[
			'-c:a',
			'aac',
			'-b:a',
			'64k',
			'-movflags',
			'+faststart',
			'-fflags',
			'+bitexact',
			'-map_metadata',
			'-1',
			join(__dirname, video),
		],
	];
	const still = (video: string, cover: string): void => {
		execFileSync('ffmpeg', [
			'-y',
			'-loglevel',
			'error',
			'-i',
			join(__dirname, video),
			'-frames:v',
			'1',
			'-q:v',
			'4',
			join(__dirname, cover),
		]);
	};
	const tone =
		'aevalsrc=0.10*sin(2*PI*220*t)*exp(-0.6*mod(t\\,1.35))+0.08*sin(2*PI*330*t)*exp(-0.6*mod(t\\,1.35))+0.06*sin(2*PI*440*t)*exp(-0.9*mod(t\\,1.35)):s=44100:d=4.1';
	execFileSync('ffmpeg', [
		...['-y', '-loglevel', 'error'],
		...shot('sneaker'),
		...shot('mug'),
		...shot('lamp'),
		...['-f', 'lavfi', '-i', tone],
		'-filter_complex',
		`${push(0)};${push(1)};${push(2)};[v0][v1]xfade=transition=slideleft:duration=0.5:offset=1.2[a];[a][v2]xfade=transition=fade:duration=0.5:offset=2.4[v]`,
		...['-map', '[v]', '-map', '3:a', '-t', '4'],
		...encode('video.mp4'),
	]);
	still('video.mp4', 'cover.jpg');
	for (const { video, cover, shot: name, pitch } of CLIPS) {
		execFileSync('ffmpeg', [
			...['-y', '-loglevel', 'error'],
			...shot(name),
			...[
				'-i',
				join(frames, `${name}-caption.png`),
				'-f',
				'lavfi',
				'-i',
				`aevalsrc=0.12*sin(2*PI*${pitch}*t)*exp(-1.2*t):s=44100:d=1.7`,
			],
			...['-filter_complex', `${push(0)};[v0][1:v]overlay=format=auto,format=yuv420p[v]`, '-map', '[v]', '-map', '2:a'],
			...encode(video),
		]);
		still(video, cover);
	}
	rmSync(frames, { recursive: true });
	const files = [
		...SCENES.map(({ file }) => file),
		'video.mp4',
		'cover.jpg',
		...CLIPS.flatMap(({ video, cover }) => [video, cover]),
	];
	for (const file of files) console.log(`${statSync(join(__dirname, file)).size.toString().padStart(7)} ${file}`);
	console.log(
		execFileSync('ffprobe', [
			'-v',
			'error',
			'-show_entries',
			'stream=codec_name,width,height,duration',
			'-of',
			'csv=p=0',
			join(__dirname, 'video.mp4'),
		])
			.toString()
			.trim(),
	);
}

void main();
