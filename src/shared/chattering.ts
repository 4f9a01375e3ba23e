/**
 * From how many changes of sign on a pre-activation chatters: one that passes 0 changes its sign once, one that turns round
 * behind it twice; the third is that of an oscillation.
 */
export const chatteringChanges = 3

/** The share of pre-activations from which on a run is said to chatter. */
export const chatteringThreshold = 0.01

/** How many steps are looked ahead unless it is said. */
export const defaultAhead = 20
