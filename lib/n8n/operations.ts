import { callsBack as declaresCallback, isWaitedFor, madeBy as madeByDeclaration } from '../catalogue/catalogue';
import { declarationOf, OPERATIONS } from '../catalogue/operations';
import type { Made, OperationDeclaration, Resource, Rules } from '../catalogue/types';

export type { Made };

/** What a run has to know of an operation by its name alone: of an item, a record of an earlier try, a parked execution. */

/** Names of the operations that stand on a resource, whoever sells them. */
export const operationsOn = (resource: Resource): string[] =>
	OPERATIONS.filter((operation) => operation.resource === resource).map(({ name }) => name);

/** What it makes; undefined where nobody says which operation it was. */
export function madeBy(operation: string | undefined): Made | undefined {
	const declaration = declarationOf(operation);
	return declaration && madeByDeclaration(declaration);
}

const NOUNS: Readonly<Record<Resource, string>> = {
	video: 'video',
	film: 'film',
	image: 'image',
	audio: 'sound',
	subject: 'subject',
	prompt: 'recommendation',
};

/** "1 video", "3 images". @param operation that makes them */
export function tellCount(count: number, operation: string): string {
	return `${count} ${nounOf(operation)}${count === 1 ? '' : 's'}`;
}

/** "video", also for what stands on no resource. */
export const nounOf = (operation: string): string => NOUNS[declarationOf(operation)?.resource ?? 'video'];

/** True where the service can call back when a task of it changes. */
export const callsBack = (operation: string): boolean => isKnown(operation, declaresCallback);

/** False where the answer to the order says all there is. */
export const canBeWaitedFor = (operation: string): boolean => isKnown(operation, isWaitedFor);

/** An operation that nobody knows is refused elsewhere. */
function isKnown(operation: string, is: (declaration: OperationDeclaration) => boolean): boolean {
	const declaration = declarationOf(operation);
	return declaration === undefined || is(declaration);
}

/** How long it may go without progress, where that is longer than usual. */
export function patienceMinutesOf(operation: string): number | undefined {
	const declaration = declarationOf(operation);
	const rows: Array<Rules | undefined> = [declaration?.rules, ...Object.values(declaration?.models ?? {})];
	return rows.find((row) => row?.maxWaitMinutes !== undefined)?.maxWaitMinutes;
}
