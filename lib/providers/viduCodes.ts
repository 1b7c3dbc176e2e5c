import type { CodeRow, CodeTable } from './codes';

/** Codes of platform.vidu.com/docs/error-code and platform.vidu.cn/docs/error-code, read 2026-11-20. */

const content = (said: string, hint: string): CodeRow => ({ kind: 'content', said, hint });
const permanent = (said: string, hint: string): CodeRow => ({ kind: 'permanent', said, hint });
const later = (said: string, busy?: CodeRow['busy']): CodeRow => ({
	kind: 'transient',
	...(busy ? { busy } : {}),
	said,
	hint: 'Wait a little, then run again.',
});

const REPORT = 'The message names the field. With a custom model or Extra Fields, correct it there.';
const OTHER_PICTURE = 'Use another picture, then run again.';
const NOT_CHARGED = 'Vidu does not charge for this.';

export const VIDU_CODES: CodeTable = {
	BadRequest: permanent('Vidu refused the request', REPORT),
	FieldLacking: permanent('Vidu misses a field in the request', REPORT),
	FieldUnwanted: permanent('Vidu does not take one of the fields for this model', REPORT),
	FieldInvalid: permanent('Vidu does not take the value of a field', REPORT),
	FieldItemCountOutOfRange: permanent('Vidu got too many or too few entries in a list', REPORT),
	PageSizeOutOfRange: permanent(
		'A picture is too big or has a format or aspect ratio that Vidu does not take',
		'Pictures must be PNG, JPEG or WebP, at most 50 MB, between 1:4 and 4:1.',
	),
	ImageDownloadFailure: {
		kind: 'transient',
		said: 'Vidu could not fetch a picture from its URL',
		hint: 'Check that the URL opens without a login from anywhere, or send the picture as binary.',
	},
	ImageFormatInvalid: permanent('A picture has a format that Vidu does not take', 'Use PNG, JPEG or WebP.'),
	OperationInProcess: later('Vidu is still working on the same operation', 'rate'),
	TaskPromptPolicyViolation: content(
		'The prompt did not pass the content check of Vidu',
		`Change Prompt and run again. ${NOT_CHARGED}`,
	),
	AuditSubmitIllegal: content(
		'The prompt or a picture did not pass the content check of Vidu',
		`Change Prompt or the pictures and run again. ${NOT_CHARGED}`,
	),
	CreationPolicyViolation: content(
		'The finished clip did not pass the content check of Vidu',
		`Change Prompt or the pictures and run again. ${NOT_CHARGED}`,
	),
	CreditInsufficient: {
		kind: 'balance',
		said: 'The Vidu account has too few credits',
		hint: 'Top up at platform.vidu.com (or platform.vidu.cn), then run again.',
	},
	ModelUnavailable: permanent('The model is not available for this account', 'Choose another model.'),
	UserCancelled: permanent('The task was cancelled', 'Run the item again to order it anew.'),
	Unauthorized: {
		kind: 'auth',
		said: 'Vidu does not accept this API key',
		hint: 'Check the key and the region in the credential: keys of vidu.com and vidu.cn are separate.',
	},
	Forbidden: {
		kind: 'auth',
		// documented as "no permission"; seen on api.vidu.com for a made-up key
		said: 'Vidu rejected this API key or does not allow it to make this call',
		hint: 'Check the key and the region in the credential: keys of vidu.com and vidu.cn are separate.',
	},
	TaskNotFound: {
		kind: 'permanent',
		unknownTask: true,
		said: 'Vidu knows no task with this ID',
		hint: 'Check the task ID, and that the credential is the one the task was made with.',
	},
	CreationNotFound: {
		kind: 'permanent',
		unknownTask: true,
		said: 'Vidu knows no result with this ID',
		hint: 'Check the task ID, and that the credential is the one the task was made with.',
	},
	NotFound: {
		kind: 'permanent',
		unknownTask: true,
		said: 'Vidu knows nothing under this ID',
		hint: 'Check the task ID, and that the credential is the one the task was made with.',
	},
	Conflict: permanent('Vidu holds the same entry already', 'Look in Task → Get Many.'),
	QuotaExceeded: later('Vidu runs as many tasks as the account may have at once', 'concurrency'),
	TooManyRequests: later('Vidu was called too often', 'rate'),
	SystemThrottling: later('Vidu is short of capacity at the moment', 'rate'),
	Canceled: later('Vidu gave up the call'),
	InternalServiceFailure: later('Vidu had an internal fault'),
	Unknown: later('Vidu had a fault it does not name'),
	ImageCheckBodyJointsFailed: permanent('Vidu found no usable body in the picture', OTHER_PICTURE),
	ImageCheckFaceFailed: permanent('Vidu found no usable face in the picture', OTHER_PICTURE),
	ImageObjectsUndetected: permanent('Vidu found no object in the picture', OTHER_PICTURE),
	ImageSizeInvalid: permanent('Vidu does not take a picture of this size', OTHER_PICTURE),
	FaceDetectFailure: permanent('Vidu could not look for a face in the picture', OTHER_PICTURE),
	FaceDetectNotPass: permanent('The face in the picture did not pass the check of Vidu', OTHER_PICTURE),
	NoFaceDetected: permanent('Vidu found no face in the picture', OTHER_PICTURE),
	MultiFaceDetected: permanent('Vidu found more than one face in the picture', OTHER_PICTURE),
	PhotoAuditNotPass: content('A picture did not pass the content check of Vidu', OTHER_PICTURE),
	AuditFailed: content('The content check of Vidu did not pass', OTHER_PICTURE),
	VideoDownloadFailure: {
		kind: 'transient',
		said: 'Vidu could not fetch a reference video from its URL',
		hint: 'Check that the URL opens without a login from anywhere.',
	},
	VideoFormatInvalid: permanent('A reference video has a format that Vidu does not take', 'Use MP4, AVI or MOV.'),
};
