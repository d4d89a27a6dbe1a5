import DrnSystem

/// A folder with the binary files of CIFAR-10 or CIFAR-100 under their usual names.
public struct CIFARFolder: Equatable, Sendable {
  /// The training examples.
  public let train: CIFARReader
  /// The test examples.
  public let test: CIFARReader

  /// Finds `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, or `train.bin` and `test.bin` of CIFAR-100. `coarse` asks
  /// for the superclasses of CIFAR-100. Throws `missingFile` naming the first of the training files that is absent, `unreadable` where only the
  /// test file is: the data is then not merely on another machine.
  public init(path: String, coarse: Bool = false) throws(DataError) {
    func exists(_ name: String) -> Bool { Files.exists("\(path)/\(name)") }
    let isHundred = exists("train.bin") && !exists("data_batch_1.bin")
    guard isHundred || !coarse else {
      throw DataError(
        kind: .options, path: path, message: "has no train.bin of CIFAR-100, and only its labels are fine or coarse",
        help: "leave out `labels: coarse`")
    }
    let variant: CIFARReader.Variant = isHundred ? (coarse ? .cifar100Coarse : .cifar100) : .cifar10
    let names = isHundred ? ["train.bin"] : (1...5).map { "data_batch_\($0).bin" }
    guard ImageFolder.isFolder(path) else { throw DataError(kind: .missingFile, path: path, message: "there is no such folder") }
    if let missing = names.first(where: { !exists($0) }) {
      throw DataError(
        kind: .missingFile, path: path, message: "has no \(missing)",
        help:
          "the binary version of CIFAR-10 has data_batch_1.bin to data_batch_5.bin and test_batch.bin, that of CIFAR-100 train.bin and test.bin"
      )
    }
    train = CIFARReader(paths: names.map { "\(path)/\($0)" }, variant: variant)
    let test = isHundred ? "test.bin" : "test_batch.bin"
    guard exists(test) else {
      throw DataError(
        kind: .unreadable, path: path, message: "has no \(test), only training examples",
        help: "copy it there, or train without a test on a file by its name: `cifar(train: \"...\")`")
    }
    self.test = CIFARReader(paths: ["\(path)/\(test)"], variant: variant)
  }
}
