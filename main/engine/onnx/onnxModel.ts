import { PbfWriter } from 'pbf'

/** Element types of tensors, as ONNX numbers them. */
const typeNumbers = { float32: 1, int32: 6, int64: 7, float64: 11 } as const
export type TensorElement = keyof typeof typeNumbers
/** What this application computes in. */
export type ElementType = 'float32' | 'float64'
/** Bytes of a value. */
export const bytesOf: Record<ElementType, number> = { float32: 4, float64: 8 }

/** Attributes of a node: whole numbers, and the graph that a node like Scan repeats. */
export type Attributes = Record<string, number | Graph>

interface Node {
  operator: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Attributes
}

interface TensorType {
  name: string
  elementType: TensorElement
  /** A name stands for a length that is known only when the graph runs. */
  dims: readonly (number | string)[]
}

interface Constant extends TensorType {
  dims: readonly number[]
  bytes: Uint8Array
}

/** A graph as it is being built; its tensors are named by strings. */
export interface Graph {
  nodes: Node[]
  constants: Constant[]
  inputs: TensorType[]
  outputs: TensorType[]
  /** Texts that travel with the model; nothing computes with them. */
  metadata: Record<string, string>
}

/** ONNX operator set 17 and its file version: what ONNX Runtime has read since 2022. */
const operatorSet = 17
const irVersion = 8
const intAttribute = 2
const graphAttribute = 5

/** The bytes of a model that holds this one graph. @see https://onnx.ai/onnx/repo-docs/IR.html */
export function writeModel(graph: Graph): Uint8Array {
  const pbf = new PbfWriter()
  pbf.writeVarintField(1, irVersion)
  pbf.writeStringField(2, 'Rho Lab')
  pbf.writeMessage(7, writeGraph, graph)
  pbf.writeMessage(8, (version: number, to) => to.writeVarintField(2, version), operatorSet)
  for (const entry of Object.entries(graph.metadata)) pbf.writeMessage(14, writeMetadata, entry)
  return pbf.finish()
}

function writeMetadata([key, value]: [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key)
  pbf.writeStringField(2, value)
}

function writeGraph(graph: Graph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node)
  pbf.writeStringField(2, 'graph')
  for (const constant of graph.constants) pbf.writeMessage(5, writeConstant, constant)
  for (const input of graph.inputs) pbf.writeMessage(11, writeTensorType, input)
  for (const output of graph.outputs) pbf.writeMessage(12, writeTensorType, output)
}

function writeNode({ operator, inputs, outputs, attributes }: Node, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input)
  for (const output of outputs) pbf.writeStringField(2, output)
  pbf.writeStringField(3, `${operator} ${outputs[0]}`)
  pbf.writeStringField(4, operator)
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute)
}

function writeAttribute([name, value]: [string, number | Graph], pbf: PbfWriter): void {
  pbf.writeStringField(1, name)
  if (typeof value === 'number') pbf.writeVarintField(3, value)
  else pbf.writeMessage(6, writeGraph, value)
  pbf.writeVarintField(20, typeof value === 'number' ? intAttribute : graphAttribute)
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

function writeShape(dims: readonly (number | string)[], pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeMessage(1, writeDim, dim)
}

function writeDim(dim: number | string, pbf: PbfWriter): void {
  if (typeof dim === 'number') pbf.writeVarintField(1, dim)
  else pbf.writeStringField(2, dim)
}
