/** How long the window offers to take a deletion back; main keeps deleted runs a little longer. */
export const undoMs = 10_000
