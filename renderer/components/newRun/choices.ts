export const activationChoices = [
  { value: 'sigmoid', label: 'sigmoid', what: 'Units answer between 0 (inactive) and 1 (active).' },
  { value: 'tanh', label: 'tanh', what: 'Units answer between −1 (inactive) and 1 (active).' },
] as const

export const decoderChoices = [
  { value: 'same', label: 'same', what: 'The output passes through the same function as the hidden units.' },
  { value: 'linear', label: 'linear', what: 'The output is a plain sum: for whitened or unbounded values.' },
] as const

export const optimiserChoices = [
  {
    value: 'lbfgs',
    label: 'L-BFGS',
    what: 'All patches in every step, with a line search. The course’s choice; needs no learning rate.',
  },
  {
    value: 'adam',
    label: 'Adam',
    what: 'Mini-batches with a step length for each weight. For many patches.',
  },
  { value: 'sgd', label: 'SGD', what: 'Mini-batches, gradient and momentum. The plainest.' },
] as const

export const scheduleChoices = [
  { value: 'constant', label: 'constant', what: 'The same learning rate in every epoch.' },
  { value: 'step', label: 'step', what: 'The learning rate falls by a factor after every so many epochs.' },
  {
    value: 'cosine',
    label: 'cosine',
    what: 'The learning rate falls along half a cosine, slowly at either end.',
  },
] as const
