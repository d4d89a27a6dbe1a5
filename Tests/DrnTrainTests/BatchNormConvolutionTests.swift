import DrnTensorFile
import DrnTestSupport
import Testing

@testable import DrnTrain

/// A 3 x 3 convolution behind a batch norm, which maps its images while it pads them: at widths that fill no whole block of lanes the
/// padded pixels have gaps, and small images are taken several at a time.
@Suite("Convolutions behind a batch norm") struct BatchNormConvolutionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The formula of Tests/Oracle/batch_norm_convolution.py.
  private func numbers(_ seed: Int, _ shape: [Int], times scale: Float = 1) -> [Float] {
    var state = seed
    return (0..<shape.reduce(1, *)).map { _ in
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return scale * (Float((state >> 16) % 1024) / 1024 - 0.5)
    }
  }

  private func writeFiles(width: Int, outputs: Int = 20) throws {
    let x = TensorEntry(name: "x", shape: [16, 3, 8, 8], floats: numbers(1, [16, 3, 8, 8]))
    try NumpyFile.write(x, path: folder("x.npy"))
    try NumpyFile.write(TensorEntry(name: "y", shape: [16], integers: (0..<16).map { Int64($0 % 4) }), path: folder("y.npy"))
    func tensor(_ name: String, _ seed: Int, _ shape: [Int], times scale: Float = 1) -> TensorEntry {
      TensorEntry(name: name, shape: shape, floats: numbers(seed, shape, times: scale))
    }
    try TensorFile(tensors: [
      tensor("c1.weight", 2, [width, 3, 3, 3]), tensor("c1.bias", 3, [width]),
      tensor("n.weight", 4, [width]), tensor("n.bias", 5, [width]),
      TensorEntry(name: "n.running_mean", shape: [width], floats: Array(repeating: 0, count: width)),
      TensorEntry(name: "n.running_var", shape: [width], floats: Array(repeating: 1, count: width)),
      tensor("c2.weight", 6, [outputs, width, 3, 3]), tensor("c2.bias", 7, [outputs]),
      tensor("head.weight", 8, [4, outputs], times: 8), tensor("head.bias", 9, [4]),
    ]).write(path: folder("w.safetensors"))
  }

  private func source(width: Int) -> String {
    """
    data d {
      source: npy(features: "\(folder("x.npy"))", labels: "\(folder("y.npy"))")
      image: tensor[3, 8, 8]
      label: class(4)
    }
    network net(image: tensor[3, 8, 8]) -> tensor[4] {
      return image |> c1: conv2d(\(width), kernel: 3) |> n: batch_norm |> relu |> c2: conv2d(20, kernel: 3) |> global_average_pool
        |> head: linear(4)
    }
    train net on d {
      length: 2 epochs  batch: 16  loss: cross_entropy  optimizer: sgd()  rate: 0.01
      weights_from: "\(folder("w.safetensors"))"
    }
    """
  }

  @Test(
    "give numpy's loss, and the same bytes for one, two and three threads",
    arguments: [
      (16, 8.594125), (17, 10.542395), (20, 13.659425), (24, 10.784836), (31, 19.464501), (33, 5.626648), (40, 16.417052),
      (100, 25.979795),
    ])
  func loss(width: Int, expected: Double) throws {
    try writeFiles(width: width)
    var bytes: Set<[UInt8]> = []
    for threads in 1...3 {
      let session = try train(source(width: width), output: folder("run\(threads)"), threads: threads).session
      let loss = try #require(session.recorder.records("epoch").first?.number("train_loss"))
      // Sums of a thousand products in single precision, and a log with seven digits.
      #expect(abs(loss - expected) < 1e-5 * max(1, expected), "\(threads) threads")
      bytes.insert(Array(try folder.bytes("run\(threads)/weights.safetensors")))
    }
    #expect(bytes.count == 1)
  }
}
