import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { lowerHeaders, readBytes, type EmulatorRequest, type Headers, type Reply, type Service } from './http';
import { HOSTS } from './names';

/**
 * A strict double of storage that speaks S3: buckets by path, requests signed with AWS' version 4, objects that anybody may read where they
 * are public. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, …/sig-v4-authenticating-requests.html
 */

export const STORAGE_KEY = { accessKeyId: 'AKIDONLYFORTESTS', secretAccessKey: 'only-for-tests', region: 'us-east-1' };
/** A signature is good for so long. */
const MAX_SKEW_MS = 15 * 60_000;

export interface StoredObject {
	bytes: Buffer;
	contentType: string;
	isPublic: boolean;
	storedAt: string;
}

export class Storage {
	readonly objects = new Map<string, StoredObject>();
	/** Refusals, by code. */
	readonly refused: string[] = [];

	/** @param buckets those that exist; what is stored in them is public where the request says so, or the bucket is */
	constructor(private readonly buckets: Readonly<Record<string, { isPublic: boolean }>>) {}

	get services(): Record<string, Service> {
		return { [HOSTS.storage]: { handle: async (request) => await this.handle(request) } };
	}

	/** Keys in a bucket, in order. */
	keys(bucket: string): string[] {
		return [...this.objects.keys()]
			.filter((path) => path.startsWith(`${bucket}/`))
			.map((path) => path.slice(bucket.length + 1))
			.sort();
	}

	put(path: string, bytes: Buffer, contentType = 'video/mp4'): void {
		this.objects.set(path, { bytes, contentType, isPublic: true, storedAt: new Date().toISOString() });
	}

	private async handle(request: EmulatorRequest): Promise<Reply> {
		const url = new URL(request.target, `https://${HOSTS.storage}`);
		const headers = lowerHeaders(request.headers);
		const path = decodeURIComponent(url.pathname.slice(1));
		const [bucket = '', key] = [path.split('/')[0], path.split('/').slice(1).join('/')];
		const found = this.objects.get(path);
		if (headers.authorization === undefined) {
			if (!['GET', 'HEAD'].includes(request.method)) return this.refuse(403, 'AccessDenied');
			if (!found) return this.refuse(url.search === '' ? 403 : 403, 'AccessDenied');
			return found.isPublic ? send(found) : this.refuse(403, 'AccessDenied');
		}
		const body = await readBytes(request);
		const fault = faultIn(request.method, url, headers, body);
		if (fault !== undefined) return this.refuse(fault === 'RequestTimeTooSkewed' ? 403 : 403, fault);
		if (!(bucket in this.buckets)) return this.refuse(404, 'NoSuchBucket');
		if (key === '' && request.method === 'GET')
			return url.searchParams.has('location') ? location() : this.list(bucket, url);
		if (request.method === 'PUT' && key !== '') {
			const acl = headers['x-amz-acl'];
			const isPublic = acl === undefined ? (this.buckets[bucket]?.isPublic ?? false) : acl.startsWith('public-read');
			const contentType = headers['content-type'] ?? 'binary/octet-stream';
			this.objects.set(path, { bytes: body, contentType, isPublic, storedAt: new Date().toISOString() });
			return { status: 200, headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` }, body: '' };
		}
		if (request.method === 'GET' || request.method === 'HEAD')
			return found ? send(found) : this.refuse(404, 'NoSuchKey');
		return this.refuse(405, 'MethodNotAllowed');
	}

	private refuse(status: number, code: string): Reply {
		this.refused.push(code);
		return xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`, status);
	}

	private list(bucket: string, url: URL): Reply {
		const prefix = url.searchParams.get('prefix') ?? '';
		const delimiter = url.searchParams.get('delimiter');
		const contents = this.keys(bucket)
			.filter((key) => key.startsWith(prefix))
			// what lies in a folder below is told as that folder
			.filter((key) => delimiter === null || !key.slice(prefix.length).includes(delimiter))
			.map((key) => {
				const { bytes, storedAt } = this.objects.get(`${bucket}/${key}`)!;
				return `<Contents><Key>${key}</Key><LastModified>${storedAt}</LastModified><Size>${bytes.length}</Size></Contents>`;
			});
		return xml(
			`<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${prefix}</Prefix>` +
				`<KeyCount>${contents.length}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
		);
	}
}

const xml = (body: string, status = 200): Reply => ({
	status,
	headers: { 'content-type': 'application/xml' },
	body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

const location = (): Reply =>
	xml(`<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${STORAGE_KEY.region}</LocationConstraint>`);

const send = ({ bytes, contentType }: StoredObject): Reply => ({
	status: 200,
	headers: { 'content-type': contentType, 'content-length': String(bytes.length) },
	body: bytes,
});

/** @returns AWS' code where the request is not signed with the key, for what it says and brings */
function faultIn(method: string, url: URL, headers: Headers, body: Buffer): string | undefined {
	const [, key, day, region, service, signedHeaders, given] =
		/^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([\da-f]{64})$/.exec(
			headers.authorization ?? '',
		) ?? [];
	if (key === undefined || day === undefined || signedHeaders === undefined || given === undefined)
		return 'AuthorizationHeaderMalformed';
	if (key !== STORAGE_KEY.accessKeyId) return 'InvalidAccessKeyId';
	if (region !== STORAGE_KEY.region || service !== 's3') return 'AuthorizationHeaderMalformed';
	const date = headers['x-amz-date'] ?? '';
	const dateMs = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
	if (!(Math.abs(Date.now() - dateMs) < MAX_SKEW_MS) || !date.startsWith(day)) return 'RequestTimeTooSkewed';
	const contentHash = headers['x-amz-content-sha256'] ?? '';
	if (contentHash !== 'UNSIGNED-PAYLOAD' && contentHash !== createHash('sha256').update(body).digest('hex'))
		return 'XAmzContentSHA256Mismatch';
	const query = [...url.searchParams]
		.map(([name, value]) => `${encode(name)}=${encode(value)}`)
		.sort()
		.join('&');
	const names = signedHeaders.split(';');
	const canonical = [
		method,
		url.pathname,
		query,
		...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
		'',
		signedHeaders,
		contentHash,
	].join('\n');
	const scope = `${day}/${region}/s3/aws4_request`;
	const toSign = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
	const signingKey = [day, region, 's3', 'aws4_request'].reduce(
		(secret: Buffer | string, part) => createHmac('sha256', secret).update(part).digest(),
		`AWS4${STORAGE_KEY.secretAccessKey}`,
	);
	const wanted = createHmac('sha256', signingKey).update(toSign).digest();
	return timingSafeEqual(wanted, Buffer.from(given, 'hex')) ? undefined : 'SignatureDoesNotMatch';
}

const encode = (text: string): string =>
	encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
