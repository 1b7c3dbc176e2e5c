/** What of an account's orders is on its way at once: few, and no more of their images than memory should hold. */

const ORDERS_AT_ONCE = 4;
/** Characters of images: many URLs, but one large base64 image at a time. */
const LENGTH_AT_ONCE = 24_000_000;

interface Waiting {
	length: number;
	enter: () => void;
}

export class Wire {
	private orders = 0;
	private length = 0;
	private readonly waiting: Waiting[] = [];

	/** Whether an order may begin, by their number. */
	get isBusy(): boolean {
		return this.orders >= ORDERS_AT_ONCE;
	}

	/** @param length characters of its media; one that is too large for any company goes alone */
	hasRoom(length: number): boolean {
		return !this.isBusy && (this.orders === 0 || this.length + length <= LENGTH_AT_ONCE);
	}

	/** Lets the work have its place as soon as there is one, first come first served. */
	async use<T>(length: number, work: () => Promise<T>): Promise<T> {
		if (this.waiting.length > 0 || !this.hasRoom(length))
			await new Promise<void>((enter) => this.waiting.push({ length, enter }));
		else this.take(length);
		try {
			return await work();
		} finally {
			this.orders -= 1;
			this.length -= length;
			this.letIn();
		}
	}

	private take(length: number): void {
		this.orders += 1;
		this.length += length;
	}

	private letIn(): void {
		for (let [next] = this.waiting; next && this.hasRoom(next.length); [next] = this.waiting) {
			this.waiting.shift();
			this.take(next.length);
			next.enter();
		}
	}
}
