import { apiRoot, regionOf, regionsOf, VTRIX_ROOT } from '../../lib/n8n/io/apiRoots';
import { VIDU_BACKENDS } from '../../lib/n8n/backends';
import { Budget } from './budget';
import { viduChecklist } from './checks/vidu';
import { vtrixChecklist } from './checks/vtrix';
import { zhipuChecklist } from './checks/zhipu';
import { highestPrice, tellPrice } from './price';
import { CannotTell, Session } from './session';
import { otherwise, unclear, type Check, type Checklist, type Fact, type Finding } from './types';

/** Goes through the checks of one provider. */

export const CHECKLISTS: readonly Checklist[] = [viduChecklist, zhipuChecklist, vtrixChecklist];

export interface ConfirmOptions {
	list: Checklist;
	key: string;
	/** Of the credential, such as `china`. */
	region?: string;
	/** In place of a region's host. */
	baseUrl?: string;
	/** The most that may be ordered, in the unit of the provider. */
	limit: number;
	/** Lists the checks with their prices; nothing is sent. */
	isDry?: boolean;
	/** The key may be tried at the vendor's other host, or at this address. */
	otherHost?: true | string;
	/** Only checks with this text in their name, and those that all depends on. */
	only?: string;
	/** Whether a check that costs something may be paid. */
	mayPay(question: string): Promise<boolean>;
	say(line: string): void;
	/** After each check, so that nothing is lost to a break. */
	onProgress?(outcome: Outcome): void;
	pollMs?: number;
	waitMs?: number;
}

/** A fact and what became of it. */
export interface Line {
	check: string;
	request: string;
	/** In words, with what may be charged. */
	price: string;
	fact: Fact;
	/** Absent where the check was left out. */
	finding?: Finding;
	leftOut?: string;
}

export interface Outcome {
	list: Checklist;
	host: string;
	unit: string;
	limit: number;
	isDry: boolean;
	/** By what was ordered, whatever came back. */
	spent: number;
	/** Of the account, where the service tells it; in credits. */
	balance?: { before: number; after: number };
	lines: Line[];
	tasks: Session['tasks'];
	isKeyRefused: boolean;
}

const POLL_MS = 5_000;
const WAIT_MS = 20 * 60_000;

export async function confirm(options: ConfirmOptions): Promise<Outcome> {
	const { list, key, limit, isDry = false, say } = options;
	const root = rootOf(options);
	const region = regionOf(list.credential, root);
	const unit = list.cap.unit(region);
	const budget = new Budget(limit);
	const otherRoot = otherRootOf(options, region);
	const provider = providerOf(list);
	const session = new Session({
		list,
		provider,
		root,
		region,
		key,
		budget,
		pollMs: options.pollMs ?? POLL_MS,
		waitMs: options.waitMs ?? WAIT_MS,
		...(otherRoot === undefined ? {} : { otherRoot }),
	});
	const outcome: Outcome = {
		list,
		host: new URL(root).host,
		unit,
		limit,
		isDry,
		spent: 0,
		lines: [],
		tasks: session.tasks,
		isKeyRefused: false,
	};
	const before = isDry ? undefined : await balanceOf(session);
	for (const check of list.checks.filter(({ name, isGate }) => isGate ?? name.includes(options.only ?? ''))) {
		const { orders = [] } = check;
		const price =
			orders.length === 0 ? 'free' : `${orders.map((wish) => tellPrice(wish, list, region)).join(' + ')} ${unit}`;
		const highest = sumOf(orders.map((wish) => highestPrice(wish, list, region)));
		say(`${check.name} (${price}): ${check.request}`);
		const leftOut = outcome.isKeyRefused
			? 'the key was refused'
			: check.needsOtherHost && otherRoot === undefined
				? 'the key is tried at the other host only with --other-host'
				: orders.length > 0
					? budget.refusal(highest)
					: undefined;
		if (isDry || leftOut !== undefined) {
			const why = leftOut ?? 'dry run';
			if (leftOut !== undefined) say(`  left out: ${leftOut}`);
			// so that it shows what the cap will leave out
			else budget.spend(highest ?? 0);
			addLines(outcome, check, price, () => ({ leftOut: why }));
			continue;
		}
		const costs = (highest ?? 0) > 0;
		if (costs && !(await options.mayPay(`Order this for ${price}? ${budget.left} of ${limit} ${unit} are left.`))) {
			addLines(outcome, check, price, () => ({ leftOut: 'not wanted' }));
			continue;
		}
		const findings = await run(session, check);
		addLines(outcome, check, price, (name) => ({
			finding: findings[name] ?? unclear('nothing that follows was seen'),
		}));
		for (const [name, { what }] of Object.entries(check.facts)) {
			const { verdict, seen } = findings[name] ?? unclear('nothing that follows was seen');
			say(`  ${verdict}: ${what}: ${seen}`);
		}
		outcome.spent = budget.spent;
		if (check.isGate && Object.values(findings).some(({ verdict }) => verdict !== 'as read' && verdict !== 'told'))
			outcome.isKeyRefused = isGateShut(check, findings);
		options.onProgress?.(outcome);
	}
	const after = before === undefined ? undefined : await balanceOf(session);
	if (before !== undefined && after !== undefined) outcome.balance = { before, after };
	if (budget.stopped !== undefined) say(`Stopped ordering: ${budget.stopped}`);
	return outcome;
}

/** The first fact of a gate is the key. */
function isGateShut({ facts }: Check, findings: Record<string, Finding>): boolean {
	const [first = ''] = Object.keys(facts);
	return findings[first]?.verdict !== 'as read';
}

async function run(session: Session, check: Check): Promise<Record<string, Finding>> {
	session.begin(check.name, check.orders ?? []);
	try {
		return (await check.run(session, check.orders ?? [])) as Record<string, Finding>;
	} catch (error) {
		if (!(error instanceof CannotTell)) throw error;
		const [first = ''] = Object.keys(check.facts);
		const finding = check.isGate ? otherwise(error.message) : unclear(error.message);
		return { [first]: finding };
	}
}

function addLines(outcome: Outcome, check: Check, price: string, of: (name: string) => Partial<Line>): void {
	for (const [name, fact] of Object.entries(check.facts))
		outcome.lines.push({ check: check.name, request: check.request, price, fact, ...of(name) });
}

const sumOf = (amounts: Array<number | undefined>): number | undefined =>
	amounts.some((amount) => amount === undefined)
		? undefined
		: amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);

function providerOf({ credential }: Checklist) {
	const backend = VIDU_BACKENDS.find((each) => each.credential === credential);
	if (!backend) throw new Error(`No backend takes ${credential}`);
	return backend.provider;
}

/** Undefined where the service does not tell it, or the key is refused. */
async function balanceOf(session: Session): Promise<number | undefined> {
	const { usage } = session.provider;
	if (!usage) return undefined;
	try {
		return usage.read(await session.ask(usage.request()))?.credits;
	} catch (error) {
		if (error instanceof CannotTell) return undefined;
		throw error;
	}
}

function rootOf({ list: { credential, provider }, region, baseUrl }: ConfirmOptions): string {
	if (baseUrl !== undefined) return apiRoot(credential, { region: 'custom', baseUrl });
	const regions = regionsOf(credential);
	const [usual] = regions;
	if (usual === undefined) return apiRoot(credential, { baseUrl: VTRIX_ROOT });
	if (region !== undefined && !regions.includes(region))
		throw new Error(`--region of ${provider} is ${regions.join(' or ')}`);
	return apiRoot(credential, { region: region ?? usual });
}

function otherRootOf({ list: { credential }, otherHost }: ConfirmOptions, region: string): string | undefined {
	if (otherHost === undefined) return undefined;
	if (otherHost !== true) return apiRoot(credential, { region: 'custom', baseUrl: otherHost });
	const other = regionsOf(credential).find((each) => each !== region);
	return other === undefined ? undefined : apiRoot(credential, { region: other });
}
