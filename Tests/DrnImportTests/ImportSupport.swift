import DrnCompiler
import DrnImport
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation

/// ResNet-20 as PyTorch has it: paddings on both sides, and projections where the size changes.
let residualProgram = """
  data images {
    source: synthetic(examples: 64)
    image: tensor[3, 32, 32]
    label: class(10)
  }
  block basic(x: tensor, channels: int, stride: int = 1, project: bool = false) {
    let y = x
      |> conv1: conv2d(channels, kernel: 3, stride: stride, padding: symmetric, bias: false) |> norm1: batch_norm |> relu
      |> conv2: conv2d(channels, kernel: 3, padding: symmetric, bias: false) |> norm2: batch_norm
    let shortcut = if project {
      x |> projection: conv2d(channels, kernel: 1, stride: stride, padding: valid, bias: false) |> projection_norm: batch_norm
    } else { x }
    return relu(y + shortcut)
  }
  network resnet(image: tensor[3, 32, 32]) -> tensor[10] {
    return image |> stem: conv2d(16, kernel: 3, padding: symmetric, bias: false) |> stem_norm: batch_norm |> relu
      |> stage1: { repeat(3) { basic(16) } }
      |> stage2: { basic(32, stride: 2, project: true) |> repeat(2) { basic(32) } }
      |> stage3: { basic(64, stride: 2, project: true) |> repeat(2) { basic(64) } }
      |> global_average_pool |> head: linear(10)
  }
  train resnet on images {
    length: 2 steps
    batch: 32
    seed: 1
    loss: cross_entropy
    optimizer: sgd
    rate: 0.01
  }

  """

/// A network on vectors, and a clause for its weights.
func vectorProgram(_ network: String, _ weights: String = "", input: String = "tensor[6]", from: String = "") -> String {
  """
  data clusters {
    source: synthetic(examples: 96)
    x: \(input)
    label: class(4)
  }
  network net(x: \(input)) -> tensor[4] { return \(network) }
  train net on clusters {
    length: 3 steps
    batch: 16
    seed: 3
    loss: cross_entropy
    optimizer: sgd(momentum: 0.9)
    rate: 0.05
    \(from)
    \(weights)
  }

  """
}

/// Numbers that differ from one place and tensor to another.
func drawn(_ count: Int, seed: UInt64) -> [Float] {
  var random = SplitMix64(seed: seed)
  return (0..<count).map { _ in Float(Double(random.next() >> 11) / 0x1p53 - 0.5) }
}

/// A file whose tensors have those names and shapes.
func writeTensors(_ tensors: [(name: String, shape: [Int])], to path: String) throws {
  let named = tensors.enumerated().map { index, tensor in
    NamedTensor(name: tensor.name, shape: tensor.shape, floats: drawn(tensor.shape.reduce(1, *), seed: UInt64(index + 1)))
  }
  try TensorFile(tensors: named).write(path: path)
}

/// The map of a file to the network of a program.
func weightMap(_ source: String, _ path: String, pairs: [(here: String, there: String)] = []) throws -> WeightMap {
  try WeightMap(try ModelFile(path: path), PhaseCompiler(program: try checkedProgram(source)), pairs: pairs)
}

/// The names and shapes of a network's tensors in a file of weights.
func residualTensors() throws -> [(name: String, shape: [Int])] {
  try SavedWeights.parts(of: PhaseCompiler(program: try checkedProgram(residualProgram))).map {
    ($0.tensors[0].name, $0.tensors[0].storedShape)
  }
}

/// A name of the network above as `torchvision` and `timm` have it.
func torchName(_ name: String) -> String {
  var name = name.replacing("projection_norm", with: "downsample.1").replacing("projection", with: "downsample.0")
  name = name.replacing("stage", with: "layer").replacing("norm", with: "bn").replacing("head", with: "fc")
  return name.replacing("stem_bn", with: "bn1").replacing("stem", with: "conv1")
}
