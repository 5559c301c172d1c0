/** Whether a run is judged by the target's labels or without them. */
export type Evidence = 'labels' | 'free'
