import { PbfWriter } from 'pbf'

/** Element types of tensors, as ONNX numbers them. */
const typeNumbers = { float32: 1, int64: 7, float64: 11 } as const
/** What this application computes in. */
export type ElementType = 'float32' | 'float64'

/** Attributes of a node: whole numbers, as all are that this application needs. */
export type Attributes = Record<string, number>

interface Node {
  operator: string
  inputs: readonly string[]
  output: string
  attributes: Attributes
}

interface TensorType {
  name: string
  elementType: keyof typeof typeNumbers
  dims: readonly number[]
}

interface Constant extends TensorType {
  bytes: Uint8Array
}

/** A graph as it is being built; its tensors are named by strings. */
export interface Graph {
  nodes: Node[]
  constants: Constant[]
  inputs: TensorType[]
  outputs: TensorType[]
}

/** ONNX operator set 17 and its file version: what ONNX Runtime has read since 2022. */
const operatorSet = 17
const irVersion = 8
const intAttribute = 2

/** The bytes of a model that holds this one graph. @see https://onnx.ai/onnx/repo-docs/IR.html */
export function writeModel(graph: Graph): Uint8Array {
  const pbf = new PbfWriter()
  pbf.writeVarintField(1, irVersion)
  pbf.writeStringField(2, 'Rho Lab')
  pbf.writeMessage(7, writeGraph, graph)
  pbf.writeMessage(8, (version: number, to) => to.writeVarintField(2, version), operatorSet)
  return pbf.finish()
}

function writeGraph(graph: Graph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node)
  pbf.writeStringField(2, 'graph')
  for (const constant of graph.constants) pbf.writeMessage(5, writeConstant, constant)
  for (const input of graph.inputs) pbf.writeMessage(11, writeTensorType, input)
  for (const output of graph.outputs) pbf.writeMessage(12, writeTensorType, output)
}

function writeNode({ operator, inputs, output, attributes }: Node, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input)
  pbf.writeStringField(2, output)
  pbf.writeStringField(3, `${operator} ${output}`)
  pbf.writeStringField(4, operator)
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute)
}

function writeAttribute([name, value]: [string, number], pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  pbf.writeVarintField(3, value)
  pbf.writeVarintField(20, intAttribute)
}

function writeConstant({ name, elementType, dims, bytes }: Constant, pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeVarintField(1, dim)
  pbf.writeVarintField(2, typeNumbers[elementType])
  pbf.writeStringField(8, name)
  pbf.writeBytesField(9, bytes)
}

function writeTensorType({ name, elementType, dims }: TensorType, pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  pbf.writeMessage(
    2,
    (_: null, type) =>
      type.writeMessage(
        1,
        (__: null, tensor) => {
          tensor.writeVarintField(1, typeNumbers[elementType])
          tensor.writeMessage(2, writeShape, dims)
        },
        null,
      ),
    null,
  )
}

function writeShape(dims: readonly number[], pbf: PbfWriter): void {
  for (const dim of dims) {
    pbf.writeMessage(1, (value: number, to) => to.writeVarintField(1, value), dim)
  }
}
