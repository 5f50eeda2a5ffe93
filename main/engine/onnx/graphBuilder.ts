import { writeModel, type Attributes, type ElementType, type Graph, type TensorElement } from './onnxModel.ts'

/** The name of a tensor inside the graph. */
export type Tensor = string

/**
 * Builds a graph node by node; every call returns the name of the tensor it makes.
 * All tensors have one element type, but for indices.
 * @param prefix  of every name made here: a graph inside another one must not repeat that one's names
 */
export function createGraphBuilder(elementType: ElementType, prefix = '') {
  const graph: Graph = { nodes: [], constants: [], inputs: [], outputs: [], metadata: {} }
  const constants = new Map<string, Tensor>()
  /** Tensors that the graph gives out, by what they are called there. */
  const outputNames = new Map<Tensor, string>()

  function nodes(
    operator: string,
    inputs: readonly Tensor[],
    count: number,
    attributes: Attributes = {},
  ): Tensor[] {
    const at = graph.nodes.length
    const outputs = Array.from({ length: count }, (_, k) => `${prefix}t${at}${k === 0 ? '' : `.${k}`}`)
    graph.nodes.push({ operator, inputs, outputs, attributes })
    return outputs
  }

  const node = (operator: string, inputs: readonly Tensor[], attributes: Attributes = {}): Tensor =>
    nodes(operator, inputs, 1, attributes)[0]

  /** Whole numbers inside the model: shapes and lengths. */
  function wholeNumbers(values: readonly number[]): Tensor {
    const name = `${prefix}s${values.join('x')}`
    if (!constants.has(name)) {
      const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
      graph.constants.push({ name, elementType: 'int64', dims: [values.length], bytes })
      constants.set(name, name)
    }
    return name
  }

  return {
    input(name: string, dims: readonly (number | string)[], type: TensorElement = elementType): Tensor {
      graph.inputs.push({ name, elementType: type, dims })
      return name
    },

    output(name: string, tensor: Tensor | undefined, dims: readonly (number | string)[]): void {
      if (tensor === undefined) throw new Error(`The graph computes nothing for its output ${name}.`)
      // Under its new name, not as a copy, unless it goes by another one already.
      const isFree = graph.nodes.some(({ outputs }) => outputs.includes(tensor)) && !outputNames.has(tensor)
      if (isFree) outputNames.set(tensor, name)
      else graph.nodes.push({ operator: 'Identity', inputs: [tensor], outputs: [name], attributes: {} })
      graph.outputs.push({ name, elementType, dims })
    },

    /** A tensor with its values inside the model, row-major. */
    constant(name: string, dims: readonly number[], values: Float32Array): Tensor {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      graph.constants.push({ name, elementType: 'float32', dims, bytes })
      return name
    },

    /** A text that travels with the model. */
    note(key: string, text: string): void {
      graph.metadata[key] = text
    },

    /** A tensor filled with one value, a single one where no shape is given; the same one when asked for again. */
    filled(value: number, dims: readonly number[] = [1]): Tensor {
      const key = `${value}:${dims.join('x')}`
      const known = constants.get(key)
      if (known !== undefined) return known
      const name = `${prefix}c${constants.size}`
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

    /** A node with several outputs. */
    nodes,

    /** The same values in another shape; copies nothing. */
    reshape: (tensor: Tensor, dims: readonly number[]): Tensor =>
      node('Reshape', [tensor, wholeNumbers(dims)]),

    /** Consecutive parts of a tensor along its first axis. */
    split: (tensor: Tensor, lengths: readonly number[]): Tensor[] =>
      nodes('Split', [tensor, wholeNumbers(lengths)], lengths.length, { axis: 0 }),

    /** A·B + C, with either factor transposed on demand; C is broadcast over rows. */
    product(a: Tensor, b: Tensor, { plus, transA = 0, transB = 0 }: ProductOptions = {}): Tensor {
      return node('Gemm', plus === undefined ? [a, b] : [a, b, plus], { transA, transB })
    },

    /** For a node that repeats it. */
    finish,

    bytes: () => writeModel(finish()),
  }

  function finish(): Graph {
    const named = (tensors: readonly Tensor[]) => tensors.map((tensor) => outputNames.get(tensor) ?? tensor)
    const nodes = graph.nodes.map((each) => ({
      ...each,
      inputs: named(each.inputs),
      outputs: named(each.outputs),
    }))
    return { ...graph, nodes }
  }
}

export interface ProductOptions {
  plus?: Tensor
  transA?: 0 | 1
  transB?: 0 | 1
}

export type GraphBuilder = ReturnType<typeof createGraphBuilder>
