import DrnDiagnostics
import DrnProgram
import DrnSema
import DrnSource

/// A failure that a test's own preparation meets.
public struct TestFailure: Error, CustomStringConvertible {
  public let description: String
  public init(description: String) { self.description = description }
}

/// The checked program of a text, which may import what the models import; throws with every error of the checker.
public func checkedProgram(_ text: String, named name: String = "main.drn") throws -> CheckedProgram {
  var sources = SourceMap()
  let file = sources.add(name: name, text: text)
  let result = check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders()) {
    Models.shared[$0].map { Array($0.utf8) }
  }
  guard let program = result.programs.first else {
    throw TestFailure(
      description: result.diagnostics.filter { $0.code.severity == .error }.map { "\($0.code.id) \($0.message)" }.joined(separator: "\n"))
  }
  return program
}

/// A tiny program on generated clusters, four classes of six features, with 96 training and 24 validation examples in the first setting.
public func trainSource(
  _ train: String, input: String = "tensor[6]", network: String = "return x |> fc1: linear(8) |> relu |> head: linear(4)",
  data: String = "validation: 20%",
  examples: Int = 120, testExamples: Int = 24, noise: Double = 1
) -> String {
  """
  data clusters {
    source: synthetic(\(examples), test_examples: \(testExamples), noise: \(noise))
    x: \(input)
    label: class(4)
    \(data)
  }
  network net(x: \(input)) -> tensor[4] { \(network) }
  train net on clusters {
    loss: cross_entropy
    seed: 5
    \(train)
  }
  """
}

/// The settings most tests share; those with changes of form need `state` beside them.
public let plainSettings = "batch: 16  rate: 0.1  optimizer: sgd(momentum: 0.9)"

/// A program whose factors at rank 16 hardly save anything, and whose second phase begins without state.
public let coldProgram = """
  data points {
    source: synthetic(examples: 1280)
    point: tensor[32]
    label: class(4)
  }
  network small(point: tensor[32]) -> tensor[4] {
    return point |> fc1: linear(64) |> relu |> head: linear(4)
  }
  train small on points {
    length: 4 epochs
    batch: 32
    loss: cross_entropy
    optimizer: sgd(momentum: 0.9)
    rate: 0.1
    state: reset
    weights fc1 {
      from epoch 0: factored(rank: 16)
      from epoch 2: dense
    }
  }

  """
