/** One part of a multipart form, in the order it was sent. */
export interface Part {
	name: string;
	fileName?: string;
	contentType?: string;
	bytes: Buffer;
}

/** @returns nothing when the body is no multipart form. https://www.rfc-editor.org/rfc/rfc7578 */
export function readMultipart(contentType: string | undefined, body: Buffer): Part[] | undefined {
	const [, quoted, plain] = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '') ?? [];
	const boundary = quoted ?? plain;
	if (boundary === undefined) return undefined;
	const parts: Part[] = [];
	const delimiter = Buffer.from(`--${boundary}`);
	let at = body.indexOf(delimiter);
	while (at >= 0) {
		at += delimiter.length;
		if (body.subarray(at, at + 2).toString() === '--') return parts;
		const headersEnd = body.indexOf('\r\n\r\n', at);
		const next = body.indexOf(Buffer.from(`\r\n--${boundary}`), headersEnd);
		if (headersEnd < 0 || next < 0) return undefined;
		const headers = body.subarray(at, headersEnd).toString();
		const name = /[; ]name="([^"]*)"/i.exec(headers)?.[1];
		if (name === undefined) return undefined;
		const fileName = /filename="([^"]*)"/i.exec(headers)?.[1];
		const type = /^content-type:\s*(.+)$/im.exec(headers)?.[1]?.trim();
		parts.push({
			name,
			...(fileName === undefined ? {} : { fileName }),
			...(type === undefined ? {} : { contentType: type }),
			bytes: body.subarray(headersEnd + 4, next),
		});
		at = next + 2;
	}
	return undefined; // the closing delimiter is missing
}
