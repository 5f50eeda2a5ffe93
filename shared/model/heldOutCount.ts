/**
 * How many patches a share holds out: one at least, and never all.
 * @param share  0 to 0.5; 0 holds out none
 */
export const heldOutCount = (m: number, share: number): number =>
  share === 0 ? 0 : Math.min(m - 1, Math.max(1, Math.round(share * m)))
