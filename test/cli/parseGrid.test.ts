import { expect, test } from 'vitest'
import { parseGrid } from '#main/cli/parseGrid.ts'

test.each([
  ['rho=.01,.05', { parameter: 'rho', values: { kind: 'list', values: [0.01, 0.05] } }],
  ['optimizer=adam, sgd', { parameter: 'optimiser', values: { kind: 'list', values: ['adam', 'sgd'] } }],
  ['learning-rate=0.1', { parameter: 'learningRate', values: { kind: 'list', values: [0.1] } }],
  [
    'lambda=1e-5..1e-3:log:5',
    { parameter: 'lambda', values: { kind: 'log', from: 1e-5, to: 1e-3, steps: 5 } },
  ],
  ['hidden=10..50:5', { parameter: 'hidden', values: { kind: 'linear', from: 10, to: 50, steps: 5 } }],
  ['hidden=10..50:linear:5', { parameter: 'hidden', values: { kind: 'linear', from: 10, to: 50, steps: 5 } }],
])('%s', (text, axis) => {
  expect(parseGrid(text)).toEqual(axis)
})

test('a dataset whose name looks like a number keeps its name', () => {
  expect(parseGrid('dataset=1e3,1.000').values).toEqual({ kind: 'list', values: ['1e3', '1.000'] })
})

test.each([
  ['rho', /must name values: write rho=\.01,\.05/],
  ['width=1,2', /cannot vary "width"\. It can vary hidden, activation/],
  ['rho=.1,,.2', /empty value/],
  ['lambda=1e-5..1e-3', /is no range: write 1e-5\.\.1e-3:log:5/],
  ['lambda=1..2..3:4', /is no range/],
  ['lambda=1..2:cubic:4', /is no range/],
  ['lambda=0,001', /could be one number or two; write 0\.001/],
  ['lambda=0,001..0,01:log:3', /decimal comma/],
  ['hidden=1.000..2.000:3', /could be 1000 or 1/],
])('%s is refused, saying how it is written', (text, sentence) => {
  expect(() => parseGrid(text)).toThrow(sentence)
})
