import DrnDiagnostics
import DrnSource
import Foundation

extension Driver {
  /// `drnc new FILE`: writes a commented model; an existing file is left alone.
  public func newModel(_ path: String) -> ExitStatus {
    let path = path.hasSuffix(".drn") ? path : path + ".drn"
    if let number = create(path, Self.template) {
      let exists = number == EEXIST
      let problem = exists ? "`\(path)` exists already" : "cannot write `\(path)`: \(String(cString: strerror(number)))"
      console.report([Diagnostic(.unwritableFile, problem, at: nil, help: exists ? "give another name" : nil)], sources: SourceMap())
      return .cannotWrite
    }
    console.output("wrote \(path)\n  drnc check \(path) --cost --schedule\n  drnc train \(path)\n")
    return .success
  }

  /// Writes a file that does not exist yet; returns the `errno` if it cannot.
  private func create(_ path: String, _ text: String) -> Int32? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    return write(descriptor, bytes, bytes.count) == bytes.count ? nil : errno
  }

  static let template = """
    // A small network on made-up data. Replace the source by yours: idx("folder"), images("folder"), npy(...) or a table, as
    // csv(train: "x.csv", test: "z.csv", label: "y", categories: one_hot("colour"), missing: mean) with `label: class` for names.

    data points {
      source: synthetic(examples: 4096, test_examples: 1024)
      point: tensor[64]
      label: class(8)
      validation: 10%
    }

    network classifier(point: tensor[64]) -> tensor[8] {
      return point |> fc1: linear(128) |> relu |> fc2: linear(128) |> relu |> head: linear(8)
    }

    train classifier on points {
      length: 12 epochs
      batch: 64
      seed: 1
      loss: cross_entropy
      optimizer: sgd(momentum: 0.9)
      rate: step(0.05, factor: 0.1, at: [epoch 8])
      state: carry

      // Low rank, full rank across the drop of the learning rate, low rank again; training stops if the truncation loses too much.
      weights fc1, fc2 {
        from epoch 0: factored(rank: 16)
        from epoch 4: dense
        from epoch 10: factored(rank: 16) by svd(error: 90%)
      }

      require: average(trainable_parameters) <= 0.8 * dense_cost
      every 3 epochs: report(effective_rank, stable_rank)
    }

    """
}
