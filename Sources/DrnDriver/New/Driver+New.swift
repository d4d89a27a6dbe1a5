import DrnSystem

extension Driver {
  /// `drnc new FILE`: writes a commented model; an existing file is left alone.
  func newModel(_ path: String) -> ExitStatus {
    guard !Path.name(of: path).isEmpty, path.utf8.last != UInt8(ascii: "/") else {
      return refuseToWrite(path, "it names no file", help: "for example mine.drn")
    }
    let named = path
    let path = Self.withExtension(named)
    guard path == named || !Files.exists(named) else {
      return refuseToWrite(
        named, "it is there, and is no program",
        help: "`drnc new --data \(named)` writes a program for it; or name another file, as mine.drn")
    }
    do throws(SystemError) { try Files.create(path, Array(Self.template.utf8)) } catch {
      return error.isExisting ? refuseExisting(path) : refuseToWrite(path, error.reason)
    }
    console.output("wrote \(path)\n  drnc check \(path) --cost --schedule\n  drnc train \(path)\n")
    return .success
  }

  static let template = """
    // A small network on made-up data; `drnc new --data FILE` writes one for yours. Or replace the source: idx("folder"), images("folder"), npy(...) or a table, as
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
      rate: step(0.05, factor: 0.1, at: [epoch 9])
      state: carry

      // Low rank, full rank, and low rank again while the rate is still high; training stops if the truncation loses too much.
      weights fc1, fc2 {
        from epoch 0: factored(rank: 16)
        from epoch 3: dense
        from epoch 7: factored(rank: 16) by svd(error: 90%)
      }

      require: average(trainable_parameters) <= 0.8 * dense_cost
      every 3 epochs: report(effective_rank, stable_rank)
    }

    """
}
