import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { CogVideoX } from '../../../dist/nodes/CogVideoX/CogVideoX.node';
import { Vidu } from '../../../dist/nodes/Vidu/Vidu.node';
import { ViduTrigger } from '../../../dist/nodes/Vidu/ViduTrigger.node';
import { nameOfParameter } from '../../../lib/n8n/labels';

/** Messages call every parameter as the panel does. */

/** Shown for reading only. */
const NOTICES = ['notice', 'callout'];

const isProperty = (
	entry: INodeProperties | INodePropertyCollection | INodePropertyOptions,
): entry is INodeProperties => 'type' in entry;

const named = new Map<string, Set<string>>();
for (const { description } of [new Vidu(), new CogVideoX(), new ViduTrigger()])
	for (const property of description.properties) {
		if (NOTICES.includes(property.type)) continue;
		const entries = property.type === 'collection' ? (property.options ?? []).filter(isProperty) : [];
		for (const { name, displayName } of [property, ...entries])
			named.set(name, (named.get(name) ?? new Set()).add(displayName.replace(/ \(China\)$/, '')));
	}

test.each([...named])('%s', (name, displayNames) => {
	expect([...displayNames]).toContain(nameOfParameter(name));
});

test.each([
	['options', 'generate', 'Image Options'],
	['options', undefined, 'Video Options'],
	['maxVideos', 'cloneVoice', 'Max Voices'],
	['downloadVideo', 'speech', 'Download Audio'],
	['downloadVideo', 'wait', 'Download File'],
])('%s of %s is called %s', (name, operation, label) => {
	expect(nameOfParameter(name, operation)).toBe(label);
});

test.each(['nonsense', 'toString'])('what the node does not have is called as it is written: %s', (name) => {
	expect(nameOfParameter(name)).toBe(name);
});
