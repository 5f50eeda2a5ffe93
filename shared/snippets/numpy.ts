import { activationNames, activationTable } from '../model/activations.ts'
import { expressionText, type Dialect } from '../model/expressionText.ts'

export const numpyDialect: Dialect = {
  functions: {
    exp: 'np.exp',
    log: 'np.log',
    sqrt: 'np.sqrt',
    tanh: 'np.tanh',
    smaller: 'np.minimum',
    larger: 'np.maximum',
  },
}

const lambdas = activationNames.map(
  (name) =>
    `    "${name}": lambda z: ${expressionText(activationTable[name].value, { z: 'z' }, numpyDialect)},`,
)

/** Python with NumPy, from `.npz`. */
export const numpySnippet = `# Patches through weights that Rho Lab exported as .npz:
#   python reconstruct.py weights.npz patches.npy
import json
import sys

import numpy as np


def load(file):
    with np.load(file) as archive:
        weights = {name: archive[name] for name in ("W1", "b1", "W2", "b2", "rhoHat")}
        return weights, json.loads(archive["config"].item())


activation_functions = {
${lambdas.join('\n')}
}


def reconstruct(patches, weights, config):
    """patches: m x n, one a row. Returns the reconstruction, m x n, and the activations, m x h."""
    f = activation_functions[config["activation"]]
    activations = f(patches @ weights["W1"].T + weights["b1"])
    z3 = activations @ weights["W2"].T + weights["b2"]
    return (z3 if config["decoder"] == "linear" else f(z3)), activations


if __name__ == "__main__":
    weights, config = load(sys.argv[1])
    patches = np.load(sys.argv[2])
    reconstruction, activations = reconstruct(patches, weights, config)
    print("reconstruction error:", np.sum((reconstruction - patches) ** 2) / (2 * len(patches)))
    print("average activation:", activations.mean())
`
