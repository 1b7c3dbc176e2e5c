import type { OperationDeclaration } from './types';
import { digitalHuman } from './vidu/digitalHuman';
import { cloneVoice } from './vidu/cloneVoice';
import { extend } from './vidu/extend';
import { composeFilm, editFilmPart } from './vidu/filmParts';
import { generalFilm, musicFilm, productFilm, replicateFilm, storyFilm } from './vidu/films';
import { generateImage } from './vidu/generateImage';
import { imageToVideo } from './vidu/imageToVideo';
import { multiFrameToVideo } from './vidu/multiFrameToVideo';
import { lipSync } from './vidu/lipSync';
import { motionSync } from './vidu/motionSync';
import { recommendPrompts } from './vidu/recommendPrompts';
import { referenceToVideo } from './vidu/referenceToVideo';
import { soundEffects, timedSoundEffects } from './vidu/soundEffects';
import { speech } from './vidu/speech';
import { startEndToVideo } from './vidu/startEndToVideo';
import { templateToVideo } from './vidu/templateToVideo';
import { createSubject, updateSubject } from './vidu/subjects';
import { textToVideo } from './vidu/textToVideo';
import { upscale } from './vidu/upscale';

/**
 * Every operation, in the order of the panel. Vidu's own API offers them all; other providers sell some of them, with
 * rows of their own.
 */
export const OPERATIONS = [
	textToVideo,
	imageToVideo,
	startEndToVideo,
	referenceToVideo,
	multiFrameToVideo,
	templateToVideo,
	extend,
	upscale,
	lipSync,
	motionSync,
	digitalHuman,
	productFilm,
	replicateFilm,
	storyFilm,
	musicFilm,
	generalFilm,
	editFilmPart,
	composeFilm,
	generateImage,
	speech,
	soundEffects,
	timedSoundEffects,
	cloneVoice,
	createSubject,
	updateSubject,
	recommendPrompts,
] as const;

export type Operation = (typeof OPERATIONS)[number]['name'];

/** What is known of an operation, whoever sells it. @returns undefined for what is no operation */
export const declarationOf = (operation: unknown): OperationDeclaration | undefined =>
	OPERATIONS.find(({ name }) => name === operation);

/** What has a body and models of its own: an operation, or its form for named subjects. */
export type Endpoint = Operation | 'subjectsToVideo';
