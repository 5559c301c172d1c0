/**
 * Whether a run is judged by the target's labels or without them: by curves of the scores, or by their values with what
 * each can and cannot say.
 */
export const evidences = ['labels', 'free', 'scores'] as const
export type Evidence = (typeof evidences)[number]
