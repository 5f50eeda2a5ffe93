import { writeModel, type Attributes, type ElementType, type Graph } from './onnxModel.ts'

/** The name of a tensor inside the graph. */
export type Tensor = string

/**
 * Builds a graph node by node; every call returns the name of the tensor it makes.
 * All tensors have one element type.
 */
export function createGraphBuilder(elementType: ElementType) {
  const graph: Graph = { nodes: [], constants: [], inputs: [], outputs: [] }
  const constants = new Map<string, Tensor>()

  function node(operator: string, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor {
    const output = `t${graph.nodes.length}`
    graph.nodes.push({ operator, inputs, output, attributes })
    return output
  }

  return {
    input(name: string, dims: readonly number[]): Tensor {
      graph.inputs.push({ name, elementType, dims })
      return name
    },

    output(name: string, tensor: Tensor | undefined, dims: readonly number[]): void {
      if (tensor === undefined) throw new Error(`The graph computes nothing for its output ${name}.`)
      graph.nodes.push({ operator: 'Identity', inputs: [tensor], output: name, attributes: {} })
      graph.outputs.push({ name, elementType, dims })
    },

    /** A tensor filled with one value, a single one where no shape is given; the same one when asked for again. */
    filled(value: number, dims: readonly number[] = [1]): Tensor {
      const key = `${value}:${dims.join('x')}`
      const known = constants.get(key)
      if (known !== undefined) return known
      const name = `c${constants.size}`
      const length = dims.reduce((product, dim) => product * dim, 1)
      const values =
        elementType === 'float32'
          ? new Float32Array(length).fill(value)
          : new Float64Array(length).fill(value)
      graph.constants.push({ name, elementType, dims, bytes: new Uint8Array(values.buffer) })
      constants.set(key, name)
      return name
    },

    node,

    /** The same values in another shape; copies nothing. */
    reshape(tensor: Tensor, dims: readonly number[]): Tensor {
      const name = `s${dims.join('x')}`
      if (!constants.has(name)) {
        const bytes = new Uint8Array(BigInt64Array.from(dims, BigInt).buffer)
        graph.constants.push({ name, elementType: 'int64', dims: [dims.length], bytes })
        constants.set(name, name)
      }
      return node('Reshape', [tensor, name])
    },

    /** A·B + C, with either factor transposed on demand; C is broadcast over rows. */
    product(a: Tensor, b: Tensor, { plus, transA = 0, transB = 0 }: ProductOptions = {}): Tensor {
      return node('Gemm', plus === undefined ? [a, b] : [a, b, plus], { transA, transB })
    },

    bytes: () => writeModel(graph),
  }
}

export interface ProductOptions {
  plus?: Tensor
  transA?: 0 | 1
  transB?: 0 | 1
}

export type GraphBuilder = ReturnType<typeof createGraphBuilder>
