import { activationNames, activationTable } from '../model/activations.ts'
import { expressionText, type Dialect } from '../model/expressionText.ts'

export const pytorchDialect: Dialect = {
  functions: {
    exp: 'torch.exp',
    log: 'torch.log',
    sqrt: 'torch.sqrt',
    logistic: 'torch.sigmoid',
    tanh: 'torch.tanh',
  },
}

const lambdas = activationNames.map(
  (name) =>
    `    "${name}": lambda z: ${expressionText(activationTable[name].value, { z: 'z' }, pytorchDialect)},`,
)

/** Python with PyTorch, from `.safetensors`, read without another package. */
export const pytorchSnippet = `# Patches through weights that Rho Lab exported as .safetensors:
#   python reconstruct.py weights.safetensors patches.npy
import json
import struct
import sys

import numpy as np
import torch


def load(file):
    """What safetensors.torch.load_file and safe_open(...).metadata() return, without that package."""
    with open(file, "rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header = json.loads(stream.read(length))
        values = bytearray(stream.read())
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        flat = torch.frombuffer(values, dtype=torch.float32, count=(end - begin) // 4, offset=begin)
        tensors[name] = flat.reshape(tensor["shape"])
    return tensors, json.loads(metadata["config"])


activation_functions = {
${lambdas.join('\n')}
}


class SparseAutoencoder(torch.nn.Module):
    def __init__(self, visible, hidden, config):
        super().__init__()
        self.encoder = torch.nn.Linear(visible, hidden)
        self.decoder = torch.nn.Linear(hidden, visible)
        self.f = activation_functions[config["activation"]]
        self.is_linear = config["decoder"] == "linear"

    def forward(self, patches):
        """patches: m x n, one a row. Returns the reconstruction, m x n, and the activations, m x h."""
        activations = self.f(self.encoder(patches))
        z3 = self.decoder(activations)
        return (z3 if self.is_linear else self.f(z3)), activations


def restore(file):
    tensors, config = load(file)
    hidden, visible = tensors["encoder.weight"].shape
    model = SparseAutoencoder(visible, hidden, config)
    model.load_state_dict(tensors)
    return model.eval()


if __name__ == "__main__":
    patches = torch.from_numpy(np.load(sys.argv[2]).astype("float32"))
    with torch.no_grad():
        reconstruction, activations = restore(sys.argv[1])(patches)
    print("reconstruction error:", ((reconstruction - patches) ** 2).sum().item() / (2 * len(patches)))
    print("average activation:", activations.mean().item())
`
