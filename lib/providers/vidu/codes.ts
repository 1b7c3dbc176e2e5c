import type { CodeRow, CodeTable } from '../codes';

/** Codes of platform.vidu.com/docs/error-code and platform.vidu.cn/docs/error-code, read 2026-11-20. */

const content = (said: string, hint: string): CodeRow => ({ kind: 'content', said, hint });
const permanent = (said: string, hint: string): CodeRow => ({ kind: 'permanent', said, hint });
/** Vidu's message names the field or the model. */
const named = (said: string, hint: string): CodeRow => ({ ...permanent(said, hint), quotesMessage: true });
const later = (said: string, busy?: CodeRow['busy']): CodeRow => ({
	kind: 'transient',
	...(busy ? { busy } : {}),
	said,
	hint: 'Wait a moment, then run again.',
});

const CORRECT_FIELD = 'Correct what the service points out (it may be in Extra Fields), or choose another model.';
const OTHER_PICTURE = 'Use another picture, then run again.';
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
		'A picture is too large, or has a format or aspect ratio that Vidu does not accept',
		'Pictures must be PNG, JPEG or WebP, no larger than 50 MB, and between 1:4 and 4:1.',
	),
	ImageDownloadFailure: {
		kind: 'transient',
		said: 'Vidu could not download a picture from its URL',
		hint: 'Check that the URL opens from anywhere without a login, or send the picture as binary.',
	},
	ImageFormatInvalid: permanent('A picture has a format that Vidu does not accept', 'Use PNG, JPEG or WebP.'),
	OperationInProcess: later('Vidu is still working on the same operation', 'rate'),
	TaskPromptPolicyViolation: content(
		"The prompt did not pass Vidu's content check",
		`Change Prompt and run again. ${NOT_CHARGED}`,
	),
	AuditSubmitIllegal: content(
		"The prompt or a picture did not pass Vidu's content check",
		`Change Prompt or the pictures and run again. ${NOT_CHARGED}`,
	),
	CreationPolicyViolation: content(
		"The finished clip did not pass Vidu's content check",
		`Change Prompt or the pictures and run again. ${NOT_CHARGED}`,
	),
	CreditInsufficient: {
		kind: 'balance',
		said: 'The Vidu account does not have enough credits',
		hint: 'Top up at platform.vidu.com (or platform.vidu.cn), then run again.',
	},
	ModelUnavailable: permanent('The model is not available to this account', 'Choose another model.'),
	UserCancelled: permanent('The task was cancelled', 'Run the item again to order a new one.'),
	Unauthorized: {
		kind: 'auth',
		said: 'Vidu does not accept this API key',
		hint: CHECK_KEY,
	},
	Forbidden: {
		kind: 'auth',
		// documented as "no permission"; seen on api.vidu.com for a made-up key
		said: 'Vidu rejected this API key or does not allow it to make this call',
		hint: CHECK_KEY,
	},
	TaskNotFound: {
		kind: 'permanent',
		unknownTask: true,
		said: 'Vidu has no task with this ID',
		hint: CHECK_ID,
	},
	CreationNotFound: {
		kind: 'permanent',
		unknownTask: true,
		said: 'Vidu has no result with this ID',
		hint: CHECK_ID,
	},
	NotFound: {
		kind: 'permanent',
		unknownTask: true,
		said: 'Vidu found nothing under this ID',
		hint: CHECK_ID,
	},
	Conflict: permanent('Vidu already has an identical entry', 'Look in Task → Get Many.'),
	QuotaExceeded: later('Vidu is already running as many tasks as the account allows', 'concurrency'),
	TooManyRequests: later('Vidu received too many requests in a short time', 'rate'),
	SystemThrottling: later('Vidu is short of capacity at the moment', 'rate'),
	Canceled: later('The call to Vidu was closed before it was answered'),
	InternalServiceFailure: later('Something went wrong inside Vidu'),
	Unknown: later('Something went wrong at Vidu, which gives no details'),
	ImageCheckBodyJointsFailed: permanent('Vidu could not make out a body in the picture', OTHER_PICTURE),
	ImageCheckFaceFailed: permanent('Vidu could not make out a face in the picture', OTHER_PICTURE),
	ImageObjectsUndetected: permanent('Vidu found no object in the picture', OTHER_PICTURE),
	ImageSizeInvalid: permanent('Vidu does not accept a picture of this size', OTHER_PICTURE),
	FaceDetectFailure: permanent('Vidu could not check the picture for a face', OTHER_PICTURE),
	FaceDetectNotPass: permanent("The face in the picture did not pass Vidu's check", OTHER_PICTURE),
	NoFaceDetected: permanent('Vidu found no face in the picture', OTHER_PICTURE),
	MultiFaceDetected: permanent('Vidu found more than one face in the picture', OTHER_PICTURE),
	PhotoAuditNotPass: content("A picture did not pass Vidu's content check", OTHER_PICTURE),
	AuditFailed: content(
		"The request did not pass Vidu's content check",
		`Change Prompt or the pictures and run again. ${NOT_CHARGED}`,
	),
	VideoDownloadFailure: {
		kind: 'transient',
		said: 'Vidu could not download a reference video from its URL',
		hint: 'Check that the URL opens from anywhere without a login.',
	},
	VideoFormatInvalid: permanent('A reference video has a format that Vidu does not accept', 'Use MP4, AVI or MOV.'),
};
