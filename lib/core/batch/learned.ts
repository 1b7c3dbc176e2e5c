import { ModelPauses } from '../account/models';
import { LearnedPace } from '../account/pace';
import { RequestPace } from '../account/schedule';
import { SubmissionWindow } from '../account/window';

/** What is learned of an account by working with it: its room, how close requests may follow, how long tasks take. */
export interface Learned {
	window: SubmissionWindow;
	requests: RequestPace;
	pace: LearnedPace;
	models: ModelPauses;
}

/** @param maxConcurrency the user's cap, if there is one */
export function nothingLearned(maxConcurrency = Infinity): Learned {
	return {
		window: new SubmissionWindow(maxConcurrency),
		requests: new RequestPace(),
		pace: new LearnedPace(),
		models: new ModelPauses(),
	};
}
