import { divergence } from '#shared/model/penalties.ts'
import {
  brackets,
  expressionParts,
  fn,
  frac,
  mi,
  mn,
  mo,
  norm,
  row,
  sub,
  subsup,
  sum,
  sup,
} from './mathMl.ts'

const rho = mi('ρ')
const rhoHat = `<mover accent="true">${rho}${mo('^')}</mover>`
const rhoHatOf = (unit: string): string => sub(rhoHat, mi(unit))
const W = (layer: string): string => sub(mi('W'), mn(layer))
const x = sub(mi('x'), mi('i'))
const output = row(mi('h'), brackets(x))
const oneOver = (count: string): string => frac(mn('1'), mi(count))
const half = frac(mn('1'), mn('2'))
const squared = (base: string): string => sup(base, mn('2'))

/** Part of a Gaussian's exponent along one of its axes. */
const gaussian = (along: string, width: string): string =>
  frac(squared(mi(along)), row(mn('2'), subsup(mi('σ'), fn(width), mn('2'))))

const formula = (...parts: string[]): string => `<math display="block">${row(...parts)}</math>`
const error = squared(norm(output, mo('−'), x))
const reconstruction = row(oneOver('m'), sum(mi('i')), half, error)
const weightDecay = row(
  frac(mi('λ'), mn('2')),
  brackets(squared(norm(W('1'))), mo('+'), squared(norm(W('2')))),
)
const divergenceOf = (from: string, to: string): string => row(fn('KL'), brackets(from, mo('‖'), to))
const sparsity = row(mi('β'), sum(mi('j')), divergenceOf(rho, rhoHatOf('j')))

export const costFormula =
  formula(mi('J'), mo('='), reconstruction) + formula(mo('+'), weightDecay, mo('+'), sparsity)

export const divergenceFormula = formula(
  divergenceOf(rho, mi('r')),
  mo('='),
  ...expressionParts(divergence, { rho, r: mi('r') }),
)

export const rhoHatFormula = formula(
  rhoHatOf('j'),
  mo('='),
  oneOver('m'),
  sum(mi('i')),
  subsup(mi('a'), mi('j'), brackets(mn('2'))),
  brackets(x),
)

export const weightDecayFormula = formula(weightDecay)
export const sparsityFormula = formula(sparsity)
/** The penalty L1. */
export const activityFormula = formula(
  mi('β'),
  sum(mi('j')),
  rhoHatOf('j'),
  norm(subsup(mi('W'), mi('j'), brackets(mn('2')))),
)

export const stepFormula = formula(
  sub(mi('θ'), row(mi('k'), mo('+'), mn('1'))),
  mo('='),
  sub(mi('θ'), mi('k')),
  mo('+'),
  sub(mi('α'), mi('k')),
  sub(mi('d'), mi('k')),
  mo(','),
  norm(mo('∇'), mi('J'), brackets(sub(mi('θ'), mi('k')))),
)

export const filterFormula = formula(mi('x'), mo('='), frac(sub(W('1'), mi('j')), norm(sub(W('1'), mi('j')))))

export const decoderFormula = formula(
  output,
  mo('='),
  mi('g'),
  brackets(
    sum(mi('j')),
    subsup(mi('a'), mi('j'), brackets(mn('2'))),
    brackets(x),
    subsup(mi('W'), mi('j'), brackets(mn('2'))),
    mo('+'),
    sub(mi('b'), mn('2')),
  ),
)

export const gaborFormula = formula(
  mi('G'),
  mo('='),
  sup(mi('e'), row(mo('−'), gaussian('u', 'across'), mo('−'), gaussian('v', 'along'))),
  fn('cos'),
  brackets(mn('2'), mi('π'), mi('f'), mi('u'), mo('+'), mi('φ')),
)

export const differenceFormula = formula(output, mo('−'), x) + formula(mi('E'), mo('='), error)

export const deviantFormula = formula(
  fn('dead'),
  mo(':'),
  sub(mi('r'), mi('j')),
  mo('&lt;'),
  frac(rho, mn('10')),
  mo(','),
  fn('over-active'),
  mo(':'),
  sub(mi('r'), mi('j')),
  mo('&gt;'),
  mn('3'),
  rho,
)

export const ratioFormula = formula(sub(fn('log'), mn('10')), frac(sub(mi('r'), mi('j')), rho))

export const cosineFormula = formula(
  fn('cos'),
  mo('='),
  frac(row(mi('a'), mo('·'), mi('b')), row(norm(mi('a')), norm(mi('b')))),
)

export const spectrumFormula = formula(mi('P'), mo('∝'), sup(mi('f'), row(mo('−'), mn('2'))))

export const smoothingFormula = formula(
  sub(mi('s'), mi('k')),
  mo('='),
  mi('w'),
  sub(mi('s'), row(mi('k'), mo('−'), mn('1'))),
  mo('+'),
  brackets(mn('1'), mo('−'), mi('w')),
  sub(mi('y'), mi('k')),
)
