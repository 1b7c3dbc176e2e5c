import type { CodeRow, CodeTable } from '../codes';

/** Codes of platform.vidu.com/docs/error-code and platform.vidu.cn/docs/error-code, read 2026-11-20. */

const content = (summary: string, advice: string): CodeRow => ({ kind: 'content', summary, advice });
const permanent = (summary: string, advice: string): CodeRow => ({ kind: 'permanent', summary, advice });
/** Vidu's message names the field or the model. */
const named = (summary: string, advice: string): CodeRow => ({ ...permanent(summary, advice), quotesMessage: true });
const later = (summary: string, busy?: CodeRow['busy']): CodeRow => ({
	kind: 'transient',
	...(busy ? { busy } : {}),
	summary,
	advice: 'Wait a moment, then run again.',
});

const CORRECT_FIELD = 'Correct what the service points out (it may be in Extra Fields), or choose another model.';
const OTHER_IMAGE = 'Use another image, then run again.';
const NOT_CHARGED = 'Vidu does not charge for this.';
const CHECK_ID = 'Check the task ID, and use the credential that the task was created with.';
const CHECK_KEY = 'Check the key and the region in the credential: keys of vidu.com and vidu.cn are separate.';

export const VIDU_CODES: CodeTable = {
	BadRequest: named('Vidu refused the request', CORRECT_FIELD),
	FieldLacking: named('A required field is missing from the request', CORRECT_FIELD),
	FieldUnwanted: named('Vidu does not accept one of the fields for this model', CORRECT_FIELD),
	FieldInvalid: named('Vidu does not accept one of the values', CORRECT_FIELD),
	FieldItemCountOutOfRange: named('A list in the request has too many or too few entries', CORRECT_FIELD),
	PageSizeOutOfRange: permanent(
		'An image is too large, or has a format or aspect ratio that Vidu does not accept',
		'Images must be PNG, JPEG or WebP, no larger than 50 MB, and between 1:4 and 4:1.',
	),
	ImageDownloadFailure: {
		kind: 'transient',
		summary: 'Vidu could not download an image from its URL',
		advice: 'Check that the URL opens from anywhere without a login, or send the image as binary.',
	},
	ImageFormatInvalid: permanent('An image has a format that Vidu does not accept', 'Use PNG, JPEG or WebP.'),
	OperationInProcess: later('Vidu is still working on the same operation', 'rate'),
	TaskPromptPolicyViolation: content(
		"The prompt did not pass Vidu's content check",
		`Change Prompt and run again. ${NOT_CHARGED}`,
	),
	AuditSubmitIllegal: content(
		"The prompt or an image did not pass Vidu's content check",
		`Change Prompt or the images and run again. ${NOT_CHARGED}`,
	),
	CreationPolicyViolation: content(
		"What was made did not pass Vidu's content check",
		`Change Prompt or the images and run again. ${NOT_CHARGED}`,
	),
	CreditInsufficient: {
		kind: 'balance',
		summary: 'The Vidu account does not have enough credits',
		advice: 'Top up at platform.vidu.com (or platform.vidu.cn), then run again.',
	},
	ModelUnavailable: permanent('The model is not available to this account', 'Choose another model.'),
	UserCancelled: permanent('The task was cancelled', 'Run the item again to order a new one.'),
	Unauthorized: {
		kind: 'auth',
		summary: 'Vidu does not accept this API key',
		advice: CHECK_KEY,
	},
	Forbidden: {
		kind: 'auth',
		// documented as "no permission"; seen on api.vidu.com for a made-up key
		summary: 'Vidu rejected this API key or does not allow it to make this call',
		advice: CHECK_KEY,
	},
	TaskNotFound: {
		kind: 'permanent',
		unknownTask: true,
		summary: 'Vidu has no task with this ID',
		advice: CHECK_ID,
	},
	CreationNotFound: {
		kind: 'permanent',
		unknownTask: true,
		summary: 'Vidu has no result with this ID',
		advice: CHECK_ID,
	},
	NotFound: {
		kind: 'permanent',
		unknownTask: true,
		summary: 'Vidu found nothing under this ID',
		advice: CHECK_ID,
	},
	Conflict: permanent('Vidu already has an identical entry', 'Look in Task → Get Many.'),
	QuotaExceeded: later('Vidu is already running as many tasks as the account allows', 'concurrency'),
	TooManyRequests: later('Vidu received too many requests in a short time', 'rate'),
	SystemThrottling: later('Vidu is short of capacity at the moment', 'rate'),
	Canceled: later('The call to Vidu was closed before it was answered'),
	InternalServiceFailure: later('Something went wrong inside Vidu'),
	Unknown: later('Something went wrong at Vidu, which gives no details'),
	ImageCheckBodyJointsFailed: permanent('Vidu could not make out a body in the image', OTHER_IMAGE),
	ImageCheckFaceFailed: permanent('Vidu could not make out a face in the image', OTHER_IMAGE),
	ImageObjectsUndetected: permanent('Vidu found no object in the image', OTHER_IMAGE),
	ImageSizeInvalid: permanent('Vidu does not accept an image of this size', OTHER_IMAGE),
	FaceDetectFailure: permanent('Vidu could not check the image for a face', OTHER_IMAGE),
	FaceDetectNotPass: permanent("The face in the image did not pass Vidu's check", OTHER_IMAGE),
	NoFaceDetected: permanent('Vidu found no face in the image', OTHER_IMAGE),
	MultiFaceDetected: permanent('Vidu found more than one face in the image', OTHER_IMAGE),
	PhotoAuditNotPass: content("An image did not pass Vidu's content check", OTHER_IMAGE),
	AuditFailed: content(
		"The request did not pass Vidu's content check",
		`Change Prompt or the images and run again. ${NOT_CHARGED}`,
	),
	VideoDownloadFailure: {
		kind: 'transient',
		summary: 'Vidu could not download a reference video from its URL',
		advice: 'Check that the URL opens from anywhere without a login.',
	},
	VideoFormatInvalid: permanent('A reference video has a format that Vidu does not accept', 'Use MP4, AVI or MOV.'),
};
