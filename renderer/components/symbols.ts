/** Quantities of the model: the letter that stands for each, and its name for those who listen. */
export const symbols = {
  rho: ['ρ', 'rho'],
  rhoHat: ['ρ', 'rho hat'],
  lambda: ['λ', 'lambda'],
  beta: ['β', 'beta'],
  sigma: ['σ', 'sigma'],
  epsilon: ['ε', 'epsilon'],
  n: ['n', 'n'],
  h: ['h', 'h'],
  m: ['m', 'm'],
} as const

export type SymbolName = keyof typeof symbols
